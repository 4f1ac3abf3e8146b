"""Choose the title of a page's own story among all lines that may hold it, by a fitted score.

Called by `read_page`. The weights are made by `tests.fit.title`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import repeat
from math import exp, inf

import msgspec

from cleaners.fitted.load import TitleWeights
from cleaners.segmentation.line_features import LineFeatures, LineSpan
from cleaners.segmentation.title import is_same_title
from cleaners.segmentation.title_form import TitlePart, title_parts
from cleaners.segmentation.title_surroundings import MAX_INSIDE, START_LINES, FirstScore, TitleSurroundings, most_beside

MAX_BEFORE, MAX_AFTER = 120, 12  # lines considered before the text and after its end
MAX_CANDIDATES = 12
DIVIDING_SIGNS = "|/»›>•·"
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
    """A part of a line that may be the title, with the names of the features of its surroundings, and the weights of all.

    At a first look, those `beside` its form and its place are left out.
    """

    index: int
    part: TitlePart
    around: list[str]
    score: float
    beside: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """Return the names of all features."""
        return [*self.part.names, *self.around, *self.beside]


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
    the others, there is none, unless a title is `needed`. A line that a rule names is none that is needed.
    """
    bounds = within or (0, len(features))
    page, found = _first_look(features, scores, assigned, extent, fitted, bounds, MAX_CANDIDATES, head_title)
    marked = _marked(found, features, extent[0] if extent else len(features), head_title)
    scored, total = _scored(marked or found, page, fitted)
    if not scored:
        return TitleChoice(None)
    best = max(scored, key=_by_score)
    if best.score < fitted.none and not marked:
        possible = scored if features[best.index].rule is None else [one for one in scored if _is_free(features[one.index])]
        if not needed or not possible:
            return TitleChoice(None)
        best = max(possible, key=_by_score)
    is_whole = head_title != "" and _words(best.part.text) == _words(head_title)
    alone, _ = _scored([] if is_whole else _standing_alone(found, best), page, fitted)
    best = max(alone, key=_by_score, default=best)
    reasons = tuple([(name, fitted.weights.get(name, 0.0)) for name in best.names])
    start, end = within_line(features[best.index].line.text, (best.part.start, best.part.end), head_title)
    return TitleChoice(best.index, start, end, min(1.0, exp(best.score) / total), reasons)


def within_line(text: str, part: tuple[int, int], head_title: str) -> tuple[int, int]:
    """Return the characters of a title in its line: of a `part` that signs divide, such as a breadcrumb, those of `head_title`.

    >>> within_line("Home / Ferry returns | Opinion", (0, 30), "Ferry returns")
    (7, 20)
    """
    first = text.casefold().find(head_title.casefold(), *part) if head_title and len(text.casefold()) == len(text) else -1
    last = first + len(head_title)
    before, after = text[part[0] : max(first, 0)].rstrip(), text[last : part[1]].lstrip()
    is_divided = (not before or before[-1] in DIVIDING_SIGNS) and (not after or after[0] in DIVIDING_SIGNS)
    return (first, last) if first >= 0 and is_divided else part


def _is_free(feature: LineFeatures) -> bool:
    """Return whether no rule names a line, and it is no prose."""
    return feature.rule is None and feature.shape != "prose"


def _by_score(candidate: Candidate) -> tuple[float, int]:
    return candidate.score, -candidate.index


def _scored(found: Sequence[Candidate], page: TitleSurroundings, fitted: TitleWeights) -> tuple[list[Candidate], float]:
    """Return the candidates that may be the best, with all features, and the sum of the odds of all and of having no title.

    The others are passed over at the first look, as the features that cost most could not make them the best; their odds
    are those of that look.
    """
    get, most = fitted.weights.get, _most_beside(fitted)
    best, total = -inf, exp(fitted.none)
    scored = []
    for candidate in sorted(found, key=_by_score, reverse=True):
        score = candidate.score
        if score + most[candidate.part.rest != ""] >= best:
            beside = page.features_of(candidate.index, candidate.part)
            score += sum(map(get, beside, repeat(0.0)))
            scored.append(Candidate(candidate.index, candidate.part, candidate.around, score, beside))
            best = max(best, score)
        total += exp(score)
    return scored, total


def _marked(found: Sequence[Candidate], features: Sequence[LineFeatures], first: int, head_title: str) -> list[Candidate]:
    """Return the candidates that the page itself marks as its title: by the title in its head, else as an `h1`."""
    near = [candidate for candidate in found if candidate.index < first + MAX_INSIDE and not candidate.part.rest]
    if head_title and (same := [candidate for candidate in near if is_same_title(candidate.part.text, head_title)]):
        return [candidate for candidate in same if _words(candidate.part.text) == _words(head_title)] or same
    return [candidate for candidate in near if features[candidate.index].tag == "h1"]


def _standing_alone(found: Sequence[Candidate], best: Candidate) -> list[Candidate]:
    """Return the lines that repeat the best candidate without the name of the site, where that is the page's first line."""
    if best.index >= START_LINES:
        return []
    words = _words(best.part.text)
    below = [candidate for candidate in found if candidate.index >= START_LINES and not candidate.part.rest]
    return [candidate for candidate in below if _opens(candidate.part.text, best.part.text, words)]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _opens(text: str, title: str, words: Sequence[str]) -> bool:
    """Return whether a line has the first of the `words` of a title, and enough of them to be that title."""
    own = _words(text)
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
    """Return all parts of lines that may be the title, with all their features, as the fit needs them."""
    page, found = _first_look(features, scores, assigned, extent, fitted, within, most)
    return [msgspec.structs.replace(one, beside=page.features_of(one.index, one.part)) for one in found]


def _first_look(
    features: Sequence[LineFeatures],
    scores: Sequence[float],
    assigned: Sequence[bool],
    extent: LineSpan | None,
    fitted: TitleWeights,
    within: tuple[int, int],
    most: int,
    head_title: str = "",
) -> tuple[TitleSurroundings, list[Candidate]]:
    """Return all parts of lines that may be the title, with the features and scores of their forms and their places.

    Of more lines than `most`, those are considered whose form and place alone make them the most likely, and headings with
    the title in the head of the page.
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
        kept = [value >= least or _is_heading(features[i], head_title) for i, value in zip(lines, likely, strict=True)]
        lines = [i for i, is_kept in zip(lines, kept, strict=True) if is_kept or start <= i < start + START_LINES]
    parts = [(i, found) for i in lines if (found := title_parts(features[i].line.text))]
    page = TitleSurroundings(features, scores, assigned, (first, last), parts)
    get = fitted.weights.get
    seen: list[Candidate] = []
    for i, found in parts:
        around = page.around(i)
        score = sum(map(get, around, repeat(0.0)))
        seen += [Candidate(i, part, around, score + sum(map(get, part.names, repeat(0.0)))) for part in found]
    return page, seen


def _is_heading(feature: LineFeatures, head_title: str) -> bool:
    return feature.tag == "h1" and head_title != "" and is_same_title(feature.line.text, head_title)


@cache
def _first_score(fitted: TitleWeights) -> FirstScore:
    """Return the weights of a line's cheap features by number, made once."""
    return FirstScore(fitted.first)


@cache
def _most_beside(fitted: TitleWeights) -> tuple[float, float]:
    return most_beside(fitted.weights)
