"""Score each line of a page: the log-odds that it is the page's own text, from its form and its surroundings.

Called by the modules of segmentation that find stories. The weights are fitted: see `cleaners.fitted`. A line by
itself has a first score, whose sums over the lines around are part of the score of the line on its page.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from cleaners.fitted.load import LineScoreWeights
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.line_context import FLAGS, LONG_CHARS, LineSignals, Uniform, context_columns, context_sizes
from cleaners.segmentation.line_features import MAX_REMEMBERED_CHARS, LineFeatures
from cleaners.segmentation.line_form import (
    CROSSES,
    FORM,
    INDEX,
    MASS_UNIT,
    MAX_CHARS,
    NEAR_FORM,
    NEAR_INDEX,
    SHORT_CHARS,
    plain_form,
    sizes,
)

MAX_REMEMBERED, MAX_FORMS = 32_768, 8_192  # lines, and forms of lines
COLUMNS_AT_ONCE = 4  # see _with_columns
MAX_SCORE = 60.0  # beyond it the odds are certain
NEAR = (-3, -2, -1, 1, 2, 3)  # of the neighbours that are weighed

_Row = list[tuple[float, float]]


class KnownLine(NamedTuple):
    """A line by itself: its shares of the scores of the lines around it, last of its own, its class, and its numbers.

    `words` are a set for lines below LONG_CHARS, whose shared words are counted.
    """

    shares: tuple[float, ...]
    line_class: int
    is_likely: bool
    mass: int
    chars: int
    flags: tuple[int, ...]
    kind: str
    words: Collection[str]


def score_lines(features: Sequence[LineFeatures], ruleset: Ruleset) -> list[float]:
    """Return for each line the log-odds that it is the page's own text."""
    return line_scorer(ruleset.reading.line_score).scores(features) if features else []


@cache
def line_scorer(weights: LineScoreWeights) -> LineScorer:
    """Return the scorer with these weights, made once."""
    return LineScorer(weights)


class LineScorer:
    """The weights of the line score, laid out for look-up, with a bounded memo of lines.

    `tables` holds for each column of a page a row of weights by number for each class of lines.
    """

    def __init__(self, weights: LineScoreWeights) -> None:
        self._weights = weights
        # For each number of a form the weights of its values in all sums that it is part of.
        self._single, self._crossed = _form_tables(weights)
        self._near = [list(zip(*(weights.near[str(offset)][name] for offset in NEAR), strict=True)) for name in NEAR_FORM]
        self._missing = [sum(weights.near[str(offset)][name][-1] for name in NEAR_FORM) for offset in NEAR]
        self.tables = {name: _by_number(*size, weights.context[name]) for name, size in context_sizes().items()}
        self._memo: dict[object, KnownLine] = {}
        self._sums = lru_cache(MAX_FORMS)(self._sums_of)  # many lines have the same form

    def scores(self, features: Sequence[LineFeatures]) -> list[float]:
        """Return the score of each line of a page."""
        known = self.known_lines(features)
        scores, classes = self._with_neighbours(known), [line.line_class for line in known]
        shared = list(self._weights.classes)
        pending: list[tuple[list[list[float]], Sequence[int]]] = []
        for name, column in self.columns(features, known):
            rows = self.tables[name]
            if isinstance(column, Uniform):
                shared = [weight + row[column[0]] for weight, row in zip(shared, rows, strict=True)]
                continue
            pending.append((rows, column))
            if len(pending) == COLUMNS_AT_ONCE:
                scores = _with_columns(scores, classes, pending)
                pending = []
        for rows, column in pending:
            scores = [score + rows[i][x] for score, i, x in zip(scores, classes, column, strict=True)]
        return [score + shared[i] for score, i in zip(scores, classes, strict=True)]

    def columns(self, features: Sequence[LineFeatures], known: Sequence[KnownLine]) -> Iterator[tuple[str, Sequence[int]]]:
        """Yield the name and the numbers of each column of a page."""
        _, classes, likely, mass, chars, flags, kinds, words = zip(*known, strict=True)
        texts = [feature.line.text for feature in features]
        by_flag = dict(zip(FLAGS, zip(*flags, strict=True), strict=True))
        return context_columns(LineSignals(texts, words, kinds, chars, mass, classes, likely, by_flag))

    def known_lines(self, features: Sequence[LineFeatures]) -> list[KnownLine]:
        """Return each line of a page by itself, from the memo where it is short."""
        # The wording is the same for lines of the same words, and a new one for each long line.
        keys = [
            (feature.wording, feature.shape, feature.tag, feature.linked, feature.page_part)
            if feature.tag or feature.linked or feature.page_part
            else feature.wording
            for feature in features
        ]
        found = map(self._memo.get, keys)
        shared: dict[str, str] = {}
        return [known or self._learn(key, feature, shared) for known, key, feature in zip(found, keys, features, strict=True)]

    def _learn(self, key: object, feature: LineFeatures, shared: dict[str, str]) -> KnownLine:
        """Return a line by itself, and remember it where it is short."""
        if len(feature.line.text) > MAX_REMEMBERED_CHARS:
            return self._know(feature, shared)
        if len(self._memo) >= MAX_REMEMBERED:
            self._memo.clear()
        known = self._memo[key] = self._know(feature, shared)
        return known

    def _know(self, feature: LineFeatures, shared: dict[str, str]) -> KnownLine:
        """Return a line by itself; `shared` are the words of the page, so that each is held once."""
        form, chars, words = plain_form(feature)
        shares, line_class, first = self._sums(form)
        flags = (1 if chars < SHORT_CHARS else 0, 1 if feature.shape == "meta" else 0)
        kind = feature.rule.kind if feature.rule is not None else ""
        kept = [shared.setdefault(word, word) for word in words] if chars >= LONG_CHARS else frozenset(words)
        return KnownLine(shares, line_class, first > 0, mass_of(chars, first), chars, flags, kind, kept)

    def _sums_of(self, form: tuple[int, ...]) -> tuple[tuple[float, ...], int, float]:
        """Return the shares of a form, its class and its first score."""
        rows = [rows[form[i]] for i, rows in self._single]
        rows += [table[form[i]][form[j]] for i, j, table in self._crossed]
        summed, own = map(sum, zip(*rows, strict=True))
        first = round(self._weights.bias + summed, 6)  # so that a score on a step has one class, however it is summed
        near = [rows[form[i]] for rows, i in zip(self._near, NEAR_INDEX, strict=True)]
        return (*map(sum, zip(*near, strict=True)), own), bisect_right(self._weights.steps, first), first

    def _with_neighbours(self, known: Sequence[KnownLine]) -> list[float]:
        """Return the scores of the lines from their forms and those of their neighbours."""
        size = len(known)
        *near, own = zip(*[line.shares for line in known], strict=True)
        shifted: list[Sequence[float]] = [own]
        for offset, column, missing in zip(NEAR, near, self._missing, strict=True):
            outside = (missing,) * min(abs(offset), size)
            shifted.append(outside + column[:offset] if offset < 0 else column[offset:] + outside)
        return [a + b + c + d + e + f + g for a, b, c, d, e, f, g in zip(*shifted, strict=True)]


