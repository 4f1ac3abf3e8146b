"""Find the spans of the page's own story, and of full stories after it, on a page of no known layout.

Called by `by_shape`.
"""

from __future__ import annotations

from cleaners.rules.model import RuleKind
from cleaners.segmentation.line_features import LIST_KINDS, LineFeatures, LineSpan

# All weights are in characters, set by hand on raw pages with known texts. A paragraph adds its length to the weight of a
# story, up to:
MAX_WEIGHT = 400
# ... but only a share of it when it is short and stands alone between headlines and the like, as teasers do.
ALONE = 0.5
TEASER_CHARS = 220
# Each line between two paragraphs lowers the weight: a line without a label, the same in a gap with labels, a label of a kind
# that stands inside stories, the label of a list, a byline or time, another label.
LINE_ALONE = 10
LINE_BESIDE_LABELS = 20
WIDGET = 5
LIST = 40
META = 150
OTHER_LABEL = 120
INSIDE_KINDS: tuple[RuleKind, ...] = (
    "newsletter", "paywall", "login", "ad-marker", "photo-credit", "read-more", "video-player", "app-promo", "ai-promo",
    "poll", "disclaimer",
)  # fmt: skip
LABELS = dict.fromkeys(INSIDE_KINDS, WIDGET) | dict.fromkeys(LIST_KINDS, LIST)
SHORT_GAP = 1  # a lone line may be a sub-heading, an ad marker or a link, whatever its words
MAX_WIDGET_LINES = 6  # between the first paragraph of a story and the next, or the last but one and the last
MIN_BESIDE_STORIES = 50  # least weight of an own story on a page of embedded ones
MIN_STORY = 400  # least weight of a story that needs no heading
COMMENT_LINES = 10  # window after a comment label in which two comments have their times
HEADER_LINES = 3  # window after a title in which a byline stands
HEADING_LINES = 6  # window before a story in which its heading stands, above byline, time and share bar
FIRST_SHARE = 0.3  # of the weight of the longest story on the page, for the first to be the page's own


def story_spans(features: list[LineFeatures]) -> list[LineSpan]:
    """Return the span from first to last paragraph of the page's own story, and of each full story after it.

    Each is a stretch of the page with much prose and few other lines. A story thus goes on after a widget or a wall, but not
    over a footer to the slogan below it. The method is maximum subsequence segmentation (Pasternack and Roth, "Extracting
    article text from the web with maximum subsequence segmentation", 2009), by lines instead of words.
    """
    least = MIN_BESIDE_STORIES if any(feature.assigned for feature in features) else 0
    found = [stretch for stretch in _stretches(features) if stretch[0] >= least]
    if not found:
        return []
    longest = max(weight for weight, _, _, _ in found)
    own = next(
        (
            i
            for i, (weight, _, _, is_headed) in enumerate(found)
            if weight == longest or (is_headed and weight >= FIRST_SHARE * longest)
        )
    )
    kept = [found[own]]
    for weight, first, last, is_headed in found[own + 1 :]:
        if is_headed and weight >= (MIN_BESIDE_STORIES if _has_heading(features, first) else MIN_STORY):
            kept.append((weight, first, last, is_headed))
    return [_widened(features, first, last) for _, first, last, _ in kept]


def _stretches(features: list[LineFeatures]) -> list[tuple[float, int, int, bool]]:
    """Return the stretches as (weight, first line, last line, whether a title and a byline stand before it)."""
    found: list[tuple[float, int, int, bool]] = []
    total = best = 0.0
    start = last = 0
    is_headed = False
    gap: list[LineFeatures] = []
    for i, feature in enumerate(features):
        if total > 0 and _starts_comments(features, i, is_long=best > MIN_STORY):
            break
        if not feature.is_text:
            gap.append(feature)
            continue
        total -= _cost(gap)
        has_header = _has_header(gap)
        if total <= 0 or (has_header and best > 0):
            if best > 0:
                found.append((best, start, last, is_headed))
            total = best = 0.0
            start, is_headed = i, has_header
        gap = []
        total += _weight(features, i)
        if total > best:
            best, last = total, i
    return [*found, (best, start, last, is_headed)] if best > 0 else found


