"""Describe what surrounds a possible title: its place, its neighbours, its words in the text, as names of features.

Called by `title_choice`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import chain
from math import fsum, inf
from typing import get_args

from cleaners.segmentation.line_features import LineFeatures, LineSpan, Shape
from cleaners.segmentation.title_form import LENGTHS, TitlePart
from cleaners.segmentation.title_words import TextWords

START_LINES = 3
SHARES = (0.001, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9)  # bounds of bins
SHARED = (0, 1, 2, 3, 5, 8)
DISTANCES = (1, 2, 3, 4, 6, 9, 13, 20, 35, 70)
ODDS = (-6.0, -4.0, -2.5, -1.5, -0.5, 0.5, 2.0)
RUNS = (0, 1, 2, 3, 5, 9)
CODES: dict[Shape, str] = {"label": "l", "meta": "m", "prose": "p", "sentence": "s", "headline": "h", "short": "-"}
META_CODE, HEADLINE_CODE = CODES["meta"], CODES["headline"]
MAX_INSIDE = 3  # first lines of the text, of which one may be the title
NEAR = 4  # lines around a candidate that are looked at


def _numbered(name: str, bounds: Sequence[float]) -> tuple[str, ...]:
    """Return the names of the bins of a feature."""
    return tuple(f"{name}:{i}" for i in range(len(bounds) + 1))


def _by_shape(name: str) -> dict[str, str]:
    return {shape: f"{name}:{shape}" for shape in (*get_args(Shape), "none")}


# The names of features, made once.
SHAPE, NEXT, LAST = _by_shape("shape"), _by_shape("next"), _by_shape("last")
CHARS, ODDS_OF, NEXT_ODDS = _numbered("chars", LENGTHS), _numbered("odds", ODDS), _numbered("next-odds", ODDS)
SHARE, SHARED_WORDS, OPENING = _numbered("share", SHARES), _numbered("shared", SHARED), _numbered("opening", SHARES)
ECHO, IN_START = _numbered("echo", SHARES), _numbered("in-start", SHARES)
NEAR_TEXT = {side: tuple(f"near:{i // 2}:{side}" for i in range(len(SHARES) + 1)) for side in ("before", "inside", "after")}
NEAR_ANY = tuple(chain.from_iterable(NEAR_TEXT.values()))
BEFORE, PROSE_IN = _numbered("before", DISTANCES), _numbered("prose-in", DISTANCES)
ABOVE, BELOW = _numbered("run-above", RUNS), _numbered("run-below", RUNS)
PAGE_LINE, COPIES, ALONE = _numbered("page-line", range(4)), _numbered("copies", range(4)), _numbered("alone", range(2))
REST_ALONE, REST_WORDS = _numbered("rest-alone", range(2)), _numbered("rest-words", range(5))
IN_START_LINE = ("in-start-line",)
# The features of a candidate beside its form and its place: of each tuple it has one at most.
BESIDE = (COPIES, ALONE, REST_ALONE, REST_WORDS, SHARE, SHARED_WORDS, OPENING, ECHO, IN_START, IN_START_LINE, NEAR_ANY)
META = {name: (*(f"{name}-meta:{i}" for i in range(NEAR)), f"{name}-meta:none") for name in ("next", "last")}
BYLINE = {name: (f"{name}-byline:False", f"{name}-byline:True") for name in ("next", "last")}
LONGER = {(a, b): f"longer-than-last:{a}:{b}" for a in (False, True) for b in (False, True)}


def first_names(features: Sequence[LineFeatures], scores: Sequence[float], i: int, extent: LineSpan) -> tuple[str, ...]:
    """Return the names of the features of a line that are cheap to see: its place, its shape, its length, its score."""
    feature = features[i]
    return (
        place_of(i, *extent),
        SHAPE[feature.shape],
        CHARS[bisect_left(LENGTHS, len(feature.line.text))],
        ODDS_OF[bisect_left(ODDS, scores[i])],
        NEXT[features[i + 1].shape if i + 1 < len(features) else "none"],
    )


class FirstScore:
    """The weights of the features that are cheap to see, by number."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        get = weights.get
        self._inside, self._after = [get(f"inside:{i}", 0.0) for i in range(MAX_INSIDE)], get("after", 0.0)
        self._before = [get(BEFORE[bisect_left(DISTANCES, i)], 0.0) for i in range(DISTANCES[-1] + 2)]
        self._shapes = {shape: get(name, 0.0) for shape, name in SHAPE.items()}
        self._next = {shape: get(name, 0.0) for shape, name in NEXT.items()}
        self._chars = [get(CHARS[bisect_left(LENGTHS, i)], 0.0) for i in range(LENGTHS[-1] + 2)]
        self._odds = [get(name, 0.0) for name in ODDS_OF]

    def of(
        self, features: Sequence[LineFeatures], scores: Sequence[float], lines: Sequence[int], extent: LineSpan
    ) -> list[float]:
        """Return for each of the `lines` the sum of the weights of its `first_names`."""
        first, last = extent
        before, chars, odds = self._before, self._chars, self._odds
        found = []
        for i in lines:
            feature, distance = features[i], first - i
            if distance > 0:
                place = before[distance] if distance < len(before) else before[-1]
            else:
                place = self._inside[-distance] if i <= last else self._after
            length = len(feature.line.text)
            following = self._next[features[i + 1].shape if i + 1 < len(features) else "none"]
            score = place + self._shapes[feature.shape] + (chars[length] if length < len(chars) else chars[-1])
            found.append(score + odds[bisect_left(ODDS, scores[i])] + following)
        return found


