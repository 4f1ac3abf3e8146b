"""Read the lines of a story's header: byline, time, source, repeats of the title, and the standfirst, which is text.

Called by `own_story`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.byline import assign_byline, header_time, source_of
from cleaners.segmentation.line_features import (
    MAX_META_CHARS,
    MAX_WORDS_BESIDE_TIME,
    LineFeatures,
    LineSpan,
    Shape,
)
from cleaners.segmentation.page_grammar.line_times import is_divided
from cleaners.segmentation.title_form import words_of

HEADER_SHAPES: tuple[Shape, ...] = ("meta", "headline", "short")
STANDFIRST_SHAPES: tuple[Shape, ...] = ("prose", "sentence", "headline")


def is_meta(feature: LineFeatures, ruleset: Ruleset, sources: Collection[str]) -> bool:
    """Return whether a line gives the author, the time or the source of a story; `sources` are those of other stories."""
    if feature.shape in HEADER_SHAPES and (feature.byline or is_time_line(feature.line.text, ruleset)):
        return True
    may_be_source = feature.shape in ("headline", "short")
    return may_be_source and (feature.line.text in sources or source_of(feature.line.text, ruleset) is not None)


def is_time_line(text: str, ruleset: Ruleset) -> bool:
    """Return whether a line gives a time and few other words, in any language."""
    if len(text) > MAX_META_CHARS:
        return False
    time = header_time(text, ruleset)
    if time is None:
        return False
    return is_divided(text, time) or len(f"{text[: time[0]]} {text[time[1] :]}".split()) <= MAX_WORDS_BESIDE_TIME


def standfirsts(
    features: Sequence[LineFeatures], scores: Sequence[float], title: int, text: LineSpan, least: float
) -> set[int]:
    """Return the lines between a title and the text of its story that are a standfirst: they read like text or share its words.

    `text` is the first and the last line of the text, `least` the least score of text.
    """
    between = [
        i
        for i in range(title + 1, text[0])
        if features[i].shape in STANDFIRST_SHAPES and features[i].selected is not False and not features[i].assigned
    ]
    if not between:
        return set()
    known = {word for i in (title, *range(text[0], text[1] + 1)) for word in words_of(features[i].line.text)}
    longest = len(features[title].line.text)
    return {
        i
        for i in between
        if (features[i].shape != "headline" or (i == between[0] and len(features[i].line.text) > longest))
        and (scores[i] >= least or _are_known(set(words_of(features[i].line.text)), known))
    }


def _are_known(words: set[str], known: set[str]) -> bool:
    """Return whether no fewer of the words are known than not."""
    return 2 * len(words & known) >= len(words) > 0


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
