"""Distinguish a text on its own from a page with menus, widgets and lists around its text, by a fitted score.

Called by `read_page`. The weights are made by `tests.fit.own_lines`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from cleaners.fitted.load import LoneTextWeights
from cleaners.segmentation.line_features import LineFeatures
from cleaners.segmentation.page_grammar.model import EmbeddedList

# Scores of lines that are hardly text, and not text.
FAR, BELOW = -2.0, 0.0
ENDS = 3  # lines at both ends of a page
# Bounds of bins.
SHARES = (0.0, 0.01, 0.03, 0.07, 0.12, 0.2, 0.3, 0.45, 0.6, 0.8)
COUNTS = (0, 1, 2, 3, 5, 8, 13, 25)
LINES = (1, 2, 4, 8, 15, 30, 60, 120)
ODDS = (-5.0, -3.5, -2.5, -1.5, -0.7, 0.0, 1.0, 2.0)


def is_lone_text(
    features: Sequence[LineFeatures], scores: Sequence[float], fitted: LoneTextWeights, lists: Sequence[EmbeddedList] = ()
) -> bool:
    """Return whether a page is a text on its own: all of its lines are text.

    `scores` are the log-odds of each line, `lists` what has the form of lists of other stories: with any, the page is a text on
    its own when that is likelier than not; else the threshold decides, below which few texts lie.
    """
    get = fitted.weights.get
    odds = sum([get(name, 0.0) for name in page_names(features, scores, lists)])
    return odds > (max(0.0, fitted.threshold) if lists else fitted.threshold)


def page_names(features: Sequence[LineFeatures], scores: Sequence[float], lists: Sequence[EmbeddedList] = ()) -> Iterator[str]:
    """Yield the names of the features of a page with these lists."""
    yield "start"
    count = len(features)
    if not count:
        return
    chars = [len(feature.line.text) for feature in features]
    far = len([score for score in scores if score < FAR])
    below = [length for length, score in zip(chars, scores, strict=True) if score < BELOW]
    yield f"lines:{bisect_left(LINES, count)}"
    yield f"far:{bisect_left(COUNTS, far)}"
    yield f"far-share:{bisect_left(SHARES, far / count)}"
    yield f"below:{bisect_left(COUNTS, len(below))}"
    yield f"below-share:{bisect_left(SHARES, len(below) / count)}"
    yield f"below-chars:{bisect_left(SHARES, sum(below) / sum(chars))}"
    labels = [feature.rule.kind for feature in features if feature.rule is not None]
    yield f"labels:{bisect_left(COUNTS, len(labels))}"
    yield f"kinds:{bisect_left(COUNTS, len(set(labels)))}"
    yield f"lowest:{bisect_left(ODDS, min(scores))}"
    for name, end in (("top", scores[:ENDS]), ("end", scores[-ENDS:])):
        yield f"{name}:{bisect_left(ODDS, sum(end) / len(end))}"
    shapes = [feature.shape for feature in features]
    texts = shapes.count("prose") + shapes.count("sentence")
    yield f"prose-share:{bisect_left(SHARES, texts / count)}"
    yield from _list_names(features, scores, lists)


def _list_names(features: Sequence[LineFeatures], scores: Sequence[float], lists: Sequence[EmbeddedList]) -> Iterator[str]:
    """Yield the names of the features of a page's lists, and of the lines beside them."""
    items = [item for found in lists for item in found.items]
    listed = {i for item in items for i in range(item.first, item.last + 1)}
    yield f"listed:{bisect_left(SHARES, len(listed) / len(features))}"
    if not items:
        return
    yield f"lists:{bisect_left(COUNTS, len(lists))}"
    yield f"items:{bisect_left(COUNTS, len(items))}"
    yield f"surest:{bisect_left(ODDS, max(found.reasons.get('score', 0.0) for found in lists))}"
    yield f"list-label:{any(found.label_index is not None for found in lists)}"
    yield f"own-header:{any(found.own is not None for found in lists)}"
    for name in ("source", "time", "author", "body"):
        yield f"with-{name}:{bisect_left(SHARES, sum([bool(getattr(item, name)) for item in items]) / len(items))}"
    titles = [scores[item.title.line] for item in items if item.title is not None]
    yield f"titles:{bisect_left(ODDS, sum(titles) / max(1, len(titles)))}"
    texts = [scores[i] for item in items for i in item.body]
    yield f"texts:{bisect_left(ODDS, sum(texts) / len(texts)) if texts else '-'}"
    beside = [score for i, score in enumerate(scores) if i not in listed]
    yield f"beside-below:{bisect_left(SHARES, sum([score < BELOW for score in beside]) / max(1, len(beside)))}"
    yield f"beside-far:{bisect_left(COUNTS, sum([score < FAR for score in beside]))}"
    prose = [i for i, feature in enumerate(features) if feature.shape == "prose" and i not in listed]
    first, last = min(listed), max(listed)
    yield f"prose-before:{bisect_left(COUNTS, sum([i < first for i in prose]))}"
    yield f"prose-after:{bisect_left(COUNTS, sum([i > last for i in prose]))}"
    yield f"prose-between:{bisect_left(COUNTS, sum([first < i < last for i in prose]))}"