def _weight(features: list[LineFeatures], i: int) -> float:
    """Return the weight of a paragraph, in characters."""
    length = len(features[i].line.text)
    is_alone = length < TEASER_CHARS and not any(_is_beside_text(features, i, step) for step in (-1, 1))
    return min(length, MAX_WEIGHT) * (ALONE if is_alone else 1)


def _is_beside_text(features: list[LineFeatures], i: int, step: int) -> bool:
    """Return whether the next line in the direction `step` is text, skipping labels that stand inside stories."""
    for j in range(i + step, i + step * (MAX_WIDGET_LINES + 1), step):
        if not 0 <= j < len(features):
            return False
        rule = features[j].rule
        if rule is None or rule.kind not in INSIDE_KINDS:
            return features[j].is_text
    return False


def _cost(gap: list[LineFeatures]) -> int:
    """Return the weight of the lines between two paragraphs, as evidence against one story."""
    if len(gap) <= SHORT_GAP:
        return LINE_ALONE * len(gap)
    labels = [LABELS.get(feature.rule.kind, OTHER_LABEL) for feature in gap if feature.rule is not None]
    labels += [OTHER_LABEL for feature in gap if feature.rule is None and feature.assigned]
    labels += [META for feature in gap if feature.shape == "meta" and not feature.assigned]
    others = sum(feature.rule is None for feature in gap)
    return sum(labels) + (LINE_BESIDE_LABELS if labels else LINE_ALONE) * others


def _has_header(gap: list[LineFeatures]) -> bool:
    """Return whether a title with a byline close below it stands between two paragraphs, so that another story starts."""
    return any(
        feature.shape == "headline" and not feature.assigned and any(near.byline for near in gap[i + 1 : i + 1 + HEADER_LINES])
        for i, feature in enumerate(gap)
    )


def _has_heading(features: list[LineFeatures], first: int) -> bool:
    """Return whether the `h1` of an HTML page, or of an article in it, stands close above a line."""
    return any(feature.tag == "h1" for feature in features[max(0, first - HEADING_LINES) : first])


def _starts_comments(features: list[LineFeatures], i: int, *, is_long: bool) -> bool:
    """Return whether a reader-comment section starts at line `i`.

    An unambiguous label suffices after a long story or before two timestamps; an ambiguous one needs both.
    """
    rule = features[i].rule
    if rule is None or rule.kind != "comment-stub":
        return False
    is_timed = sum(feature.shape == "meta" for feature in features[i + 1 : i + 1 + COMMENT_LINES]) >= 2
    return (is_long or is_timed) if rule.ends_article else (is_long and is_timed)


def _is_caption(features: list[LineFeatures], i: int) -> bool:
    """Return whether line `i` is a short sentence above a label of a kind that does not stand inside stories."""
    below = features[i + 1].rule
    return features[i].shape == "sentence" and below is not None and below.kind not in INSIDE_KINDS


def _widened(features: list[LineFeatures], first: int, last: int) -> LineSpan:
    """Return a span without captions at its start, and with the paragraphs around it beyond a widget or a short list."""
    while first < last and _is_caption(features, first):
        first = next(i for i in range(first + 1, last + 1) if features[i].is_text)
    for step in (-1, 1):
        i, gap = (first if step < 0 else last) + step, 0
        while 0 <= i < len(features) and gap < MAX_WIDGET_LINES:
            feature = features[i]
            is_other_label = feature.rule is not None and feature.rule.kind not in LABELS
            if feature.shape == "meta" or feature.assigned or is_other_label:
                break
            gap += 1
            if feature.shape == "prose" or (feature.shape == "sentence" and (gap == 1 or step > 0)):
                first, last = min(first, i), max(last, i)
                gap = 0
            i += step
    return first, last
