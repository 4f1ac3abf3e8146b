"""The names of fields in options: one that no row has is refused before anything is written."""

from __future__ import annotations

import gzip
import json

import pytest

from flows.errors import UsageError
from flows.inputs.discovery import Source
from flows.inputs.given_fields import MAX_ROWS, check_given_fields
from flows.options import RowFields
from tests.support.command import dehusk_process

ROW = {"id": 1, "story_body": "The old crane will be taken down.", "author": None, "meta": {"link": "https://quay.example/"}}
LINES = "".join(json.dumps({**ROW, "id": number}) + "\n" for number in range(3)).encode()
FORMS = {
    "a.jsonl": LINES,
    "a.jsonl.gz": gzip.compress(LINES),
    "bom.jsonl": b"\xef\xbb\xbf" + LINES,
    "broken.jsonl": b'{"id": \n' + LINES,
    "a.txt": LINES,
    "one.json": json.dumps(ROW, indent=1).encode(),
    "array.json": json.dumps([ROW, ROW], indent=1).encode(),
    "several.json": json.dumps(ROW, indent=1).encode() * 2,
}


def source(folder, name, content):
    file = folder / name
    file.write_bytes(content)
    return Source(str(file), name, len(content))


@pytest.mark.parametrize("name", FORMS)
def test_a_mistyped_name_is_refused_with_close_ones(tmp_path, name):
    rows = source(tmp_path, name, FORMS[name])
    check_given_fields([rows], RowFields(text="story_body", author="author", url="meta.link", html=""))
    with pytest.raises(UsageError, match=r"--text-field: .* field 'stroy_body'; did you mean 'story_body'\?"):
        check_given_fields([rows], RowFields(text="stroy_body"))
    with pytest.raises(UsageError, match=r"--url-field: .* 'meta.lnik'; did you mean 'meta.link'"):
        check_given_fields([rows], RowFields(text="story_body", url="meta.lnik"))
    with pytest.raises(UsageError, match="'zzz'; the names there are 'id', 'story_body', 'author', 'meta', 'meta.link'"):
        check_given_fields([rows], RowFields(title="zzz"))


def test_a_sparse_field_or_one_of_another_file_is_no_mistake(tmp_path):
    sparse = LINES * (MAX_ROWS // 3) + json.dumps({**ROW, "byline": "Ina Varr"}).encode()
    check_given_fields([source(tmp_path, "a.jsonl", sparse)], RowFields(author="byline"))
    first, second = source(tmp_path, "b.jsonl", LINES), source(tmp_path, "c.jsonl", b'{"words": "a"}\n')
    check_given_fields([first, second], RowFields(text="words"))


@pytest.mark.parametrize(
    "content", [b"", b"A page of prose.\n", b"{Photo: the quay}\nProse.\n", b"[1, 2]", b"\x1f\x8b\x08broken"]
)
def test_inputs_without_rows_are_no_mistake(tmp_path, content):
    check_given_fields([source(tmp_path, "a.txt", content)], RowFields(text="words"))


def test_a_file_that_has_gone_is_left_to_cleaning(tmp_path):
    check_given_fields([Source(str(tmp_path / "gone.jsonl"), "gone.jsonl", 1)], RowFields(text="words"))


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "-"])
@pytest.mark.parametrize("command", ["run", "clean"])
def test_the_commands_end_with_a_sentence(tmp_path, command, name):
    file = source(tmp_path, "a.jsonl" if name == "-" else name, LINES).file
    out = tmp_path / "out"
    arguments = ["--out", str(out), "--no-prefect"] if command == "run" else []
    given = name if name == "-" else file
    done = dehusk_process(command, given, *arguments, "--text-field", "stroy_body", stdin=LINES)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "dehusk: --text-field: none of 3 rows that were looked at has a field 'stroy_body'; did you mean 'story_body'?"
    ]
    assert done.stdout == b""
    assert name == "-" or not out.exists()
