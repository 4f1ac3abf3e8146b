"""Which lines of a shard's files are of which input, and that they stay as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.inputs.discovery import Source
from flows.planning.carry_over import CarriedLines
from flows.planning.folder import make_folders
from flows.planning.shards import Shard

SHARD = "00000-0123456789ab"
PAGE = Source("", "a.txt", 0)
FIRST, SECOND, LAST = (Source("", "b.jsonl", 0, start, end) for start, end in ((0, 100), (100, 250), (250, None)))


def kept(out: Path, *sources: Source) -> CarriedLines:
    return CarriedLines(out, Shard(SHARD, sources))


def write(out: Path, folder: str, *lines: bytes) -> None:
    make_folders(out)
    (out / folder / f"{SHARD}.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def line_of(path: str) -> bytes:
    return json.dumps({"page": {"path": path, "id": ""}, "segments": []}).encode()


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a.txt", PAGE),
        ("a.txt.txt", None),
        ("b.jsonl#0", FIRST),
        ("b.jsonl#99", FIRST),
        ("b.jsonl#100", SECOND),
        ("b.jsonl#249", SECOND),
        ("b.jsonl#250", LAST),
        ("b.jsonl#123456789", LAST),
        ("b.jsonl#99-3", FIRST),
        ("b.jsonl#100-3", SECOND),
        ("c.jsonl#0", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("folder", ["records", "audit"])
def test_a_line_is_of_the_piece_that_its_place_is_in(tmp_path, folder, path, source):
    write(tmp_path, folder, line_of(path))
    lines = kept(tmp_path, PAGE, FIRST, SECOND, LAST)
    found = [one for one in (PAGE, FIRST, SECOND, LAST) if lines.of(folder, one)]
    assert found == ([source] if source else [])
    assert [lines.has(one) for one in (PAGE, FIRST, SECOND, LAST)] == [one is source for one in (PAGE, FIRST, SECOND, LAST)]


def test_a_line_of_a_piece_that_is_not_the_shards_is_nobodys(tmp_path):
    write(tmp_path, "records", line_of("b.jsonl#100"))
    lines = kept(tmp_path, FIRST, LAST)
    assert lines.of("records", FIRST) == lines.of("records", LAST) == []


def test_what_went_to_quarantine_is_told_by_its_path(tmp_path):
    bad = b'{"path":"b.jsonl#7","reason":"row","detail":"\\u2028 is kept"}'
    whole = b'{"path":"b.jsonl","reason":"compressed","detail":""}'
    write(tmp_path, "quarantine", bad, whole)
    assert kept(tmp_path, PAGE, FIRST).of("quarantine", FIRST) == [bad, whole]


def test_lines_are_kept_byte_by_byte_and_in_their_order(tmp_path):
    lines = [
        b'{"page":{"path":"a.txt"},"text":"\xe2\x80\xa8 two\\r\\n","z":1e3}',
        b'{ "page" : {"path":"a.txt"}, "title":"\\u00e9" }',
        b'{"page":{"path":"a.txt"},"title":"\xc3\xa9"}\r',
    ]
    write(tmp_path, "records", lines[0], line_of("b.jsonl#0"), *lines[1:])
    assert kept(tmp_path, FIRST, PAGE).of("records", PAGE) == lines
    assert kept(tmp_path, PAGE).of("audit", PAGE) == []


def test_a_shard_without_files_has_no_lines(tmp_path):
    make_folders(tmp_path)
    lines = kept(tmp_path, PAGE)
    assert not lines.has(PAGE)
    assert lines.of("records", PAGE) == []


def test_files_are_read_as_they_are_when_first_asked(tmp_path):
    lines = kept(tmp_path, PAGE)
    write(tmp_path, "records", line_of("a.txt"))
    assert lines.of("records", PAGE) == [line_of("a.txt")]
    write(tmp_path, "records")  # being written anew, as the shard is
    assert lines.of("records", PAGE) == [line_of("a.txt")]
