"""Fit the page's grammar: how likely a run of items is a list of stories, and whether a column holds sources.

Called by `tests.fit`. Runs come from the functions that run in `cleaners.segmentation.page_grammar`. Of a labelled case, a run
is right as far as the titles of its items, their times and the beginnings of their texts are; of a page of which only its own
text is known, a run that takes paragraphs of it is wrong, and nothing is known of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from cleaners.fitted.load import GrammarWeights
from cleaners.segmentation.page_grammar.bodies import Unit, units_of
from cleaners.segmentation.page_grammar.candidates import candidate_patterns
from cleaners.segmentation.page_grammar.line_classes import PageColumns, columns_of
from cleaners.segmentation.page_grammar.measures import measure
from cleaners.segmentation.page_grammar.menus import column_vector, menu_of
from cleaners.segmentation.page_grammar.runs import Run, runs_of
from cleaners.segmentation.page_grammar.vector import named_vector
from tests.fit.labels import fold
from tests.fit.sets import BLIND, BRIEF, LONE, LabelledPage
from tests.fit.weights import weight_of

TITLE_CREDIT, TIME_CREDIT, TEXT_CREDIT = 0.4, 0.25, 0.35  # of an item that is right
MIN_GOLD_CHARS, MIN_LINE_CHARS = 80, 60  # of a paragraph of the own text, and of a line of it
MIN_WRONG_SHARE = 0.3  # of the items of a run that take own text
RIGHT = 0.7  # the credit an item of a run whose columns are judged
MAX_ITEMS = 16  # whose number still adds to the weight of a run
RUNS_A_PAGE = 10  # of a page with more, each weighs less
ROW_WEIGHT = 5.0  # of a run of a page with weight 1, against the penalty
PENALTY = 0.3  # the inverse of the penalty on large weights
LEAST, FIELD_GAIN = 0.45, 0.15  # chosen by the lost paragraphs and the found stories of the held-out folds
DIGITS = 3
LEVELS = ("first_words", "first_words_clean", "first_words_strict")


class Row(NamedTuple):
    """A run: its vector, the number of its items that are judged, their credit, and its weight."""

    vector: dict[str, float]
    items: int
    credit: float
    weight: float


class ColumnRow(NamedTuple):
    """A column of short lines: its numbers, and whether it holds sources."""

    vector: tuple[float, ...]
    is_source: bool


def fit_grammar(pages: Iterable[tuple[LabelledPage, Sequence[float]]]) -> GrammarWeights:
    """Return the weights fitted to pages, each with the scores of its lines."""
    rows: list[Row] = []
    columns: list[ColumnRow] = []
    for page, scores in pages:
        if page.set not in (BRIEF, *LONE):
            found, named = page_rows(page, scores)
            rows += found
            columns += named if page.set != BLIND else []  # names say more where labels and times are known
    return fit_rows(rows, columns)


def fit_rows(rows: Sequence[Row], columns: Sequence[ColumnRow]) -> GrammarWeights:
    """Return the weights fitted to runs and to columns."""
    names = sorted({name for row in rows for name in row.vector})
    places = {name: i for i, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        for name, value in row.vector.items():
            matrix[i, places[name]] = value
    scale = matrix.std(0)
    scale[scale == 0] = 1.0
    right = np.array([row.credit / row.items for row in rows])
    weight = np.array([row.weight for row in rows])
    model: Any = LogisticRegression(C=PENALTY, max_iter=500)
    model.fit(
        np.vstack([matrix, matrix]) / scale,
        np.repeat([True, False], len(rows)),
        sample_weight=np.concatenate([weight * right, weight * (1 - right)]),
    )
    weights = {name: round(float(value), DIGITS) for name, value in zip(names, model.coef_[0] / scale, strict=True)}
    return GrammarWeights(round(float(model.intercept_[0]), DIGITS), weights, LEAST, FIELD_GAIN, _fit_columns(columns))


def _fit_columns(columns: Sequence[ColumnRow]) -> list[float]:
    """Return the bias and the weights by which a column holds sources, none when no two kinds of columns are known."""
    if len({row.is_source for row in columns}) < 2:
        return []
    model: Any = LogisticRegression(C=3.0)
    model.fit(np.array([row.vector for row in columns]), np.array([row.is_source for row in columns]))
    return [round(float(value), DIGITS) for value in (*model.intercept_, *model.coef_[0])]


def page_rows(page: LabelledPage, scores: Sequence[float]) -> tuple[list[Row], list[ColumnRow]]:
    """Return the runs of a page that can be judged, and their columns of short lines whose meaning is known."""
    columns = columns_of(page.features, page.ruleset, scores)
    runs = [run for pattern in candidate_patterns(columns.letters) for run in runs_of(pattern, columns)]
    judged = [(run, found) for run in runs if (found := _judged(run, page, columns)) is not None]
    weight = ROW_WEIGHT * weight_of(page, "grammar") * min(1.0, RUNS_A_PAGE / max(1, len(judged))) ** 0.5
    rows = [Row(vector, items, credit, weight * min(MAX_ITEMS, items) ** 0.5) for _, (vector, items, credit) in judged if items]
    right = [run for run, (_, items, credit) in judged if credit > RIGHT * items]
    return rows, [row for run in right for row in _column_rows(run, page, columns)]


def _judged(run: Run, page: LabelledPage, columns: PageColumns) -> tuple[dict[str, float], int, float] | None:
    """Return the vector of a run, the number of its items that are judged, and their credit; None when nothing is known."""
    found = measure(run, columns)
    units = units_of(run, found, columns)
    vector = named_vector(run.pattern, found)
    if "expected" not in page.row:
        gold = "\n".join(fold(line) for line in page.gold.splitlines() if len(line) >= MIN_GOLD_CHARS)
        wrong = sum(_takes_gold(run, unit, columns, gold) for unit in units)
        return (vector, wrong, 0.0) if wrong > 1 or (wrong and wrong >= MIN_WRONG_SHARE * len(units)) else None
    judged = [_credit(run, unit, columns, page.row["expected"], is_first=unit is units[0]) for unit in units]
    known = [credit for credit in judged if credit is not None]
    return vector, len(known), sum(known)


def _takes_gold(run: Run, unit: Unit, columns: PageColumns, gold: str) -> bool:
    texts = (columns.lines[i].text for i in (unit.header[0] + run.title_at, *unit.body))
    return any(len(text) >= MIN_LINE_CHARS and fold(text) in gold for text in texts)


def _credit(run: Run, unit: Unit, columns: PageColumns, expected: Mapping[str, Any], *, is_first: bool) -> float | None:
    """Return how far an item is right; None for one that may be found or not."""
    title = fold(columns.lines[unit.header[0] + run.title_at].text).casefold()
    items = {fold(item.get("title") or "").casefold(): item for item in expected["related"]}
    item = items.get(title)
    if item is None and "G" in run.pattern:  # the time is glued to the title
        item = next((item for name, item in items.items() if name and name in title), None)
    main = fold((expected.get("main") or {}).get("title") or "").casefold()
    if (item is not None and item.get("fragment")) or (is_first and title == main):
        return None
    if item is None:
        return 0.0
    text = fold(" ".join(columns.lines[i].text for i in unit.body))
    starts = [fold(item[level]) for level in LEVELS if item.get(level)]
    is_bare = item.get("kind") == "headline" or not starts
    has_text = not text if is_bare else text.startswith(tuple(starts))
    has_time = not item.get("published_raw") or "T" in run.pattern or "G" in run.pattern
    return TITLE_CREDIT + TIME_CREDIT * has_time + TEXT_CREDIT * has_text


def _column_rows(run: Run, page: LabelledPage, columns: PageColumns) -> list[ColumnRow]:
    """Return the columns of short lines of a run that hold the labelled sources or categories of its items."""
    expected = page.row.get("expected")
    if not expected or "s" not in run.pattern:
        return []
    items = {fold(item.get("title") or "").casefold(): item for item in expected["related"]}
    found = [items.get(fold(columns.lines[i].text).casefold()) for i in run.titles]
    menu = menu_of(columns, {i for header in run.headers for i in range(*header)})
    rows = []
    for at in (i for i, field in enumerate(run.pattern) if field == "s"):
        values = [columns.lines[first + at].text for first, _ in run.headers]
        votes = Counter(
            name
            for value, item in zip(values, found, strict=True)
            for name in ("source", "category")
            if item is not None and item.get(name) == value
        )
        if votes and len(set(values)) > 1 and 2 * max(votes.values()) > len(values):
            vector = column_vector(values, menu, at < run.title_at)
            rows.append(ColumnRow(vector, votes["source"] > votes["category"]))
    return rows
