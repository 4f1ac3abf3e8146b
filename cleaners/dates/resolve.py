"""Parse a run of date words into a time expression, and resolve it against the capture time of its page.

Called by `cleaners.dates.find` (parse) and `cleaners.output.assemble` (resolve).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal, cast, get_args

import msgspec
from msgspec.structs import replace

from cleaners.dates.calendars import SOLAR_YEARS, from_solar, gregorian_year
from cleaners.dates.timestamps import iso_utc
from cleaners.dates.tokenize import Token
from cleaners.document.page import Precision

Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)
# How a date in numbers is read; "" when nobody has stated it.
DateOrder = Literal["", "dmy", "mdy", "ymd"]
# The kinds of words in a time: "label" stands beside times ("updated"), "filler" is a short label inside them ("on", "de").
WordKind = Literal[
    "number", "one", "dual", "unit", "ago", "now", "today", "yesterday", "month", "solar month", "weekday", "clock", "am", "pm",
    "zone", "label", "filler",
]  # fmt: skip
# A token and its possible meanings: kinds of words with their values, such as ("month", 5). Punctuation has none.
DatePart = tuple[Token, frozenset[tuple[WordKind, int]]]
# The units that are counted back from the capture; longer ones are too vague.
STEPS: dict[Unit | Literal[""], timedelta] = {
    "second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1),
}  # fmt: skip
# Zones with a single meaning, as offsets from UTC in hours. A clock time in another zone, or in none, is known to the day.
ZONES = {"utc": 0, "gmt": 0, "z": 0, "cet": 1,
         "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "edt": -4, "est": -5,
         "cdt": -5, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "et": -5, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "myt": 8,
         "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13}  # fmt: skip
NUMERIC_SIGNS = ("-", "/", ".")  # between the numbers of a date
OTHER_ZONES = frozenset({"ist", "bst", "cst", "pt", "ct", "mt", "wib", "pkt", "sast", "wat", "eat", "uhr"})


class TimeExpression(msgspec.Struct, frozen=True, gc=False):
    """A time as the page words it, not yet resolved.

    Either `count` of `unit` before the capture, or the known parts of a date (0 when unknown), with the clock time if any.
    `pair` is a day and a month in unknown order; `zone` is an offset from UTC in hours.
    """

    unit: Unit | Literal[""] = ""
    count: int = 0
    year: int = 0
    month: int = 0
    day: int = 0
    pair: tuple[int, int] | None = None
    clock: tuple[int, int] | None = None
    zone: int | None = None


def parse_expression(parts: list[DatePart], *, solar: bool = False) -> TimeExpression | None:
    """Return the time that a run of parts means, or None: "15 May" is a time, "15" and "May" are none.

    With `solar`, a date in numbers may be one of the Solar Hijri calendar.
    """
    kinds = {kind for _, meanings in parts for kind, _ in meanings}
    if "now" in kinds and not kinds & {"number", "unit"}:
        return TimeExpression("minute", 0)
    if "ago" in kinds and (expression := _relative(parts)):
        return expression
    clock, zone, rest = _clock(parts)
    if kinds & {"yesterday", "today"} and not kinds & {"month", "solar month"}:
        return TimeExpression("day", 1 if "yesterday" in kinds else 0, clock=clock, zone=zone)
    numeric = _numeric_date(rest, solar=solar)
    is_range = numeric is not None and not numeric.year and "unit" in kinds and "weekday" not in kinds  # "2-3 hours"
    expression = _worded_date(rest) if numeric is None or is_range else numeric
    if expression is not None:
        return replace(expression, clock=clock, zone=zone)
    return TimeExpression(clock=clock, zone=zone) if clock and not kinds & {"unit"} else None


def _relative(parts: list[DatePart]) -> TimeExpression | None:
    """Return a count of units before the capture, in the smallest unit named."""
    total = timedelta()
    unit: Unit | Literal[""] = ""
    count: int | None = None
    for _, meanings in parts:
        values = dict(meanings)
        if "dual" in values:  # a word for two of a unit, as in Arabic
            count, values = 2, {**values, "unit": values["dual"]}
        if "number" in values:
            count = values["number"]
        elif "unit" in values and (count is not None or "dual" in values or not unit):
            number = 1 if count is None else count
            unit = UNITS[values["unit"]]
            if unit not in STEPS:
                return TimeExpression(unit, number)
            if number > 999_999:
                return None
            total += number * STEPS[unit]
            count = None
        elif "one" in values and count is None:
            count = 1
    return TimeExpression(unit, total // STEPS[unit]) if unit else None


def _clock(parts: list[DatePart]) -> tuple[tuple[int, int] | None, int | None, list[DatePart]]:
    """Return the clock time of a run, its zone, and the other parts."""
    zone: int | None = None
    for token, meanings in parts:
        if ("zone", 0) in meanings:
            zone = next((hours for name, hours in ZONES.items() if name == token.text.casefold()), zone)
    for i in range(len(parts) - 2):
        (hours, minutes), between = (_number(parts[i]), _number(parts[i + 2])), parts[i + 1]
        is_between = between[0].text in (":", ".") or any(kind == "clock" for kind, _ in between[1])
        if hours is None or minutes is None or not is_between:
            continue
        is_in_range = hours <= 24 and minutes <= 59 and _length(parts[i + 2]) == 2
        if not is_in_range or (between[0].text == "." and _is_dotted_date(parts, i)):
            continue
        half = {kind for part in parts[i + 3 : i + 5] for kind, _ in part[1]}
        if "pm" in half and hours < 12:
            hours += 12
        elif "am" in half and hours == 12:
            hours = 0
        return (hours % 24, minutes), zone, parts[:i] + parts[i + 3 :]
    return None, zone, parts


def _is_dotted_date(parts: list[DatePart], i: int) -> bool:
    """Return whether the numbers around a full stop belong to a date such as 15.04.2026."""
    after = parts[i + 3 : i + 5]
    before = parts[max(0, i - 2) : i]
    return any(len(near) == 2 and near[at][0].text == "." and _number(near[1 - at]) is not None
               for near, at in ((after, 0), (before, 1)))  # fmt: skip


def _numeric_date(parts: list[DatePart], *, solar: bool) -> TimeExpression | None:
    """Return a date such as 2026-04-15, 15.04.2026, 9/21/2016, 3/9 or, with `solar`, 1402/11/17."""
    for i in range(len(parts) - 2):
        sign = parts[i + 1][0].text
        first, second = _number(parts[i]), _number(parts[i + 2])
        if sign not in NUMERIC_SIGNS or first is None or second is None:
            continue
        third = parts[i + 4] if len(parts) > i + 4 and parts[i + 3][0].text == sign else None
        last = _number(third) if third else None
        if _length(parts[i]) == 4 and last is not None:
            return _checked(first, second, last, solar=solar)
        if third is not None and last is not None and _length(third) in (2, 4):
            year = last if _length(third) == 4 else 2000 + last
            # With points the day stands first wherever dates are written so.
            return _checked(year, second, first) if sign == "." and second <= 12 else _pair(first, second, year)
        if sign != "." and last is None:
            is_decimal = i > 0 and parts[i - 1][0].text in NUMERIC_SIGNS  # the rest of 3.5/5
            return None if is_decimal else _pair(first, second, 0)
    return None


def _pair(first: int, second: int, year: int) -> TimeExpression | None:
    if first > 12:
        return _checked(year, second, first)
    if second > 12:
        return _checked(year, first, second)
    return TimeExpression(year=gregorian_year(year), pair=(first, second)) if first and second else None


def _worded_date(parts: list[DatePart]) -> TimeExpression | None:
    """Return a date such as 15 May 2026, May 15, 2026年5月15日 or ۱۷ بهمن ۱۴۰۲."""
    kind, month = next((mean for _, means in parts for mean in sorted(means) if mean[0] in ("month", "solar month")), ("", 0))
    solar = kind == "solar month"
    year = day = 0
    for i, part in enumerate(parts):
        number = _number(part)
        if number is None:
            continue
        units = {UNITS[value] for kind, value in parts[i + 1][1] if kind == "unit"} if i + 1 < len(parts) else set()
        if _length(part) == 4 and (number in SOLAR_YEARS if solar else 1900 <= gregorian_year(number) <= 2100):
            year = number
        elif "month" in units and not month:
            month = number
        elif not day and 1 <= number <= 31 and (month or "day" in units):
            day = number
    return _checked(year, month, day, solar=solar) if month and (day or year) else None


def _checked(year: int, month: int, day: int, *, solar: bool = False) -> TimeExpression | None:
    """Return a date, or None when its calendar has no such date; one without a year or a day has 0 for it.

    Of the Solar Hijri calendar only whole dates are known; a part of one is a time without a date.
    """
    try:
        if solar and (not year or year in SOLAR_YEARS):
            known = from_solar(year, month, day) if year and day else None
            return TimeExpression(year=known.year, month=known.month, day=known.day) if known else TimeExpression()
        date(gregorian_year(year) or 2000, month, day or 1)
    except ValueError:
        return None
    return TimeExpression(year=gregorian_year(year), month=month, day=day)


def _number(part: DatePart | None) -> int | None:
    return next((value for kind, value in part[1] if kind == "number"), None) if part else None


def _length(part: DatePart) -> int:
    return part[0].end - part[0].start


def resolve(expression: TimeExpression | None, captured_at: datetime | None, order: DateOrder = "") -> tuple[str, Precision]:
    """Return the time in ISO 8601 UTC and its precision, or two empty strings when it cannot be known.

    A relative time counts back from `captured_at` and from nothing else, and so does a day without a year; a time more than
    a day after the capture is rejected. `order` decides between day and month where the numbers alone do not.
    """
    if expression is None:
        return "", ""
    if captured_at is not None:
        captured_at = captured_at.astimezone(UTC)
    try:
        is_relative = expression.unit != ""
        moment, precision = _relative_moment(expression, captured_at) if is_relative else _dated(expression, captured_at, order)
    except (ValueError, OverflowError):  # "9,999,999 days ago" is before the first day there is
        return "", ""
    if moment is None or (captured_at is not None and moment - captured_at > timedelta(days=1)):
        return "", ""
    return iso_utc(moment), precision


def _relative_moment(expression: TimeExpression, captured_at: datetime | None) -> tuple[datetime | None, Precision]:
    """Return the moment of a relative time, cut to its unit."""
    step = STEPS.get(expression.unit)
    if captured_at is None or step is None:
        return None, ""
    precision = cast("Precision", expression.unit)
    return _floor(captured_at - expression.count * step, precision), precision


def _dated(expression: TimeExpression, captured_at: datetime | None, order: DateOrder) -> tuple[datetime | None, Precision]:
    """Return the moment of a date. Without a year, the last one before the capture."""
    month, day = expression.month, expression.day
    if expression.pair is not None:
        if not order and expression.pair[0] != expression.pair[1]:
            return None, ""
        day, month = expression.pair if order == "dmy" else expression.pair[::-1]
    if not month or not day:
        return None, ""
    years = [expression.year] if expression.year else [captured_at.year, captured_at.year - 1] if captured_at else []
    for year in years:
        moment = datetime(year, month, day, tzinfo=UTC)
        if expression.year or (captured_at is not None and moment <= captured_at):
            if expression.clock is not None and expression.zone is not None:
                return moment + timedelta(hours=expression.clock[0] - expression.zone, minutes=expression.clock[1]), "minute"
            return moment, "day"
    return None, ""


def _floor(moment: datetime, unit: Precision) -> datetime:
    """Return the beginning of the unit that holds a moment."""
    smaller = {"second": 0, "minute": 1, "hour": 2, "day": 3}[unit]
    names = ("microsecond", "second", "minute", "hour")[: smaller + 1]
    return moment.replace(**dict.fromkeys(names, 0))  # type: ignore[arg-type]
