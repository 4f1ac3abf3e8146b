"""Runs of a pattern: its matches that follow each other on a page, with the lines of text of each item.

Called by `find`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

import msgspec

from cleaners.segmentation.line_features import LineSpan
from cleaners.segmentation.page_grammar.candidates import STRONG, matcher, title_place
from cleaners.segmentation.page_grammar.line_classes import TEXT, PageColumns

MIN_WEAK = 3  # items of a list without times, names of authors, doubled titles and a label above
MIN_FULL_PARAGRAPHS = 3  # of a full story, in which labels of lists stand too
MAX_STRAY = 2  # unexplained lines between two items of one run
MAX_LABELS = 4  # lines without a paragraph between two items of one run
_TITLE_BEFORE_TEXT = re.compile("[Haq](?=[PqS])")


class Run(msgspec.Struct, gc=False):
    """A pattern and the headers that match it, each from a first line up to a line after its last one, with their bodies.

    `skipped` is a header before the first one, which may be that of the page's own story.
    """

    pattern: str
    headers: list[LineSpan]
    bodies: list[list[int]]
    skipped: LineSpan | None = None

    @property
    def title_at(self) -> int:
        """Return the place of the title in the pattern."""
        return title_place(self.pattern)

    @property
    def titles(self) -> list[int]:
        """Return the index of the line of each title."""
        at = self.title_at
        return [first + at for first, _ in self.headers]


class Headers(NamedTuple):
    """The headers of a run before its bodies are known, and the header before them that may be that of the page's own story."""

    pattern: str
    headers: list[LineSpan]
    skipped: LineSpan | None


def runs_of(pattern: str, columns: PageColumns) -> list[Run]:
    """Return the runs of a pattern on a page, see `headers_of`."""
    return [make_run(pattern, found.headers, columns, found.skipped) for found in headers_of(pattern, columns)]


def headers_of(pattern: str, columns: PageColumns) -> list[Headers]:
    """Return the headers of the runs of a pattern, and of each without its first one, which may be that of the page's story."""
    letters = columns.letters
    matches = [match.span() for match in matcher(pattern).finditer(letters)]
    if len(matches) < 2:
        return []
    groups = split_groups(pattern, matches, columns)
    if pattern == "H":
        groups = [part for group in groups for part in split_at_prose(group, letters)]
        titles = [match.span() for match in _TITLE_BEFORE_TEXT.finditer(letters)]
        groups += split_groups(pattern, titles, columns)
    found = []
    is_weak = STRONG.isdisjoint(pattern)
    for group in groups:
        if len(group) < (MIN_WEAK if is_weak and "R" not in letters[max(0, group[0][0] - 2) : group[0][0]] else 2):
            continue
        found.append(Headers(pattern, group, None))
        if len(group) > 2 and "P" in letters[group[0][1] : group[1][0]]:
            found.append(Headers(pattern, group[1:], group[0]))
    return found


def make_run(pattern: str, headers: list[LineSpan], columns: PageColumns, skipped: LineSpan | None = None) -> Run:
    """Return a run with the body of each item: the lines of text up to the next header, or as far as text follows."""
    letters = columns.letters
    bodies = [text_lines(end, following[0], letters) for (_, end), following in pairwise(headers)]
    last = headers[-1][1]
    return Run(pattern, headers, [*bodies, list(range(last, end_of_text(last, columns)))], skipped)


def split_groups(pattern: str, matches: list[LineSpan], columns: PageColumns) -> list[list[LineSpan]]:
    """Split matches into groups that follow each other, with few unexplained lines between."""
    groups: list[list[LineSpan]] = []
    end = -1
    for match in matches:
        if match[0] == end or (groups and not _parts(pattern, end, match[0], columns)):
            groups[-1].append(match)
        else:
            groups.append([match])
        end = match[1]
    return groups


def _parts(pattern: str, start: int, end: int, columns: PageColumns) -> bool:
    """Return whether the lines from `start` up to `end` part two lists."""
    between = columns.letters[start:end]
    if len(between) <= MAX_STRAY and "R" not in between and "#" not in between:
        return False
    paragraphs = between.count("P")
    is_inside = paragraphs >= MIN_FULL_PARAGRAPHS and not STRONG.isdisjoint(pattern)
    if "#" in between or ("R" in between and not (is_inside and between[-1] != "R")):
        return True
    if not paragraphs and len(between) > MAX_LABELS:
        return True
    if paragraphs == len(between):
        return False
    lines, counts = columns.lines, columns.key_counts
    stray = sum([letter not in "PqSl" and counts[lines[i].key] < 2 for i, letter in enumerate(between, start)])
    return stray > max(MAX_STRAY, paragraphs + 1 if not STRONG.isdisjoint(pattern) else 0)


def split_at_prose(group: list[LineSpan], letters: str) -> list[list[LineSpan]]:
    """Split a group wherever a paragraph stands between two headers."""
    parts = [group[:1]]
    for header in group[1:]:
        if "P" in letters[parts[-1][-1][1] : header[0]]:
            parts.append([])
        parts[-1].append(header)
    return parts


def text_lines(start: int, end: int, letters: str) -> list[int]:
    """Return the lines of text from `start` up to `end`, at the latest at a label of a list."""
    if start == end:
        return []
    label = letters.find("R", start, end)
    return [i for i, letter in enumerate(letters[start : end if label < 0 else label], start) if letter in TEXT]


def end_of_text(start: int, columns: PageColumns) -> int:
    """Return where the lines of text that begin at `start` end, at the latest at a label."""
    end = start
    while end < len(columns.letters) and columns.letters[end] in TEXT:
        end += 1
        if columns.label_after[end - 1] != "0":
            break
    return end
