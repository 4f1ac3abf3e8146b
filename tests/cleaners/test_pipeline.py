"""What must hold for every page, whatever it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import pytest
from hypothesis import example, given

import cleaners
from cleaners import BadPage, Page, clean_page
from cleaners.output.ledger import check_ledger, replay
from cleaners.rules.load import shipped_packs
from cleaners.rules.registry import Library
from tests.support.pages import AI_BOX, any_text, pages, prose_lines


@given(pages | any_text)
def test_every_visible_character_is_in_exactly_one_segment(text):
    cleaned = clean_page(text)
    check_ledger(text, cleaned.segments)
    ids = {record.id for record in cleaned.records}
    assert all((segment.record in ids) != (segment.rule is not None) for segment in cleaned.segments)
    assert all(segment.rule in cleaned.kinds for segment in cleaned.segments if segment.rule)
    assert len(ids) == len(cleaned.records)


@given(pages | any_text)
def test_records_can_be_derived_again_from_the_page_and_the_ledger(text):
    cleaned = clean_page(text)
    for record in cleaned.records:
        assert replay(text, cleaned.segments, record.id, "text") == record.text
        assert " ".join(replay(text, cleaned.segments, record.id, "title").split()) == record.title
        for field in ("source", "published_raw", "category", "attribution"):
            assert replay(text, cleaned.segments, record.id, field) == getattr(record, field)


@given(pages)
@example(f"logo\nT\n\nT\n\nTry Our AI Features\nAdvertisement\nExplore what Daily8 AI can do for you:\n{AI_BOX}")
@example("T\nIt rained. Advertisement Advertisement The fair went on.")
def test_cleaning_a_cleaned_body_removes_nothing_more(text):
    for record in clean_page(text).records:
        # A page of a known layout, whose lines are not judged by their form; the last line keeps the body's own end from being
        # the end of a page, where more may be recognised as cut off.
        body = f"A title nobody else has\n{record.text}\nThe end is near.\n"
        again = clean_page(f"{body}\n{AI_BOX}\nYahoo\n2 hours ago\n- Yahoo\nT1\nB1")
        if again.records[0].language != record.language:  # so the rules of another language hold
            continue
        removed = {segment.rule for segment in again.segments if segment.rule and segment.start < len(body)}
        assert {rule for rule in removed if not rule.startswith("daily8.related")} == set()  # text may look like a header


@cache
def library_in_reverse() -> Library:
    """Return the shipped packs, read in reverse order."""
    return Library(reversed(shipped_packs()))


@given(pages | any_text)
def test_the_same_page_gives_the_same_result(text):
    assert clean_page(text) == clean_page(text, library_in_reverse())


@given(prose_lines)
def test_prose_stays_whole(sentences):
    text = "\n".join(["The title of it all", *sentences])
    cleaned = clean_page(text)
    assert [record.text for record in cleaned.records] == ["\n".join(sentences)]
    assert not any(segment.rule for segment in cleaned.segments)


def test_a_page_of_50_megabytes_in_one_line_is_one_body():
    text = "The ferry was back on Monday. " * 1_700_000
    (record,) = clean_page(text).records
    assert record.title == ""
    assert len(record.text) == len(text) - 1


@pytest.mark.parametrize(
    "text",
    [
        "T\n" * 100_000,
        "Enter Email\nAdvertisement\nSign Up\n" * 20_000,
        "It rained. Article content The fair went on. " * 20_000,
        "2 hours ago\n" * 20_000,
        "Video Player is loading. Play Video " * 10_000,
        f"logo\nT\nT\n{'Yahoo' * 10}\n" * 10_000,
        "Related Articles\nThe old crane goes up now\nReuters\nAnother crane goes too\nCNN\nIt rained. It was long ago.\n"
        * 4_000,
    ],
    ids=lambda text: text[:20],
)
def test_a_page_that_repeats_itself_has_a_whole_ledger(text):
    """Each of these would take minutes, and end at the time-out, if the time were quadratic in the page."""
    check_ledger(text, clean_page(text).segments)


def test_a_ledger_with_a_hole_stops_the_page(monkeypatch):
    monkeypatch.setattr("cleaners.output.assemble._segments", lambda *_: [])
    with pytest.raises(BadPage, match="ledger: the character at 0 is in no segment"):
        clean_page("A title\nA body.")


def test_the_capture_needs_a_zone_and_is_told_in_utc():
    there = datetime(2025, 7, 5, 12, tzinfo=timezone(timedelta(hours=8)))
    page = "Latest news with #x\n\nCNN\n2 hours ago\n- CNN\nT\nB"
    (record,) = clean_page(Page(page, captured_at=there)).records
    assert (record.page.captured_at, record.published) == ("2025-07-05T04:00:00Z", "2025-07-05T02:00:00Z")
    with pytest.raises(ValueError, match="needs a time zone"):
        Page(page, captured_at=datetime(2025, 7, 5))


def test_ids_stay_when_a_body_changes_and_differ_between_pages():
    first, edited, other = (
        clean_page(Page(text, path=path)).records[0].id
        for text, path in (("A title\nA body.", "a.txt"), ("A title\nAnother body.", "a.txt"), ("A title\nA body.", "b.txt"))
    )
    assert first == edited != other


def test_children_name_their_parent_and_their_place():
    text = f"A title\nA body.\n\n{AI_BOX}\nYahoo\n2 hours ago\n- Yahoo\nT1\nB1\nCNN\n3 hours ago\n- CNN\nT2\nB2"
    own, *embedded = clean_page(text).records
    assert (own.kind, own.parent_id, own.position) == ("article", "", 0)
    assert [(r.kind, r.parent_id, r.position, r.title) for r in embedded] == [
        ("story", own.id, 1, "T1"),
        ("story", own.id, 2, "T2"),
    ]


def test_a_page_without_an_own_story_has_records_without_a_parent():
    text = "Latest news with #lanterns\n\nYahoo\n2 hours ago\n- Yahoo\nT1\nB1\n\nCNN\n3 hours ago\n- CNN\nT2"
    first, second = clean_page(text).records
    assert (first.parent_id, first.position, first.tags) == ("", 1, ["lanterns"])
    assert (second.parent_id, second.position, second.tags) == ("", 2, ["lanterns"])
    assert (second.kind, second.text) == ("headline", "")


def test_control_characters_go_and_are_accounted_for():
    cleaned = clean_page("A title\nThe gate\0 opened.\x1b[31m")
    assert cleaned.records[0].text == "The gate opened.[31m"
    assert [segment.rule for segment in cleaned.segments if segment.rule] == ["generic.control-characters"] * 2


def test_control_characters_go_from_headers_too():
    text = "\u200b\nlogo\nMa\0in\n\nMa\0in\n\nYa\0hoo2 hours ago\nA bo\x01dy."
    cleaned = clean_page(text)
    (record,) = cleaned.records
    assert (record.title, record.source, record.published_raw, record.text) == ("Main", "Yahoo", "2 hours ago", "A body.")
    check_ledger(text, cleaned.segments)


def test_half_a_character_is_refused_as_no_text():
    with pytest.raises(BadPage, match="undecodable: the character at 10 is half"):
        clean_page("A title\nA \ud800 body.")


def test_the_digest_of_the_rules_changes_with_packs_and_options():
    digests = {
        Library(shipped_packs()).digest,
        Library(shipped_packs(), strict=True).digest,
        Library(shipped_packs(), site_packs=False).digest,
        Library(shipped_packs()[1:]).digest,
    }
    assert len(digests) == 4
    assert clean_page("A title").records[0].rules == Library(shipped_packs()).digest


def test_the_package_says_its_version():
    assert cleaners.__version__.count(".") == 2


@pytest.mark.parametrize(
    ("line", "url", "published"),
    [
        ("6 February 2024", "", "2024-02-06T00:00:00Z"),
        ("06.02.2024", "https://quaypost.example/2021/01/01/x", "2024-02-06T00:00:00Z"),
        ("It rained.", "https://quaypost.example/2024/2/6/crane", "2024-02-06T00:00:00Z"),
        ("It rained.", "https://quaypost.example/2024/99/6/crane", ""),
        ("It rained on 6 February 2024 in the town.", "", ""),
    ],
)
def test_a_text_on_its_own_keeps_its_lines_and_has_the_time_that_one_gives(line, url, published):
    lines = ("The old crane was taken down in the harbour.", line, "Nobody had used it since the spring, the master said.")
    record = clean_page(Page("\n".join(("Crane goes", *lines)), url=url)).records[0]
    assert (record.title, record.text, record.published) == ("Crane goes", "\n".join(lines), published)
    assert record.published_precision == ("day" if published else "")


@pytest.mark.parametrize("byline", ["By INA VARR, Associated Press", "By Ina Varr"])
def test_a_wire_story_on_its_own_gives_author_credit_and_text(byline):
    first = (
        "MARROWICK (AP) — The council of Marrowick voted on Tuesday to close the old bridge to lorries from the first of March."
    )
    rest = "Hauliers said on Wednesday that the detour through Pellworth would cost them as much as forty minutes a trip."
    credit = "Associated Press writer Pia Holm contributed to this report."
    rights = (
        "Copyright 2024 The Associated Press. All rights reserved. This material may not be published, broadcast or rewritten."
    )
    page = "\n".join(["Swing bridge in Marrowick closes to lorries", byline, first, rest, rest, credit, rights])
    (record,) = clean_page(page).records
    assert [name.casefold() for name in record.authors] == ["ina varr"]
    assert record.text == f"{first}\n{rest}\n{rest}"
    assert record.attribution == credit
    (again,) = clean_page(f"{record.title}\n{record.text}").records
    assert (again.title, again.text) == (record.title, record.text)


EARLIEST, LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
WORDINGS = [
    "2 hours ago",
    "3 days ago",
    "yesterday",
    "12 January",
    "Monday 5 pm",
    "10:30",
    "31 December 9999 23:59",
    "tomorrow",
]


@pytest.mark.parametrize("captured_at", [EARLIEST, EARLIEST + timedelta(days=1), LATEST, LATEST - timedelta(days=1)])
@pytest.mark.parametrize("wording", WORDINGS)
def test_a_page_of_the_first_or_the_last_day_there_is_becomes_records(captured_at, wording):
    text = f"Old crane to go\nBy Tobin Marsh\n{wording}\nThe old crane goes to the town museum on Monday, the board said."
    assert clean_page(Page(text, captured_at=captured_at)).records


@pytest.mark.parametrize(("day", "hours"), [(EARLIEST, 14), (LATEST, -12)])
def test_a_capture_outside_the_years_there_are_is_refused(day, hours):
    with pytest.raises(ValueError, match="within the years 1 to 9999"):
        Page("A title", captured_at=day.replace(tzinfo=timezone(timedelta(hours=hours))))


@pytest.mark.parametrize("piece", ["a\x01", "a\xad", "a&nbsp;", "[a](/b) "])
def test_pieces_inside_lines_without_end_are_refused(piece, monkeypatch):
    monkeypatch.setattr("cleaners.document.page.MAX_PIECES", 2_000)
    said = "Old crane to go\nThe old crane goes to the town museum on Monday, the harbour board said. "
    assert clean_page(said + piece * 1_000).records
    with pytest.raises(BadPage, match=r"over 2,000 control characters, marks or escapes") as refused:
        clean_page(said + piece * 2_001)
    assert refused.value.reason == "too-large"
