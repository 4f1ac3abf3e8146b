"""The surroundings of each line of a page, as columns of small numbers, worked out from a first score of each line.

Called by `line_score`, and by the fit of its weights. Everything is linear in the lines: windows are differences of sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

import msgspec

from cleaners.segmentation.line_form import MASS_UNIT, MAX_MASS

WIDTHS = (2, 8, 32)  # lines before and after
CLASS_DISTANCES = (1, 2)  # of the neighbours whose first score is weighed
MAX_CLASSES = 8
FLAG_WIDTH = 8
FLAGS = ("short", "meta")
GROUPS = {
    "list": frozenset({"related-label", "most-read"}),
    "comments": frozenset({"comment-stub"}),
    "foot": frozenset({"copyright", "reprint", "cookie", "disclaimer"}),
}
GROUPS_BEFORE, GROUPS_AFTER = ("list", "comments", "foot", "label"), ("foot", "label", "meta")
MAX_DISTANCE = 40
MAX_BITS = 40  # of a number of lines or characters: no page has more
BIT_STEPS = tuple(range(1, 21))
MAX_RATIO = 24  # quarters of the median paragraph
PLACES = 24
MAX_REPEATS = 3
MAX_SHARED = 12
LONG_CHARS = 100  # the words of longer lines are those of the page's text
# The grids of the columns: a number becomes the count of the steps that it reaches.
MASS_STEPS = (1, 2, 4, 7, 11, 16, 23, 32, 44, 60, 80, 105, 140, 190, 260, 360, 520, 760)
FLAG_STEPS = (1, 2, 3, 4, 6, 8)
DISTANCE_STEPS = (1, 2, 3, 4, 5, 7, 9, 12, 16, 22, 30, 40)

# What numbers are looked up by.
MAX_TABLE = 8192
LINE_BITS = [number.bit_length() for number in range(MAX_TABLE)]
MASS_BITS = [bits + 1 for bits in LINE_BITS]
NEXT_DISTANCE = [min(distance + 1, MAX_DISTANCE) for distance in range(MAX_DISTANCE + 1)]

SIDES = ("before", "after")


class Uniform(list[int]):
    """A column with the same number for all lines."""


class LineSignals(msgspec.Struct, gc=False):
    """The numbers of each line of a page by itself, a list each: its first score decides `mass`, `classes` and `likely`."""

    texts: Sequence[str]
    words: Sequence[Collection[str]]
    kinds: Sequence[str]
    chars: Sequence[int]
    mass: Sequence[int]
    classes: Sequence[int]
    likely: Sequence[bool]
    flags: Mapping[str, Sequence[int]]


def context_sizes() -> dict[str, tuple[int, tuple[int, ...]]]:
    """Return for each column the greatest number that it holds and the steps that part its numbers into classes."""
    columns: dict[str, tuple[int, tuple[int, ...]]] = {
        f"mass {side} {width}": (width * MAX_MASS, MASS_STEPS) for width in WIDTHS for side in SIDES
    }
    columns |= {f"{flag} {side} {FLAG_WIDTH}": (FLAG_WIDTH, FLAG_STEPS) for flag in FLAGS for side in SIDES}
    columns |= {f"text {side} at {distance}": _each(MAX_CLASSES) for distance in CLASS_DISTANCES for side in SIDES}
    columns |= {f"text {side}": (MAX_DISTANCE, DISTANCE_STEPS) for side in SIDES}
    columns |= {f"mass before since {group}": (MAX_BITS, BIT_STEPS) for group in GROUPS_BEFORE}
    columns |= {f"mass after since {group}": (MAX_BITS, BIT_STEPS) for group in GROUPS_AFTER}
    columns |= {"mass place": _each(PLACES), "length ratio": _each(MAX_RATIO)}
    columns |= dict.fromkeys(("lines before", "page lines", "page mass"), (MAX_BITS, BIT_STEPS))
    return columns | {"page share": _each(PLACES), "repeats": _each(MAX_REPEATS), "shared words": _each(MAX_SHARED)}


def _each(greatest: int) -> tuple[int, tuple[int, ...]]:
    return greatest, tuple(range(1, greatest + 1))


def context_columns(lines: LineSignals) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the name and the numbers of each column of a page."""
    size = len(lines.mass)
    sums = list(accumulate(lines.mass, initial=0))
    yield from _windows("mass", sums, WIDTHS)
    for name in FLAGS:
        yield from _windows(name, list(accumulate(lines.flags[name], initial=0)), (FLAG_WIDTH,))
    yield from _neighbours(lines.classes)
    yield "text before", _distance(lines.likely)
    yield "text after", _distance(lines.likely[::-1])[::-1]
    yield from _since_labels(lines, sums)
    yield from _places(lines, sums)
    yield "lines before", LINE_BITS[:size] if size <= MAX_TABLE else [i.bit_length() for i in range(size)]
    yield "page lines", Uniform([size.bit_length()] * size)
    yield "repeats", _repeats(lines.texts)
    yield "shared words", _shared(lines)


