"""Stories and the findings in their bodies become records and a complete ledger."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaners.document.page import Metadata, Page, split_lines
from cleaners.errors import BadPage
from cleaners.output.assemble import assemble
from cleaners.output.body_rules import BodyFindings, RemovedSpan
from cleaners.output.ledger import check_ledger, replay
from cleaners.segmentation.by_layout import Stories, Story

AD, BAR, LAYOUT = "en.ad-line", "en.share-line", "generic.article"
TEXT = "Ferry returns\nThe ferry is back.\nAdvertisement\nIt sails at nine."


@pytest.fixture(scope="module")
def ruleset(library):
    return library.ruleset(None, "en")


@pytest.fixture(scope="module")
def assembled(ruleset):
    """Assemble a page, without findings where none are given."""

    def call(page, found, bodies=None, removed=(), tag=None):
        page = Page(page) if isinstance(page, str) else page
        stories = Stories(LAYOUT, found, tag=tag)
        return assemble(page, stories, bodies or [BodyFindings() for _ in found], removed, ruleset, "d1")

    return call


def article(text: str) -> Story:
    title, *body = split_lines(text)
    return Story("article", LAYOUT, {"title": title}, body)


def removed(text: str, part: str, rule: str = AD) -> RemovedSpan:
    return RemovedSpan(text.index(part), text.index(part) + len(part), rule)


def fates(cleaned, text: str) -> list[tuple[str, str | None, str | None]]:
    return [(text[s.start : s.end], s.field, s.rule) for s in cleaned.segments]


def test_a_removed_line_is_in_the_ledger_and_in_no_record(assembled):
    cleaned = assembled(TEXT, [article(TEXT)], [BodyFindings([removed(TEXT, "Advertisement")])])
    (record,) = cleaned.records
    assert (record.title, record.text) == ("Ferry returns", "The ferry is back.\nIt sails at nine.")
    assert fates(cleaned, TEXT) == [
        ("Ferry returns", "title", None),
        ("The ferry is back.", "text", None),
        ("Advertisement", None, AD),
        ("It sails at nine.", "text", None),
    ]
    assert cleaned.kinds == {AD: "ad-marker"}


def test_neighbouring_parts_with_one_fate_are_one_segment(assembled):
    text = "Share\nEmail\nFerry returns\nIt is back.\nIt sails."
    lines = split_lines(text)
    story = Story("article", LAYOUT, {"title": lines[2]}, lines[3:])
    cleaned = assembled(text, [story], removed=[removed(text, "Email", BAR), removed(text, "Share", BAR)])
    assert fates(cleaned, text) == [
        ("Share\nEmail", None, BAR),
        ("Ferry returns", "title", None),
        ("It is back.\nIt sails.", "text", None),
    ]


def test_a_phrase_inside_a_line_leaves_one_blank(assembled):
    text = "Ferry returns\nIt is back. Advertisement It sails."
    cleaned = assembled(text, [article(text)], [BodyFindings([removed(text, "Advertisement")])])
    assert cleaned.records[0].text == "It is back. It sails."


def test_a_lifted_notice_leaves_the_text_and_becomes_a_field(assembled):
    text = "Ferry returns\nIt is back.\nThis first ran in the Post."
    notice = removed(text, "This first ran in the Post.")
    (record,) = assembled(text, [article(text)], [BodyFindings(lifted=[(notice, "attribution")], flags={"syndicated"})]).records
    assert (record.text, record.attribution) == ("It is back.", "This first ran in the Post.")
    assert "syndicated" in record.flags


@pytest.mark.parametrize("spans", [[], [(33, 46), (40, 60)], [(33, 99)]], ids=["lost", "kept and removed", "off the page"])
def test_a_page_whose_characters_do_not_add_up_is_refused(assembled, spans):
    title, first, _, last = split_lines(TEXT)
    story = Story("article", LAYOUT, {"title": title}, [first, last])
    with pytest.raises(BadPage) as refused:
        assembled(TEXT, [story], removed=[RemovedSpan(*span, AD) for span in spans])
    assert refused.value.reason == "ledger"


def test_embedded_stories_point_to_the_article_and_keep_page_order(assembled):
    text = "Ferry returns\nIt is back.\nBand plays\nIt is loud.\nPool opens\nPool opens"
    lines = split_lines(text)
    found = [
        Story("article", LAYOUT, {"title": lines[0]}, lines[1:2]),
        Story("story", LAYOUT, {"title": lines[2]}, lines[3:4]),
        *(Story("story", LAYOUT, {"title": line}) for line in lines[4:]),
    ]
    own, *embedded = assembled(Page(text, "a.txt"), found).records
    assert [record.kind for record in embedded] == ["story", "headline", "headline"]
    assert [record.position for record in (own, *embedded)] == [0, 1, 2, 3]
    assert {record.parent_id for record in embedded} == {own.id}
    assert len({record.id for record in (own, *embedded)}) == 4  # even where two titles are equal


def test_on_a_page_without_an_article_positions_begin_at_one(assembled):
    lines = split_lines("Band plays\nPool opens")
    records = assembled("Band plays\nPool opens", [Story("story", LAYOUT, {"title": line}) for line in lines]).records
    assert [(record.position, record.parent_id) for record in records] == [(1, ""), (2, "")]


def test_the_tag_of_a_page_goes_to_its_stories_or_is_structure(assembled):
    text = "#lanterns\nBand plays"
    tag, title = split_lines(text)
    cleaned = assembled(text, [Story("story", LAYOUT, {"title": title})], tag=tag)
    assert cleaned.records[0].tags == ["#lanterns"]
    alone = assembled("#lanterns", [], tag=tag)
    assert (alone.records, fates(alone, "#lanterns")) == ([], [("#lanterns", None, LAYOUT)])


@pytest.mark.parametrize("blank", ["\t", "\xa0", "  ", "\u3000", " \u2009 ", "\x1f"])
def test_fields_of_one_line_have_single_blanks_and_the_text_keeps_its_own(assembled, blank):
    text = "Ferry returns\nThe Post\n12 May\nWorld News\n#old town\nIt is back.".replace(" ", blank)
    title, source, time, category, tag, body = split_lines(text)
    fields = {"title": title, "source": source, "time": time, "category": category}
    (record,) = assembled(text, [Story("article", LAYOUT, fields, [body])], tag=tag).records
    assert (record.title, record.source, record.published_raw) == ("Ferry returns", "The Post", "12 May")
    assert (record.category, record.tags, record.text) == ("World News", ["#old town"], f"It{blank}is{blank}back.")


def test_a_text_is_in_page_order_in_whatever_order_its_lines_were_found(assembled):
    title, *body = split_lines(TEXT)
    bodies = [BodyFindings([removed(TEXT, "Advertisement")])]
    cleaned = assembled(TEXT, [Story("article", LAYOUT, {"title": title}, body[::-1])], bodies)
    (record,) = cleaned.records
    assert record.text == replay(TEXT, cleaned.segments, record.id, "text") == "The ferry is back.\nIt sails at nine."


def test_the_head_of_a_page_fills_only_what_its_text_leaves_open(assembled):
    head = Metadata(
        title="Another title", source="The Quay Post", published="2026-05-12T09:30:00Z", precision="minute", authors=("Ann",)
    )
    text = "Ferry returns\n12 May 2026\nIt is back."
    title, time, body = split_lines(text)
    page = Page(text, metadata=head, captured_at=datetime(2026, 5, 13, tzinfo=UTC))
    (record,) = assembled(page, [Story("article", LAYOUT, {"title": title, "time": time}, [body])]).records
    assert (record.title, record.source, record.authors) == ("Ferry returns", "The Quay Post", ["Ann"])
    assert (record.published, record.published_precision) == ("2026-05-12T09:30:00Z", "minute")  # finer, and the same day
    assert record.published_raw == "12 May 2026"


def test_every_plan_that_assigns_each_line_once_has_a_sound_ledger(assembled):
    lines = split_lines(TEXT)
    for i in range(len(lines) + 1):
        found = [Story("article", LAYOUT, {}, lines[:i]), Story("story", LAYOUT, {}, lines[i:])]
        cleaned = assembled(TEXT, found)
        check_ledger(TEXT, cleaned.segments)
        assert "\n".join(record.text for record in cleaned.records).strip() == TEXT
