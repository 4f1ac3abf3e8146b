"""Assign lines, or parts of lines, to no story: to a part of the page around its stories.

Called by the modules of segmentation that read the page's own story, headers and lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cleaners.document.page import Line
from cleaners.segmentation.by_layout import Stories
from cleaners.segmentation.line_features import LineFeatures
from cleaners.text.spans import subtract

# The parts of a page around its stories, which name the rule of their lines in the ledger.
Surrounding = Literal["before", "header", "list", "after", "repeat"]


def drop(feature: LineFeatures, part: Surrounding, stories: Stories) -> None:
    """Assign a line to no story, by its own rule or as a part of the page."""
    feature.assigned = feature.removed = True
    stories.structure.append((feature.line, feature.rule.id if feature.rule else f"{stories.layout}.{part}"))


def drop_rest(line: Line, spans: Sequence[tuple[int, int]], stories: Stories) -> None:
    """Assign the characters of a line outside `spans` to a header, such as separators and labels of times."""
    whole = (0, len(line.text))
    for first, last in subtract(whole, sorted(spans)) if whole not in spans else ():
        visible = line.text[first:last].strip()
        if visible:
            start = line.start + line.text.index(visible, first)
            stories.structure.append((Line(start, start + len(visible), visible), f"{stories.layout}.header"))