def _neighbours(classes: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the class of each line's neighbours, 0 beyond the page."""
    size, edge = len(classes), CLASS_DISTANCES[-1]
    padded = [0] * edge
    padded += [line_class + 1 for line_class in classes]
    padded += [0] * edge
    for distance in CLASS_DISTANCES:
        yield f"text before at {distance}", padded[edge - distance : edge - distance + size]
        yield f"text after at {distance}", padded[edge + distance : edge + distance + size]


def _places(lines: LineSignals, sums: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the place of each line in the page's text, how much text there is, and the line's length against its paragraphs."""
    size, total = len(lines.mass), sums[-1]
    yield "mass place", [before * PLACES // total for before in sums[:-1]] if total else Uniform([0] * size)
    yield "page mass", Uniform([total.bit_length()] * size)
    yield "page share", Uniform([PLACES * total * MASS_UNIT // max(1, sum(lines.chars), total * MASS_UNIT)] * size)
    lengths = [length for is_likely, length in zip(lines.likely, lines.chars, strict=True) if is_likely]
    if not lengths:
        yield "length ratio", Uniform([0] * size)
        return
    typical = sorted(lengths)[(len(lengths) - 1) // 2]  # the median; statistics takes long to import
    longest = MAX_RATIO * typical // 4
    yield "length ratio", [length * 4 // typical if length < longest else MAX_RATIO for length in lines.chars]


def _windows(name: str, sums: Sequence[int], widths: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the sums of a column over the lines before and after each line; `sums` are its sums up to each line."""
    size, edge = len(sums) - 1, widths[-1]
    sums = [*[0] * edge, *sums, *[sums[-1]] * edge]
    if not sums[-1]:
        yield from ((f"{name} {side} {width}", Uniform([0] * size)) for side in SIDES for width in widths)
        return
    here, following = sums[edge : edge + size], sums[edge + 1 : edge + 1 + size]
    for width in widths:
        yield f"{name} before {width}", [a - b for a, b in zip(here, sums[edge - width :], strict=False)]
        yield f"{name} after {width}", [b - a for a, b in zip(following, sums[edge + 1 + width :], strict=False)]


def _distance(column: Sequence[bool]) -> list[int]:
    """Return for each line the lines back to the last one before it that is marked, at most MAX_DISTANCE."""
    distances, distance = [], MAX_DISTANCE
    for marked in column:
        distances.append(distance)
        distance = 1 if marked else NEXT_DISTANCE[distance]
    return distances


def _repeats(texts: Sequence[str]) -> Sequence[int]:
    """Return for each line how often its text stands elsewhere on the page, at most MAX_REPEATS."""
    counts = Counter(texts)
    if len(counts) == len(texts):
        return Uniform([0] * len(texts))
    repeated = {text: min(count - 1, MAX_REPEATS) for text, count in counts.items() if count > 1}.get
    return [repeated(text, 0) for text in texts]


def _since_labels(lines: LineSignals, sums: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
    """Yield the mass between each line and the labels before and after it."""
    labels = [(i, kind) for i, kind in enumerate(lines.kinds) if kind]
    places = {group: [i for i, kind in labels if kind in kinds] for group, kinds in GROUPS.items()}
    places["label"] = [i for i, _ in labels]
    places["meta"] = [i for i, is_meta in enumerate(lines.flags["meta"]) if is_meta]
    # The bits of a mass, and one more, so that 0 is left for none.
    bits = MASS_BITS if sums[-1] < MAX_TABLE else [mass.bit_length() + 1 for mass in range(sums[-1] + 1)]
    yield from ((f"mass before since {group}", _since(sums, places[group], bits)) for group in GROUPS_BEFORE)
    yield from ((f"mass after since {group}", _until(sums, places[group], bits)) for group in GROUPS_AFTER)


def _since(sums: Sequence[int], places: Sequence[int], bits: Sequence[int]) -> Sequence[int]:
    """Return for each line the bits of the mass from the last of some places before it; 0 where there is none."""
    if not places:
        return Uniform([0] * (len(sums) - 1))
    column = [0] * (places[0] + 1)
    for place, following in pairwise([*places, len(sums) - 2]):
        start = sums[place]
        column += [bits[total - start] for total in sums[place + 1 : following + 1]]
    return column


def _until(sums: Sequence[int], places: Sequence[int], bits: Sequence[int]) -> Sequence[int]:
    """Return for each line the bits of the mass up to the next of some places after it; 0 where there is none."""
    if not places:
        return Uniform([0] * (len(sums) - 1))
    column: list[int] = []
    for before, place in pairwise([0, *places]):
        end = sums[place]
        column += [bits[end - total] for total in sums[before + 1 : place + 1]]
    return column + [0] * (len(sums) - 1 - len(column))


def _shared(lines: LineSignals) -> Sequence[int]:
    """Return for each short line how many of its words stand in long lines, in tenths; 0 for long lines, 1 for no words."""
    own: set[str] = set()
    for length, words in zip(lines.chars, lines.words, strict=True):
        if length >= LONG_CHARS:
            own.update(words)
    return [
        0 if length >= LONG_CHARS else _share(words, own) if words else 1
        for length, words in zip(lines.chars, lines.words, strict=True)
    ]


def _share(words: Collection[str], own: set[str]) -> int:
    return 2 if own.isdisjoint(words) else 2 + 10 * len(own.intersection(words)) // len(words)
