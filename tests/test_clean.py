"""What must hold for every page, whatever it says."""

from __future__ import annotations

import pytest
from hypothesis import example, given

import cleaners
from cleaners import BadPage, Page, clean_page
from cleaners.ledger import check_ledger, replay
from cleaners.ruleset import Library, shipped_packs
from tests.pages import AI_BOX, any_text, pages, prose_lines


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


@given(pages)
@example(f"logo\nT\n\nT\n\nTry Our AI Features\nAdvertisement\nExplore what Daily8 AI can do for you:\n{AI_BOX}")
@example("T\nIt rained. Advertisement Advertisement The fair went on.")
def test_cleaning_a_cleaned_body_removes_nothing_more(text):
    for record in clean_page(text).records:
        # The last line keeps the body's own end from being the end of a page, where more may be told to be cut off.
        again = clean_page(f"A title nobody else has\n{record.text}\nThe end is near.")
        assert [segment.rule for segment in again.segments if segment.rule] == []


@given(pages | any_text)
def test_the_same_page_gives_the_same_result(text):
    assert clean_page(text) == clean_page(text, Library(reversed(shipped_packs())))


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
