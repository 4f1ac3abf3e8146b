"""Choose the title of a page's own story among all lines that may hold it, by a fitted score.

Called by `read_page`. The weights are made by `tests.fit.title`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import repeat
from math import exp

import msgspec

from cleaners.fitted.load import TitleWeights
from cleaners.segmentation.line_features import LineFeatures, LineSpan
from cleaners.segmentation.title import is_same_title
from cleaners.segmentation.title_form import TitlePart, title_parts
from cleaners.segmentation.title_surroundings import MAX_INSIDE, START_LINES, FirstScore, TitleSurroundings

MAX_BEFORE, MAX_AFTER = 120, 12  # lines considered before the text and after its end
MAX_CANDIDATES = 24
MAX_FIRST = 5  # ... and first lines of the page, which often repeat the title
_WORD = re.compile(r"\w+")


class TitleChoice(msgspec.Struct, frozen=True):
    """The title of a page: the index of its line, and where it stands in that line; `index` is None when no line may be one.

    `sureness` is the probability that it is the title, `reasons` the weights of its features.
    """

    index: int | None
    start: int = 0
    end: int = 0
    sureness: float = 0.0
    reasons: tuple[tuple[str, float], ...] = ()


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A part of a line that may be the title, with the names of all its features."""

    index: int
    part: TitlePart
    names: list[str]


def choose_title(
    features: Sequence[LineFeatures],
    scores: Sequence[float],
    assigned: Sequence[bool],
    extent: LineSpan | None,
    fitted: TitleWeights,
    *,
    head_title: str = "",
    within: tuple[int, int] | None = None,
    needed: bool = False,
) -> TitleChoice:
    """Return the title of the story whose text stands in `extent`, among the lines `within` bounds.

    `scores` are the log-odds of each line to be the story's text, `assigned` marks the lines of embedded stories. A line that
    is the title in the head of an HTML page, else an `h1`, goes before all others. When having no title outweighs the best of
    the others, there is none, unless a title is `needed`.
    """
    found = candidates(features, scores, assigned, extent, fitted, within or (0, len(features)))
    get = fitted.weights.get
    scored = [(sum(map(get, candidate.names, repeat(0.0))), candidate) for candidate in found]
    total = exp(fitted.none) + sum([exp(score) for score, _ in scored])
    first = extent[0] if extent else len(features)
    marked = _marked(scored, features, first, head_title)
    if not (marked or scored):
        return TitleChoice(None)
    score, best = max(marked or scored, key=lambda pair: (pair[0], -pair[1].index))
    if score < fitted.none and not (marked or needed):
        return TitleChoice(None)
    score, best = _standing_alone(scored, score, best)
    reasons = tuple([(name, get(name, 0.0)) for name in best.names])
    return TitleChoice(best.index, best.part.start, best.part.end, exp(score) / total, reasons)


def _marked(
    scored: Sequence[tuple[float, Candidate]], features: Sequence[LineFeatures], first: int, head_title: str
) -> list[tuple[float, Candidate]]:
    """Return the candidates that the page itself marks as its title: by the title in its head, else as an `h1`."""
    near = [
        (score, candidate) for score, candidate in scored if candidate.index < first + MAX_INSIDE and not candidate.part.rest
    ]
    if head_title and (same := [pair for pair in near if is_same_title(pair[1].part.text, head_title)]):
        return same
    return [(score, candidate) for score, candidate in near if features[candidate.index].tag == "h1"]


def _standing_alone(scored: Sequence[tuple[float, Candidate]], score: float, best: Candidate) -> tuple[float, Candidate]:
    """Return the line that repeats the best candidate without the name of the site, where that is the page's first line."""
    if best.index >= START_LINES:
        return score, best
    words = _WORD.findall(best.part.text.casefold())
    alone = [
        (other_score, other)
        for other_score, other in scored
        if other.index >= START_LINES and not other.part.rest and _opens(other.part.text, best.part.text, words)
    ]
    return max(alone, key=lambda pair: (pair[0], -pair[1].index), default=(score, best))


def _opens(text: str, title: str, words: Sequence[str]) -> bool:
    """Return whether a line has the first of the `words` of a title, and enough of them to be that title."""
    own = _WORD.findall(text.casefold())
    return list(words[: len(own)]) == own and is_same_title(text, title)


def candidates(
    features: Sequence[LineFeatures],
    scores: Sequence[float],
    assigned: Sequence[bool],
    extent: LineSpan | None,
    fitted: TitleWeights,
    within: tuple[int, int],
    most: int = MAX_CANDIDATES,
) -> list[Candidate]:
    """Return all parts of lines that may be the title, with their features.

    Of more lines than `most`, those are considered whose form and place alone make them the most likely.
    """
    first, last = extent or (len(features), len(features))
    start, end = within
    places = (
        range(start, min(start + MAX_FIRST, first)),
        range(max(start, first - MAX_BEFORE), min(first + MAX_INSIDE, end)),
        range(last + 1, min(last + 1 + MAX_AFTER, end)),
    )
    lines = sorted({i for place in places for i in place})
    lines = [i for i in lines if features[i].page_part != "frame" and not features[i].assigned]
    if len(lines) > most:
        likely = _first_score(fitted).of(features, scores, lines, (first, last))
        least = sorted(likely)[-most]
        lines = [i for i, value in zip(lines, likely, strict=True) if value >= least or start <= i < start + START_LINES]
    parts = [(i, found) for i in lines if (found := title_parts(features[i].line.text))]
    page = TitleSurroundings(features, scores, assigned, (first, last), parts)
    result: list[Candidate] = []
    for i, found in parts:
        around = page.around(i)
        result += [Candidate(i, part, [*part.names, *around, *page.features_of(i, part)]) for part in found]
    return result


@cache
def _first_score(fitted: TitleWeights) -> FirstScore:
    """Return the weights of a line's cheap features by number, made once."""
    return FirstScore(fitted.first)
