"""Filter the lines of a page at which a line grammar may match, so that few matches are tried.

Called by `by_repetition` and `read_page`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from cleaners.grammar.fields import FieldContext, has_time, is_field_value, max_chars, may_follow
from cleaners.grammar.match import LinePattern
from cleaners.grammar.template import LayoutField
from cleaners.segmentation.line_features import LineFeatures, Shape, WordingFeatures
from cleaners.text.normalize import line_key

FREE_SHAPES: tuple[Shape, ...] = ("meta", "prose", "sentence", "headline", "short")
# The possible shapes, by their words, of lines that are the whole value of a field; other fields may have any.
SHAPES_OF_FIELD: dict[LayoutField, tuple[Shape, ...]] = {
    "title": ("sentence", "headline"),
    "dated": ("prose",),
    "source": tuple(shape for shape in FREE_SHAPES if shape != "meta"),
    "time": ("meta",),
}
# Lines of these shapes are possible values of the field without a check.
SURE_SHAPE: dict[LayoutField, Shape] = {"title": "headline", "body": "prose"}
COMMON_FIELDS: tuple[LayoutField, ...] = ("title", "body", "source", "category")
_FreeLine = tuple[int, WordingFeatures, str]  # its index on the page, the features of its words, and its text


class CandidateFilter:
    """The lines of a page that may match each pattern; each line is checked once for each pattern."""

    def __init__(self, features: Sequence[LineFeatures], context: FieldContext) -> None:
        self.context = context
        self._free: list[_FreeLine] = [
            (feature.index, feature.wording, feature.line.text)
            for feature in features
            if feature.shape != "label" and feature.is_free
        ]
        # The last line of a page may be cut off and so may match any pattern, even when it is not free.
        self._cut_off = features[-1].line.text if features and not features[-1].is_free else None
        texts = [text for _, _, text in self._free]
        self.text = "\n".join(texts if self._cut_off is None else [*texts, self._cut_off])
        self._matches: dict[str | int, set[int]] = {}
        self._with_times: dict[float, list[_FreeLine]] = {}

    def may_match(self, patterns: Sequence[LinePattern], least: int) -> bool:
        """Return whether `least` matches of `patterns` may be on the page; the end of the page may cut off the last one."""
        needed = max(1, least - 1) - (self._cut_off is not None)
        required = [pattern for pattern in patterns if not pattern.optional]
        return all(len(self._lines_of(pattern)) >= needed for pattern in sorted(required, key=_is_common))

    def starts(self, patterns: Sequence[LinePattern], free: Sequence[LineFeatures], *, least: int, is_end: bool) -> str:
        """Return a string with "1" for each of the `free` lines at which a match of `patterns` may start, else "0".

        Return "" when there are fewer than `least` possible matches. With `is_end`, the page ends with these lines, perhaps
        within a match.
        """
        # Bit sets of the lines, the first line the lowest bit: one integer operation for all lines at once.
        end = 1 << len(free)
        last = end >> 1 if is_end else 0  # a cut-off line may match any pattern
        unseen = last if self._cut_off is not None else 0
        possible: dict[int, int] = {}
        # Rare patterns first: one that no line matches rules the whole grammar out.
        for pattern in sorted(patterns, key=_is_common):
            lines = self._lines_of(pattern)
            bits = ["1" if feature.index in lines else "0" for feature in reversed(free)] if lines else []
            found = int("".join(bits) or "0", 2)
            # The last of the stories may be cut off before this line.
            if not pattern.optional and (found | unseen).bit_count() < max(1, least - 1 if is_end else least):
                return ""
            possible[id(pattern)] = found | last
        after = 2 * end - 1  # possible starts of the patterns after this one: anywhere when there are none
        for pattern in reversed(patterns):
            here = possible[id(pattern)] & (after >> 1)
            if pattern.optional:
                here |= after
            after = here | end if is_end else here
        return bin(after)[:1:-1].ljust(len(free), "0")

    def _lines_of(self, pattern: LinePattern) -> set[int]:
        """Return the indices of the lines of the page that may match a pattern."""
        name = pattern.lone_field or id(pattern)
        found = self._matches.get(name)
        if found is None:
            lines = self._values_of(pattern.lone_field) if pattern.lone_field else self._matches_of(pattern)
            found = self._matches[name] = set(lines)
        return found

    def _values_of(self, name: LayoutField) -> Iterator[int]:
        """Yield the indices of lines that may be the whole value of a field.

        The result is the same on all pages and may be cached: the test that a page adds to `accepts` concerns lines of the
        shape meta alone, and no title or source has that shape (see SHAPES_OF_FIELD).
        """
        shapes, sure, context = SHAPES_OF_FIELD.get(name, FREE_SHAPES), SURE_SHAPE.get(name), self.context
        for index, wording, text in self._free:
            if wording.shape not in shapes:
                continue
            can_be = wording.can_be.get(name)
            if can_be is None:
                can_be = wording.can_be[name] = wording.shape == sure or is_field_value(name, text, context)
            if can_be:
                yield index

    def _matches_of(self, pattern: LinePattern) -> Iterator[int]:
        """Yield the indices of lines that may match a pattern with fixed text or several fields."""
        context = self.context
        if pattern.keys:
            yield from (index for index, _, text in self._free if line_key(text) in pattern.keys)
        for spelling in pattern.loose:
            fixed = max((piece.text for piece in spelling), key=len).strip()
            if spelling[0].field == "number":
                sign = spelling[1].text if len(spelling) > 1 else ""
                lines = [line for line in self._free if line[2][:1].isdecimal() and _is_numbered(line[2], sign)]
            elif fixed:
                lines = [self._free[i] for i in self._containing(fixed)]
            else:
                lines = self._lines_with_time(max_chars(spelling)) if has_time(spelling) else self._free
            for index, _, text in lines:
                if may_follow(spelling, text, context):
                    yield index

    def _lines_with_time(self, most: float) -> list[_FreeLine]:
        """Return the free lines of at most `most` characters that contain a time."""
        if most not in self._with_times:
            first = self.context.times.first
            self._with_times[most] = [line for line in self._free if len(line[2]) <= most and first(line[2]) is not None]
        return self._with_times[most]

    def _containing(self, fixed: str) -> list[int]:
        """Return the positions among the free lines of those that contain a text."""
        found: list[int] = []
        offset = self.text.find(fixed)
        while offset >= 0 and self._starts:
            i = bisect_right(self._starts, offset) - 1
            found.append(i)
            offset = self.text.find(fixed, self._starts[i + 1]) if i + 1 < len(self._starts) else -1
        return found

    @cached_property
    def _starts(self) -> list[int]:
        """Return the offset of each free line in `text`."""
        return list(accumulate((len(text) + 1 for _, _, text in self._free), initial=0))[:-1]


def _is_common(pattern: LinePattern) -> bool:
    """Return whether most pages have lines that may match a pattern."""
    return pattern.lone_field in COMMON_FIELDS


def _is_numbered(text: str, sign: str) -> bool:
    """Return whether a text opens with a number and a sign after it, if there is one."""
    return not sign or text.partition(sign)[0].isdecimal()
