"""Find the lines of a page that are the text of its own story, and of full stories that follow it.

Called by `own_story` and `read_page`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Literal

from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.comments import comments_of
from cleaners.segmentation.line_features import TEXT_SHAPES, LineFeatures, LineSpan
from cleaners.segmentation.own_lines import own_lines
from cleaners.segmentation.widgets import without_widgets

HEADER_LINES = 3  # lines after a title in which its byline stands
MIN_NEXT_LINES = 2  # paragraphs of a full story that follows, and of one before it without a byline
Dated = Literal["", "above", "below"]
MAX_WIDGET_LINES = 6  # between the last paragraph but one of a story and the last


def kept_lines(
    features: Sequence[LineFeatures], scores: Sequence[float], assigned: Sequence[bool], ruleset: Ruleset
) -> list[bool]:
    """Return for each line whether it is text of a story of the page's own; on HTML pages the `selected` lines are."""
    kept = own_lines(features, scores, assigned, ruleset.reading.own_lines)
    if any(feature.selected for feature in features):
        selected = [
            is_kept if feature.selected is None else feature.selected and not is_assigned
            for feature, is_kept, is_assigned in zip(features, kept, assigned, strict=True)
        ]
        return without_widgets(features, _without_comments(features, selected, ruleset))
    if True in kept:
        _extend(kept, features, scores, assigned, ruleset.reading.line_score.threshold)
        _fill(kept, features, assigned)
    elif True not in assigned:  # a page of which nothing would be left
        kept = [feature.rule is None and feature.shape != "meta" for feature in features]
    return without_widgets(features, _without_comments(features, kept, ruleset))


def _fill(kept: list[bool], features: Sequence[LineFeatures], assigned: Sequence[bool]) -> None:
    """Keep a single line between two paragraphs, such as a sub-heading, unless it is a label, a time or a headline."""
    for i in range(1, len(kept) - 1):
        is_free = not (kept[i] or assigned[i]) and features[i].rule is None
        may_be_text = is_free and features[i].shape not in ("meta", "headline")
        if may_be_text and all(kept[near] and features[near].shape in TEXT_SHAPES for near in (i - 1, i + 1)):
            kept[i] = True


def _without_comments(features: Sequence[LineFeatures], kept: list[bool], ruleset: Ruleset) -> list[bool]:
    """Return the lines of a text without those of the comments of readers, which are marked as such."""
    left = list(kept)
    for first, last in comments_of(features, kept, ruleset):
        for i in range(first, last + 1):
            left[i] = False
            features[i].page_part = "comments"
    return left


def _extend(
    kept: list[bool], features: Sequence[LineFeatures], scores: Sequence[float], assigned: Sequence[bool], least: float
) -> None:
    """Keep the paragraph or sentence right below the last line; then the paragraphs close below, and sentences right below.

    `least` is the least score of these further lines.
    """
    last = len(kept) - 1 - kept[::-1].index(True)
    i = last + 1
    if i < len(kept) and not assigned[i] and features[i].shape in TEXT_SHAPES:
        kept[i] = True
        last, i = i, i + 1
    while i < len(kept) and i - last <= MAX_WIDGET_LINES and not assigned[i] and features[i].shape != "meta":
        is_near = features[i].shape == "prose" or (features[i].shape == "sentence" and i == last + 1)
        if is_near and scores[i] >= least:
            kept[i] = True
            last = i
        i += 1


def own_spans(features: Sequence[LineFeatures], scores: Sequence[float], ruleset: Ruleset) -> list[LineSpan]:
    """Return the spans of the page's own story and of full stories that follow it, by the scores of its lines alone."""
    assigned = [feature.assigned for feature in features]
    return list(parts_of(features, own_lines(features, scores, assigned, ruleset.reading.own_lines)))


def parts_of(features: Sequence[LineFeatures], kept: Sequence[bool]) -> Iterator[LineSpan]:
    """Yield the spans of the page's own story and of full stories that follow it, each under a title and a byline."""
    lines = [i for i, is_kept in enumerate(kept) if is_kept]
    if not lines:
        return
    prose = list(accumulate((features[i].shape == "prose" for i in lines), initial=0))
    is_html = any(feature.tag for feature in features)
    first = lines[0]
    least, paragraphs = (_first_title(features), 1) if is_html else _first_header(features, lines)
    dated: Dated = _dated(features, least, range(len(features))) if is_html and least < len(features) else ""
    for at, (before, after) in enumerate(pairwise(lines), 1):
        if prose[-1] - prose[at] < MIN_NEXT_LINES:
            break
        end = min(after + 1 + HEADER_LINES, len(features)) if is_html and features[after].tag == "h1" else after
        is_whole = prose[at] >= paragraphs and before >= least
        if is_whole and _has_header(features, before + 1, end, is_html=is_html, dated=dated):
            yield first, before
            first = after
    yield first, lines[-1]


def _first_title(features: Sequence[LineFeatures]) -> int:
    """Return the index of the first `h1` of an HTML page; a full story that follows another has its own."""
    return next((i for i, feature in enumerate(features) if feature.tag == "h1"), len(features))


def _first_header(features: Sequence[LineFeatures], lines: Sequence[int]) -> tuple[int, int]:
    """Return the index of the last line of the first header, below which a story ends, and the paragraphs it has at least.

    It is a time between the first title and the first paragraph, which may be that of a caption; else the first byline close
    below a title. `lines` are those of the text.
    """
    titles = [i for i, feature in enumerate(features) if feature.shape == "headline"]
    prose = next((i for i in lines if features[i].shape == "prose"), 0)
    near = [i for i in range(max(0, prose - HEADER_LINES), prose) if features[i].shape == "meta"]
    if (
        near
        and not any(features[i].byline for i in near)
        and any(near[0] - HEADER_LINES <= title < near[0] for title in titles)
    ):
        return near[0], MIN_NEXT_LINES
    return next((line for title in titles if (line := _byline_of(features, title, len(features)))), len(features)), 1


def _byline_of(features: Sequence[LineFeatures], title: int, end: int) -> int:
    """Return the index of the byline close below a title, above the line `end`; 0 without one."""
    return next((i for i in range(title + 1, min(end, title + 1 + HEADER_LINES)) if features[i].byline), 0)


def _dated(features: Sequence[LineFeatures], title: int, lines: range) -> Dated:
    """Return the side of a title with its time, in one of the `lines` close to it; "" for neither."""
    for i in range(title + 1, min(lines.stop, title + 1 + HEADER_LINES)):
        if features[i].shape == "meta":
            return "below"
    return "above" if any(features[i].shape == "meta" for i in range(max(lines.start, title - HEADER_LINES), title)) else ""


def _has_header(features: Sequence[LineFeatures], first: int, end: int, *, is_html: bool, dated: Dated) -> bool:
    """Return whether a title with a byline close below it stands between two paragraphs, so that another story starts.

    On HTML pages the title is an `h1`, which may be a line of the text. There, a time is enough on the side of the title where
    the first `h1` of the page has its own (`dated`).
    """
    return any(
        features[i].shape == "headline"
        and not features[i].assigned
        and (not is_html or features[i].tag == "h1")
        and (_byline_of(features, i, end) or (dated and dated == _dated(features, i, range(first, end))))
        for i in range(first, end)
    )
