"""Read the lines of a story's header: byline, time, source, repeats of the title, and the standfirst, which is text.

Called by `own_story`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.byline import assign_byline, source_of
from cleaners.segmentation.line_features import LineFeatures, Shape

STANDFIRST_SHAPES: tuple[Shape, ...] = ("prose", "sentence", "headline")
MAX_STANDFIRST_REACH = 4  # lines between a title and its standfirst


def is_meta(feature: LineFeatures, ruleset: Ruleset, sources: Collection[str]) -> bool:
    """Return whether a line gives the author, the time or the source of a story; `sources` are those of other stories."""
    if feature.shape == "meta":
        return True
    may_be_source = feature.shape in ("headline", "short")
    return may_be_source and (feature.line.text in sources or source_of(feature.line.text, ruleset) is not None)


def is_standfirst(features: Sequence[LineFeatures], scores: Sequence[float], title: int, i: int, least: float) -> bool:
    """Return whether line `i` is the standfirst below a title: it reads like text, and only the like or bylines stand between.

    `least` is the least score of text.
    """
    feature = features[i]
    if not 0 < i - title <= MAX_STANDFIRST_REACH or feature.shape not in STANDFIRST_SHAPES:
        return False
    if scores[i] < least or feature.selected is False:
        return False
    return all(features[j].shape in (*STANDFIRST_SHAPES, "meta") for j in range(title + 1, i))


def read_header_line(feature: LineFeatures, story: Story, stories: Stories, ruleset: Ruleset, sources: Collection[str]) -> bool:
    """Assign a line of a header that repeats the title or gives author, time or source; return whether it does."""
    title = story.fields.get("title")
    line = feature.line
    if title is not None and line.text == title.text:
        stories.structure.append((line, f"{stories.layout}.repeat"))
    elif feature.shape != "meta" and line.text in sources and "source" not in story.fields:
        story.fields["source"] = Line(line.start, line.end, line.text)
    elif is_meta(feature, ruleset, sources):
        assign_byline(feature, story, stories, ruleset)
    else:
        return False
    feature.assigned = True
    return True
