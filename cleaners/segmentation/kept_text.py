"""Keep the whole text of a record that these very rules made: cleaning it again changes nothing.

Called by `cleaners.pipeline`.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.document.page import Line, Page
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.line_features import page_features
from cleaners.segmentation.line_score import score_lines
from cleaners.segmentation.sureness import PageMeasures


def kept_text(page: Page, lines: Sequence[Line], ruleset: Ruleset) -> Stories:
    """Return the story whose text are all lines of a page."""
    layout = ruleset.fallback_layout.id
    features = page_features(lines, page, ruleset)
    stories = Stories(layout, [Story("article", layout, body=list(lines))])
    PageMeasures(features, score_lines(features, ruleset)).add_to(stories, page, alone=True)
    return stories
