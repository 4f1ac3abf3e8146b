"""Find the labels and the lists of links that stand between the paragraphs of a story's text.

Called by `own_extent`. An extractor of HTML takes them for text, and so may the score of lines, by what is around them.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.rules.model import Rule, RuleKind
from cleaners.segmentation.line_features import LINKED, LIST_KINDS, LineFeatures

# Kinds of labels whose words are never sub-headings, even when the label stands alone.
WIDGET_KINDS: tuple[RuleKind, ...] = ("ad-marker", "photo-credit", "read-more", "share-bar", "video-player")


def without_widgets(features: Sequence[LineFeatures], kept: Sequence[bool]) -> list[bool]:
    """Return the lines of a text without labels, and without the links under the label of a list up to the next paragraph.

    In plain text every line there may be a link.
    """
    left = list(kept)
    is_html = any(feature.tag for feature in features)
    in_list = False
    for i, feature in enumerate(features):
        if not kept[i]:
            in_list = in_list or (feature.rule is not None and feature.rule.kind in LIST_KINDS)
            continue
        if feature.rule is not None:
            if _is_label(features, i, feature.rule):
                in_list = feature.rule.kind in LIST_KINDS
                left[i] = False
        elif feature.shape in ("prose", "sentence"):
            in_list = False
        elif in_list and (feature.linked >= LINKED or not is_html):
            left[i] = False
    return left


def _is_label(features: Sequence[LineFeatures], i: int, rule: Rule) -> bool:
    """Return whether a line that a rule names is a label there, and not a sub-heading or a list item of the story."""
    beside = (*features[max(0, i - 1) : i], *features[i + 1 : i + 2])
    if rule.where == "any" or rule.kind in WIDGET_KINDS or any(feature.rule is not None for feature in beside):
        return True
    return rule.kind in LIST_KINDS and any(near.shape == "headline" for near in features[i + 1 : i + 3])
