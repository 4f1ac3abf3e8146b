"""Fit the choice of a page's title. Called by `tests.fit`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from cleaners.fitted.load import OwnLineWeights, TitleWeights
from cleaners.segmentation.line_features import LineSpan
from cleaners.segmentation.own_lines import own_lines
from cleaners.segmentation.title_choice import MAX_CANDIDATES, Candidate, candidates, choose_title
from cleaners.segmentation.title_surroundings import first_names
from tests.fit.labels import WORD, squash
from tests.fit.logistic import DIGITS, Floats
from tests.fit.own_lines import FOLDS, JudgedPage
from tests.fit.sets import LONE, fold_of
from tests.fit.weights import weight_of

PENALTY = 2.0  # on large weights
MIN_COUNT = 5  # of a feature among all candidates
MIN_SHARED_CHARS, MIN_SHARED_WORDS = 12, 0.7  # of two wordings of one title
MAX_ITERATIONS = 300
WRONG_COST = 0.5  # of a wrong title, beside the worth of a right one


class TitledPage(NamedTuple):
    """A page with its candidates for a title; `is_title` says of each whether it is the title.

    `first` holds the weights that have chosen the candidates, none when they are all lines.
    """

    judged: JudgedPage
    extent: LineSpan | None
    found: list[Candidate]
    is_title: list[bool]
    first: dict[str, float]


def titled(pages: Sequence[JudgedPage], lines: OwnLineWeights, first: TitleWeights | None = None) -> list[TitledPage]:
    """Return the pages whose title is known, or that have none, with candidates: all, or those likely by a first fit."""
    result = []
    for page in pages:
        wanted = title_of(page)
        if wanted is None:
            continue
        kept = own_lines(page.features, page.scores, page.assigned, lines)
        extent = (kept.index(True), len(kept) - 1 - kept[::-1].index(True)) if True in kept else None
        bounds = (0, len(page.features))
        most = MAX_CANDIDATES if first else len(page.features)
        found = candidates(page.features, page.scores, page.assigned, extent, first or TitleWeights(), bounds, most)
        same = [squash(candidate.part.text) == squash(wanted) and wanted != "" for candidate in found]
        if not is_exact(page):
            same = _without_site(wanted, found, same)
        if not any(same) and not is_exact(page):
            same = [does_agree(wanted, candidate.part.text) for candidate in found]
        result.append(TitledPage(page, extent, found, same, first.first if first else {}))
    return result


def _without_site(wanted: str, found: Sequence[Candidate], same: list[bool]) -> list[bool]:
    """Return which candidates are the title when a label may hold the name of the site: a line without it goes first."""
    opening = [
        any(same)
        and candidate.part.rest == ""
        and MIN_SHARED_CHARS <= len(text := squash(candidate.part.text)) < len(squash(wanted))
        and squash(wanted).startswith(text)
        for candidate in found
    ]
    alone = {squash(candidate.part.text) for candidate, is_alone in zip(found, opening, strict=True) if is_alone}
    return [squash(candidate.part.text) in alone for candidate in found] if alone else same


def title_of(page: JudgedPage) -> str | None:
    """Return the title that a page's label gives, "" for a page without one, None when the label does not say."""
    row = page.page.row
    if page.page.set in LONE:
        return None
    if is_exact(page):
        return str((row["expected"].get("main") or {}).get("title", ""))
    return row.get("title") or None


def is_exact(page: JudgedPage) -> bool:
    """Return whether the label gives the title as the page prints it."""
    return "expected" in page.page.row


def does_agree(wanted: str, found: str) -> bool:
    """Return whether two wordings are those of one title."""
    one, other = squash(wanted), squash(found)
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    if one == other or (len(shorter) >= MIN_SHARED_CHARS and shorter in longer):
        return True
    words, others = set(WORD.findall(wanted.lower())), set(WORD.findall(found.lower()))
    return len(words & others) >= MIN_SHARED_WORDS * len(words | others)


def fit_title(pages: Sequence[TitledPage]) -> TitleWeights:
    """Return the weights that make the titles of pages likely among all candidates and having none."""
    first = pages[0].first or _fit_names(pages, [_first_names(page) for page in pages])[0]
    weights, none = _fit_names(pages, [[candidate.names for candidate in page.found] for page in pages])
    return TitleWeights(weights, none, first)


