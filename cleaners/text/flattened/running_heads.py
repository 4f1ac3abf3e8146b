"""Find the lines that stand on each page of a printed document, with its number, in the text that a program took from it.

Called by `cleaners.text.flattened.read`, for texts that are wrapped to a width.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaners.document.page import Line
from cleaners.text.flattened.edited import RUNNING_HEAD, Edit
from cleaners.text.line_shape import is_whole

MAX_CHARS = 120
MIN_WORDS = 3  # of a line with its number; "Step 2" and the like are headings
_LEADING = re.compile(r"\W*(?P<number>\d{1,4})(?P<gap>[\s|·•–—-]+)(?P<rest>\D.*)")
_TRAILING = re.compile(r"(?P<rest>.*[^\s|·•–—-])(?P<gap>[\s|·•–—-]+)(?P<number>\d{1,4})\W*")
_OF_TOTAL = re.compile(r"(?P<rest>.*?)(?P<gap>\b)(?P<number>\d{1,4})(?P<total>\s*(?:/|[^\W\d]{1,3})\s*\d{1,4})\W*")
_ALONE = re.compile(r"\W*(?P<number>\d{1,4})\W*(?P<gap>)(?P<rest>)")


class _Head(NamedTuple):
    """The line at an index, with a page number at a side; `is_parted` when more than a blank parts it from the rest."""

    at: int
    number: int
    side: str
    is_parted: bool


def running_heads(text: str, lines: Sequence[Line]) -> list[Edit]:
    """Return the edits that take the running heads and the page numbers out of a text, and the blank lines around them.

    A head inside a sentence leaves one line end in its place.
    """
    groups: dict[str, list[_Head]] = defaultdict(list)
    for i, line in enumerate(lines):
        if len(line.text) <= MAX_CHARS and any(map(str.isdecimal, line.text)) and _is_alone(text, lines, i):
            for key, head in _heads(line.text, i):
                groups[key].append(head)
    found = {head.at for heads in groups.values() if _are_heads(text, lines, heads) for head in heads}
    return [_edit(text, lines, i, found) for i in sorted(found)]


def _heads(text: str, i: int) -> Iterator[tuple[str, _Head]]:
    """Yield the ways to read a line as a running head: the rest of the line, and its page number."""
    is_alone = _ALONE.fullmatch(text) is not None
    forms = {"alone": _ALONE} if is_alone else {"start": _LEADING, "end": _TRAILING, "total": _OF_TOTAL}
    for side, form in forms.items():
        found = form.fullmatch(text)
        if found is not None:
            rest = f"{found['rest']} {found['total'] if side == 'total' else ''}"
            key = " ".join(rest.casefold().replace("|", " ").split()).strip(" ·•–—-")
            yield key, _Head(i, int(found["number"]), side, len(found["gap"]) > 1)


def _is_alone(text: str, lines: Sequence[Line], i: int) -> bool:
    """Return whether blank lines or ends of pages stand around a line."""
    before = text[lines[i - 1].end : lines[i].start] if i else "\n\n"
    after = text[lines[i].end : lines[i + 1].start] if i + 1 < len(lines) else "\n\n"
    return all(gap.count("\n") > 1 or "\f" in gap for gap in (before, after))


def _are_heads(text: str, lines: Sequence[Line], heads: Sequence[_Head]) -> bool:
    """Return whether lines of one wording have rising numbers, and a gap, two sides or a sentence around, as no heading."""
    if len(heads) < 2 or not all(first.number < second.number for first, second in pairwise(heads)):
        return False
    if heads[0].side in ("alone", "total"):
        return all(second.number - first.number == 1 for first, second in pairwise(heads))
    are_mirrored = len({head.side for head in heads}) > 1
    is_worded = all(head.is_parted for head in heads) and len(lines[heads[0].at].text.split()) >= MIN_WORDS
    return are_mirrored or is_worded or any(_is_inside(lines, head.at) for head in heads)


def _is_inside(lines: Sequence[Line], i: int) -> bool:
    """Return whether a line stands inside a sentence."""
    return 0 < i < len(lines) - 1 and not is_whole(lines[i - 1].text) and lines[i + 1].text[0].islower()


def _edit(text: str, lines: Sequence[Line], i: int, heads: set[int]) -> Edit:
    """Return the edit that removes a head with the white space below it; inside a sentence one line end is left of all."""
    end = lines[i + 1].start if i + 1 < len(lines) else len(text)
    if i + 1 not in heads and _is_inside(lines, i):
        return Edit(text.index("\n", lines[i - 1].end) + 1, end, RUNNING_HEAD)
    return Edit(lines[i].start, end, RUNNING_HEAD)
