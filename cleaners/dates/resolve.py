"""What a time says: counts before the capture, days, clock times; and which moment that is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from cleaners.dates.timestamps import iso_utc
from cleaners.dates.tokenize import Token

STEPS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
UNITS = (*STEPS, "week", "month", "year")
# Zones whose letters mean one offset only, in hours. A clock time in another zone, or in none, is known to the day.
ZONES = {"utc": 0, "gmt": 0, "z": 0, "cet": 1,
         "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "edt": -4, "est": -5,
         "cdt": -5, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "et": -5, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "myt": 8,
         "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13}  # fmt: skip
OTHER_ZONES = frozenset({"ist", "bst", "cst", "pt", "ct", "mt", "wib", "pkt", "sast", "wat", "eat", "uhr"})


class TimeExpression(msgspec.Struct, frozen=True, gc=False):
    """A time as a page says it.

    Either `count` of `unit` before the capture, or a day by what is known of it, with the clock time where one is said.
    `pair` are a day and a month in an order that the page does not tell; `zone` is an offset from UTC in hours.
    """

    unit: str = ""
    count: int = 0
    year: int = 0
    month: int = 0
    day: int = 0
    pair: tuple[int, int] | None = None
    clock: tuple[int, int] | None = None
    zone: int | None = None


Part = tuple[Token, frozenset[tuple[str, int]]]


def meaning(parts: list[Part]) -> TimeExpression | None:
    """Return what a run of time parts means, or None when it is no time: "15 May" is one, "15" and "May" are none."""
    kinds = {kind for _, meanings in parts for kind, _ in meanings}
    if "now" in kinds and not kinds & {"number", "unit"}:
        return TimeExpression("minute", 0)
    if "ago" in kinds and (said := _relative(parts)):
        return said
    clock, zone, rest = _clock(parts)
    if kinds & {"yesterday", "today"} and not kinds & {"month"}:
        return TimeExpression("day", 1 if "yesterday" in kinds else 0, clock=clock, zone=zone)
    said = _numeric_date(rest) or _worded_date(rest)
    if said is not None:
        return replace(said, clock=clock, zone=zone)
    return TimeExpression(clock=clock, zone=zone) if clock and not kinds & {"unit"} else None


def _relative(parts: list[Part]) -> TimeExpression | None:
    """Return a count of units before the capture, in the smallest unit that is said."""
    total = timedelta()
    unit = ""
    count: int | None = None
    for _, meanings in parts:
        said = dict(meanings)
        if "dual" in said:
            count, said = 2, {**said, "unit": said["dual"]}
        if "number" in said:
            count = said["number"]
        elif "unit" in said and (count is not None or "dual" in said or not unit):
            number = 1 if count is None else count
            unit = UNITS[said["unit"]]
            if unit not in STEPS:
                return TimeExpression(unit, number)
            if number > 999_999:
                return None
            total += number * STEPS[unit]
            count = None
        elif "one" in said and count is None:
            count = 1
    return TimeExpression(unit, total // STEPS[unit]) if unit else None


def _clock(parts: list[Part]) -> tuple[tuple[int, int] | None, int | None, list[Part]]:
    """Return the clock time and its zone that a run holds, and the parts beside them."""
    zone: int | None = None
    for token, meanings in parts:
        if ("zone", 0) in meanings:
            zone = next((hours for name, hours in ZONES.items() if name == token.text.casefold()), zone)
    for i in range(len(parts) - 2):
        (hours, minutes), between = (_number(parts[i]), _number(parts[i + 2])), parts[i + 1]
        is_between = between[0].text in (":", ".") or any(kind == "clock" for kind, _ in between[1])
        if hours is None or minutes is None or not is_between or hours > 24 or minutes > 59 or _length(parts[i + 2]) != 2:
            continue
        if between[0].text == "." and _is_dotted_date(parts, i):
            continue
        half = {kind for part in parts[i + 3 : i + 5] for kind, _ in part[1]}
        if "pm" in half and hours < 12:
            hours += 12
        elif "am" in half and hours == 12:
            hours = 0
        return (hours % 24, minutes), zone, parts[:i] + parts[i + 3 :]
    return None, zone, parts


def _is_dotted_date(parts: list[Part], i: int) -> bool:
    """Say whether the numbers around a full stop belong to a date such as 15.04.2026."""
    after = parts[i + 3 : i + 5]
    before = parts[max(0, i - 2) : i]
    return any(len(near) == 2 and near[at][0].text == "." and _number(near[1 - at]) is not None
               for near, at in ((after, 0), (before, 1)))  # fmt: skip


def _numeric_date(parts: list[Part]) -> TimeExpression | None:
    """Return a date such as 2026-04-15, 15.04.2026, 9/21/2016 or 3/9."""
    for i in range(len(parts) - 2):
        sign = parts[i + 1][0].text
        first, second = _number(parts[i]), _number(parts[i + 2])
        if sign not in ("-", "/", ".") or first is None or second is None:
            continue
        third = parts[i + 4] if len(parts) > i + 4 and parts[i + 3][0].text == sign else None
        last = _number(third) if third else None
        if _length(parts[i]) == 4 and last is not None:
            return _checked(TimeExpression(year=first, month=second, day=last))
        if third is not None and last is not None and _length(third) in (2, 4):
            return _pair(first, second, last if _length(third) == 4 else 2000 + last)
        if sign != "." and last is None:
            return _pair(first, second, 0)
    return None


def _pair(first: int, second: int, year: int) -> TimeExpression | None:
    if first > 12:
        return _checked(TimeExpression(year=year, month=second, day=first))
    if second > 12:
        return _checked(TimeExpression(year=year, month=first, day=second))
    return TimeExpression(year=year, pair=(first, second)) if first and second else None


def _worded_date(parts: list[Part]) -> TimeExpression | None:
    """Return a date such as 15 May 2026, May 15 or 2026年5月15日."""
    month = next((value for _, meanings in parts for kind, value in sorted(meanings) if kind == "month"), 0)
    year = day = 0
    for i, part in enumerate(parts):
        number = _number(part)
        if number is None:
            continue
        units = {UNITS[value] for kind, value in parts[i + 1][1] if kind == "unit"} if i + 1 < len(parts) else set()
        if _length(part) == 4 and 1900 <= number <= 2100:
            year = number
        elif "month" in units and not month:
            month = number
        elif not day and 1 <= number <= 31 and (month or "day" in units):
            day = number
    return _checked(TimeExpression(year=year, month=month, day=day)) if month and (day or year) else None


def _checked(said: TimeExpression) -> TimeExpression | None:
    try:
        date(said.year or 2000, said.month, said.day or 1)
    except ValueError:
        return None
    return said


def _number(part: Part | None) -> int | None:
    return next((value for kind, value in part[1] if kind == "number"), None) if part else None


def _length(part: Part) -> int:
    return part[0].end - part[0].start


def resolve(said: TimeExpression | None, captured_at: datetime | None, order: str = "") -> tuple[str, str]:
    """Return the ISO 8601 UTC time that `said` means and its precision, or two empty strings when it cannot be known.

    A relative time counts back from `captured_at` and from nothing else, and so does a day without a year; a time after
    the capture is not believed. `order` (dmy, mdy, ymd) tells the day from the month where the page does not.
    """
    if said is None:
        return "", ""
    if captured_at is not None:
        captured_at = captured_at.astimezone(UTC)
    try:
        moment, precision = _absolute(said, captured_at, order) if not said.unit else _counted(said, captured_at)
    except (ValueError, OverflowError):  # "9,999,999 days ago" is before the first day there is
        return "", ""
    if moment is None or (captured_at is not None and moment > captured_at + timedelta(days=1)):
        return "", ""
    return iso_utc(moment), precision


def _counted(said: TimeExpression, captured_at: datetime | None) -> tuple[datetime | None, str]:
    if captured_at is None or said.unit not in STEPS:
        return None, ""
    return _floor(captured_at - said.count * STEPS[said.unit], said.unit), said.unit


def _absolute(said: TimeExpression, captured_at: datetime | None, order: str) -> tuple[datetime | None, str]:
    month, day = said.month, said.day
    if said.pair is not None:
        if not order and said.pair[0] != said.pair[1]:
            return None, ""
        day, month = said.pair if order == "dmy" else said.pair[::-1]
    if not month or not day:
        return None, ""
    years = [said.year] if said.year else [captured_at.year, captured_at.year - 1] if captured_at else []
    for year in years:
        moment = datetime(year, month, day, tzinfo=UTC)
        if said.year or (captured_at is not None and moment <= captured_at):
            if said.clock is not None and said.zone is not None:
                return moment + timedelta(hours=said.clock[0] - said.zone, minutes=said.clock[1]), "minute"
            return moment, "day"
    return None, ""


def _floor(moment: datetime, unit: str) -> datetime:
    smaller = {"second": 0, "minute": 1, "hour": 2, "day": 3}[unit]
    names = ("microsecond", "second", "minute", "hour")[: smaller + 1]
    return moment.replace(**dict.fromkeys(names, 0))  # type: ignore[arg-type]
