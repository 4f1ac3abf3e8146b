"""Find a text that a page shows once more, such as a copy for small screens below that for large ones.

Called by `read_page`, before the lines of a page are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaners.document.page import Line
from cleaners.text.line_shape import width

# Limits, used in `_is_copy`.
MIN_WIDTH = 60  # of a paragraph
MIN_PARAGRAPHS = 2
MAX_GAP = 1  # paragraphs of one copy alone, such as a caption, between two of both
MIN_SINCE, MIN_WITHIN, MIN_OF_PAGE = 0.6, 0.8, 0.2
MAX_HEADER = 6  # lines above and below a text that are copied with it

_Pairs = list[tuple[int, int]]  # the numbers of a paragraph and of the first one with the same text


def copied_lines(lines: Sequence[Line]) -> set[int]:
    """Return the indices of the lines that repeat a text, in the order that it has above."""
    places = [i for i, line in enumerate(lines) if len(line.text) >= MIN_WIDTH // 3 and width(line.text) >= MIN_WIDTH]
    texts = [lines[i].text.casefold() for i in places]
    found: set[int] = set()
    if len(set(texts)) == len(texts):
        return found
    sizes = [len(text) for text in texts]
    whole = sum(sizes)
    copied: set[int] = set()
    for run in _runs(texts):
        if _is_copy(run, sizes, whole, copied):
            copied.update(number for number, _ in run)
            first, copy = ((places[run[0][at]], places[run[-1][at]]) for at in (1, 0))
            found.update(_with_short_lines(lines, first, copy))
    return found


def _runs(texts: Sequence[str]) -> Iterator[_Pairs]:
    """Yield the runs of paragraphs that stand above in the same order."""
    first_of: dict[str, int] = {}
    pairs = [(n, first) for n, text in enumerate(texts) if (first := first_of.setdefault(text, n)) != n]
    run = pairs[:1]
    for (before, first_before), (after, first_after) in pairwise(pairs):
        if after - before <= MAX_GAP + 1 and 0 < first_after - first_before <= MAX_GAP + 1:
            run.append((after, first_after))
        else:
            yield run
            run = [(after, first_after)]
    yield run


def _is_copy(run: _Pairs, sizes: Sequence[int], whole: int, copied: set[int]) -> bool:
    """Return whether a run repeats a text: nearly all text there, and most of the page's text since its first line.

    `whole` is the size of the page's text, `copied` are the paragraphs known as copies. Less than that are a list of teasers
    shown twice, a refrain, a notice.
    """
    (start, first), (end, last) = run[0], run[-1]
    if len(run) < MIN_PARAGRAPHS or last >= start:
        return False
    chars = sum(sizes[number] for number, _ in run)
    if chars < MIN_OF_PAGE * whole:  # few runs pass, so that all sums together are linear in the page
        return False
    since = sum(size for number, size in enumerate(sizes[first:start], first) if number not in copied)
    return chars >= MIN_SINCE * since and chars >= MIN_WITHIN * sum(sizes[start : end + 1])


def _with_short_lines(lines: Sequence[Line], first: tuple[int, int], copy: tuple[int, int]) -> Iterator[int]:
    """Yield the lines of a copy that stand in the first text too, with those around both."""
    inside = _texts(lines, first[0], first[1] + 1)
    yield from (i for i in range(copy[0], copy[1] + 1) if lines[i].text.casefold() in inside)
    above = _texts(lines, max(0, first[0] - MAX_HEADER), first[0])
    i = copy[0] - 1
    while i > first[1] and lines[i].text.casefold() in above:
        yield i
        i -= 1
    below = _texts(lines, first[1] + 1, min(i + 1, first[1] + 1 + MAX_HEADER))
    i = copy[1] + 1
    while i < len(lines) and lines[i].text.casefold() in below:
        yield i
        i += 1


def _texts(lines: Sequence[Line], first: int, end: int) -> set[str]:
    return {line.text.casefold() for line in lines[first:end]}