def _first_names(page: TitledPage) -> list[Sequence[str]]:
    judged, end = page.judged, len(page.judged.features)
    return [
        first_names(judged.features, judged.scores, candidate.index, page.extent or (end, end)) for candidate in page.found
    ]  # fmt: skip


def _fit_names(pages: Sequence[TitledPage], names: Sequence[Sequence[Sequence[str]]]) -> tuple[dict[str, float], float]:
    """Return the weights of the features that all candidates of each page have, and of a page without a title."""
    flat = [candidate for page in names for candidate in page]
    counts = Counter(name for candidate in flat for name in candidate)
    index = {name: i for i, name in enumerate(sorted(name for name, count in counts.items() if count >= MIN_COUNT))}
    places = [(row, index[name]) for row, candidate in enumerate(flat) for name in candidate if name in index]
    rows, columns = np.array(places).T
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(flat), len(index)))
    group = np.repeat(np.arange(len(pages)), [len(page.found) for page in pages])
    is_title = np.array([flag for page in pages for flag in page.is_title])
    none = np.array([not any(page.is_title) for page in pages], float)
    weigh = np.array([weight_of(page.judged.page, "title") for page in pages])
    found: Any = minimize(
        _loss,
        np.zeros(len(index) + 1),
        (matrix, group, is_title, none, weigh),
        "L-BFGS-B",
        True,
        options={"maxiter": MAX_ITERATIONS},
    )
    weights = {name: value for name, weight in zip(index, found.x, strict=False) if (value := round(float(weight), DIGITS))}
    return weights, round(float(found.x[-1]), DIGITS)


def _loss(
    weights: Floats, matrix: Any, group: NDArray[np.int64], is_title: NDArray[np.bool_], none: Floats, weigh: Floats
) -> tuple[float, Floats]:
    """Return the loss of a softmax over the candidates of each page and having no title, and its slope."""
    scores = matrix @ weights[:-1]
    highest = np.full(len(none), weights[-1])
    np.maximum.at(highest, group, scores)
    each, empty = np.exp(scores - highest[group]), np.exp(weights[-1] - highest)
    total, right = empty.copy(), empty * none
    np.add.at(total, group, each)
    np.add.at(right, group, each * is_title)
    difference = weigh[group] * (each * is_title / right[group] - each / total[group])
    slope = np.append(matrix.T @ difference - PENALTY * weights[:-1], (weigh * (empty * none / right - empty / total)).sum())
    return float(-(weigh * np.log(right / total)).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()), -slope


def held_out_titles(pages: Sequence[TitledPage], folds: int = FOLDS) -> tuple[Mapping[str, float], float]:
    """Return the share of right titles in each set, on sites that were not fitted to, and the least odds of a title.

    A best candidate of lower odds against having none costs more, when it is wrong, than it is worth.
    """
    right = defaultdict(list)
    judged = []
    for fold in range(folds):
        fitted = fit_title([page for page in pages if fold_of(page.judged.page.site, folds) != fold])
        for page in pages:
            if fold_of(page.judged.page.site, folds) == fold:
                wanted = title_of(page.judged) or ""
                judged.append((_odds(page, fitted), _is_right(page, fitted, wanted), page.judged.page.set, wanted != ""))
    least = _least_odds([(odds, is_right) for odds, is_right, _, _ in judged])
    for odds, is_right, name, has_title in judged:
        if has_title:
            right[name].append(is_right and odds >= least)
    return {name: sum(flags) / len(flags) for name, flags in right.items()}, least


def _odds(page: TitledPage, fitted: TitleWeights) -> float:
    """Return the log-odds of the best candidate of a page against having no title."""
    scores = [sum(fitted.weights.get(name, 0.0) for name in candidate.names) for candidate in page.found]
    return max(scores, default=fitted.none) - fitted.none


def _least_odds(judged: Sequence[tuple[float, bool]]) -> float:
    """Return the least odds of a title that give the most right titles less the cost of the wrong ones."""
    value = best = least = 0.0
    for odds, is_right in sorted(judged, reverse=True):
        value += 1.0 if is_right else -WRONG_COST
        if value > best:
            best, least = value, odds
    return least


def _is_right(page: TitledPage, fitted: TitleWeights, wanted: str) -> bool:
    judged = page.judged
    choice = choose_title(judged.features, judged.scores, judged.assigned, page.extent, fitted, needed=True)
    if choice.index is None or not wanted:
        return False
    found = judged.features[choice.index].line.text[choice.start : choice.end]
    return squash(found) == squash(wanted) if is_exact(judged) else does_agree(wanted, found)
