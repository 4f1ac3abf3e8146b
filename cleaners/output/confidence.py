"""Tell how sure a record is one story, the whole of it and nothing else: the share of right records among records like it.

Called by `assemble`. `tests.fit.confidence` makes the models, and shows how well they hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import log

from cleaners.fitted.confidence import ConfidenceModel, shipped_confidence
from cleaners.output.record import StoryReading, Sureness
from cleaners.segmentation.by_layout import Stories, Story, StoryField
from cleaners.segmentation.evidence import strongest
from cleaners.text.line_shape import is_whole

FIELDS: tuple[StoryField, ...] = ("title", "time", "source", "author", "category")
FLAGS = ("truncated", "layout-unknown", "prose-beside", "syndicated", "page-truncated")

LEAST, MOST = 0.01, 0.99  # nothing is certain
DIGITS = 2


def sureness_of(stories: Stories, story: Story, text: str, title: str, flags: Collection[str], *, is_html: bool) -> Sureness:
    """Return the confidence in the record of a story with the numbers behind it."""
    reading = _reading_of(story, text, by_site=stories.by_site, is_html=is_html)
    measures = story.measures | dict(_of_record(story, text, title, flags))
    return Sureness(reading, measures, rounded_share(shipped_confidence()[reading], measures))


def rounded_share(model: ConfidenceModel, measures: Mapping[str, float]) -> float:
    """Return the share of right records among records like this one, rounded so that it is the same on every machine."""
    return min(MOST, max(LEAST, round(model.share(measures), DIGITS)))


def in_words(sure: Sureness) -> str:
    """Return a confidence with its strongest reasons as one line of text."""
    reasons = strongest(shipped_confidence()[sure.reading].parts(sure.measures))
    named = ", ".join(f"{reason.name} {reason.value:+.1f}" for reason in reasons)
    return f"{sure.confidence:.2f} sure" + (f": {named}" if named else "")


def _reading_of(story: Story, text: str, *, by_site: bool, is_html: bool) -> StoryReading:
    """Return how a story was read."""
    if by_site:
        return "site"
    if story.role == "article":
        return "html" if is_html else "text"
    return "story" if text else "headline"


def _of_record(story: Story, text: str, title: str, flags: Collection[str]) -> Iterator[tuple[str, float]]:
    """Yield the measures of the record of a story."""
    lines = text.split("\n") if text else []
    yield "chars", log(1 + len(text))
    yield "title chars", log(1 + len(title))
    yield "article", float(story.role == "article")
    yield "address", float(story.url != "")
    yield "grammar", float(story.form != "")
    yield "label", float("label" in story.form)
    if lines:
        yield "line chars", log(1 + len(text) / len(lines))
        yield "whole lines", sum(map(is_whole, lines)) / len(lines)
        yield "whole end", float(is_whole(lines[-1]))
    for name in FIELDS:
        yield f"field {name}", float(name in story.fields)
    for flag in FLAGS:
        yield f"flag {flag}", float(flag in flags)
