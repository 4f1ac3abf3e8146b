"""Fit the line score: the weights by which a line is the page's own text. Called by `tests.fit`.

Two fits follow each other, as in `cleaners.segmentation.line_score`, whose functions make the numbers to fit to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from statistics import mean
from typing import Any, Final, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from cleaners import Library, Page
from cleaners.fitted.load import LineScoreWeights
from cleaners.segmentation.line_context import context_sizes
from cleaners.segmentation.line_form import FORM, MAX_CHARS, NEAR_FORM, form_of, sizes
from cleaners.segmentation.line_score import NEAR, LineScorer
from tests.fit.logistic import DIGITS, Floats, Integers, fit, rounded
from tests.fit.measure import at_thresholds, figures, is_gold, table
from tests.fit.sets import LabelledPage, features_of_page
from tests.fit.weights import weight_of

STRENGTHS = (0.03, 0.003)  # of the two fits
LINE_SHARE = 0.25  # the part of a line's weight that does not depend on its length
LOSS_COST = 1.0  # of a paragraph lost, in page F1, as losing prose is worse than leaving clutter
THRESHOLDS = tuple(round(-2 + 0.1 * i, 1) for i in range(26))
PART: Final = "line_score"
# Lines of all forms, to see whether the code still makes the same numbers of them.
SAMPLE = """Home | News | Sport
• Sign in
The ferry returns to the lake after a winter of repairs
12 March 2024, 09:30
By Ann Example
The ferry is back. It sails at nine, said the company on Monday, and again at noon; tickets cost £4.50.
“Nobody believed it,” said the captain, who had waited for 118 days. “Then we heard the horn!”
What comes next?
READ MORE: A SECOND FERRY IS PLANNED FOR THE SOUTHERN SHORE
Ferries…
湖のフェリーが冬の修理を終えて戻ってきた。月曜日から運航する。
https://example.org/ferry
The ferry is back. It sails at nine, said the company on Monday, and again at noon; tickets cost £4.50.
"""
STEPS = (-4.0, -2.5, -1.2, 0.0, 1.2, 2.5)  # part the first score into classes
CLASSES = len(STEPS) + 1


NEAR_NUMBERS = frozenset(f"{name}@{offset}" for name in NEAR_FORM for offset in NEAR)
Scored = tuple[LabelledPage, Sequence[float]]


class Prepared(NamedTuple):
    """A page with what does not depend on weights: the values of its lines' forms, and the weights of its lines."""

    page: LabelledPage
    forms: Integers
    weights: Floats


def prepare(pages: Iterable[LabelledPage]) -> list[Prepared]:
    """Return pages with the forms of their lines."""
    forms = ((page, [form_of(feature) for feature in page.features]) for page in pages)
    return [
        Prepared(page, np.array([form.values for form in lines], np.int32), _line_weights(page, [form.chars for form in lines]))
        for page, lines in forms
    ]  # fmt: skip


def _line_weights(page: LabelledPage, chars: Sequence[int]) -> Floats:
    """Return the weights of a page's lines: long lines weigh more, and a page as the root of the number of its lines."""
    lengths = np.minimum(np.array(chars, float), MAX_CHARS)
    weights = (LINE_SHARE + lengths / max(1.0, lengths.mean())) * np.array(page.certain, float)
    total = weights.sum()
    return weights / (total or 1.0) * np.sqrt(len(weights)) * weight_of(page, PART)  # type: ignore[no-any-return]


def fit_weights(pages: Sequence[Prepared], without: Collection[str] = ()) -> LineScoreWeights:
    """Return the weights fitted to pages; `without` names numbers of forms and columns that are left out."""
    own = np.concatenate([np.array(page.page.own) for page in pages])
    weights = np.concatenate([page.weights for page in pages])
    forms = _form_columns(pages, without)
    first = fit(forms, sizes(), own, weights, STRENGTHS[0])
    scored = _blank(first.bias, first.rows)
    classes, pages_columns = _lines(LineScorer(scored), pages)
    names = [name for name in context_sizes() if name not in without]
    columns = _binned(pages_columns, names)
    crossed, counts = _crossed(columns, classes)
    near = _near_columns(pages, without)
    near_counts = {name: FORM[name.split("@")[0]] + 1 for name in near}
    second = fit({**forms, **near, **crossed}, {**sizes(), **near_counts, **counts}, own, weights, STRENGTHS[1])
    return replace(scored, **_second(second.rows, second.bias))


