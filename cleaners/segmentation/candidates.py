"""See at a glance where on a page a line grammar may match, so that it is laid over few places."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from cleaners.grammar.fields import FieldContext, has_time, is_possible, longest, may_be
from cleaners.grammar.match import LinePattern
from cleaners.segmentation.line_features import LineFeatures, WordingFeatures
from cleaners.text.normalize import line_key

ANY = ("meta", "prose", "sentence", "headline", "short")
# How lines look by their words that hold nothing but one field; all others look otherwise by definition.
LOOKS = {
    "title": ("sentence", "headline"),
    "dated": ("prose",),
    "source": tuple(look for look in ANY if look != "meta"),
    "time": ("meta",),
}
# Those that look so need no second look.
SURE = {"title": "headline", "body": "prose"}
COMMON = ("title", "body", "source", "category")
_Free = tuple[int, WordingFeatures, str]  # the place of a line on the page, what its words say, and its text


class CandidateFilter:
    """Which lines of a page can follow which pattern; each line is looked at once for each pattern."""

    def __init__(self, features: Sequence[LineFeatures], words: FieldContext) -> None:
        self.words = words
        self._free: list[_Free] = [
            (feature.index, feature.wording, feature.line.text) for feature in features if feature.is_free
        ]
        # The last line of a page may be one cut off, which may have been any, wherever it stands.
        self._cut_off = features[-1].line.text if features and not features[-1].is_free else None
        texts = [text for _, _, text in self._free]
        self.text = "\n".join(texts if self._cut_off is None else [*texts, self._cut_off])
        lengths = (len(text) + 1 for _, _, text in self._free)
        self._starts = list(accumulate(lengths, initial=0))[:-1]
        self._lines_of_page = len(features)
        self._seen: dict[str | int, list[str]] = {}
        self._timed: dict[float, list[_Free]] = {}

    def starts(self, patterns: Sequence[LinePattern], free: Sequence[LineFeatures], *, least: int, is_end: bool) -> str:
        """Return for each place in `free` "1" if lines may follow `patterns` from there, else "0"; "" for nowhere.

        They may nowhere unless they may do so `least` times. `is_end` says that the page ends with these lines, perhaps within
        what follows the patterns.
        """
        # Numbers whose bits are the lines, the first of them the lowest: one step for all lines at once.
        end = 1 << len(free)
        last = end >> 1 if is_end else 0  # a line cut off may still have been any
        unseen = last if self._cut_off is not None else 0
        can: dict[int, int] = {}
        # The patterns that rule most out come first: what none of the lines can be rules a grammar out.
        for pattern in sorted(patterns, key=_how_common):
            seen = self._lines(pattern)
            found = int("".join([seen[feature.index] for feature in reversed(free)]) or "0", 2) if "1" in seen else 0
            # The last of the stories may be cut off before this line.
            if not pattern.optional and (found | unseen).bit_count() < max(1, least - 1 if is_end else least):
                return ""
            can[id(pattern)] = found | last
        after = 2 * end - 1  # where the patterns left to see may begin: with none left, anywhere
        for pattern in reversed(patterns):
            here = can[id(pattern)] & (after >> 1)
            if pattern.optional:
                here |= after
            after = here | end if is_end else here
        return bin(after)[:1:-1].ljust(len(free), "0")

    def _lines(self, pattern: LinePattern) -> list[str]:
        """Return for each line of the page "1" if it can follow a pattern, else "0"."""
        name = pattern.lone_field or id(pattern)
        if name not in self._seen:
            seen = self._seen[name] = ["0"] * self._lines_of_page
            for index in self._whole(pattern.lone_field) if pattern.lone_field else self._pieced(pattern):
                seen[index] = "1"
        return self._seen[name]

    def _whole(self, name: str) -> Iterator[int]:
        """Yield the lines that can be nothing but the value of a field.

        That is the same on all pages: what a page adds to `looks` is about lines that look like meta, which no title or source
        does (see LOOKS).
        """
        looks, sure, words = LOOKS.get(name, ANY), SURE.get(name), self.words
        for index, worded, text in self._free:
            can_be = worded.can_be.get(name)
            if can_be is None:
                can_be = worded.shape == sure or (worded.shape in looks and may_be(name, text, words))
                worded.can_be[name] = can_be
            if can_be:
                yield index

    def _pieced(self, pattern: LinePattern) -> Iterator[int]:
        """Yield the lines that can follow a pattern with fixed text or several fields."""
        words = self.words
        if pattern.keys:
            yield from (index for index, _, text in self._free if line_key(text) in pattern.keys)
        for spelling in pattern.loose:
            fixed = max((piece.text for piece in spelling), key=len).strip()
            if fixed:
                lines = [self._free[i] for i in self._holding(fixed)]
            else:
                lines = self._telling_time(longest(spelling)) if has_time(spelling) else self._free
            for index, _, text in lines:
                if is_possible(spelling, text, words):
                    yield index

    def _telling_time(self, most: float) -> list[_Free]:
        """Return the lines that hold a time, of `most` characters each."""
        if most not in self._timed:
            first = self.words.times.first
            self._timed[most] = [line for line in self._free if len(line[2]) <= most and first(line[2]) is not None]
        return self._timed[most]

    def _holding(self, fixed: str) -> list[int]:
        """Return which of the free lines hold a text."""
        found: list[int] = []
        at = self.text.find(fixed)
        while at >= 0 and self._starts:
            i = bisect_right(self._starts, at) - 1
            found.append(i)
            at = self.text.find(fixed, self._starts[i + 1]) if i + 1 < len(self._starts) else -1
        return found


def _how_common(pattern: LinePattern) -> bool:
    """Say whether most pages have lines that can follow a pattern."""
    return pattern.lone_field in COMMON
