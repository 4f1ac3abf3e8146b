"""The listing of inputs is sorted, holds each file once, and stays outside of memory."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.errors import Failed, UsageError
from flows.inputs.discovery import Source
from flows.inputs.listing import Listing, find_sources, list_sources
from flows.inputs.scratch import Scratch

TOPS = ("/top/", "s3://b/", "/\udcff/")
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
files = st.lists(st.builds(Source, st.sampled_from(TOPS), names, st.integers(0, 2**40)), max_size=12)


@given(files, st.booleans())
def test_sources_come_back_in_the_order_of_their_names(found, is_below):
    unique = {one.name: one for one in reversed(found)}
    sources = [
        Source(one.file + (name if is_below else f"{at}"), name, one.size, stamp=f"{one.size}:1")
        for at, (name, one) in enumerate(unique.items())
    ]
    listing = Listing(iter(sources))
    expected = sorted(sources, key=lambda source: source.name)
    assert ([*listing], [*listing], len(listing)) == (expected, expected, len(sources))
    assert all(listing.get(source.name) == source for source in sources)
    last = Source("/spool/stdin", "", 3)
    listing.append(last)
    assert ([*listing], [*listing.sorted()], len(listing)) == ([*expected, last], expected, len(sources) + 1)
    assert listing.get("") == last
    assert listing.get("\0none") is None or "\0none" in unique


def test_a_file_is_listed_once_and_two_of_one_name_are_a_mistake():
    first, again, other = Source("/x/a", "a", 1), Source("/x/a", "a", 2), Source("/y/a", "a", 1)
    assert [*Listing([first, again])] == [first]
    with pytest.raises(UsageError, match="/x/a and /y/a would both be named a; clean one of them into another folder"):
        Listing([Source("/b", "b", 1), first, again, other, Source("/z/a", "a", 1)])


def test_a_file_with_the_name_of_standard_input_is_a_mistake():
    listing = Listing([Source("/x/stdin-0123", "stdin-0123", 1)])
    with pytest.raises(UsageError, match="^/x/stdin-0123 and standard input would both be named stdin-0123; clean one of them"):
        listing.append(Source("/spool/stdin", "stdin-0123", 1))
    assert len(listing) == 1


def test_a_name_that_is_no_unicode_is_found_under_a_valid_one(tmp_path):
    (tmp_path / os.fsdecode(b"a\xff.txt")).write_text("Title\nBody.")
    (source,), _ = find_sources([str(tmp_path)], tmp_path / "out")
    assert source.name == "a\\xff.txt"
    assert os.path.exists(source.file)


def test_files_of_a_folder_need_no_list_of_their_names_in_memory(tmp_path, monkeypatch):
    for name in ("b.txt", "b.txt.json", "a.json", "b.json", "a.txt"):
        (tmp_path / name).write_text("{}")
    listing, skipped = list_sources([str(tmp_path)], tmp_path / "out")
    assert [source.name for source in listing] == ["a.json", "a.txt", "b.json", "b.txt"]
    assert [skip.name for skip in skipped] == ["b.txt.json"]


def test_no_room_for_the_listing_is_told_in_a_sentence():
    scratch = Scratch("numbers (number text)")
    scratch.run("pragma max_page_count = 10")
    with pytest.raises(Failed, match=r"the list of inputs cannot be kept among temporary files \(database or disk is full\)"):
        scratch.add("insert into numbers values (?)", ((str(number) * 90,) for number in range(10_000)))
