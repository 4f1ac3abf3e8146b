"""Keep the lists of an HTML page whole that are a part of its own story.

Called by `main_content`. Extractors of other libraries keep some items of a list and lose others, mostly the first and the
last ones and those that are links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cleaners.segmentation.line_features import HEADINGS, LINKED, LIST_KINDS, LineFeatures
from cleaners.segmentation.widgets import WIDGET_KINDS

NEAR = 2  # lines from the text to a list of few links
# Least share of the characters of a list that are kept already, with text close above it alone, and close below it alone.
MIN_CLOSING, MIN_OPENING = 0.3, 0.8
MAX_LABELS = 0.2  # of the lines of a list; a list of more labels is a menu


def with_whole_lists(features: Sequence[LineFeatures], chosen: Sequence[bool]) -> list[bool]:
    """Return the chosen lines of a page with all lines of each list that is a part of the text."""
    lists: dict[int, list[int]] = defaultdict(list)
    for i, feature in enumerate(features):
        if feature.group and not feature.assigned:
            lists[feature.group].append(i)
    kept = list(chosen)
    for lines in lists.values():
        if any(not kept[i] or features[i].rule is not None for i in lines) and _is_text(features, kept, lines):
            for i in lines:
                kept[i] = True
                _drop_label(features[i])
            above = lines[0] - 1
            if above > 0 and kept[above - 1] and _is_heading(features[above]):
                kept[above] = True
    return kept


def _is_text(features: Sequence[LineFeatures], kept: Sequence[bool], lines: Sequence[int]) -> bool:
    """Return whether a list is text: text is right above and below it, or it has few links and is close to text."""
    own = [features[i] for i in lines]
    labels = sum(feature.rule is not None for feature in own)
    if any(feature.page_part for feature in own) or labels > MAX_LABELS * len(own):
        return False
    first, last = lines[0], lines[-1]
    chars = sum(len(feature.line.text) for feature in own)
    is_linked = sum(feature.linked * len(feature.line.text) for feature in own) >= LINKED * chars
    if any(kept[max(0, first - 1) : first]) and any(kept[last + 1 : last + 2]):
        return not (is_linked and _is_list_label(features[first - 1]))
    above, below = any(kept[max(0, first - NEAR) : first]), any(kept[last + 1 : last + 1 + NEAR])
    if is_linked or not (above or below):
        return False
    least = 0.0 if above and below else MIN_CLOSING if above else MIN_OPENING
    return sum(len(features[i].line.text) for i in lines if kept[i]) >= least * chars


def _is_heading(feature: LineFeatures) -> bool:
    """Return whether a line may be the heading of a list that is text."""
    is_free = not feature.assigned and feature.rule is None and not feature.page_part
    return is_free and feature.tag in HEADINGS and feature.linked < LINKED


def _is_list_label(feature: LineFeatures) -> bool:
    return feature.rule is not None and feature.rule.kind in LIST_KINDS


def _drop_label(feature: LineFeatures) -> None:
    """Read an item of a text as text, whatever label has the same words, unless no text has them."""
    if feature.rule is not None and feature.rule.where != "any" and feature.rule.kind not in WIDGET_KINDS:
        feature.rule, feature.shape = None, "short"
