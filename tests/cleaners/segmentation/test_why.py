"""The reasons of a line: they add up to its score, and name what they are for in plain words."""

from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.pipeline import default_library
from cleaners.segmentation.evidence import MAX_REASONS
from cleaners.segmentation.line_features import LineFeatures, features_of
from cleaners.segmentation.line_score import score_lines
from cleaners.segmentation.page_grammar.model import EmbeddedList, FieldSpan, Item
from cleaners.segmentation.title_choice import TitleChoice
from cleaners.segmentation.why import extractor_evidence, list_evidence, scored_lines, title_evidence

PAGE = """• Home
• Sport
Old crane to go
By Ada Lind
The old crane at the harbour will be taken down in spring, the port board said on Monday, after 94 years of service.
"We will miss it," said the harbour master, who has worked beside the crane since he left school at fifteen.
Related stories
10:15
Ferry returns
The ferry is back on its old route, and it sails at nine."""


@pytest.fixture
def ruleset():
    return default_library().ruleset(None, "en")


@pytest.fixture
def features(ruleset) -> list[LineFeatures]:
    return [features_of(line, ruleset, i) for i, line in enumerate(split_lines(PAGE))]


def test_what_features_add_is_the_score_of_the_line(features, ruleset):
    least = ruleset.reading.line_score.threshold
    values = [scored.value + least for scored in scored_lines(features, ruleset).values()]
    assert values == pytest.approx(score_lines(features, ruleset))


def test_reasons_are_the_strongest_first_and_in_plain_words(features, ruleset):
    scored = scored_lines(features, ruleset)
    assert set(scored) == {feature.line.start for feature in features}
    for found in scored.values():
        weights = [abs(reason.value) for reason in found.reasons]
        assert weights == sorted(weights, reverse=True)
        assert len(weights) <= MAX_REASONS
    names = " ".join(reason.name for found in scored.values() for reason in found.reasons)
    assert "*" not in names
    assert "_" not in names


def test_a_page_without_lines_has_no_scores(ruleset):
    assert scored_lines([], ruleset) == {}


def test_the_lines_of_a_list_name_their_item_and_the_form(features):
    time, title = FieldSpan(7, 0, 5), FieldSpan(8, 0, 13)
    embedded = EmbeddedList(
        [Item(7, 9, title=title, time=time, body=[9])], "time / title / text", reasons={"times": 2.5}, between=[6]
    )
    found = [(at.start, at.summary, at.reasons[0].name) for at in list_evidence([embedded], features)]
    starts = [feature.line.start for feature in features]
    item = "item 1 of 1, time / title / text"
    between = "between the items of a list, time / title / text"
    assert found == [(starts[i], item, "times") for i in (7, 8, 9)] + [(starts[6], between, "times")]


def test_a_title_says_how_sure_it_is(features):
    [found] = title_evidence(TitleChoice(2, sureness=0.97, reasons=(("shared", 2.0),)), features)
    assert (found.start, found.summary) == (PAGE.index("Old crane"), "title, 97% sure")
    assert title_evidence(TitleChoice(None), features) == []


def test_lines_that_extractors_chose_or_left_out_say_so(features):
    features[4].selected, features[9].selected = True, False
    assert [at.summary for at in extractor_evidence(features)] == ["in the main text", "outside the main text"]
