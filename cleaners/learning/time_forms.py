"""The forms of time of a site that nothing else reads: numbers near the titles that can only be the parts of one kind of date.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import NamedTuple

import msgspec

from cleaners.dates.find import MAX_TIME_CHARS
from cleaners.dates.resolve import TimeExpression, resolve
from cleaners.dates.site_times import Part, TimeField, TimePattern, iso_time
from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import PageReading, SitePage, SitePages
from cleaners.learning.wording import as_written
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.line_features import MAX_META_CHARS
from cleaners.text.normalize import NO_KEY

NEAR = 5  # lines between a title and the time, and one more
MIN_PAGES = 3
MIN_TIMES = 3  # that differ
MIN_DIFFERENT = 5  # pages, for the times of capture to tell which of two readings is right
MAX_FORMS = 8
MAX_NUMBERS = 6
# The orders of a date, and what may stand before or after it.
DATES: tuple[tuple[TimeField, ...], ...] = (
    ("day", "month", "year"), ("month", "day", "year"), ("year", "month", "day"), ("day", "month"), ("month", "day"),
)  # fmt: skip
CLOCKS: tuple[tuple[TimeField, ...], ...] = ((), ("hour", "minute"), ("hour", "minute", "second"))
_NUMBER = re.compile(r"(\d+)")
_NUMBERS = re.compile(r"\d(?:.*\d)?")


class SiteTime(msgspec.Struct, frozen=True):
    """A form of time: the pages with it near the title of how many, and their lines with the keys and the times of these."""

    form: str
    pages: int
    of: int
    lines: dict[str, str]
    keys: frozenset[str]


class _Line(NamedTuple):
    """A line with numbers, from `start` to `end`, on a page captured at a time that may be unknown.

    `is_read` is True where a day is read in the line, or the time of the page's own story is known without it.
    """

    text: str
    key: str
    start: int
    end: int
    captured_at: datetime | None
    is_read: bool

    @property
    def numbers(self) -> str:
        """Return the numbers of the line, with the text between them."""
        return self.text[self.start : self.end]


class _Reading(NamedTuple):
    """The parts of a form, and the time that it gives for each line: in parts, and resolved.

    `has_year` is True where years have four digits, `is_after` where a time is after the capture of its page.
    """

    parts: list[Part]
    has_year: bool
    is_after: bool
    expressions: list[TimeExpression]
    times: list[str]


def time_forms(pages: SitePages, ruleset: Ruleset, settings: LearningSettings) -> list[SiteTime]:
    """Return the forms in which many pages without a known time give one near their title, the most frequent first.

    The numbers of a form stand between the same texts on all pages that have it, and differ. A form is left out where another
    reading of the numbers gives dates as well, unless the times of capture tell which is right, and where neither a year of
    four digits nor a time of capture shows that it is a date at all.
    """
    alike: dict[tuple[str, ...], list[_Line]] = {}
    for page, reading in zip(pages.pages, pages.readings, strict=True):
        near: dict[tuple[str, ...], list[_Line]] = {}
        for line in _lines_near_title(page, reading, ruleset):
            near.setdefault(_texts_between(line.numbers), []).append(line)
        for texts, lines in near.items():
            if len(lines) == 1:
                alike.setdefault(texts, []).append(lines[0])
    least = max(MIN_PAGES, settings.header_pages * len(pages))
    needed = [(texts, lines) for texts, lines in alike.items() if sum(not line.is_read for line in lines) >= least]
    forms = [_site_time(texts, lines, len(pages)) for texts, lines in needed]
    return sorted((form for form in forms if form is not None), key=lambda form: (-form.pages, form.form))[:MAX_FORMS]


def _lines_near_title(page: SitePage, reading: PageReading, ruleset: Ruleset) -> Iterator[_Line]:
    """Yield the lines near the title of a page that have numbers."""
    title = reading.title_index
    if title is None:
        return
    near = slice(max(0, title - NEAR), title + NEAR + 1)
    for line, key in zip(page.lines[near], page.keys[near], strict=True):
        found = _NUMBERS.search(line.text) if len(line.text) <= MAX_META_CHARS else None
        if found is not None and len(found[0]) <= MAX_TIME_CHARS:
            is_read = reading.has_time or _has_date(line.text, ruleset)
            yield _Line(line.text, key, found.start(), found.end(), page.page.captured_at, is_read)


def _has_date(text: str, ruleset: Ruleset) -> bool:
    """Return whether a day is read in a text: one of the calendar, or counted back from the capture."""
    times = (span.expression for span in ruleset.context.times.find_all(text))
    return any(time.unit or (time.month and time.day) for time in times)


def _texts_between(numbers: str) -> tuple[str, ...]:
    """Return the texts between numbers.

    >>> _texts_between("05|07 2025")
    ('|', ' ')
    """
    return tuple(_NUMBER.split(numbers)[2:-1:2])


def _site_time(texts: tuple[str, ...], lines: Sequence[_Line], of: int) -> SiteTime | None:
    """Return the form of lines with some texts between their numbers, None when these are not known to be a time."""
    if len({line.numbers for line in lines}) < MIN_TIMES or len(texts) >= MAX_NUMBERS:
        return None
    reading = _only_reading(list(_readings(texts, lines)), lines)
    if reading is None or not (reading.has_year or all(line.captured_at is not None for line in lines)):
        return None
    label = "" if any(map(str.strip, texts)) else _label(lines)
    if label is None or any(text.startswith("}") for text in texts):  # no template has such a brace behind a field
        return None
    form = as_written(label) + "".join(f"{{{field}}}" if field else as_written(text) for text, field in reading.parts)
    times = {line.text: iso_time(expression) for line, expression in zip(lines, reading.expressions, strict=True)}
    return SiteTime(form, len(lines), of, dict(sorted(times.items())), frozenset(line.key for line in lines) - {NO_KEY})


def _readings(texts: tuple[str, ...], lines: Sequence[_Line]) -> Iterator[_Reading]:
    """Yield the readings of numbers that give a date on each line."""
    lengths = [{*map(len, numbers)} for numbers in zip(*(_NUMBER.findall(line.numbers) for line in lines), strict=True)]
    for date, clock in product(DATES, CLOCKS):
        for fields in dict.fromkeys(((*date, *clock), (*clock, *date))) if clock or "year" in date else ():
            for cut in _cut(fields, lengths):
                parts = _parts(cut, texts)
                pattern = TimePattern(parts)
                expressions = [time for line in lines if (time := pattern.read(line.numbers)) is not None]
                if len(expressions) == len(lines):
                    times = [resolve(time, line.captured_at)[0] for line, time in zip(lines, expressions, strict=True)]
                    is_after = any(line.captured_at and not time for line, time in zip(lines, times, strict=True))
                    yield _Reading(parts, _has_year(cut, lengths), is_after, expressions, times)


def _cut(fields: tuple[TimeField, ...], lengths: Sequence[set[int]]) -> Iterator[list[tuple[TimeField, ...]]]:
    """Yield the ways to give each number one field or several, for the lengths that the number has on all lines."""
    if not lengths or not fields:
        if not lengths and not fields:
            yield []
        return
    for count in range(1, len(fields) - len(lengths) + 2):
        if lengths[0] <= _lengths_of(fields[:count]):
            yield from ([fields[:count], *rest] for rest in _cut(fields[count:], lengths[1:]))


def _lengths_of(fields: tuple[TimeField, ...]) -> set[int]:
    """Return how many digits a number of some fields may have."""
    if len(fields) == 1 and fields[0] in ("day", "month", "hour"):
        return {1, 2}
    return {2 * len(fields), *([2 * len(fields) + 2] if "year" in fields else [])}


def _has_year(cut: Sequence[tuple[TimeField, ...]], lengths: Sequence[set[int]]) -> bool:
    """Return whether there is a year that has four digits on all lines."""
    return any("year" in fields and min(of) > 2 * len(fields) for fields, of in zip(cut, lengths, strict=True))


def _parts(cut: Sequence[tuple[TimeField, ...]], texts: tuple[str, ...]) -> list[Part]:
    """Return the parts of a form: the fields of each number, and the texts between numbers."""
    parts: list[Part] = []
    for i, fields in enumerate(cut):
        parts += [(texts[i - 1], "")] if i else []
        parts += [("", field) for field in fields]
    return parts


def _only_reading(readings: Sequence[_Reading], lines: Sequence[_Line]) -> _Reading | None:
    """Return the only reading, or that with dates much nearer to the capture on all pages where another one has others.

    None gives a time after the capture. A number such as 2025 that recurs is a year, and no time of day.
    """
    with_year = [one for one in readings if one.has_year and 2 * len({time.year for time in one.expressions}) <= len(lines)]
    left = [one for one in with_year or readings if not one.is_after]
    return next((one for one in left if all(other is one or _is_nearer(one, other, lines) for other in left)), None)


def _is_nearer(reading: _Reading, other: _Reading, lines: Sequence[_Line]) -> bool:
    """Return whether on all pages where two readings differ the dates of the first are half as old at most, and these suffice.

    Of pages captured long after they were published, many have a later date by the wrong reading, but few a much later one.
    """
    differ = [
        line.captured_at is not None and 2 * _age(line.captured_at, one) <= _age(line.captured_at, two)
        for line, one, two in zip(lines, reading.times, other.times, strict=True)
        if one != two
    ]
    return len(differ) >= MIN_DIFFERENT and all(differ)


def _age(captured_at: datetime, time: str) -> timedelta:
    """Return how old a time was at the capture."""
    return captured_at - datetime.fromisoformat(time)


def _label(lines: Sequence[_Line]) -> str | None:
    """Return the text before numbers that only blanks part, None where it has no letter or differs: any may be a date."""
    before = {line.text[: line.start] for line in lines}
    label = next(iter(before)).lstrip()
    return label if len(before) == 1 and any(map(str.isalpha, label)) else None
