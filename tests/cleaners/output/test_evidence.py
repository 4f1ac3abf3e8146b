"""Evidence: each line of a page has one witness, in page order, and the offsets of the page."""

from __future__ import annotations

import pytest

from cleaners import Cleaned, PageInfo
from cleaners.document.page import Line, Page
from cleaners.output.assemble import assemble
from cleaners.output.body_rules import BodyFindings, RemovedSpan
from cleaners.output.evidence import evidence_of, in_words, item_of, moved
from cleaners.pipeline import default_library
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.evidence import LineEvidence, Reason, Scored, strongest
from cleaners.text.flattened.edited import MARK, Edit, edited

PAGE = """Menu
Ferry returns
The ferry is back.
Advertisement
It sails at nine.
10:15
Crane to go
The crane will be taken down.
Imprint"""
STARTS = {text: PAGE.index(text) for text in PAGE.split("\n")}
FORM = "time / title / text, 2 of 6"


def line(text: str) -> Line:
    return Line(STARTS[text], STARTS[text] + len(text), text)


@pytest.fixture
def ruleset():
    return default_library().ruleset(None, "en")


@pytest.fixture
def stories(ruleset) -> Stories:
    layout = ruleset.fallback_layout.id
    own = Story("article", layout, {"title": line("Ferry returns")}, [line("The ferry is back."), line("It sails at nine.")])
    embedded = Story("story", layout, {"time": line("10:15"), "title": line("Crane to go")}, form=FORM)
    embedded.body.append(line("The crane will be taken down."))
    return Stories(layout, [own, embedded], [(line("Menu"), f"{layout}.before"), (line("Imprint"), f"{layout}.after")])


@pytest.fixture
def cleaned(ruleset, stories) -> Cleaned:
    ad = line("Advertisement")
    removed = [RemovedSpan(at.start, at.end, rule) for at, rule in stories.structure] + [
        RemovedSpan(ad.start, ad.end, "en.ad-line")
    ]
    return assemble(Page(PAGE), stories, [BodyFindings(), BodyFindings()], removed, ruleset, "0" * 16)


def test_each_line_has_one_witness_in_page_order(cleaned, stories, ruleset):
    found = evidence_of(PAGE, cleaned, stories, ruleset)
    assert [(PAGE[at.start : at.end], at.witness, at.summary) for at in found] == [
        ("Menu", "position", "before the page's own story"),
        ("Ferry returns", "position", "title of its story"),
        ("The ferry is back.", "position", "text of its story"),
        ("Advertisement", "rule", "en.ad-line"),
        ("It sails at nine.", "position", "text of its story"),
        ("10:15", "grammar", "item 2 of 6, time / title / text"),
        ("Crane to go", "grammar", "item 2 of 6, time / title / text"),
        ("The crane will be taken down.", "grammar", "item 2 of 6, time / title / text"),
        ("Imprint", "position", "after the page's own story"),
    ]


def test_a_score_is_the_witness_where_it_agrees_with_the_fate_of_the_line(cleaned, stories, ruleset):
    reasons = (Reason("long line", 1.9),)
    scores = {
        STARTS["The ferry is back."]: Scored(3.1, reasons),
        STARTS["It sails at nine."]: Scored(-0.4, reasons),
        STARTS["Menu"]: Scored(-2.0),
        STARTS["Imprint"]: Scored(1.2),
    }
    by_start = {at.start: at for at in evidence_of(PAGE, cleaned, stories, ruleset, scores)}
    shown = [in_words(by_start[start]) for start in scores]
    assert shown == [
        "score +3.1: long line +1.9",
        "position text of its story, against a score of -0.4: long line +1.9",
        "score -2.0",
        "position after the page's own story, against a score of +1.2",
    ]


def test_noted_evidence_goes_before_scores_and_after_rules(cleaned, stories, ruleset):
    title, ad = line("Ferry returns"), line("Advertisement")
    noted = [
        LineEvidence(title.start, title.end, "score", "title, sure to 97 %"),
        LineEvidence(ad.start, ad.end, "score", "title, sure to 1 %"),
        LineEvidence(STARTS["10:15"], STARTS["10:15"] + 5, "extractor", "outside the main text"),
        LineEvidence(STARTS["Menu"], STARTS["Menu"] + 4, "extractor", "outside the main text"),
    ]
    by_start = {at.start: at for at in evidence_of(PAGE, cleaned, stories, ruleset, {title.start: Scored(-1)}, noted)}
    assert by_start[title.start].summary == "title, sure to 97 %"
    assert by_start[ad.start].witness == "rule"
    assert by_start[STARTS["10:15"]].witness == "grammar"
    assert by_start[STARTS["Menu"]].witness == "extractor"


def test_a_story_of_a_known_layout_names_it(cleaned, stories, ruleset):
    stories.found[1].form, stories.found[1].layout = "", "daily8.related"
    found = evidence_of(PAGE, cleaned, stories, ruleset)
    assert {at.summary for at in found if at.witness == "layout"} == {"daily8.related"}


def test_evidence_moves_to_the_offsets_of_the_original_text():
    text = "**Menu** now\n* Ferry"
    marks = [(0, 2), (6, 8), (13, 15)]
    step = edited(text, [Edit(start, end, MARK) for start, end in marks])
    assert step.text == "Menu now\nFerry"
    first, second = moved([LineEvidence(0, 8, "rule", "r"), LineEvidence(9, 14, "rule", "r")], [step])
    assert text[first.start : first.end] == "Menu** now"
    assert text[second.start : second.end] == "Ferry"


def test_only_the_strongest_reasons_are_given():
    assert strongest({"a": 0.01, "b": -3, "c": 1, "d": 0.2}, most=2) == (Reason("b", -3), Reason("c", 1))


@pytest.mark.parametrize(("form", "shown"), [(FORM, "item 2 of 6, time / title / text"), ("title", "title")])
def test_a_form_without_a_place_is_shown_as_it_is(form, shown):
    assert item_of(form) == shown


def test_evidence_is_left_out_of_json_by_default():
    import msgspec

    empty = Cleaned(PageInfo("", "", "", "", "", "other", ""), [], [], {})
    assert b"evidence" not in msgspec.json.encode(empty)
