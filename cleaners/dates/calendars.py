"""Convert dates of the Solar Hijri and the Buddhist calendar to the Gregorian one. Called by `cleaners.dates.resolve`."""

from __future__ import annotations

from datetime import date

# Years as four digits tell the calendars apart: these are the years from 1900 on in each.
SOLAR_YEARS = range(1278, 1500)
BUDDHIST_YEARS = range(2443, 2644)
BUDDHIST_OFFSET = 543
_LONG_MONTHS = 6  # of 31 days; five of 30 days follow, and one of 29 or 30
_CYCLE, _LEAPS = 33, 8  # eight years of 33 are leap years
_CYCLE_START = 1595  # years to add, so that the leap years are at their places in the cycle
_EPOCH = -356033  # days to add for an ordinal of `datetime.date`


def gregorian_year(year: int) -> int:
    """Return a year of the Gregorian calendar for one of it or of the Buddhist calendar.

    >>> gregorian_year(2567), gregorian_year(2024)
    (2024, 2024)
    """
    return year - BUDDHIST_OFFSET if year in BUDDHIST_YEARS else year


def from_solar(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a date in the Solar Hijri calendar; raises ValueError when it has no such date.

    >>> from_solar(1402, 11, 17), from_solar(1403, 12, 30)
    (datetime.date(2024, 2, 6), datetime.date(2025, 3, 20))
    """
    if not (1 <= month <= 12 and 1 <= day <= (31 if month <= _LONG_MONTHS else 30)):
        raise ValueError("no such day")
    days = (month - 1) * 30 + min(month - 1, _LONG_MONTHS) + day
    cycles, rest = divmod(year + _CYCLE_START, _CYCLE)
    return date.fromordinal(_EPOCH + 365 * (year + _CYCLE_START) + cycles * _LEAPS + (rest + 3) // 4 + days)
