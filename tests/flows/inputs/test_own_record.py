"""A record of dehusk, given again as a row: its text and its title stay as they are, and nothing is removed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaners import BadPage, Cleaned, Library, Page, Record, clean_page, shipped_packs
from cleaners.pipeline import default_library
from flows.inputs.jsonl import page_of_row
from flows.inputs.raw_page import RawPage, page_of
from tests.support.command import dehusk
from tests.support.html_pages import PIECES, page
from tests.support.pages import ODD, SENTENCES, any_text, odd_pages

PAGES = st.one_of(
    st.one_of(odd_pages, any_text).map(lambda text: RawPage("a.txt", text.encode())),
    st.lists(st.one_of(PIECES, st.sampled_from((*ODD, *SENTENCES))), max_size=20).map(
        lambda pieces: RawPage("a.html", page("".join(pieces)))
    ),
)
# Texts that a row would have changed: escapes, tags, broken letters, a menu, a notice, hard line ends, a byline.
TEXTS = (
    "The ferry &amp;amp; the crane\\nare back.",
    "<p>The ferry is back.</p><p>It sails at nine.</p>",
    "The cafÃ© is back. It doesnâ€™t close on Monday.",
    "Home\nNews\nSport\nAdvertisement",
    "By Ina Varr\nJan 15, 2008\nThe ferry is back.",
    "Subscribe to our newsletter",
)


def rows_of(cleaned: Cleaned) -> Iterator[dict]:
    yield from (msgspec.to_builtins(record) for record in cleaned.records if record.text)


def record_of(text: str, **values: object) -> dict:
    """Return a record with a text, as these rules make one."""
    record = msgspec.to_builtins(clean_page("Ferry returns\nThe ferry is back.").records[0])
    return {**record, "text": text, "text_sha256": hashlib.sha256(text.encode()).hexdigest(), **values}


def clean_row(row: dict, library: Library | None = None) -> tuple[Page, Cleaned]:
    given = page_of(page_of_row(json.dumps(row).encode(), "a.jsonl#0"))
    return given, clean_page(given, library)


def check_kept(row: dict) -> Record:
    given, cleaned = clean_row(row)
    record = cleaned.records[0]
    assert [(each.kind, each.title, each.text) for each in cleaned.records] == [("article", row["title"], row["text"])]
    assert [given.text[each.start : each.end] for each in cleaned.segments if each.rule] == []
    assert {*row["flags"]} <= {*record.flags}
    return record


@example(RawPage("a.txt", b"Ferry &amp;amp; crane\nThe ferry &amp;amp; the crane are back.\nAdvertisement"))
@given(PAGES)
def test_the_records_of_any_page_stay_as_they_are(raw):
    try:
        cleaned = clean_page(page_of(raw))
    except BadPage:
        return
    for row in rows_of(cleaned):
        again = check_kept(row)
        assert again == check_kept(msgspec.to_builtins(again))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("title", ["", "null", "Ferry &amp; crane", "The <b>ferry</b>"])
def test_what_a_row_would_lose_stays(text, title):
    check_kept(record_of(text, title=title))


@pytest.mark.parametrize("text", TEXTS)
def test_any_other_row_with_the_same_text_is_cleaned(text):
    for row in ({"title": "x", "text": text}, record_of(text, text_sha256="0" * 64), record_of(text, rules="")):
        assert clean_row(row)[0].made_by == ""


def test_other_rules_clean_a_record_anew():
    strict = Library(shipped_packs(), strict=True)
    row = record_of("The ferry is back.\nAdvertisement\nIt sails at nine.", title="Ferry returns")
    assert clean_row(row)[1].records[0].text == row["text"]
    assert clean_row(row, strict)[1].records[0].text == "The ferry is back.\nIt sails at nine."
    assert clean_row(row, strict)[0].made_by == default_library().digest


@pytest.mark.parametrize("text", ["The ferry\x1b[31m is back.", " The ferry is back.", "The ferry\n\nis back.", "\ud800"])
def test_a_text_that_no_record_has_is_cleaned(text):
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    row = {**record_of("x"), "text": text, "text_sha256": digest}
    assert page_of_row(json.dumps(row).encode(), "a.jsonl#0").made_by == ""


def test_the_records_of_a_run_are_the_input_of_another(tmp_path):
    assert dehusk("run", "seeds", "--out", str(tmp_path / "a"), "--no-prefect").returncode == 0
    assert dehusk("run", str(tmp_path / "a" / "records"), "--out", str(tmp_path / "b"), "--no-prefect").returncode == 0
    first, second = (
        [json.loads(line) for file in sorted((tmp_path / out / "records").iterdir()) for line in file.read_bytes().splitlines()]
        for out in ("a", "b")
    )
    keys = ("title", "text", "source", "published", "authors", "tags", "language", "url", "flags")
    kept = [{key: row[key] for key in keys} for row in first]
    assert len(kept) == 8
    assert [{key: row[key] for key in keys} for row in second] == kept
    assert dehusk("verify", str(tmp_path / "b"), str(tmp_path / "a" / "records")).returncode == 0


@pytest.mark.parametrize(("digest", "unused"), [(None, set()), ("of another text", {"flags", "rules", "text_sha256"})])
def test_the_keys_that_tell_a_record_are_used(digest, unused):
    row = record_of("The ferry is back.", flags=["truncated"])
    fields = page_of_row(json.dumps({**row, "text_sha256": digest or row["text_sha256"]}).encode(), "a.jsonl#0").fields
    assert {*fields.unused} & {"flags", "rules", "text_sha256", "text"} == unused
