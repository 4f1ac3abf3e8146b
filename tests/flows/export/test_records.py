"""Records are read while runs write: whole lines, no page twice, and a list of files that is not true any more is noticed."""

from __future__ import annotations

import msgspec
import pytest

from cleaners import clean_page
from flows.errors import Failed, Stale, UsageError
from flows.export.records import HeldRecords
from flows.inspect.expected import Expected
from flows.output.written import WrittenFile

(RECORD,) = clean_page("Ferry returns\nThe ferry is back.").records
LINE = msgspec.json.encode(RECORD) + b"\n"


@pytest.fixture
def out(tmp_path):
    (tmp_path / "records").mkdir()
    for number in (1, 0):
        record = msgspec.structs.replace(RECORD, title=f"Title {number}")
        (tmp_path / "records" / f"0000{number}-000000000000.jsonl").write_bytes(msgspec.json.encode(record) + b"\n")
    return tmp_path


def test_records_come_in_the_order_of_shards_with_the_length_of_their_lines(out):
    found = list(HeldRecords(out))
    assert [record.title for record, _ in found] == ["Title 0", "Title 1"]
    assert found[0][1] == len((out / "records" / "00000-000000000000.jsonl").read_bytes())


def test_what_is_half_written_is_not_read(out):
    (out / "records" / "00002-000000000000.jsonl.1-aa.part").write_bytes(LINE[:20])
    assert len(list(HeldRecords(out))) == 2


def test_a_file_that_went_after_the_folder_was_listed_is_told_of(out):
    records = iter(HeldRecords(out))
    next(records)
    (out / "records" / "00001-000000000000.jsonl").unlink()
    with pytest.raises(Stale):
        next(records)


def test_a_file_that_a_run_takes_away_while_it_is_looked_at_is_told_of(out, monkeypatch):
    shards = {file.stem: {f"records/{file.name}": WrittenFile("0", 1)} for file in (out / "records").iterdir()}
    monkeypatch.setattr("flows.export.records.expected_files", lambda *_: Expected(shards, shards.keys()))
    monkeypatch.setattr("flows.export.records.fault_of", lambda file, _: file.unlink() or "is short")
    with pytest.raises(Stale):
        list(HeldRecords(out))


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(out):
    file = out / "records" / "00000-000000000000.jsonl"
    file.write_bytes(LINE * 100_000)
    records = iter(HeldRecords(out))
    next(records)
    (out / "new").write_bytes(b"")
    (out / "new").replace(file)
    assert len(list(records)) == 100_000


@pytest.mark.parametrize("torn", [LINE[:50], b"\n", b"null\n", b"{}\n", b"\xff\n", LINE.replace(b'"text"', b'"txt"')])
def test_a_broken_line_is_named_and_what_to_do(torn, out):
    (out / "records" / "00001-000000000000.jsonl").write_bytes(LINE + torn)
    with pytest.raises(Failed, match=r"line 2 of .*00001-000000000000.jsonl is no record .*dehusk verify .* tells more"):
        list(HeldRecords(out))


def test_a_folder_without_a_run_is_a_mistake(tmp_path):
    with pytest.raises(UsageError, match=r"no run has been made in .*; name the folder"):
        list(HeldRecords(tmp_path))
