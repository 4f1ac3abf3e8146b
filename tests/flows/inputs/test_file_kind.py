"""Files of JSON and pages of text are told apart, and no broken JSON becomes an article."""

from __future__ import annotations

import io
import json

import pytest

from flows.inputs import file_kind
from flows.inputs.file_kind import are_rows, broken_json, first_rows, is_document
from flows.options import USUAL

ROW = b'{"url": "https://quaypost.example/1", "text": "Old crane to go\\nThe board said so."}\n'
BARE = b'{"id": 1}\n'
SCRIPT = b'{"@context": "https://schema.org", "headline": "A script left in"}\n'
SAID = b"The harbour board said so.\n"


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (ROW, True),
        (ROW + SAID, True),
        (b"\xef\xbb\xbf\n\n" + ROW, True),
        (BARE + BARE, True),
        (BARE + b"{broken\n" + ROW, True),
        (b'{"text": "cut\n' + ROW, True),
        (b"[1]\n" + ROW + ROW, True),
        (b'he end of a row"}\n' + ROW + ROW, True),
        (b'he end of a row"}\n' + b"{broken\n" + ROW + ROW, True),
        (b"x" * 200_000 + b"\n" + ROW + ROW, True),
        (b"", False),
        (BARE, False),
        (SCRIPT + SAID + SAID, False),
        (SCRIPT + SAID * 3 + SCRIPT, False),
        (b"{{ad}} Old crane to go\n" + SAID + ROW, False),
        (b"Rows look so:\n" + SAID * 3 + ROW + ROW, False),
        (SAID * 10 + ROW * 20, False),
        (b'{"rows": [\n  ' + ROW + b"]}", False),
    ],
)
def test_rows_are_told_by_several_of_the_first_lines(content, rows):
    assert are_rows(first_rows(io.BytesIO(content)), USUAL) is rows


def test_no_more_is_read_to_tell_rows_than_a_page_may_have(monkeypatch):
    monkeypatch.setattr(file_kind, "MAX_PAGE_BYTES", 1_000)
    file = io.BytesIO(b"word " * 1_000_000)
    assert sum(map(len, first_rows(file))) <= 2_000
    assert file.tell() <= 2_000


@pytest.mark.parametrize(
    ("content", "document"),
    [
        (json.dumps({"text": "A story."}, indent=1).encode(), True),
        (b'{"rows": [\n' + ROW + b"]}", True),
        (b"[" + ROW + b"," + ROW + b"]", True),
        (b"[\n" + ROW + b",{broken", True),
        (b"[1, 2]", True),
        (ROW, False),
        (ROW + ROW, False),
        (b'[{"id": 1}]\n' + ROW, False),
        (b"[1]\n" + ROW, False),
        (b'{"text": "cut\n' + ROW, False),
        (SAID, False),
    ],
)
def test_a_document_is_no_file_of_rows(content, document):
    assert is_document(io.BytesIO(content)) is document


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b'{"text": "cut', "begins like JSON and is none"),
        (b'[{"text": "A"}, {"te', "begins like JSON and is none"),
        (b'\xef\xbb\xbf [ {"text": "A"}, {broken}]', "begins like JSON and is none"),
        (BARE + b'{"text": "cut', "begins like JSON and is none"),
        (b'[{"a":' * 100_000, "begins like JSON and is none"),
        ((ROW + ROW).decode().encode("utf-16"), "must be UTF-8"),
        (ROW[:-9].decode().encode("utf-16"), "must be UTF-8"),
    ],
)
def test_what_begins_like_json_and_is_none_is_told(raw, says):
    assert says in broken_json(raw)


@pytest.mark.parametrize(
    "raw",
    [
        SAID, b"{{ad}}\n" + SAID, b"[Photo] " + SAID, b"[1] " + SAID, b"{not json}\n" + SAID, b'{"quoted" words}\n' + SAID,
        SCRIPT + SAID, SCRIPT + SCRIPT + SAID, b'{"text": "A \xff', SAID.decode().encode("utf-16"),
        (SCRIPT + SAID).decode().encode("utf-16"), b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_a_page_that_merely_begins_with_a_bracket_stays_one(raw):
    assert broken_json(raw) == ""


def test_the_search_for_the_first_rows_ends_among_blank_lines(monkeypatch):
    monkeypatch.setattr(file_kind, "MAX_FIRST_LINES", 20)
    assert list(first_rows(io.BytesIO(b"\n" * 19 + ROW + ROW))) == [ROW]
    assert list(first_rows(io.BytesIO(b"\n" * 20 + ROW))) == []
