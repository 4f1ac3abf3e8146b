"""Describe what surrounds a possible title: its place, its neighbours, its words in the text, as names of features.

Called by `title_choice`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from math import inf

from cleaners.segmentation.line_features import LineFeatures, LineSpan
from cleaners.segmentation.title_form import LENGTHS, TitlePart, words_of

MAX_TEXT_CHARS = 3_000  # of the story, in which the words of a title are looked for
START_LINES = 3
SHARES = (0.001, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9)  # bounds of bins
SHARED = (0, 1, 2, 3, 5, 8)
DISTANCES = (1, 2, 3, 4, 6, 9, 13, 20, 35, 70)
ODDS = (-6.0, -4.0, -2.5, -1.5, -0.5, 0.5, 2.0)
RUNS = (0, 1, 2, 3, 5, 9)
NEAR = 4  # lines around a candidate that are looked at


def first_names(features: Sequence[LineFeatures], scores: Sequence[float], i: int, extent: LineSpan) -> tuple[str, ...]:
    """Return the names of the features of a line that are cheap to see: its place, its shape, its length, its score."""
    feature = features[i]
    return (
        place_of(i, *extent),
        f"shape:{feature.shape}",
        f"chars:{bisect_left(LENGTHS, len(feature.line.text))}",
        f"odds:{bisect_left(ODDS, scores[i])}",
        f"next:{features[i + 1].shape if i + 1 < len(features) else 'none'}",
    )


def place_of(i: int, first: int, last: int) -> str:
    """Return the name of a line's place: its distance to the first line of the text."""
    if i < first:
        return f"before:{bisect_left(DISTANCES, first - i)}"
    return f"inside:{i - first}" if i <= last else "after"


class TitleSurroundings:
    """The words of a page's text and the counts of its lines, against which candidates are compared."""

    def __init__(
        self,
        features: Sequence[LineFeatures],
        scores: Sequence[float],
        taken: Sequence[bool],
        extent: LineSpan,
        parts: Sequence[tuple[int, Sequence[TitlePart]]],
    ) -> None:
        self.features, self.scores, self.taken = features, scores, taken
        self.first, self.last = extent
        self.texts = [feature.line.text.casefold() for feature in features]
        self.lines = Counter(self.texts)
        self.wholes = Counter(found[0].text.casefold() for _, found in parts)
        self.words = {i: found[0].words for i, found in parts}
        self.rarity = {word: 1.0 / count for word, count in Counter(chain.from_iterable(self.words.values())).items()}
        self.paragraphs = [
            feature.index for feature, score in zip(features, scores, strict=True) if score > 0 and feature.shape == "prose"
        ]
        self.opening: set[str] = set()
        self.text: Counter[str] = Counter()
        self.read: set[int] = set()
        self._read_text()

    def _read_text(self) -> None:
        """Collect the words of the first lines of the text, and those of all of it, each with the number of its lines."""
        chars = 0
        for i in range(self.first, min(self.last + 1, len(self.features))):
            if self.scores[i] < 0 or self.taken[i]:
                continue
            if chars > MAX_TEXT_CHARS:
                break
            text = self.features[i].line.text[:MAX_TEXT_CHARS]
            chars += len(text)
            words = set(words_of(text))
            self.text.update(words)
            self.read.add(i)
            if len(self.read) <= 2:
                self.opening |= words

    def _echo(self, i: int, words: frozenset[str]) -> float:
        """Return how much of the words the most similar other candidate shares."""
        best = 0.0
        for other, own in self.words.items():
            if other != i and not words.isdisjoint(own):
                both = len(words & own)
                best = max(best, both / (len(words) + len(own) - both))
        return best

    def features_of(self, i: int, part: TitlePart) -> Iterator[str]:
        """Yield the names of the features of a candidate beside its form: its words in the text, its copies on the page."""
        rarity = self.rarity
        whole = sum([rarity.get(word, 1.0) for word in part.words]) or 1.0
        least = 1 if i in self.read else 0
        shared = [word for word in part.words if self.text[word] > least]
        share = sum([rarity.get(word, 1.0) for word in shared]) / whole
        yield f"share:{bisect_left(SHARES, share)}"
        yield f"shared:{bisect_left(SHARED, len(shared))}"
        yield f"opening:{bisect_left(SHARES, len(part.words & self.opening) / (len(part.words) or 1))}"
        yield f"echo:{bisect_left(SHARES, self._echo(i, part.words))}"
        top = self.words.get(0) if i and part.words else None
        yield f"in-start:{bisect_left(SHARES, len(top & part.words) / len(part.words)) if top else 0}"
        own = part.text.casefold()
        if any(own in start and own != start for start in self.texts[: min(i, START_LINES)]):
            yield "in-start-line"
        copies = self.wholes[own] + (self.lines[own] if self.wholes[own] == 0 else 0)
        if part.rest:
            yield f"alone:{min(copies, 2)}"
            rest = part.rest.casefold()
            yield f"rest-alone:{min(self.lines[rest], 2)}"
            yield f"rest-words:{min(len(part.rest.split()), 5)}"
        else:
            yield f"copies:{min(copies, 4)}"
        yield f"near:{bisect_left(SHARES, share) // 2}:{_side(i, self.first, self.last)}"

    def around(self, i: int) -> list[str]:
        """Return the names of the features of a line's place and its neighbours."""
        features, first, last = self.features, self.first, self.last
        feature = features[i]
        names = [f"shape:{feature.shape}", f"odds:{bisect_left(ODDS, self.scores[i])}", f"page-line:{min(i, 4)}"]
        names.append(place_of(i, first, last))
        prose = bisect_right(self.paragraphs, i)
        names.append(f"prose-in:{bisect_left(DISTANCES, self.paragraphs[prose] - i if prose < len(self.paragraphs) else inf)}")
        if self.taken[i]:
            names.append("taken")
        elif any(self.taken[max(0, i - 1) : i + 2]):
            names.append("beside-taken")
        for side, near in (("next", features[i + 1 : i + 1 + NEAR]), ("last", features[max(0, i - NEAR) : i][::-1])):
            shapes = [other.shape for other in near]
            names.append(f"{side}:{shapes[0] if shapes else 'none'}")
            names.append(f"{side}-meta:{shapes.index('meta') if 'meta' in shapes else 'none'}")
            names.append(f"{side}-byline:{any(other.byline for other in near)}")
            if near and self.texts[near[0].index] == self.texts[i]:
                names.append(f"{side}-same")
        if i + 1 < len(features):
            names.append(f"next-odds:{bisect_left(ODDS, self.scores[i + 1])}")
        names.append(f"run-above:{bisect_left(RUNS, self._run(i, -1))}")
        names.append(f"run-below:{bisect_left(RUNS, self._run(i, 1))}")
        if i:
            shorter = len(features[i - 1].line.text) < len(feature.line.text)
            names.append(f"longer-than-last:{shorter}:{features[i - 1].shape == 'headline'}")
        return names

    def _run(self, i: int, step: int) -> int:
        """Return how many headlines in a row stand above or below a line."""
        count = 0
        while count <= RUNS[-1] and 0 <= i + step < len(self.features) and self.features[i + step].shape == "headline":
            i += step
            count += 1
        return count


def _side(i: int, first: int, last: int) -> str:
    return "before" if i < first else "inside" if i <= last else "after"
