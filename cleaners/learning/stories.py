"""The layouts of embedded stories, from those that a reading was able to find on some pages of a site.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cleaners.grammar.template import LayoutField
from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import PageReading, SitePage, SitePages
from cleaners.learning.wording import as_written, may_be_missing
from cleaners.output.record import Segment
from cleaners.rules.layout import MAX_LINE_FIELDS

MIN_PAGES = 2
MAX_LAYOUTS = 8
MAX_LINES = 7
MAX_FIXED_CHARS = 30  # beside the fields of a line
FIELDS: dict[str, LayoutField] = {
    "title": "title", "source": "source", "published_raw": "time", "category": "category", "authors": "author", "text": "body",
}  # fmt: skip
BODY = "{body}"


class StoryForm(msgspec.Struct, frozen=True):
    """The lines of embedded stories as templates, the stories of that form, and the pages that have one of how many."""

    lines: tuple[str, ...]
    stories: int
    pages: int
    of: int


def story_forms(part: SitePages, settings: LearningSettings) -> list[StoryForm]:
    """Return the forms of the stories that a reading found embedded on the pages of a template, the most frequent first."""
    stories: dict[tuple[str, ...], int] = {}
    pages: dict[tuple[str, ...], set[int]] = {}
    for number, (page, reading) in enumerate(zip(part.pages, part.readings, strict=True)):
        for form in _forms_on(page, reading):
            stories[form] = stories.get(form, 0) + 1
            pages.setdefault(form, set()).add(number)
    least = max(MIN_PAGES, settings.story_pages * len(part))
    found = [StoryForm(form, stories[form], len(on), len(part)) for form, on in pages.items() if len(on) >= least]
    return sorted(found, key=lambda form: (-form.stories, form.lines))[:MAX_LAYOUTS]


def _forms_on(page: SitePage, reading: PageReading) -> Iterator[tuple[str, ...]]:
    """Yield the form of each embedded story of a page, if its lines stand together and give more than a title."""
    if reading.cleaned is None:
        return
    by_record: dict[str, list[Segment]] = {}
    for segment in reading.cleaned.segments:
        if segment.record is not None:
            by_record.setdefault(segment.record, []).append(segment)
    for record in reading.cleaned.records:
        if record.kind != "article" and record.title:
            form = _form_of(page, by_record.get(record.id, []))
            if form and len(form) > 1 + (BODY in form):
                yield form


def _form_of(page: SitePage, segments: list[Segment]) -> tuple[str, ...]:
    """Return the templates of the lines of a story, none when it has a part of another kind or lines that stand apart."""
    if not segments:
        return ()
    lines = [line for line in page.lines if line.start < segments[-1].end and line.end > segments[0].start]
    found: list[str] = []
    for line in lines:
        inside = [segment for segment in segments if segment.start < line.end and segment.end > line.start]
        if not inside or any(segment.field not in FIELDS for segment in inside):
            return ()
        if all(segment.field == "text" for segment in inside):
            if found[-1:] != [BODY]:
                found.append(BODY)
            continue
        template, at = "", line.start
        for segment in inside:
            template += as_written(page.page.text[at : segment.start]) + "{" + FIELDS[segment.field or ""] + "}"
            at = segment.end
        template += as_written(page.page.text[at : line.end])
        if len(line.text) - sum(segment.end - segment.start for segment in inside) > MAX_FIXED_CHARS:
            return ()
        found.append(template)
    are_lines = all(one.count("{") <= MAX_LINE_FIELDS and not may_be_missing(one) for one in found)
    is_sound = BODY not in found[:-1] and len(found) <= MAX_LINES and are_lines
    return tuple(found) if is_sound else ()
