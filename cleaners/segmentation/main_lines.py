"""Judge each line near the chosen main text of an HTML page once more: by its form, its place, its element and its neighbours.

Called by `main_content`. The weights are fitted (`cleaners.fitted.main_lines`): captions, notices and lists of links
between the paragraphs of a text are parted from its lists, headings and short paragraphs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
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
MAX_REMEMBERED = 4_096  # forms of lines, of their neighbours and of their families
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
        row = [*_form(features[i], chosen[i], main[i], scores[i]), *_near(features, chosen, i)]
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


def _form(feature: LineFeatures, is_chosen: bool, is_main: bool, score: float) -> tuple[str, ...]:
    """Return the features of a line by itself; most are weighed apart for chosen lines."""
    length, linked = bisect_right(LENGTH, len(feature.line.text)), bisect_right(LINKED_STEPS, feature.linked)
    level, kind = bisect_right(SCORE, score), "" if feature.rule is None else feature.rule.kind
    number = (length, linked, level)
    return _form_of(is_chosen, is_main, feature.tag, feature.shape, feature.page_part, number, kind, feature.assigned)


@lru_cache(maxsize=MAX_REMEMBERED)  # saves making fifteen names a line
def _form_of(
    is_chosen: bool, is_main: bool, tag: str, shape: str, part: str, number: tuple[int, int, int], kind: str, is_assigned: bool
) -> tuple[str, ...]:
    """Return the features of all lines of one form; `number` counts the steps reached by length, links and score."""
    sign = "+" if is_chosen else "-"
    length, linked, level = number
    names = (
        f"main:{sign}{is_main:d}",
        f"tag:{sign}{tag}",
        f"tag-main:{is_main:d}{tag}",
        f"shape:{sign}{shape}",
        f"length:{sign}{length}",
        f"tag-length:{tag}{length // 2}",
        f"linked:{sign}{linked}",
        f"tag-linked:{tag}{linked}",
        f"part:{sign}{part}",
        f"score:{sign}{level}",
        f"tag-score:{tag}{level}",
    )
    return (*names, *((f"rule:{kind}",) if kind else ()), *(("assigned",) if is_assigned else ()))


def _near(features: Sequence[LineFeatures], chosen: Sequence[bool], i: int) -> list[str]:
    """Return the features of a line's neighbours."""
    sign = "+" if chosen[i] else "-"
    names: list[str] = []
    beside = ""
    for step in (-2, -1, 1, 2):
        if not 0 <= i + step < len(features):
            names.append(f"end:{step}{sign}")
            continue
        near, is_chosen = features[i + step], "+" if chosen[i + step] else "-"
        names += _neighbour(step, sign, is_chosen, near.shape, near.tag)
        if abs(step) == 1:
            beside += is_chosen
    names.append(f"beside:{sign}{beside}{features[i].tag}")
    return names


@lru_cache(maxsize=MAX_REMEMBERED)
def _neighbour(step: int, sign: str, is_chosen: str, shape: str, tag: str) -> tuple[str, ...]:
    """Return the features of a line with such a neighbour so many lines away."""
    return f"near:{step}{sign}{is_chosen}", f"near-shape:{step}{shape}", f"near-tag:{step}{tag}{sign}"


def _shares(features: Sequence[LineFeatures], sizes: Sequence[int]) -> _Shares:
    """Return the chosen characters by the numbers of the parent, the grandparent and the kind of their blocks, and all."""
    shares: _Shares = (Counter(), Counter(), Counter(), sum(sizes))
    for feature, size in zip(features, sizes, strict=True):
        if size:
            for counter, number in zip(shares[:3], feature.around[2:], strict=True):
                counter[number] += size
    return shares


def _family(feature: LineFeatures, sign: str, size: int, shares: _Shares) -> tuple[str, ...]:
    """Return how much of the chosen text stands beside a line in its element, and in elements of the same kind."""
    parents, grandparents, kinds, whole = shares
    around = feature.around
    return _family_of(
        sign,
        bisect_right(SHARE, (parents[around.parent] - size) / whole),
        bisect_right(SHARE, (grandparents[around.grandparent] - size) / whole),
        bisect_right(SHARE, (kinds[around.kind] - size) / whole),
    )


@lru_cache(maxsize=MAX_REMEMBERED)
def _family_of(sign: str, parent: int, grandparent: int, kind: int) -> tuple[str, ...]:
    """Return the features of a line with such shares of the text beside it."""
    return (
        f"parent:{sign}{parent}", f"grandparent:{sign}{grandparent}", f"kind:{sign}{kind}",
        f"parent-kind:{sign}{parent // 2}{kind // 2}",
    )  # fmt: skip


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
    named = [_sorted(features[i].around.names) for i in lines]
    for i, names in zip(lines, named, strict=True):
        if size := sizes[i]:
            for name in names:
                chars[name] += size
    most = MOST * sum(sizes)
    return [[name for name in names if chars[name] < most] for names in named]


@lru_cache(maxsize=MAX_REMEMBERED)
def _sorted(names: tuple[str, ...]) -> list[str]:
    """Return names once each, in order; most lines of a page have the same ones."""
    return sorted(set(names))