def _form_tables(weights: LineScoreWeights) -> tuple[list[tuple[int, _Row]], list[tuple[int, int, list[_Row]]]]:
    """Return the weights of numbers in the first score and the line's own, by one number, and by two that are weighed together.

    The weights of a number by itself are part of those of the first pair with it.
    """
    single = {name: list(zip(weights.first[name], weights.own[name], strict=True)) for name in sizes()}
    crossed = []
    for one, other in CROSSES:
        pairs, size = single.pop(f"{one}*{other}"), FORM[other]
        table = [pairs[start : start + size] for start in range(0, len(pairs), size)]
        if alone := single.pop(other, None):
            table = [[(a + c, b + d) for (a, b), (c, d) in zip(row, alone, strict=True)] for row in table]
        crossed.append((INDEX[one], INDEX[other], table))
    return [(INDEX[name], row) for name, row in single.items()], crossed


def mass_of(chars: int, score: float) -> int:
    """Return how much text a line holds by its score, in units of MASS_UNIT characters."""
    return int(min(chars, MAX_CHARS) / (1 + math.exp(min(-score, MAX_SCORE))) / MASS_UNIT)


def _with_columns(
    scores: Sequence[float], classes: Sequence[int], columns: Sequence[tuple[list[list[float]], Sequence[int]]]
) -> list[float]:
    """Return scores with the weights of COLUMNS_AT_ONCE columns: one pass over the lines takes half the time of four."""
    (a, numbers_a), (b, numbers_b), (c, numbers_c), (d, numbers_d) = columns
    return [
        score + a[i][w] + b[i][x] + c[i][y] + d[i][z]
        for score, i, w, x, y, z in zip(scores, classes, numbers_a, numbers_b, numbers_c, numbers_d, strict=True)
    ]


def _by_number(greatest: int, steps: Sequence[int], rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return rows of weights by number instead of by the class of the number."""
    edges = [0, *steps, greatest + 1]
    counts = [max(0, min(end, greatest + 1) - start) for start, end in pairwise(edges)]
    return [[weight for weight, count in zip(row, counts, strict=True) for _ in range(count)] for row in rows]
