"""A manifest is written and read in pieces as it would be as a whole."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.display import printable_json
from flows.inputs.discovery import Skipped
from flows.options import RunOptions
from flows.output import manifest_text
from flows.output.manifest import (
    LISTS,
    Manifest,
    ShardFailure,
    ShardFiles,
    decode_manifest,
    readable_manifests,
    shards_of,
    write_manifest,
)
from flows.output.metrics import Counts
from flows.output.sample import SampledPage

BEGAN = "2025-07-05T12:00:00.000001Z"
texts = st.text(max_size=8) | st.sampled_from(('"shards": [', "}", "]", "\n ]", "\u2028 \x85\x7f", '\n "shards": []', "  },"))
shards = st.lists(st.builds(ShardFiles, texts, st.dictionaries(texts, texts, max_size=3)), max_size=4)
manifests = st.builds(
    Manifest,
    began=st.just(BEGAN),
    rules=texts,
    counts=st.builds(Counts, pages=st.integers(0, 9), rule_kinds=st.dictionaries(texts, texts, max_size=3)),
    moving=st.lists(texts, max_size=3),
    failed=st.lists(st.builds(ShardFailure, texts, texts), max_size=2),
    shards=shards,
    drift=st.lists(texts, max_size=3),
    lost=st.lists(texts, max_size=3),
    skipped=st.lists(st.builds(Skipped, texts, texts), max_size=3),
    sample=st.lists(st.builds(SampledPage, st.just(7), texts, texts, st.just(0), st.just(1)), max_size=2),
    learnt_lines=st.dictionaries(texts, st.integers(0, 9), max_size=2),
)
FORMS = {"as written": lambda text: text, "in one line": lambda text: msgspec.json.format(text, indent=0)}
FORMS["wider"] = lambda text: msgspec.json.format(text, indent=2)
FORMS["in another order"] = lambda text: json.dumps(dict(reversed(json.loads(text).items())), indent=1).encode()


@given(st.dictionaries(texts, texts, max_size=3), shards, st.booleans())
def test_what_is_written_in_pieces_is_what_is_written_as_a_whole(values, found, is_last):
    before = (
        {"began": BEGAN, "shards": found} if is_last else {"shards": found, **{f"z{key}": text for key, text in values.items()}}
    )
    whole = printable_json(msgspec.json.format(msgspec.json.encode(before), indent=1)) + b"\n"
    assert b"".join(manifest_text.written(before | {"shards": []}, found)) == whole


@pytest.mark.parametrize("form", FORMS)
@given(manifests)
def test_parts_of_a_manifest_are_those_of_the_whole_whatever_its_form(tmp_path_factory, form, manifest):
    out = tmp_path_factory.mktemp("out")
    (out / "runs").mkdir()
    file = out / write_manifest(out, manifest, RunOptions())
    file.write_bytes(FORMS[form](file.read_bytes()))
    whole = decode_manifest(file)
    assert [*shards_of(file)] == whole.shards == manifest.shards
    for but in (LISTS, ("shards",), ("sample", "moving")):
        assert decode_manifest(file, but) == msgspec.structs.replace(whole, **{name: [] for name in but})


def test_a_manifest_that_is_cut_off_anywhere_is_none(tmp_path):
    (tmp_path / "runs").mkdir()
    found = [ShardFiles(f"0000{number}-0123456789ab", {"records/x.jsonl": "ab"}) for number in range(3)]
    file = tmp_path / write_manifest(tmp_path, Manifest(began=BEGAN, shards=found, lost=["a"]), RunOptions())
    whole = file.read_bytes().rstrip()
    for end in range(0, len(whole), 7):
        file.write_bytes(whole[:end])
        assert [*readable_manifests([file])] == []
        with pytest.raises(msgspec.MsgspecError):
            decode_manifest(file, LISTS)
        if b"\n ]" not in whole[:end]:
            with pytest.raises(msgspec.MsgspecError):
                [*shards_of(file)]


def test_of_shards_that_are_left_out_nothing_is_kept():
    lines = [b"{\n", b' "began": "",\n', b' "shards": [\n', b"  {\n", b"  }\n", b" ],\n", b' "left": 0\n', b"}\n"]
    assert manifest_text.without(iter(lines), {"shards"}) == b'{\n "began": "",\n "left": 0\n}'
    assert manifest_text.without(iter(lines), {"began"}) == b"".join(lines).rstrip()
