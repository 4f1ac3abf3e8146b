"""Choose the lines of an HTML page that are its own story: where trafilatura and the stretch of most prose agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cleaners.document.page import Page
from cleaners.segmentation.line_features import LINKED, TEXT_TAGS, LineFeatures

NEAR = 2  # lines around the stretch
OWN_TAGS = ("h2", "h3", "h4", "li")  # of lines that are no paragraphs but may stand between those of a story
# So much of what trafilatura took, by characters, may be cut for standing beyond the stretch, for being teasers of other
# stories, for being links, for standing beside the text; if it were more, trafilatura would rather be right.
MAX_BEYOND = 0.6
MAX_TEASERS = 0.8
MAX_LINKED = 0.2
MAX_BESIDE = 0.3
MIN_TEASERS = 3  # in a row
TEASER_LINES = 2  # below a headline
# When trafilatura lost such a share of the paragraphs in the stretch, and most of those are long, it gave up too early; the
# short lines of who wrote them stand among the comments of readers.
MIN_LOST, MAX_LOST = 0.4, 0.65
LONG_CHARS = 80
ELSEWHERE = 3  # times as long is a stretch that trafilatura overlooked
MIN_LONG = 0.7
MIN_AGREED = 0.97  # of the characters of paragraphs that two ways of choosing took; else others are asked
MIN_PARAGRAPH_CHARS = 60
MIN_MARKED = 0.7  # of the characters chosen
MIN_OTHER = 0.5  # of what the larger of those two took; an extractor that takes less has missed the story
_WORD = re.compile(r"\w+")


def choose_extents(features: list[LineFeatures], extents: list[tuple[int, int]], page: Page) -> list[tuple[int, int]]:
    """Choose the lines of the own story of an HTML page, mark them, and return how far they reach."""
    stretch = extents[0] if extents else None
    # By where lines end: what a store put before the first one may have been cut off.
    ends = [start + len(text) for start, text in zip(page.hints, page.text.split("\n"), strict=True)]
    main = {end for end, hint in zip(ends, page.hints.values(), strict=True) if hint.main}
    chosen = choose(features, [not feature.assigned and feature.line.end in main for feature in features], stretch)
    in_stretch = choose(features, [False] * len(features), stretch)
    if _is_marked_up(features, chosen) and _do_agree(features, chosen, in_stretch):
        # What is in no element of text is captions and credits.
        chosen = [is_chosen and feature.tag != "" for feature, is_chosen in zip(features, chosen, strict=True)]
    else:
        least = MIN_OTHER * max(_chars(features, chosen), _chars(features, in_stretch))
        for ask in page.others:
            main = {end for end, is_main in zip(ends, ask(), strict=True) if is_main}
            chosen = choose(features, [not feature.assigned and feature.line.end in main for feature in features], stretch)
            if _chars(features, chosen) >= least:
                break
    places = [i for i, is_chosen in enumerate(chosen) if is_chosen]
    for feature, is_chosen in zip(features, chosen, strict=True):
        feature.selected = is_chosen
    if not places:
        return []
    more = [
        (first, last)
        for (_, end), (first, last) in pairwise(extents)
        if end >= places[0] and any(feature.tag == "h1" for feature in features[end + 1 : first])
    ]
    if more:
        places = [i for i in places if i <= extents[0][1]]
        for feature in features[extents[0][1] + 1 : more[-1][1] + 1]:
            feature.selected = None  # told by the look of its line
    return [(places[0], places[-1]), *more]


def _chars(features: Sequence[LineFeatures], chosen: Sequence[bool]) -> int:
    return sum(len(feature.line.text) for feature, is_chosen in zip(features, chosen, strict=True) if is_chosen)


def _do_agree(features: Sequence[LineFeatures], chosen: Sequence[bool], other: Sequence[bool]) -> bool:
    """Say whether two choices took nearly the same paragraphs, by characters."""
    either = both = 0
    for feature, one, two in zip(features, chosen, other, strict=True):
        if (one or two) and feature.is_text and len(feature.line.text) >= MIN_PARAGRAPH_CHARS:
            either += len(feature.line.text)
            both += len(feature.line.text) * (one and two)
    return 0 < MIN_AGREED * either <= both


def _is_marked_up(features: Sequence[LineFeatures], chosen: Sequence[bool]) -> bool:
    """Say whether nearly all chosen lines are paragraphs by their elements."""
    marked = sum(
        len(feature.line.text) for feature, is_chosen in zip(features, chosen, strict=True) if is_chosen and feature.tag == "p"
    )
    return marked >= MIN_MARKED * _chars(features, chosen)


def choose(features: Sequence[LineFeatures], main: Sequence[bool], stretch: tuple[int, int] | None) -> list[bool]:
    """Say for each line whether it belongs to the page's own story.

    `main` says the same by trafilatura alone, `stretch` bounds the part of the page with most prose.
    """
    kept = list(main)
    if not any(kept) or _is_elsewhere(features, kept, stretch):
        return [
            stretch is not None and stretch[0] <= i <= stretch[1] and _may_be_text(feature)
            for i, feature in enumerate(features)
        ]
    if stretch is not None:
        kept = _with_missed(features, kept, stretch)
        first, last = _widened(features, kept, stretch)
        near = [first - NEAR <= i <= last + NEAR for i in range(len(features))]
        kept = _without(features, kept, [not is_near for is_near in near], MAX_BEYOND)
    kept = _without(
        features,
        kept,
        [feature.linked >= LINKED and not _is_between(features, kept, i) for i, feature in enumerate(features)],
        MAX_LINKED,
    )
    kept = _without(features, kept, _teasers(features), MAX_TEASERS)
    kept = _without(features, kept, [feature.page_part != "" for feature in features], MAX_BESIDE)
    return [is_kept or _is_missing(features, kept, i) for i, is_kept in enumerate(kept)]


def _is_missing(features: Sequence[LineFeatures], kept: Sequence[bool], i: int) -> bool:
    """Say whether a line is a paragraph, a heading or an item between lines that are kept, which trafilatura lost."""
    around = any(kept[max(0, i - NEAR) : i]) and any(kept[i + 1 : i + 1 + NEAR])
    feature = features[i]
    if not around or feature.assigned or feature.rule is not None or not _may_be_text(feature):
        return False
    return feature.is_text if feature.tag in TEXT_TAGS else feature.tag in OWN_TAGS


def _is_elsewhere(features: Sequence[LineFeatures], main: Sequence[bool], stretch: tuple[int, int] | None) -> bool:
    """Say whether trafilatura took little, and next to nothing of a stretch that holds far more."""
    if stretch is None:
        return False
    taken = sum(len(feature.line.text) for feature, is_main in zip(features, main, strict=True) if is_main)
    inside = [i for i in range(stretch[0], stretch[1] + 1) if features[i].is_text]
    both = sum(len(features[i].line.text) for i in inside if main[i])
    whole = sum(len(features[i].line.text) for i in inside)
    return whole > ELSEWHERE * taken and both < taken / ELSEWHERE


def _with_missed(features: Sequence[LineFeatures], main: list[bool], stretch: tuple[int, int]) -> list[bool]:
    """Return the lines of the main text with all paragraphs of the stretch, when trafilatura has lost many of those."""
    inside = [
        stretch[0] <= i <= stretch[1] and feature.is_text and feature.tag in TEXT_TAGS for i, feature in enumerate(features)
    ]
    whole = sum(len(feature.line.text) for feature, is_inside in zip(features, inside, strict=True) if is_inside)
    missed = [i for i, is_inside in enumerate(inside) if is_inside and not main[i]]
    lost = sum(len(features[i].line.text) for i in missed)
    long = sum(len(features[i].line.text) >= LONG_CHARS for i in missed)
    if not MIN_LOST * whole < lost < MAX_LOST * whole or long < MIN_LONG * len(missed):
        return main
    return [is_main or is_inside for is_main, is_inside in zip(main, inside, strict=True)]


def _teasers(features: Sequence[LineFeatures]) -> list[bool]:
    """Say of each line whether it is in a list of other stories: links that are headlines, each with some text below it."""
    heads = [i for i, feature in enumerate(features) if feature.linked >= LINKED and feature.shape == "headline"]
    found = [False] * len(features)
    run: list[int] = []
    for head, following in pairwise([*heads, len(features)]):
        ends = min(following, head + 1 + TEASER_LINES)
        if not any(features[i].is_text_beside for i in range(head + 1, ends)):
            run = []
            continue
        run = [*run, head] if run and head - run[-1] <= TEASER_LINES + 1 else [head]
        if len(run) >= MIN_TEASERS:
            for i in range(run[-MIN_TEASERS], ends):
                found[i] = True
    return found


def _widened(features: Sequence[LineFeatures], main: Sequence[bool], stretch: tuple[int, int]) -> tuple[int, int]:
    """Return a stretch with the lines of the main text around it, up to links and lines beside the text."""
    bounds = []
    for edge, step in ((stretch[0], -1), (stretch[1], 1)):
        at, missed = edge + step, 0
        while 0 <= at < len(features) and missed <= NEAR and _may_be_text(features[at]):
            edge, missed = (at, 0) if main[at] else (edge, missed + 1)
            at += step
        bounds.append(edge)
    return bounds[0], bounds[1]


def _may_be_text(feature: LineFeatures) -> bool:
    return not feature.page_part and feature.linked < LINKED


def _is_between(features: Sequence[LineFeatures], kept: Sequence[bool], i: int) -> bool:
    """Say whether a link is a paragraph of a story: its neighbours are kept, or lines close by that are no links are."""
    if 0 < i < len(kept) - 1 and kept[i - 1] and kept[i + 1]:
        return True
    near = (range(max(0, i - NEAR), i), range(i + 1, min(len(features), i + 1 + NEAR)))
    return features[i].tag in TEXT_TAGS and all(any(kept[j] and features[j].linked < LINKED for j in side) for side in near)


def _without(features: Sequence[LineFeatures], kept: list[bool], cut: list[bool], most: float) -> list[bool]:
    """Return `kept` without the lines of `cut`, unless those are more than a share of its characters."""
    whole = sum(len(feature.line.text) for feature, is_kept in zip(features, kept, strict=True) if is_kept)
    lost = sum(
        len(feature.line.text) for feature, is_kept, is_cut in zip(features, kept, cut, strict=True) if is_kept and is_cut
    )
    if lost > most * whole:
        return kept
    return [is_kept and not is_cut for is_kept, is_cut in zip(kept, cut, strict=True)]
