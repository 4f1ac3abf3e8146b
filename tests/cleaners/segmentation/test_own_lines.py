from __future__ import annotations

from cleaners.document.page import split_lines
from cleaners.fitted.load import OwnLineWeights, Stretch
from cleaners.pipeline import default_library
from cleaners.segmentation.line_features import features_of
from cleaners.segmentation.own_lines import SHAPES, feature_names, line_odds, losses_of, own_lines, sizes_of

RULESET = default_library().ruleset()
PARAGRAPH = "The night ferry between Dunmarsh and Larkspur returned to service on Monday after a long dispute over its berth."
TEXTS = ("Home", "Politics", PARAGRAPH, "A quiet berth", PARAGRAPH, "Weather", "Sports")
LINES = [features_of(line, RULESET, i) for i, line in enumerate(split_lines("\n".join(TEXTS)))]
SCORES = [-5.0, -5.0, 2.0, -0.2, 2.0, -5.0, -5.0]
FREE = [False] * len(LINES)


def test_keeps_the_paragraphs_and_the_line_between_them() -> None:
    assert own_lines(LINES, SCORES, FREE, RULESET.reading.own_lines)[2:5:2] == [True, True]
    assert not any(own_lines(LINES, SCORES, FREE, RULESET.reading.own_lines)[i] for i in (0, 1, 5, 6))


def test_never_keeps_lines_of_embedded_stories() -> None:
    assigned = [False, False, False, True, False, False, False]
    assert not own_lines(LINES, SCORES, assigned, RULESET.reading.own_lines)[3]


def test_the_best_stretch_spans_the_text_and_costs_nothing() -> None:
    losses, span = losses_of(SCORES, sizes_of(LINES), FREE, Stretch(0.7, 0.7))
    assert span == (2, 4)
    assert losses[2] == losses[3] == losses[4] == 0
    assert 0 < losses[1] < losses[0]


def test_ends_need_more_than_lines_between() -> None:
    limits = dict.fromkeys(SHAPES, 0.0)
    fitted = OwnLineWeights((), {"score": 1.0}, limits, dict.fromkeys(SHAPES, -1.0))
    assert own_lines(LINES, SCORES, FREE, fitted) == [False, False, True, True, True, False, False]
    assert own_lines(LINES, [-5.0, -0.2, 2.0, -0.2, 2.0, -0.2, -5.0], FREE, fitted)[1::4] == [False, False]


def test_odds_are_the_sum_of_the_named_weights() -> None:
    stretches = (Stretch(0.0, 1.0), Stretch(1.2, 0.4))
    names = feature_names(LINES, SCORES, FREE, stretches)
    weights = {name: (i % 7 - 3) / 10 for i, name in enumerate(sorted({name for row in names for name in row}))}
    odds = line_odds(LINES, SCORES, FREE, OwnLineWeights(stretches, {**weights, "start": 0.5}))
    sums = [0.5 + sum(weights[name] * value for name, value in row.items()) for row in names]
    assert [round(value, 9) for value in odds] == [round(value, 9) for value in sums]


def test_a_page_without_text_keeps_nothing() -> None:
    assert not any(own_lines(LINES, [-8.0] * len(LINES), FREE, RULESET.reading.own_lines))
    assert own_lines([], [], [], RULESET.reading.own_lines) == []
