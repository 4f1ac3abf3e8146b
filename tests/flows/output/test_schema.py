"""The schema is that of what is written: it has the keys of the types, and real output answers it."""

from __future__ import annotations

import json
import re

import msgspec
import pytest
from jsonschema import Draft202012Validator

from cleaners import Record, clean_page
from cleaners.html.reader import html_page
from cleaners.output.record import FLAGS
from cleaners.rules.load import read_pack, shipped_packs
from flows.execution.run import run
from flows.layout import CONTRACT
from flows.options import RunOptions
from flows.output.lines import audit_line
from flows.output.schema import LINE_TYPES, json_schema
from tests.conftest import ROOT
from tests.support.command import dehusk
from tests.support.labelled import CASES, load_cases
from tests.support.stories import in_parts, record, story

LABELLED = load_cases("daily8", "daily8_constructed", "aggregators")


def validator(name: str) -> Draft202012Validator:
    schema = json_schema(name)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def problems(name: str, row: object) -> list[str]:
    return [error.message for error in validator(name).iter_errors(json.loads(msgspec.json.encode(row)))]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("schema")
    (folder / "bad.txt").write_bytes(b"\xff\xfe\xff")
    run(RunOptions(inputs=(str(ROOT / "seeds"), str(folder / "bad.txt")), out=str(folder / "out"), workers=1))
    return folder / "out"


@pytest.mark.parametrize(("name", "folder"), [("record", "records"), ("audit", "audit"), ("quarantine", "quarantine")])
def test_what_a_run_writes_answers_the_schema_in_the_order_of_its_keys(name, folder, out):
    rows = [json.loads(line) for file in out.glob(f"{folder}/*.jsonl") for line in file.read_bytes().splitlines()]
    assert rows
    assert [problems(name, row) for row in rows] == [[]] * len(rows)
    keys = json_schema(name)["required"]
    assert [list(row)[: len(keys)] for row in rows] == [keys] * len(rows)


@pytest.mark.parametrize("name", LABELLED)
def test_what_is_made_of_a_labelled_page_answers_the_schema(name):
    cleaned = clean_page(LABELLED[name]["text"])
    assert [problems("record", record) for record in cleaned.records] == [[]] * len(cleaned.records)


def test_what_is_made_of_html_answers_the_schema():
    for path in sorted((CASES / "html").glob("*.html"))[:5]:
        page = html_page(path.read_bytes(), path.name)
        cleaned = clean_page(page)
        assert [problems("record", record) for record in cleaned.records] == [[]] * len(cleaned.records)
        assert problems("audit", audit_line(page, cleaned)) == []


def test_a_story_answers_the_schema_in_the_order_of_its_keys():
    early, head = record("early", captured_at="2025-07-05T12:00:00Z"), record("head", text="", position=2)
    lines = in_parts(story((early, "same"), (early, "excerpt"), (head, "mention"), canonical=early, best=early), 2)
    for line in (*lines, story((head, "mention"), canonical=head)):
        assert problems("story", line) == []
        assert list(msgspec.to_builtins(line)) == json_schema("story")["required"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"story": "1"}, {"part": -1}, {"canonical": ""}, {"best": "none"}, {"published": "2025-07-05"}, {"language": "English"},
        {"first_seen": "yesterday"}, {"count": 0}, {"seen": [{}]}, {"more": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_story_that_breaks_the_contract_is_noticed(wrong):
    told = record("early")
    assert problems("story", msgspec.to_builtins(story((told, "same"), canonical=told)) | wrong) != []


@pytest.mark.parametrize("name", LINE_TYPES)
def test_every_key_is_there_in_order_is_described_and_no_other_may_be(name):
    schema = json_schema(name)
    parts = [part for part in schema.get("$defs", {}).values() if "enum" not in part]
    objects = [(LINE_TYPES[name], schema), *((None, part) for part in parts)]
    for kind, part in objects:
        assert part["additionalProperties"] is False
        assert kind is None or list(part["properties"]) == list(kind.__struct_fields__)
        assert set(part["properties"]) - set(part["required"]) <= {"text"}  # the ledger of a text page has none
        assert all(len(said["description"]) > 8 for said in part["properties"].values())


def test_every_key_of_a_record_is_required():
    assert json_schema("record")["required"] == list(Record.__struct_fields__)


def test_the_version_of_the_contract_is_in_the_schema_and_in_manifests(out):
    assert re.fullmatch(r"\d+\.\d+", CONTRACT)
    assert json_schema("record")["$id"] == f"urn:dehusk:record:{CONTRACT}"
    (manifest,) = out.glob("runs/*.json")
    assert json.loads(manifest.read_bytes())["contract"] == CONTRACT


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "page"},
        {"published_precision": "week"},
        {"published": "2025-07-05"},
        {"published": "2025-13-05T12:00:00Z"},
        {"position": -1},
        {"tags": ""},
        {"source": None},
        {"language": "English"},
        {"flags": ["Truncated!"]},
        {"more": ""},
    ],
    ids=str,
)
def test_what_breaks_the_contract_is_noticed(wrong):
    (record,) = clean_page("Ferry returns\nThe ferry is back.").records
    assert problems("record", record) == []
    assert problems("record", msgspec.to_builtins(record) | wrong) != []


def test_every_flag_that_code_or_packs_know_is_told_of():
    code = "".join(
        file.read_text(encoding="utf-8") for folder in ("cleaners", "flows") for file in ROOT.glob(f"{folder}/**/*.py")
    )
    in_code = re.findall(r"""(?:flags\.add\(|flags=\{|FLAG = |flags=\(\) if has_all else \()"([a-z-]+)\"""", code)
    in_packs = {rule.flag for name, toml in shipped_packs() for rule in read_pack(toml, name).rule if rule.flag}
    assert {*in_code, *in_packs} == set(FLAGS)


def test_the_command_prints_the_schema():
    for name in LINE_TYPES:
        done = dehusk("schema", name)
        assert (done.returncode, json.loads(done.stdout)) == (0, json_schema(name))
    assert dehusk("schema").stdout == dehusk("schema", "record").stdout
    assert dehusk("schema", "runs").returncode == 2