def _lines(scorer: LineScorer, pages: Sequence[Prepared]) -> tuple[Integers, list[dict[str, Sequence[int]]]]:
    """Return the class of each line by itself, and the columns of each page."""
    known = [scorer.known_lines(page.page.features) for page in pages]
    columns = [dict(scorer.columns(page.page.features, lines)) for page, lines in zip(pages, known, strict=True)]
    return np.array([line.line_class for lines in known for line in lines], np.int32), columns


def _blank(bias: float, first: Mapping[str, Floats]) -> LineScoreWeights:
    """Return weights of the first score alone."""
    rows = {name: _row(first.get(name), count) for name, count in sizes().items()}
    empty = LineScoreWeights(0.0, round(bias, DIGITS), rows, list(STEPS), [], {}, {}, {})
    return replace(empty, **_second({}, 0.0))


def _second(rows: Mapping[str, Floats], bias: float) -> dict[str, Any]:
    """Return the fields of the second score."""
    near = {
        str(offset): {name: _row(rows.get(f"{name}@{offset}"), FORM[name] + 1) for name in NEAR_FORM} for offset in NEAR
    }  # fmt: skip
    context = {}
    for name, (_, steps) in context_sizes().items():
        size = len(steps) + 1
        shared, each = rows.get(name, np.zeros(size)), rows.get(f"{name}*", np.zeros(size * CLASSES)).reshape(CLASSES, size)
        context[name] = [rounded(shared + row) for row in each]
    return {
        "own": {name: _row(rows.get(name), count) for name, count in sizes().items()},
        "near": near,
        "classes": rounded(rows.get("class", np.zeros(CLASSES)) + bias),
        "context": context,
    }


def _row(found: Floats | None, count: int) -> list[float]:
    return [0.0] * count if found is None else rounded(found)


def _binned(pages: Sequence[Mapping[str, Sequence[int]]], names: Sequence[str]) -> dict[str, Integers]:
    """Return each column over all pages, its numbers as the count of the steps that they reach."""
    whole, ranges = {}, context_sizes()
    for name in names:
        greatest, steps = ranges[name]
        values = np.concatenate([np.array(page[name], np.int32) for page in pages])
        assert values.min() >= 0 and values.max() <= greatest, name
        whole[name] = np.digitize(values, steps).astype(np.int32)
    return whole


def _crossed(columns: Mapping[str, Integers], classes: Integers) -> tuple[dict[str, Integers], dict[str, int]]:
    """Return columns by themselves and for each class of lines, with the number of values of each."""
    crossed, counts, ranges = {"class": classes}, {"class": CLASSES}, context_sizes()
    for name, column in columns.items():
        size = len(ranges[name][1]) + 1
        crossed |= {name: column, f"{name}*": classes * size + column}
        counts |= {name: size, f"{name}*": CLASSES * size}
    return crossed, counts


def _form_columns(pages: Sequence[Prepared], without: Collection[str]) -> dict[str, Integers]:
    whole = np.concatenate([page.forms for page in pages])
    return {name: whole[:, i] for i, name in enumerate(sizes()) if not set(name.split("*")) & set(without)}


def _near_columns(pages: Sequence[Prepared], without: Collection[str]) -> dict[str, Integers]:
    """Return the numbers of each line's neighbours; a missing neighbour has the greatest number."""
    indices = {name: i for i, name in enumerate(sizes())}
    names = [name for name in NEAR_FORM if name not in without]
    return {
        f"{name}@{offset}": np.concatenate([_shifted(page.forms[:, indices[name]], offset, FORM[name]) for page in pages])
        for offset in NEAR
        for name in names
        if f"{name}@{offset}" not in without
    }


