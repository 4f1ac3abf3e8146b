from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.pipeline import default_library
from cleaners.segmentation.line_features import LineSpan, features_of
from cleaners.segmentation.title_surroundings import MAX_INSIDE, FirstScore, first_names

RULESET = default_library().ruleset()
PARAGRAPH = "The night ferry between Dunmarsh and Larkspur returned to service on Monday after a long dispute over its berth."
TEXTS = (
    "Home",
    "Politics",
    *["Weather"] * 80,
    "A quiet berth",
    PARAGRAPH,
    PARAGRAPH,
    "By Ada Lind",
    PARAGRAPH,
    "Sports",
    "Most read",
)
FEATURES = [features_of(line, RULESET, i) for i, line in enumerate(split_lines("\n".join(TEXTS)))]
SCORES = [(i % 13) - 6.5 for i in range(len(FEATURES))]


@pytest.mark.parametrize("extent", [(83, 87), (3, 87), (len(FEATURES), len(FEATURES)), (0, 1)])
def test_the_first_score_is_the_sum_of_the_named_weights(extent: LineSpan) -> None:
    lines = [i for i in range(len(FEATURES)) if i < extent[0] + MAX_INSIDE or i > extent[1]]
    names = [first_names(FEATURES, SCORES, i, extent) for i in lines]
    weights = {name: (i % 7 - 3) / 10 for i, name in enumerate(sorted({name for row in names for name in row}))}
    sums = [sum(weights[name] for name in row) for row in names]
    assert FirstScore(weights).of(FEATURES, SCORES, lines, extent) == pytest.approx(sums)
