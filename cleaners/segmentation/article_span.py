"""Find how far the page's own story, and those that follow it in full, reach on a page of no known layout."""

from __future__ import annotations

from cleaners.segmentation.line_features import LIST_KINDS, LineFeatures

# All set by hand on raw pages with known texts. A paragraph speaks for a story with its characters, up to:
MAX_WEIGHT = 400
# ... but only with a part of them when it is short and stands alone between headlines and the like, as teasers do.
ALONE = 0.5
TEASER_CHARS = 220
# Each line between two paragraphs speaks against their being of one story: one of no known kind, by itself or when labels
# stand there too, one of the kinds that stand inside stories, the label of a list, a byline or time, another label.
LINE_ALONE = 10
LINE_BESIDE_LABELS = 20
WIDGET = 5
LIST = 40
META = 150
OTHER_LABEL = 120
INSIDE_KINDS = (
    "newsletter", "paywall", "login", "ad-marker", "photo-credit", "read-more", "video-player", "app-promo", "ai-promo",
    "poll", "disclaimer",
)  # fmt: skip
LABELS = dict.fromkeys(INSIDE_KINDS, WIDGET) | dict.fromkeys(LIST_KINDS, LIST)
SHORT_GAP = 1  # a lone line may be a sub-heading, an ad marker or a link, whatever its words
MAX_WIDGET_LINES = 6  # between the first paragraph of a story and the next, or the last but one and the last
MIN_BESIDE_STORIES = 50  # the least weight of an own story on a page of embedded ones
MIN_STORY = 400  # the weight of a story that is not doubted
COMMENT_LINES = 10  # within so many lines two comments tell their times
HEADER_LINES = 3  # within so many lines a byline follows a title
HEADING_LINES = 6  # within so many lines a story follows its heading: byline, time, share bar
FIRST_SHARE = 0.3  # of the weight of the longest story on the page, for the first to be the page's own


def story_extents(features: list[LineFeatures]) -> list[tuple[int, int]]:
    """Return the indices of the first and last paragraph of the page's own story, and of each that follows it in full.

    Each is a stretch of the page with most prose and least beside it, so that a story goes on after a widget or a wall but
    not over a footer to its slogan. The method is maximum subsequence segmentation (Pasternack and Roth, "Extracting
    article text from the web with maximum subsequence segmentation", 2009), by lines instead of words.
    """
    least = MIN_BESIDE_STORIES if any(feature.assigned for feature in features) else 0
    found = [part for part in _stretches(features) if part[0] >= least]
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
        if total > 0 and _opens_comments(features, i, is_long=best > MIN_STORY):
            break
        if not feature.is_text:
            gap.append(feature)
            continue
        total -= _cost(gap)
        heads = _heads(gap)
        if total <= 0 or (heads and best > 0):
            if best > 0:
                found.append((best, start, last, is_headed))
            total = best = 0.0
            start, is_headed = i, heads
        gap = []
        total += _weight(features, i)
        if total > best:
            best, last = total, i
    return [*found, (best, start, last, is_headed)] if best > 0 else found


def _weight(features: list[LineFeatures], i: int) -> float:
    """Return what a paragraph speaks for its story."""
    length = len(features[i].line.text)
    is_alone = length < TEASER_CHARS and not any(_is_beside_text(features, i, step) for step in (-1, 1))
    return min(length, MAX_WEIGHT) * (ALONE if is_alone else 1)


def _is_beside_text(features: list[LineFeatures], i: int, step: int) -> bool:
    """Say whether text is next to a paragraph, but for labels that stand inside stories."""
    for at in range(i + step, i + step * (MAX_WIDGET_LINES + 1), step):
        if not 0 <= at < len(features):
            return False
        rule = features[at].rule
        if rule is None or rule.kind not in INSIDE_KINDS:
            return features[at].is_text
    return False


def _cost(gap: list[LineFeatures]) -> int:
    """Return what the lines between two paragraphs speak against their being of one story."""
    if len(gap) <= SHORT_GAP:
        return LINE_ALONE * len(gap)
    labels = [LABELS.get(feature.rule.kind, OTHER_LABEL) for feature in gap if feature.rule is not None]
    labels += [OTHER_LABEL for feature in gap if feature.rule is None and feature.assigned]
    labels += [META for feature in gap if feature.shape == "meta" and not feature.assigned]
    others = sum(feature.rule is None for feature in gap)
    return sum(labels) + (LINE_BESIDE_LABELS if labels else LINE_ALONE) * others


def _heads(gap: list[LineFeatures]) -> bool:
    """Say whether a title and, close below it, a byline stand between two paragraphs: the second begins another story."""
    return any(
        feature.shape == "headline" and not feature.assigned and any(near.byline for near in gap[i + 1 : i + 1 + HEADER_LINES])
        for i, feature in enumerate(gap)
    )


def _has_heading(features: list[LineFeatures], first: int) -> bool:
    """Say whether the heading of an HTML page or of an article in it stands close above a line."""
    return any(feature.tag == "h1" for feature in features[max(0, first - HEADING_LINES) : first])


def _opens_comments(features: list[LineFeatures], i: int, *, is_long: bool) -> bool:
    """Say whether the comments of readers begin at a line.

    Its label says so, and a long story is over or times follow close by; or its label may say so, and both hold.
    """
    rule = features[i].rule
    if rule is None or rule.kind != "comment-stub":
        return False
    is_timed = sum(feature.shape == "meta" for feature in features[i + 1 : i + 1 + COMMENT_LINES]) >= 2
    return (is_long or is_timed) if rule.ends_article else (is_long and is_timed)


def _is_caption(features: list[LineFeatures], i: int) -> bool:
    """Say whether a short sentence stands above a label that is none of those that stand inside stories."""
    below = features[i + 1].rule
    return features[i].shape == "sentence" and below is not None and below.kind not in INSIDE_KINDS


def _widened(features: list[LineFeatures], first: int, last: int) -> tuple[int, int]:
    """Return a stretch with the paragraphs before and after it that no more than a widget or a short list parts from it."""
    while first < last and _is_caption(features, first):
        first = next(i for i in range(first + 1, last + 1) if features[i].is_text)
    for step in (-1, 1):
        at, gap = (first if step < 0 else last) + step, 0
        while 0 <= at < len(features) and gap < MAX_WIDGET_LINES:
            feature = features[at]
            if feature.shape == "meta" or feature.assigned or (feature.rule is not None and feature.rule.kind not in LABELS):
                break
            gap += 1
            if feature.shape == "prose" or (feature.shape == "sentence" and (gap == 1 or step > 0)):
                first, last = min(first, at), max(last, at)
                gap = 0
            at += step
    return first, last
