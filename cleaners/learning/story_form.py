"""The form of a story on a page: its lines as templates, by what a reading made of them.

Called by `cleaners.learning.stories`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from cleaners.grammar.template import LayoutField
from cleaners.learning.site_pages import PageReading, SitePage
from cleaners.learning.wording import as_written, may_be_missing
from cleaners.output.record import Record, Segment
from cleaners.rules.layout import MAX_LINE_FIELDS
from cleaners.rules.whole_lines import after_bullet

Form = tuple[str, ...]
MAX_LINES = 9
MAX_ABOVE = 2  # lines above a story that say its title or source
MAX_FIXED_CHARS = 30  # beside the fields of a line
FIELDS: dict[str, LayoutField] = {
    "title": "title", "source": "source", "published_raw": "time", "category": "category", "authors": "author", "text": "body",
}  # fmt: skip
BODY = "{body}"
_FIELD = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\d+")  # as 0 in a fixed line, whose numbers do not count
_LEADING = re.compile(r"^\d{1,3}(?=[.):]? )")  # the number of a story in its list
_SIGNS = frozenset("[]{}|")  # of templates


def forms_on(page: SitePage, reading: PageReading, fixed: Set[str]) -> Iterator[tuple[Form, int]]:
    """Yield the form of each embedded story of a page with its paragraphs, if it gives more than a title."""
    if reading.cleaned is None:
        return
    inside = _segments_of_lines(page, reading.cleaned.segments)
    bounds: dict[str, tuple[int, int]] = {}
    for i, segments in enumerate(inside):
        for segment in segments:
            if segment.record is not None:
                bounds[segment.record] = (bounds.get(segment.record, (i, i))[0], i)
    for record in reading.cleaned.records:
        if record.kind == "article" or not record.title or record.id not in bounds:
            continue
        first, last = bounds[record.id]
        first -= _lines_above(page, first, record, inside)
        form, paragraphs = _form_of(page, record, range(first, last + 1), inside, fixed)
        if len(form) > 1 + (BODY in form):
            yield form, paragraphs


def is_sure(form: Form) -> bool:
    """Return whether the lines of a form tell a story even where it stands alone: by a time, a fixed text or a field again."""
    required = [line for line in form if not may_be_missing(line)]
    fields = [field for line in required for field in _FIELD.findall(line)]
    return "time" in fields or len(fields) > len({*fields}) or any(map(str.isalpha, _FIELD.sub("", "".join(required))))


def mark_of(text: str) -> str:
    """Return the bullet with which a line begins, "" for none.

    >>> mark_of("• Ferry returns"), mark_of("Ferry returns")
    ('• ', '')
    """
    return text.removesuffix(after_bullet(text, numbered=False))


def _segments_of_lines(page: SitePage, segments: list[Segment]) -> list[list[Segment]]:
    """Return the segments of each line of a page."""
    found: list[list[Segment]] = []
    first = 0
    for line in page.lines:
        while first < len(segments) and segments[first].end <= line.start:
            first += 1
        last = first
        while last < len(segments) and segments[last].start < line.end:
            last += 1
        found.append(segments[first:last])
    return found


def _lines_above(page: SitePage, first: int, record: Record, inside: list[list[Segment]]) -> int:
    """Return the number of lines right above a story that say its title or its source, and are in no story."""
    count = 0
    while count < MAX_ABOVE and first > count:
        i = first - count - 1
        if any(segment.record for segment in inside[i]) or _repeat_of(page.lines[i].text, record) is None:
            break
        count += 1
    return count


def _form_of(page: SitePage, record: Record, lines: range, inside: list[list[Segment]], fixed: Set[str]) -> tuple[Form, int]:
    """Return the templates of the lines of a story, none when a line is no part of it, and the number of its paragraphs."""
    found: list[str] = []
    paragraphs = 0
    for i in lines:
        if inside[i] and all(segment.record == record.id and segment.field == "text" for segment in inside[i]):
            found += [BODY] if found[-1:] != [BODY] else []
            paragraphs += 1
            continue
        template = _template_of(page, i, record, inside[i], fixed)
        if template is None or len(found) == MAX_LINES or BODY in found:
            return (), 0
        found.append(template)
    required = [line for line in found if not may_be_missing(line)]
    is_sound = len(found) <= MAX_LINES and all(one.count("{") <= MAX_LINE_FIELDS for one in required)
    return (tuple(found), max(1, paragraphs)) if is_sound else ((), 0)


def _template_of(page: SitePage, i: int, record: Record, inside: list[Segment], fixed: Set[str]) -> str | None:
    """Return the template of a line of a story, None when the line is no part of it."""
    line = page.lines[i]
    if all(segment.record is None for segment in inside):
        is_plain = page.keys[i] in fixed and _SIGNS.isdisjoint(line.text)
        return _repeat_of(line.text, record) or (f"[{_NUMBER.sub('0', line.text)}]" if is_plain else None)
    template, at, rest = "", line.start, len(line.text)
    for segment in inside:
        if segment.record is None:
            continue
        if segment.record != record.id or segment.field not in FIELDS:
            return None
        template += as_written(page.page.text[at : segment.start]) + "{" + FIELDS[segment.field] + "}"
        at = segment.end
        rest -= segment.end - segment.start
    template = _LEADING.sub("{number}", template + as_written(page.page.text[at : line.end]))
    return template if rest <= MAX_FIXED_CHARS and not may_be_missing(template) else None


def _repeat_of(text: str, record: Record) -> str | None:
    """Return the template of a line that is the title or the source of a story again, behind a mark of a list at most."""
    for field, value in (("title", record.title), ("source", record.source)):
        before = text.removesuffix(value)
        if value and text.endswith(value) and before in ("", mark_of(text)):
            return as_written(before) + "{" + field + "}"
    return None
