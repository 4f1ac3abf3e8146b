"""Remove the lines of a page from one label to another, by rules with `between`.

Called by `cleaners.pipeline` and `cleaners.examples`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.rules.label_span import PAGE_END, label
from cleaners.rules.model import Rule
from cleaners.segmentation.clutter_blocks import PrunedLines
from cleaners.text.line_shape import is_prose
from cleaners.text.normalize import line_key

Stretch = tuple[int, int, Rule]  # the first line, the line after the last one, and the rule


def drop_between(lines: Sequence[Line], ruleset: Ruleset) -> PrunedLines:
    """Remove every stretch of lines from a label to the nearest one that a rule pairs it with.

    A stretch that is too long, or holds prose, stays as it is. Of two rules for one label the first that holds is taken.
    """
    if not ruleset.label_spans:
        return PrunedLines(list(lines), [], None)
    spans = sorted(_Finder(lines, ruleset).spans(), key=lambda it: it[0])
    kept: list[Line] = []
    removed: list[tuple[Line, str]] = []
    ends: list[int] = []
    at = 0
    for first, last, rule in spans:
        if first < at:
            continue
        kept += lines[at:first]
        removed += [(line, rule.id) for line in lines[first:last]]
        ends += [lines[first].start] if rule.ends_article else []
        at = last
    return PrunedLines([*kept, *lines[at:]], removed, min(ends, default=None))


class _Finder:
    """Finds the stretches of one page between labels: each pair of labels in one pass over its lines."""

    def __init__(self, lines: Sequence[Line], ruleset: Ruleset) -> None:
        self._lines, self._ruleset = lines, ruleset
        self._keys = [line_key(line.text) for line in lines]
        self._prose: list[int] = []

    def spans(self) -> Iterator[Stretch]:
        """Yield each stretch that may be removed, in the order of rules."""
        for rule in self._ruleset.label_spans:
            for first, last in rule.between:
                starts = self._places(first)
                if starts:
                    ends = [len(self._lines)] if last == PAGE_END else self._places(last)
                    yield from self._pairs(starts, ends, rule, with_last=rule.with_last and last != PAGE_END)

    def _places(self, template: str) -> list[int]:
        """Return the indices of the lines that are a label."""
        it = label(template)
        return [i for i, (key, line) in enumerate(zip(self._keys, self._lines, strict=True)) if it.is_in(key, line.text)]

    def _pairs(self, starts: Sequence[int], ends: Sequence[int], rule: Rule, *, with_last: bool) -> Iterator[Stretch]:
        """Yield the stretches from each of `starts` to the nearest of `ends` below it, as far as the rule takes them."""
        at = 0
        for start in starts:
            while at < len(ends) and ends[at] <= start:
                at += 1
            if at == len(ends):
                return
            end = ends[at]
            if end - start - 1 <= rule.most and (rule.prose or not self._has_prose(start + 1, end)):
                yield start, end + with_last, rule

    def _has_prose(self, first: int, last: int) -> bool:
        """Return whether a line from `first` up to, not including, `last` reads like the prose of a story."""
        if not self._prose:
            self._prose = list(accumulate((is_prose(line.text) for line in self._lines), initial=0))
        return self._prose[last] > self._prose[first]