def most_beside(weights: Mapping[str, float]) -> tuple[float, float]:
    """Return the most that `TitleSurroundings.features_of` can add to the score of a whole line, and of a part of one."""
    copies, alone, rest, length, *both = [max([0.0, *[weights.get(name, 0.0) for name in names]]) for names in BESIDE]
    return sum(both) + copies, sum(both) + alone + rest + length


def place_of(i: int, first: int, last: int) -> str:
    """Return the name of a line's place: its distance to the first line of the text."""
    if i < first:
        return BEFORE[bisect_left(DISTANCES, first - i)]
    return f"inside:{i - first}" if i <= last else "after"


class TitleSurroundings:
    """The words of a page's text and the counts of its lines, against which candidates are compared."""

    def __init__(
        self,
        features: Sequence[LineFeatures],
        scores: Sequence[float],
        assigned: Sequence[bool],
        extent: LineSpan,
        parts: Sequence[tuple[int, Sequence[TitlePart]]],
    ) -> None:
        self.features, self.scores, self.assigned = features, scores, assigned
        self.first, self.last = extent
        self.start = [feature.line.text.casefold() for feature in features[:START_LINES]]
        self.wholes = Counter([found[0].folded for _, found in parts])
        self.words = {i: found[0].words for i, found in parts}
        self.counts = Counter(chain.from_iterable(self.words.values()))
        # The shapes and bylines of the lines around the candidates, from the line `top` on, and the paragraphs among them.
        self.top = max(0, parts[0][0] - RUNS[-1] - 1) if parts else 0
        near = features[self.top : parts[-1][0] + DISTANCES[-1] + 2 if parts else 0]
        self.shapes = [feature.shape for feature in near]
        self.codes = "".join([CODES[shape] for shape in self.shapes])
        self.bylines = [feature.byline for feature in near]
        self.paragraphs = [i for i, shape in enumerate(self.shapes, self.top) if shape == "prose" and scores[i] > 0]
        self.text = TextWords(features, scores, assigned, extent)

    @cached_property
    def lines(self) -> Counter[str]:
        """Return how often each line stands on the page; few pages have a candidate that needs it."""
        return Counter([feature.line.text.casefold() for feature in self.features])

    def _echo(self, i: int, words: frozenset[str]) -> float:
        """Return how much of the words the most similar other candidate shares."""
        counts = self.counts
        common = {word for word in words if counts[word] > 1} if words <= self.words[i] else words
        best = 0.0
        if common:
            for other, own in self.words.items():
                if other != i and not common.isdisjoint(own):
                    both = len(words & own)
                    best = max(best, both / (len(words) + len(own) - both))
        return best

    def _rarity(self, words: Collection[str]) -> float:
        """Return how much words weigh: less those that stand in more of the candidates."""
        counts = self.counts
        return fsum([1.0 / (counts[word] or 1) for word in words])

    def features_of(self, i: int, part: TitlePart) -> list[str]:
        """Return the names of the features of a candidate beside its form: its words in the text, its copies on the page."""
        words, own = part.words, part.folded
        count = len(words) or 1
        shared, opening = self.text.shared(words, i)
        share = bisect_left(SHARES, self._rarity(shared) / self._rarity(words)) if shared else 0
        top = self.words.get(0) if i and words else None
        names = [
            SHARE[share],
            SHARED_WORDS[bisect_left(SHARED, len(shared))],
            OPENING[bisect_left(SHARES, opening / count)],
            ECHO[bisect_left(SHARES, self._echo(i, words))],
            IN_START[bisect_left(SHARES, len(top & words) / count) if top else 0],
        ]
        for start in self.start[:i]:
            if own in start and own != start:
                names += IN_START_LINE
                break
        copies = self.wholes.get(own) or self.lines.get(own, 0)
        if part.rest:
            rest = self.lines.get(part.rest.casefold(), 0)
            names += (ALONE[min(copies, 2)], REST_ALONE[min(rest, 2)], REST_WORDS[min(len(part.rest.split()), 5)])
        else:
            names.append(COPIES[min(copies, 4)])
        names.append(NEAR_TEXT[_side(i, self.first, self.last)][share])
        return names

    def around(self, i: int) -> list[str]:
        """Return the names of the features of a line's place and its neighbours."""
        features, shapes, at = self.features, self.shapes, i - self.top
        text, following = features[i].line.text, bisect_right(self.paragraphs, i)
        distance = self.paragraphs[following] - i if following < len(self.paragraphs) else inf
        names = [
            SHAPE[shapes[at]],
            ODDS_OF[bisect_left(ODDS, self.scores[i])],
            PAGE_LINE[min(i, 4)],
            place_of(i, self.first, self.last),
            PROSE_IN[bisect_left(DISTANCES, distance)],
        ]
        if self.assigned[i]:
            names.append("taken")
        elif True in self.assigned[max(0, i - 1) : i + 2]:
            names.append("beside-taken")
        below = self.codes[at + 1 : at + 2 + RUNS[-1]]
        above = self.codes[max(0, at - 1 - RUNS[-1]) : at][::-1]
        names += (
            META["next"][below.find(META_CODE, 0, NEAR)],
            META["last"][above.find(META_CODE, 0, NEAR)],
            BYLINE["next"][True in self.bylines[at + 1 : at + 1 + NEAR]],
            BYLINE["last"][True in self.bylines[max(0, at - NEAR) : at]],
            BELOW[bisect_left(RUNS, len(below) - len(below.lstrip(HEADLINE_CODE)))],
            ABOVE[bisect_left(RUNS, len(above) - len(above.lstrip(HEADLINE_CODE)))],
        )
        if below:
            names += (NEXT[shapes[at + 1]], NEXT_ODDS[bisect_left(ODDS, self.scores[i + 1])])
            if _is_same(features[i + 1].line.text, text):
                names.append("next-same")
        else:
            names.append(NEXT["none"])
        if above:
            last = features[i - 1].line.text
            names += (LAST[shapes[at - 1]], LONGER[len(last) < len(text), shapes[at - 1] == "headline"])
            if _is_same(last, text):
                names.append("last-same")
        else:
            names.append(LAST["none"])
        return names


def _side(i: int, first: int, last: int) -> str:
    return "before" if i < first else "inside" if i <= last else "after"


def _is_same(text: str, other: str) -> bool:
    return text == other or (len(text) == len(other) and text.casefold() == other.casefold())