def _shifted(column: Integers, offset: int, missing: int) -> Integers:
    outside = np.full(min(abs(offset), len(column)), missing, np.int32)
    parts = [outside, column[:offset]] if offset < 0 else [column[offset:], outside]
    return np.concatenate(parts)


def best_threshold(scored: Iterable[Scored]) -> tuple[float, list[str]]:
    """Return the threshold that is best for text pages with gold texts, and its neighbours' figures as lines of text.

    `scored` are the scores of pages whose sites the weights were not fitted to. Without such pages, all others count.
    """
    everything = list(scored)
    by_set: dict[str, list[list[tuple[float, int, int]]]] = defaultdict(list)
    for page, scores in [(page, scores) for page, scores in everything if is_gold(page)] or everything:
        by_set[page.set].append(at_thresholds(page, scores, THRESHOLDS))
    rows = {}
    for i, threshold in enumerate(THRESHOLDS):
        at = [list(zip(*(page[i] for page in pages), strict=True)) for pages in by_set.values()]
        rows[threshold] = mean(mean(f1) for f1, _, _ in at), mean(sum(lost) / (sum(long) or 1) for _, lost, long in at)
    best = max(THRESHOLDS, key=lambda threshold: (rows[threshold][0] - LOSS_COST * rows[threshold][1], threshold))
    return best, [f"{threshold:5} {f1:.4f} {lost:.4f}" for threshold, (f1, lost) in rows.items()]


def yardstick(train: Sequence[Prepared], test: Sequence[Prepared]) -> Iterator[str]:
    """Yield the figures of the weights and of boosted trees over the same numbers, on held-out pages."""
    scorer = LineScorer(fit_weights(train))
    scored = [(page.page, scorer.scores(page.page.features)) for page in test]
    yield f"line score, the weights, one fold, threshold 0\n{table(figures(scored, 0.0))}"
    yield f"line score, boosted trees, one fold, threshold 0\n{table(figures(tree_scores(scorer, train, test), 0.0))}"


def tree_scores(scorer: LineScorer, train: Sequence[Prepared], test: Sequence[Prepared]) -> Iterator[Scored]:
    """Yield the scores of boosted trees over the numbers that the weights are fitted to."""
    model = HistGradientBoostingClassifier(max_iter=200, learning_rate=0.08, min_samples_leaf=60, l2_regularization=5.0)
    weights = np.concatenate([page.weights for page in train])
    own = np.concatenate([np.array(page.page.own) for page in train])
    model.fit(_numbers(scorer, train), own, sample_weight=weights * len(own) / weights.sum())
    for page in test:
        odds = np.clip(model.predict_proba(_numbers(scorer, [page]))[:, 1], 1e-9, 1 - 1e-9)
        yield page.page, list(np.log(odds / (1 - odds)))


def _numbers(scorer: LineScorer, pages: Sequence[Prepared]) -> NDArray[np.float32]:
    """Return all numbers that weights are fitted to, uncrossed, a row a line."""
    classes, columns = _lines(scorer, pages)
    near = _near_columns(pages, ()).values()
    context = [np.concatenate([np.array(page[name]) for page in columns]) for name in context_sizes()]
    forms = np.concatenate([page.forms for page in pages])[:, : len(FORM)]
    return np.concatenate([forms, np.stack([classes, *near, *context], 1)], 1).astype(np.float32)


def digest_of_features() -> str:
    """Return a digest of the features that weights belong to: their names and sizes, and their numbers on a sample of lines."""
    features, _ = features_of_page(Page(SAMPLE), Library([]))
    scorer = LineScorer(_blank(0.0, {}))
    columns = dict(scorer.columns(features, scorer.known_lines(features)))
    forms = [form_of(feature).values for feature in features]
    return sha256(f"{sizes()} {context_sizes()} {NEAR} {NEAR_FORM} {forms} {columns}".encode()).hexdigest()[:16]
