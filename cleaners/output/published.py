"""Choose the time at which a story was published among those that its page gives.

Called by `cleaners.output.assemble`.
"""

from __future__ import annotations

from collections.abc import Iterable

from cleaners.dates.order import order_on_page
from cleaners.dates.resolve import resolve
from cleaners.dates.timestamps import date_in_address, published_time
from cleaners.document.page import Page, Precision
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Story
from cleaners.segmentation.byline import is_update_label, time_of_text

Time = tuple[str, Precision]  # ISO 8601 in UTC, and the smallest unit to which it is known
UNKNOWN: Time = ("", "")


def published_of(page: Page, story: Story, raw: str, ruleset: Ruleset) -> Time:
    """Return the time of a story with its precision; `raw` is its time as a line of the page words it.

    For the page's own story, its head or its row goes before a line of its header or of the start of its text, then the day of
    the address, and the time of an element near the title. The time of a change counts only where the page gives no other, and
    the day that another library finds where it gives none at all.
    """
    line = _resolved(raw, page, ruleset)
    of_element = _machine_time(page, story)
    if story.role != "article":
        return _finest(line, [of_element])
    head = page.metadata
    stated = [(head.published, head.precision), _resolved(head.worded, page, ruleset)]
    of_line = _finest(line, [of_element])
    if not raw:
        of_line = _finest(of_line, [_resolved(time_of_text(story.body, ruleset), page, ruleset)])
    is_update = raw != "" and is_update_label(_before_time(page, story), ruleset)
    address = date_in_address(page.url)
    nearest = _given(head.nearest, page, ruleset)
    published = [*stated, *((address, of_line) if is_update else (of_line, address)), nearest]
    found = next((time for time in published if time[0]), UNKNOWN)
    if not found[0]:
        found = _given(head.updated, page, ruleset)
    if not found[0]:
        found = published_time(page.find_day(page.captured_at) if page.find_day is not None else "")
    return _finest(found, published)


def _finest(time: Time, others: Iterable[Time]) -> Time:
    """Return a time, or the first of others: in place of none, or of the same day less exactly."""
    for other in others:
        if other[0] and (not time[0] or (time[1] == "day" and other[0][:10] == time[0][:10])):
            time = other
    return time


def _given(time: str, page: Page, ruleset: Ruleset) -> Time:
    """Return a time that is machine-readable or in words."""
    parsed = published_time(time)
    return parsed if parsed[0] else _resolved(time, page, ruleset)


def _resolved(words: str, page: Page, ruleset: Ruleset) -> Time:
    """Return a time in words or numbers."""
    expression = ruleset.context.times.read(words) if words else None
    if expression is None:
        return UNKNOWN
    order = ruleset.date_order
    if not order and expression.pair is not None:
        order = order_on_page(page.text, page.metadata.region)
    return resolve(expression, page.captured_at, order)


def _machine_time(page: Page, story: Story) -> Time:
    """Return the machine-readable time of the HTML line with a story's time."""
    hint = page.hints.get(_line_start(page, story)) if "time" in story.fields else None
    return published_time(hint.time) if hint is not None and hint.time else UNKNOWN


def _before_time(page: Page, story: Story) -> str:
    """Return the text before a story's time in its line."""
    return page.text[_line_start(page, story) : story.fields["time"].start] if "time" in story.fields else ""


def _line_start(page: Page, story: Story) -> int:
    """Return the offset of the start of the line with a story's time."""
    return page.text.rfind("\n", 0, story.fields["time"].start) + 1
