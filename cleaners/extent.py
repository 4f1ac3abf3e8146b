"""Find how far the page's own story reaches on a page of no known layout."""

from __future__ import annotations

from cleaners.fact import LIST_KINDS, Fact

# All set by hand on raw pages with known texts. A paragraph speaks for the page's own story with its characters, up to:
MAX_WEIGHT = 400
# ... but only with a part of them when it is short and stands alone between other lines, as teasers and comments do.
ALONE = 0.5
TEASER_CHARS = 220
# Each line between two paragraphs speaks against it: a line of no known kind when labels stand there too, or none.
LINE_BESIDE_LABELS = 20
LINE_ALONE = 10
SHORT_GAP = 1  # a lone line may be a sub-heading, an ad marker or a link, whatever its words
META = 150
OTHER_LABEL = 120
# The kinds of labels that stand inside stories as often as around them, and what each label of a kind speaks against.
WIDGET_KINDS = (
    "newsletter", "paywall", "login", "ad-marker", "photo-credit", "read-more", "video-player", "app-promo", "ai-promo",
    "poll", "disclaimer",
)  # fmt: skip
LABELS = dict.fromkeys(WIDGET_KINDS, 20) | dict.fromkeys(LIST_KINDS, 60)
MAX_WIDGET_LINES = 5  # between the first paragraph of a story and the next
MIN_OWN = 400  # with more than this of a story before them, comments are those of its readers
COMMENT_LINES = 10  # within so many lines two of them tell their times


def own_extent(facts: list[Fact]) -> tuple[int, int] | None:
    """Return the indices of the first and the last paragraph of the page's own story, None for a page without one.

    They bound the stretch of the page with most prose and least beside it, so that the story goes on after a widget or a
    wall but not over a footer to its slogan. The method is maximum subsequence segmentation (Pasternack and Roth,
    "Extracting article text from the web with maximum subsequence segmentation", 2009), by lines instead of words.
    """
    best = total = 0.0
    extent: tuple[int, int] | None = None
    start = 0
    gap: list[Fact] = []
    for i, fact in enumerate(facts):
        if total > MIN_OWN and _opens_comments(facts, i):
            break
        if not _is_paragraph(fact):
            gap.append(fact)
            continue
        total -= _cost(gap)
        gap = []
        if total <= 0:
            total, start = 0.0, i
        total += _weight(facts, i)
        if total > best:
            best, extent = total, (start, i)
    return (_reach_back(facts, extent[0]), extent[1]) if extent is not None else None


def _is_paragraph(fact: Fact) -> bool:
    return fact.look == "prose" and not fact.taken


def _weight(facts: list[Fact], i: int) -> float:
    """Return what a paragraph speaks for the page's own story."""
    length = len(facts[i].line.text)
    near = (*facts[max(0, i - 1) : i], *facts[i + 1 : i + 2])
    is_alone = length < TEASER_CHARS and not any(map(_is_paragraph, near))
    return min(length, MAX_WEIGHT) * (ALONE if is_alone else 1)


def _cost(gap: list[Fact]) -> int:
    """Return what the lines between two paragraphs speak against their being of one story."""
    if len(gap) <= SHORT_GAP:
        return LINE_ALONE * len(gap)
    labels = [LABELS.get(fact.rule.kind, OTHER_LABEL) for fact in gap if fact.rule is not None]
    labels += [OTHER_LABEL for fact in gap if fact.rule is None and fact.taken]
    labels += [META for fact in gap if fact.look == "meta" and not fact.taken]
    others = sum(fact.rule is None for fact in gap)
    return sum(labels) + (LINE_BESIDE_LABELS if labels else LINE_ALONE) * others


def _opens_comments(facts: list[Fact], i: int) -> bool:
    """Say whether the comments of readers begin at a line: its label says so, or may and times follow close by."""
    rule = facts[i].rule
    if rule is None or rule.kind != "comment-stub":
        return False
    near = facts[i + 1 : i + 1 + COMMENT_LINES]
    return rule.ends_article or sum(fact.look == "meta" for fact in near) >= 2


def _reach_back(facts: list[Fact], first: int) -> int:
    """Return where a story begins when paragraphs stand before its `first` with only a widget or a short list in between."""
    at = first - 1
    while at >= max(0, first - MAX_WIDGET_LINES):
        fact = facts[at]
        if fact.look == "meta" or fact.taken or (fact.rule is not None and fact.rule.kind not in LABELS):
            break
        if _is_paragraph(fact):
            first = at
        at -= 1
    return first
