"""Span arithmetic: subtract spans, and join the kept spans of a line to its clean text.

Called by `cleaners.output` and `cleaners.segmentation`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import msgspec


def subtract(whole: tuple[int, int], holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans of `whole` outside `holes`, which are in order and do not overlap."""
    at, end = whole
    for hole_start, hole_end in holes:
        if hole_start > at:
            yield at, hole_start
        at = max(at, hole_end)
    if at < end:
        yield at, end


class Joined(msgspec.Struct, frozen=True, gc=False):
    """The joined text of some spans of one line, with the position of each piece.

    A piece is (offset in the joined text, offset in the page, length).
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the spans of the page for the joined characters from `start` to `end`."""
        found = []
        for at, offset, length in self.pieces[max(0, bisect_right(self.pieces, (start + 1,)) - 1) :]:
            if at >= end:
                break
            first, last = max(start, at), min(end, at + length)
            if first < last:
                found.append((offset + first - at, offset + last - at))
        return found


def join(text: str, spans: Iterable[tuple[int, int]]) -> Joined:
    """Return the `spans` of one line joined: with one blank where white space stood between them, else with nothing."""
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    at = 0
    last_end = 0
    for start, end in spans:
        piece = text[start:end]
        kept = piece.strip()
        if not kept:
            continue
        first = start + piece.index(kept[0])
        if parts and (text[last_end].isspace() or text[first - 1].isspace()):
            parts.append(" ")
            at += 1
        parts.append(kept)
        pieces.append((at, first, len(kept)))
        at += len(kept)
        last_end = first + len(kept)
    return Joined("".join(parts), tuple(pieces))
