"""Judge each line near the chosen main text of an HTML page once more: by its form, its place, its element and its neighbours.

Called by `main_content`. The weights are fitted (`cleaners.fitted.main_lines`): captions, notices and lists of links
between the paragraphs of a text are parted from its lists, headings and short paragraphs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from cleaners.fitted.main_lines import MainLineWeights
from cleaners.segmentation.line_features import LINKED, LineFeatures

LINES_BEFORE, LINES_AFTER = 25, 40  # the chosen lines, within which others are judged
MIN_CHARS = 20  # of a line that no extractor chose
WINDOW = 5  # lines before and after, the chosen among which are counted
CAPTION = "figcaption"
_CODE_ENDS = (";", "{", "}", ")")  # of a statement of a program
MOST = 0.5  # of the characters chosen; a name that holds so many is that of the text itself
EDGE_LINES = 5  # of the chosen ones, each of which has a place of its own
PLACES = 10
# The grids of the numbers: a number becomes the count of the steps that it reaches.
LENGTH = (10, 20, 30, 45, 60, 80, 110, 150, 220, 350, 600)
LINKED_STEPS = (0.01, 0.25, 0.5, 0.9)
SCORE = (-12, -8, -6, -4, -2, -1, 0, 1, 2, 4, 6, 8, 12)
SHARE = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.95)
DISTANCE = (1, 2, 3, 5, 8, 13, 21, 40)
TEXT_CHARS = (300, 800, 1500, 3000, 6000, 12000)


_Shares = tuple[Counter[int], Counter[int], Counter[int], int]


class Judged(NamedTuple):
    """The lines that are judged: their indices, with the features and the names of each."""

    lines: list[int]
    features: list[list[str]]
    names: list[list[str]]


def judge_lines(
    features: Sequence[LineFeatures],
    chosen: Sequence[bool],
    main: Sequence[bool],
    barred: Sequence[bool],
    scores: Sequence[float],
    weights: MainLineWeights,
) -> list[bool]:
    """Return the lines of the main text: those near the `chosen` ones by their weights, no others.

    `main` is the choice of the first extractor; `barred` are lines that are added in no case. When no line is left, the chosen
    ones stay.
    """
    known, named = weights.features, weights.names
    judged = described(features, chosen, main, barred, scores)
    kept = [False] * len(features)
    for i, own, names in zip(*judged, strict=True):
        odds = weights.bias + sum([known.get(name, 0.0) for name in own]) + sum([named.get(name, 0.0) for name in names])
        kept[i] = _is_of_gallery(features, chosen, i) or odds >= (weights.kept if chosen[i] else weights.added)
    return kept if True in kept else list(chosen)


def described(
    features: Sequence[LineFeatures],
    chosen: Sequence[bool],
    main: Sequence[bool],
    barred: Sequence[bool],
    scores: Sequence[float],
) -> Judged:
    """Return the lines that are judged, with the features of each by their names; linear in the lines."""
    marked = [i for i, is_chosen in enumerate(chosen) if is_chosen]
    if not marked:
        return Judged([], [], [])
    first, last = marked[0], marked[-1]
    end = min(len(features), last + 1 + LINES_AFTER)
    lines = [
        i
        for i in range(max(0, first - LINES_BEFORE), end)
        if chosen[i] or (not barred[i] and _may_be_added(features[i], main[i], inside=first < i < last))
    ]
    sizes = [len(feature.line.text) if is_chosen else 0 for feature, is_chosen in zip(features, chosen, strict=True)]
    before = list(accumulate(sizes, initial=0))
    count = list(accumulate(chosen, initial=0))
    size = f"size:{bisect_right(TEXT_CHARS, before[-1])}"
    shares = _shares(features, sizes)
    seen: set[str] = set()
    rows = []
    for i in lines:
        row = list(_form(features[i], chosen[i], main[i], scores[i]))
        row += _near(features, chosen, i)
        sign = "+" if chosen[i] else "-"
        around = count[min(len(features), i + 1 + WINDOW)] - count[max(0, i - WINDOW)] - chosen[i]
        row += [f"{size}{sign}", f"around:{sign}{around}", *_place(i, sign, (first, last), features[i].tag)]
        row += _family(features[i], sign, sizes[i], shares)
        if first <= i <= last:
            row.append(f"place:{sign}{PLACES * before[i] // (before[-1] + 1)}")
        if features[i].line.text in seen:
            row.append(f"again:{sign}")
        seen.add(features[i].line.text)
        rows.append(row)
    return Judged(lines, rows, _names(features, lines, sizes))


def _is_of_gallery(features: Sequence[LineFeatures], chosen: Sequence[bool], i: int) -> bool:
    """Return whether a line is one of several chosen captions, one below the other: they are the text of a gallery."""
    if not chosen[i] or features[i].tag != CAPTION:
        return False
    return any(chosen[j] and features[j].tag == CAPTION for j in (i - 1, i + 1) if 0 <= j < len(features))


def _may_be_added(feature: LineFeatures, is_main: bool, *, inside: bool) -> bool:
    """Return whether a line that was not chosen may be text: no part beside it, byline, label or code, nor a link around it."""
    is_beside = feature.page_part or feature.shape in ("meta", "label") or (feature.linked >= LINKED and not inside)
    if is_beside or _is_code(feature.line.text):
        return False
    return is_main or len(feature.line.text) >= MIN_CHARS


def _is_code(text: str) -> bool:
    """Return whether a line ends as a statement of a program does, and has a brace before its end."""
    return text.endswith(_CODE_ENDS) and ("{" in text[:-1] or "}" in text[:-1])


def _form(feature: LineFeatures, is_chosen: bool, is_main: bool, score: float) -> Iterator[str]:
    """Yield the features of a line by itself; most are weighed apart for chosen lines."""
    sign = "+" if is_chosen else "-"
    tag, length = feature.tag, bisect_right(LENGTH, len(feature.line.text))
    linked, level = bisect_right(LINKED_STEPS, feature.linked), bisect_right(SCORE, score)
    yield f"main:{sign}{is_main:d}"
    yield f"tag:{sign}{tag}"
    yield f"tag-main:{is_main:d}{tag}"
    yield f"shape:{sign}{feature.shape}"
    yield f"length:{sign}{length}"
    yield f"tag-length:{tag}{length // 2}"
    yield f"linked:{sign}{linked}"
    yield f"tag-linked:{tag}{linked}"
    yield f"part:{sign}{feature.page_part}"
    yield f"score:{sign}{level}"
    yield f"tag-score:{tag}{level}"
    if feature.rule is not None:
        yield f"rule:{feature.rule.kind}"
    if feature.assigned:
        yield "assigned"


def _near(features: Sequence[LineFeatures], chosen: Sequence[bool], i: int) -> Iterator[str]:
    """Yield the features of a line's neighbours."""
    sign = "+" if chosen[i] else "-"
    beside = ""
    for step in (-2, -1, 1, 2):
        if not 0 <= i + step < len(features):
            yield f"end:{step}{sign}"
            continue
        near, is_chosen = features[i + step], "+" if chosen[i + step] else "-"
        yield f"near:{step}{sign}{is_chosen}"
        yield f"near-shape:{step}{near.shape}"
        yield f"near-tag:{step}{near.tag}{sign}"
        if abs(step) == 1:
            beside += is_chosen
    yield f"beside:{sign}{beside}{features[i].tag}"


