"""The line score: equal to the plain sum of its weights, defined for any page, the same whatever was scored before."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.page import split_lines
from cleaners.fitted.load import shipped_reading
from cleaners.pipeline import default_library
from cleaners.segmentation.line_context import WIDTHS, context_sizes
from cleaners.segmentation.line_features import features_of
from cleaners.segmentation.line_form import COUNT, INDEX, NEAR_FORM, form_of, sizes
from cleaners.segmentation.line_score import NEAR, LineScorer, score_lines

PAGE = """Home
News
• Sport
Old crane to go
By Ada Lind
12 March 2024
The old crane at the harbour will be taken down in spring, the port board said on Monday, after 94 years of service.
"We will miss it," said the harbour master, who has worked beside the crane since he left school at fifteen.
Its parts, the board said, go to a museum. The museum has asked for the hook as well.
Related stories
Ferry returns
Lake is full again
Copyright 2024"""


@pytest.fixture(scope="module")
def ruleset():
    return default_library().ruleset(None, "en")


def features_in(text, ruleset):
    ruleset.context.times.begin_page(1)
    return [features_of(line, ruleset, i) for i, line in enumerate(split_lines(text))]


def plain_scores(features, weights):
    """Return the scores as the sum of the weights, looked up one by one."""
    scorer = LineScorer(weights)
    forms = [form_of(feature).values for feature in features]
    known = scorer.known_lines(features)
    columns = dict(scorer.columns(features, known))
    scores = []
    for i, line in enumerate(known):
        score = weights.classes[line.line_class]
        score += sum(weights.own[name][value] for name, value in zip(sizes(), forms[i], strict=True))
        for offset in NEAR:
            is_there = 0 <= i + offset < len(forms)
            for name in NEAR_FORM:
                score += weights.near[str(offset)][name][forms[i + offset][INDEX[name]] if is_there else -1]
        for name, (_, steps) in context_sizes().items():
            score += weights.context[name][line.line_class][bisect_right(steps, columns[name][i])]
        scores.append(score)
    return scores


def test_the_score_is_the_sum_of_the_weights(ruleset):
    features = features_in(PAGE, ruleset)
    assert score_lines(features, ruleset) == pytest.approx(plain_scores(features, shipped_reading().line_score))


@given(st.lists(st.text(min_size=1, max_size=300), max_size=40))
def test_any_page_has_scores_and_the_memo_changes_none(lines):
    ruleset = default_library().ruleset(None, "en")
    features = features_in("\n".join(lines), ruleset)
    scores = score_lines(features, ruleset)
    assert len(scores) == len(features)
    assert LineScorer(shipped_reading().line_score).scores(features) == scores if features else scores == []


@given(st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=60))
def test_the_numbers_of_columns_are_in_their_ranges(lines):
    ruleset = default_library().ruleset(None, "en")
    features = features_in("\n".join(lines), ruleset)
    if not features:
        return
    scorer = LineScorer(shipped_reading().line_score)
    columns = dict(scorer.columns(features, scorer.known_lines(features)))
    assert set(columns) == set(context_sizes())
    for name, (greatest, _) in context_sizes().items():
        assert len(columns[name]) == len(features)
        assert 0 <= min(columns[name]) <= max(columns[name]) <= greatest


def test_windows_are_sums_over_the_lines_around(ruleset):
    features = features_in(PAGE, ruleset)
    scorer = LineScorer(shipped_reading().line_score)
    known = scorer.known_lines(features)
    columns, mass = dict(scorer.columns(features, known)), [line.mass for line in known]
    for width in WIDTHS:
        assert list(columns[f"mass before {width}"]) == [sum(mass[max(0, i - width) : i]) for i in range(len(mass))]
        assert list(columns[f"mass after {width}"]) == [sum(mass[i + 1 : i + 1 + width]) for i in range(len(mass))]


def test_paragraphs_score_above_menus_and_lists(ruleset):
    features = features_in(PAGE, ruleset)
    scores = score_lines(features, ruleset)
    text = [score for feature, score in zip(features, scores, strict=True) if feature.shape == "prose"]
    menu = [score for feature, score in zip(features, scores, strict=True) if feature.shape in ("label", "short")]
    assert min(text) > shipped_reading().line_score.threshold > max(menu)


def test_steps_rise_and_reach_no_further_than_the_range():
    for greatest, steps in context_sizes().values():
        assert all(a < b for a, b in pairwise(steps))
        assert steps[0] <= greatest


@pytest.mark.parametrize(
    ("line", "commas", "stops", "quote"),
    [
        ("The ferry is back, at last. It sails at nine! Will it? Yes.", 1, 4, 0),
        ("“The ferry” is back, at last.", 1, 1, 1),
        ("湖のフェリーが、冬の修理を終えた。「月曜日から！」と会社。", 1, 3, 1),
        ("عادت العبارة، ثم أبحرت؟ نعم.", 1, 2, 0),
        ("नौका लौट आई। वह नौ बजे चलती है।", 0, 2, 0),
    ],
)
def test_signs_of_any_script_count(line, commas, stops, quote, ruleset):
    """Commas, sentence ends inside a line and at its end, and quotes are those of all scripts."""
    values = form_of(features_in(line, ruleset)[0]).values
    found = [values[INDEX[name]] for name in ("commas", "sentences", "quotes")]
    assert found == [bisect_right(COUNT, commas), bisect_right(COUNT, stops), quote]
