"""Distinguish a raw page, with menus, widgets and lists around its text, from a text on its own.

Called by `by_shape`.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.rules.compiled import Ruleset
from cleaners.rules.phrases import PhraseScanner
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.line_features import LineFeatures
from cleaners.text.normalize import MAX_KEY_CHARS
from cleaners.text.spans import join, subtract

MIN_LABELS = 5  # least number of different labels on a raw page; set by hand on raw pages and bare texts
MIN_LABEL_SHARE = 0.12  # least share of its lines, for a page with one label fewer
MIN_SHARE = 0.7  # least share of the characters of a digest that belong to stories of one form


def is_raw(features: Sequence[LineFeatures], ruleset: Ruleset, scan: PhraseScanner) -> bool:
    """Return whether a page has menus, widgets or lists around its text, or consists of stories of one form."""
    labels = len({label for feature in features if (label := _label(feature, ruleset, scan))})
    assigned = sum(len(feature.line.text) for feature in features if feature.assigned)
    return (
        labels >= MIN_LABELS
        or (labels >= MIN_LABELS - 1 and labels >= MIN_LABEL_SHARE * len(features))
        or assigned >= MIN_SHARE * sum(len(feature.line.text) for feature in features)
    )


def _label(feature: LineFeatures, ruleset: Ruleset, scan: PhraseScanner) -> str:
    """Return the label that a line is, with or without the phrases of clutter in it; "" for none."""
    text = feature.line.text
    if feature.rule is not None or len(text) > MAX_KEY_CHARS:
        return text if feature.rule is not None else ""
    phrases = [(start, end) for _, start, end in scan.phrases(feature.line)]
    rest = join(text, subtract((0, len(text)), phrases)).text if phrases else ""
    return rest if rest and line_rule(rest, ruleset, outside=True) else ""