def _shares(features: Sequence[LineFeatures], sizes: Sequence[int]) -> _Shares:
    """Return the chosen characters by the numbers of the parent, the grandparent and the kind of their blocks, and all."""
    shares: _Shares = (Counter(), Counter(), Counter(), sum(sizes))
    for feature, size in zip(features, sizes, strict=True):
        if size:
            for counter, number in zip(shares[:3], feature.around[2:], strict=True):
                counter[number] += size
    return shares


def _family(feature: LineFeatures, sign: str, size: int, shares: _Shares) -> Iterator[str]:
    """Yield how much of the chosen text stands beside a line in its element, and in elements of the same kind."""
    parent, grandparent, kind = (
        bisect_right(SHARE, (counter[number] - size) / shares[3])
        for counter, number in zip(shares[:3], feature.around[2:], strict=True)
    )
    yield f"parent:{sign}{parent}"
    yield f"grandparent:{sign}{grandparent}"
    yield f"kind:{sign}{kind}"
    yield f"parent-kind:{sign}{parent // 2}{kind // 2}"


def _place(i: int, sign: str, span: tuple[int, int], tag: str) -> Iterator[str]:
    """Yield the place of a line among the chosen ones, from the first to the last."""
    first, last = span
    if i < first:
        yield f"before:{sign}{bisect_right(DISTANCE, first - i)}"
    elif i > last:
        yield f"after:{sign}{bisect_right(DISTANCE, i - last)}"
    if 0 <= i - first < EDGE_LINES:
        yield f"first:{sign}{i - first}{tag}"
    if 0 <= last - i < EDGE_LINES:
        yield f"last:{sign}{last - i}"


def _names(features: Sequence[LineFeatures], lines: Sequence[int], sizes: Sequence[int]) -> list[list[str]]:
    """Return the names of the elements around each line, but those of the text itself."""
    chars: Counter[str] = Counter()
    named = [sorted(set(features[i].around.names)) for i in lines]
    for i, names in zip(lines, named, strict=True):
        for name in names if sizes[i] else ():
            chars[name] += sizes[i]
    most = MOST * sum(sizes)
    return [[name for name in names if chars[name] < most] for names in named]
