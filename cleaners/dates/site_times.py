"""Find times in the forms of one site, such as `{day}/{month}/{year} {hour}h{minute}`, beside those that all sites use.

Called by `cleaners.rules.compiled` for the pages of a site with forms in its pack; `cleaners.rules.model` checks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, cast, get_args

import re2

from cleaners.dates.calendars import gregorian_year
from cleaners.dates.find import MAX_TIME_CHARS, DateFinder, TimeSpan
from cleaners.dates.resolve import TimeExpression, WordKind

TimeField = Literal["day", "month", "year", "hour", "minute", "second", "month-name"]
Part = tuple[str, str]  # fixed text, or else the name of a field
YEARS = range(1900, 2101)  # of any calendar, once it is the Gregorian one
NO_MONTHS: Mapping[str, int] = {}
# The digits of a number: in a form, and right beside another number.
_DIGITS: dict[str, tuple[str, str]] = {
    "day": ("{1,2}", "{2}"), "month": ("{1,2}", "{2}"), "hour": ("{1,2}", "{2}"), "minute": ("{2}", "{2}"),
    "second": ("{2}", "{2}"), "year": (r"{4}|\p{Nd}{2}", r"{4}|\p{Nd}{2}"),
}  # fmt: skip


def check_form(parts: Sequence[Part]) -> None:
    """Raise ValueError when a form of time is not sound: a field is unknown or missing, or numbers alone would follow it."""
    fields = [field for _, field in parts if field]
    known = get_args(TimeField)
    unknown = next((field for field in fields if field not in known), None)
    if unknown is not None:
        raise ValueError(f"uses the unknown field {{{unknown}}}; known are {', '.join(known)}")
    if len({*fields}) < len(fields):
        raise ValueError("has a field twice")
    if "day" not in fields or ("month" in fields) == ("month-name" in fields):
        raise ValueError("needs {day}, and either {month} or {month-name}")
    if ("hour" in fields) != ("minute" in fields) or ("second" in fields and "hour" not in fields):
        raise ValueError("needs {hour} and {minute} together, with {second} or without")
    if not {"year", "month-name", "hour"} & {*fields}:
        raise ValueError("needs {year}, {month-name} or {hour}; a day and a month in numbers may be any two numbers")
    if not parts[0][0].lstrip() == parts[0][0] or not parts[-1][0].rstrip() == parts[-1][0]:
        raise ValueError("begins or ends with a blank")
    if sum(len(text) for text, _ in parts) > MAX_TIME_CHARS:
        raise ValueError(f"has over {MAX_TIME_CHARS} characters")


def months_of(rows: Iterable[tuple[str, WordKind, int]]) -> dict[str, int]:
    """Return the numbers of months by their names; of a name that rows give twice, the first."""
    months: dict[str, int] = {}
    for word, kind, value in rows:
        if kind == "month":
            months.setdefault(word.casefold(), value)
    return months


class SiteDateFinder(DateFinder):
    """Find the times of a line by date words, and first by the forms of the site.

    `forms` are the parts of each form, in the order to try them.
    """

    def __init__(self, tables: Iterable[Iterable[tuple[str, WordKind, int]]], forms: Iterable[Sequence[Part]]) -> None:
        rows = [list(table) for table in tables]
        super().__init__(rows)
        months = months_of(row for table in rows for row in table)
        self._forms = [TimePattern(parts, months) for parts in forms]

    def find(self, text: str) -> Iterator[TimeSpan]:
        """Yield the times in a line, left to right: those in forms of the site, and others between them."""
        at = 0
        for span in self._in_forms(text):
            yield from self._others(text, at, span.start)
            yield span
            at = span.end
        yield from self._others(text, at, len(text))

    def _others(self, text: str, start: int, end: int) -> Iterator[TimeSpan]:
        """Yield the times of a part of a line that date words tell."""
        if start == 0 and end == len(text):
            yield from super().find(text)
            return
        for span in super().find(text[start:end]):
            yield TimeSpan(start + span.start, start + span.end, span.expression)

    def _in_forms(self, text: str) -> Iterator[TimeSpan]:
        """Yield the times in forms of the site, left to right without overlap, at each place that of the first form."""
        found = [(span.start, number, span) for number, form in enumerate(self._forms) for span in form.find(text)]
        at = 0
        for start, _, span in sorted(found, key=lambda it: it[:2]):
            if start >= at:
                yield span
                at = span.end


class TimePattern:
    """A form as a pattern, with a group for each field; `months` are the numbers of months by their names."""

    def __init__(self, parts: Sequence[Part], months: Mapping[str, int] = NO_MONTHS) -> None:
        self._fields = [cast("TimeField", field) for _, field in parts if field]
        self._months = months
        names = "|".join(re2.escape(name) for name in sorted(months, key=len, reverse=True))
        regex = ""
        for i, (text, field) in enumerate(parts):
            beside = {part[1] for part in (*parts[max(0, i - 1) : i], *parts[i + 1 : i + 2])}
            if field == "month-name":
                regex += f"({names})"
            elif field:
                digits = _DIGITS[field][bool(beside & _DIGITS.keys())]
                regex += rf"(\p{{Nd}}{digits})"
            else:
                regex += r"\s+".join(re2.escape(word) for word in text.split(" "))
        self._pattern = re2.compile(f"(?i){regex}") if names or "month-name" not in self._fields else None

    def find(self, text: str) -> Iterator[TimeSpan]:
        """Yield the times of this form in a line, left to right; none begins or ends inside a word or a number."""
        if self._pattern is None:
            return
        found = self._pattern.search(text)
        while found is not None:
            start, end = found.span()
            is_cut = _is_inside(text, start) or _is_inside(text, end)
            expression = None if is_cut else self._meaning(found.groups())
            if expression is not None:
                yield TimeSpan(start, end, expression)
            found = self._pattern.search(text, end if expression is not None else start + 1)

    def read(self, text: str) -> TimeExpression | None:
        """Return the time when all of `text` is one of this form, else None."""
        found = self._pattern.fullmatch(text) if self._pattern is not None else None
        return self._meaning(found.groups()) if found is not None else None

    def _meaning(self, values: Sequence[str]) -> TimeExpression | None:
        """Return the time that the values of the fields give, None when there is no such time."""
        of: dict[TimeField, int] = {
            field: self._months[value.casefold()] if field == "month-name" else int(value)
            for field, value in zip(self._fields, values, strict=True)
        }
        year = of.get("year", 0)
        if "year" in of:
            year = gregorian_year(2000 + year if year < 100 else year)
        hour, minute, second = of.get("hour", 0), of.get("minute", 0), of.get("second", 0)
        month, day = of.get("month", 0) or of.get("month-name", 0), of["day"]
        try:
            date(year or 2000, month, day)
        except ValueError:
            return None
        if hour > 24 or minute > 59 or second > 59 or ("year" in of and year not in YEARS):
            return None
        return TimeExpression(year=year, month=month, day=day, clock=(hour % 24, minute) if "hour" in of else None)


def iso_time(expression: TimeExpression) -> str:
    """Return the date and the clock time of an expression as in ISO 8601, with a hyphen for a year that it lacks.

    >>> iso_time(TimeExpression(month=7, day=5, clock=(14, 30))), iso_time(TimeExpression(year=2025, month=7, day=5))
    ('--07-05T14:30', '2025-07-05')
    """
    day = f"{expression.year or '-'}-{expression.month:02}-{expression.day:02}"
    return f"{day}T{expression.clock[0]:02}:{expression.clock[1]:02}" if expression.clock is not None else day


def _is_inside(text: str, at: int) -> bool:
    """Return whether a word or a number goes on at an offset."""
    before, after = text[at - 1 : at] if at else "", text[at : at + 1]
    return (before.isdecimal() and after.isdecimal()) or (before.isalpha() and after.isalpha())
