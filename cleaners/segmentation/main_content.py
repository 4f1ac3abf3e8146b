"""Choose the lines of an HTML page that are its own story, from those of another extractor and the span with most prose.

Called by `read_page`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cleaners.document.page import Page
from cleaners.fitted.main_lines import shipped_main_lines
from cleaners.segmentation.line_features import LINKED, TEXT_TAGS, LineFeatures, LineSpan
from cleaners.segmentation.main_lines import judge_lines
from cleaners.segmentation.text_lists import with_whole_lists

NEAR = 2  # lines around the span or a line
OWN_TAGS = ("h2", "h3", "h4", "li")  # of lines that are no paragraphs but may stand between those of a story
# The largest share of the extractor's text, by characters, that may be removed: lines beyond the span, teasers of other
# stories, links, lines beside the text. If the share is larger, the extractor is more likely to be right.
MAX_BEYOND = 0.6
MAX_TEASERS = 0.8
MAX_LINKED = 0.2
MAX_BESIDE = 0.3
MIN_TEASERS = 3  # in a row
TEASER_LINES = 2  # below a headline
# An extractor that missed such a share of the paragraphs in the span, most of them long, stopped too early. Many short ones
# among them are the names above readers' comments.
MIN_LOST, MAX_LOST = 0.4, 0.65
LONG_CHARS = 80
MIN_LONG = 0.7  # share of the missed paragraphs
ELSEWHERE = 3  # an extractor overlooked a span that is so many times as long as its own text
MIN_AGREED = 0.97  # of the characters of paragraphs that two choices select; if it is less, other extractors are used
MIN_PARAGRAPH_CHARS = 60
MIN_MARKED = 0.7  # of the characters chosen
MIN_OTHER = 0.5  # of the larger of those two choices; an extractor that selects less has missed the story
_WORD = re.compile(r"\w+")


def choose_spans(features: list[LineFeatures], scores: Sequence[float], spans: list[LineSpan], page: Page) -> list[LineSpan]:
    """Mark the lines of an HTML page that are its own story as selected; return its span and those of full stories after it.

    `spans` are those of most prose, the page's own first.
    """
    span = spans[0] if spans else None
    # Lines are identified by their ends: a stamp before the first one may have been removed.
    ends = [start + len(text) for start, text in zip(page.hints, page.text.split("\n"), strict=True)]
    main = first_main = {end for end, hint in zip(ends, page.hints.values(), strict=True) if hint.main}
    teasers = _teasers(features)
    chosen = choose_lines(features, [not feature.assigned and feature.line.end in main for feature in features], span, teasers)
    in_span = choose_lines(features, [False] * len(features), span, teasers)
    if _is_marked_up(features, chosen) and _do_agree(features, chosen, in_span):
        # Lines outside elements of text are captions and credits.
        chosen = [is_chosen and feature.tag != "" for feature, is_chosen in zip(features, chosen, strict=True)]
    else:
        least = MIN_OTHER * max(_chars(features, chosen), _chars(features, in_span))
        for extract in page.extractors:
            main = {end for end, is_main in zip(ends, extract(), strict=True) if is_main}
            free = [not feature.assigned and feature.line.end in main for feature in features]
            chosen = choose_lines(features, free, span, teasers)
            if _chars(features, chosen) >= least:
                break
    is_main = [feature.line.end in first_main for feature in features]
    chosen = judge_lines(features, chosen, is_main, teasers, scores, shipped_main_lines())
    chosen = with_whole_lists(features, chosen)
    selected = [i for i, is_chosen in enumerate(chosen) if is_chosen]
    for feature, is_chosen in zip(features, chosen, strict=True):
        feature.selected = is_chosen
    if not selected:
        return []
    spans = [span for span in spans if span[1] >= selected[0]]  # the page's own story begins in the first of them
    more = [
        (first, last)
        for (_, end), (first, last) in pairwise(spans)
        if any(feature.tag == "h1" for feature in features[end + 1 : first + 1])
    ]
    if more:
        selected = [i for i in selected if i <= spans[0][1]]
        for feature in features[spans[0][1] + 1 : more[-1][1] + 1]:
            feature.selected = None  # its shape decides
    return [(selected[0], selected[-1]), *more]


def _chars(features: Sequence[LineFeatures], chosen: Sequence[bool]) -> int:
    return sum(len(feature.line.text) for feature, is_chosen in zip(features, chosen, strict=True) if is_chosen)


def _do_agree(features: Sequence[LineFeatures], chosen: Sequence[bool], other: Sequence[bool]) -> bool:
    """Return whether two choices select nearly the same paragraphs, by characters."""
    either = both = 0
    for feature, is_chosen, is_other in zip(features, chosen, other, strict=True):
        if (is_chosen or is_other) and feature.is_text and len(feature.line.text) >= MIN_PARAGRAPH_CHARS:
            either += len(feature.line.text)
            both += len(feature.line.text) * (is_chosen and is_other)
    return 0 < MIN_AGREED * either <= both


def _is_marked_up(features: Sequence[LineFeatures], chosen: Sequence[bool]) -> bool:
    """Return whether most chosen lines are in `p` elements, by characters."""
    marked = sum(
        len(feature.line.text) for feature, is_chosen in zip(features, chosen, strict=True) if is_chosen and feature.tag == "p"
    )
    return marked >= MIN_MARKED * _chars(features, chosen)


def choose_lines(
    features: Sequence[LineFeatures], main: Sequence[bool], span: LineSpan | None, teasers: list[bool]
) -> list[bool]:
    """Return for each line whether it belongs to the page's own story.

    `main` is the choice of an extractor alone; `span` is the part of the page with most prose; `teasers` are in a list of other
    stories.
    """
    kept = list(main)
    if not any(kept) or _is_elsewhere(features, kept, span):
        return [span is not None and span[0] <= i <= span[1] and _may_be_text(feature) for i, feature in enumerate(features)]
    if span is not None:
        kept = _with_missed(features, kept, span)
        first, last = _widened(features, kept, span)
        near = [first - NEAR <= i <= last + NEAR for i in range(len(features))]
        kept = _without(features, kept, [not is_near for is_near in near], MAX_BEYOND)
    kept = _without(
        features,
        kept,
        [feature.linked >= LINKED and not _is_between(features, kept, i) for i, feature in enumerate(features)],
        MAX_LINKED,
    )
    kept = _without(features, kept, teasers, MAX_TEASERS)
    kept = _without(features, kept, [feature.page_part != "" for feature in features], MAX_BESIDE)
    return [is_kept or _is_missing(features, kept, i) for i, is_kept in enumerate(kept)]


def _is_missing(features: Sequence[LineFeatures], kept: Sequence[bool], i: int) -> bool:
    """Return whether line `i` is a paragraph, a heading or an item between kept lines that the extractor missed."""
    around = any(kept[max(0, i - NEAR) : i]) and any(kept[i + 1 : i + 1 + NEAR])
    feature = features[i]
    if not around or feature.assigned or feature.rule is not None or not _may_be_text(feature):
        return False
    return feature.is_text if feature.tag in TEXT_TAGS else feature.tag in OWN_TAGS


def _is_elsewhere(features: Sequence[LineFeatures], main: Sequence[bool], span: LineSpan | None) -> bool:
    """Return whether the extractor found little text, and next to none of a span with far more."""
    if span is None:
        return False
    chosen = sum(len(feature.line.text) for feature, is_main in zip(features, main, strict=True) if is_main)
    inside = [i for i in range(span[0], span[1] + 1) if features[i].is_text]
    both = sum(len(features[i].line.text) for i in inside if main[i])
    whole = sum(len(features[i].line.text) for i in inside)
    return whole > ELSEWHERE * chosen and both < chosen / ELSEWHERE


def _with_missed(features: Sequence[LineFeatures], main: list[bool], span: LineSpan) -> list[bool]:
    """Return the lines of the main text, with all paragraphs of the span when the extractor missed many of them."""
    inside = [span[0] <= i <= span[1] and feature.is_text and feature.tag in TEXT_TAGS for i, feature in enumerate(features)]
    whole = sum(len(feature.line.text) for feature, is_inside in zip(features, inside, strict=True) if is_inside)
    missed = [i for i, is_inside in enumerate(inside) if is_inside and not main[i]]
    lost = sum(len(features[i].line.text) for i in missed)
    long = sum(len(features[i].line.text) >= LONG_CHARS for i in missed)
    if not MIN_LOST * whole < lost < MAX_LOST * whole or long < MIN_LONG * len(missed):
        return main
    return [is_main or is_inside for is_main, is_inside in zip(main, inside, strict=True)]


def _teasers(features: Sequence[LineFeatures]) -> list[bool]:
    """Return for each line whether it is in a list of other stories: headlines that are links, each with text below it."""
    headlines = [i for i, feature in enumerate(features) if feature.linked >= LINKED and feature.shape == "headline"]
    found = [False] * len(features)
    run: list[int] = []
    for headline, following in pairwise([*headlines, len(features)]):
        end = min(following, headline + 1 + TEASER_LINES)
        if not any(features[i].is_text_beside for i in range(headline + 1, end)):
            run = []
            continue
        run = [*run, headline] if run and headline - run[-1] <= TEASER_LINES + 1 else [headline]
        if len(run) >= MIN_TEASERS:
            for i in range(run[-MIN_TEASERS], end):
                found[i] = True
    return found


def _widened(features: Sequence[LineFeatures], main: Sequence[bool], span: LineSpan) -> LineSpan:
    """Return a span with the lines of the main text around it, up to links and lines beside the text."""
    bounds = []
    for edge, step in ((span[0], -1), (span[1], 1)):
        i, missed = edge + step, 0
        while 0 <= i < len(features) and missed <= NEAR and _may_be_text(features[i]):
            edge, missed = (i, 0) if main[i] else (edge, missed + 1)
            i += step
        bounds.append(edge)
    return bounds[0], bounds[1]


def _may_be_text(feature: LineFeatures) -> bool:
    return not feature.page_part and feature.linked < LINKED


def _is_between(features: Sequence[LineFeatures], kept: Sequence[bool], i: int) -> bool:
    """Return whether a link is a paragraph of a story: both its neighbours are kept, or lines near it that are not links."""
    if 0 < i < len(kept) - 1 and kept[i - 1] and kept[i + 1]:
        return True
    near = (range(max(0, i - NEAR), i), range(i + 1, min(len(features), i + 1 + NEAR)))
    return features[i].tag in TEXT_TAGS and all(any(kept[j] and features[j].linked < LINKED for j in side) for side in near)


def _without(features: Sequence[LineFeatures], kept: list[bool], removed: list[bool], most: float) -> list[bool]:
    """Return `kept` without the `removed` lines, unless they hold more than the share `most` of its characters."""
    whole = sum(len(feature.line.text) for feature, is_kept in zip(features, kept, strict=True) if is_kept)
    lost = sum(
        len(feature.line.text)
        for feature, is_kept, is_removed in zip(features, kept, removed, strict=True)
        if is_kept and is_removed
    )
    if lost > most * whole:
        return kept
    return [is_kept and not is_removed for is_kept, is_removed in zip(kept, removed, strict=True)]
