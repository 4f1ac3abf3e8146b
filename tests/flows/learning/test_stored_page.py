"""Stored pages: all that makes a page of one is read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.page import Metadata
from flows.inputs.compression import zstd
from flows.inputs.raw_page import RawPage, page_of
from flows.learning.sample import Place
from flows.learning.stored_page import read_all, read_stored, stored

WORDS = st.text(max_size=20)
PAGES = st.builds(
    RawPage,
    name=WORDS,
    raw=st.binary(max_size=50) | WORDS.map(str.encode),
    text=st.none() | WORDS,
    url=WORDS,
    captured_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    media=st.sampled_from(["", "html"]),
    charset=WORDS,
    metadata=st.builds(Metadata, title=WORDS, authors=st.lists(WORDS, max_size=2).map(tuple)),
    flags=st.lists(WORDS, max_size=2).map(tuple),
    made_by=WORDS,
)


@given(st.lists(PAGES, min_size=1, max_size=3))
def test_a_page_is_read_back_from_its_place(tmp_path_factory, pages):
    file = tmp_path_factory.getbasetemp() / "stored.jsonl.zst"
    contents = [stored(page) for page in pages]
    file.write_bytes(b"".join(contents))
    assert len([*read_all(file, 0, None)]) == len(pages)
    offset = 0
    for page, content in zip(pages, contents, strict=True):
        found = read_stored(file, Place(0, offset, len(content)))
        offset += len(content)
        assert found.raw == (page.raw if page.text is None else b"")
        assert (found.name, found.text, found.url, found.captured_at) == (page.name, page.text, page.url, page.captured_at)
        assert (found.media, found.charset, found.metadata) == (page.media, page.charset, page.metadata)
        assert (found.flags, found.made_by) == (page.flags, page.made_by)


@pytest.mark.parametrize(
    "raw", ["Schöne Fähre\nSie fährt.".encode("latin-1"), b"<html><title>A</title><p>The ferry.</p></html>"]
)
def test_the_page_of_a_stored_page_is_that_of_the_page(raw, tmp_path):
    page = RawPage("a.txt", raw, url="https://quaypost.example/a", captured_at=datetime(2025, 7, 5, tzinfo=UTC))
    (tmp_path / "file").write_bytes(b"before" + stored(page))
    found = read_stored(tmp_path / "file", Place(0, len(b"before"), len(stored(page))))
    assert found == page
    assert page_of(found) == page_of(page)


def test_a_stored_page_is_a_line_of_json():
    content = zstd.decompress(stored(RawPage("a\n.txt", b"The ferry\nis back.")))
    assert content.count(b"\n") == 1
    assert json.loads(content) == {"name": "a\n.txt", "utf8": "The ferry\nis back."}
