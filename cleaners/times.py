"""Read the times that pages print: how they are worded is data in the packs, what they mean is worked out here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cleaners.key import collapse_numbers, shape

MAX_TIME_CHARS = 40  # the longest wording seen in a line of its own is 33 characters
STEPS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
# Coarser than a day: known to be a time, but too vague to be resolved to one.
VAGUE_UNITS = ("week", "month", "year")
DATE_FIELDS = {"{dd}": "00", "{d}": "0", "{mm}": "00", "{m}": "0", "{yyyy}": "0000"}


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say a time: `say` with {n}, or with day, month and year fields; `usual` bounds a plausible {n}."""

    say: str
    unit: str
    count: int | None = None
    usual: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A time as a page says it: so many units before the page was captured, or a day."""

    unit: str
    count: int = 0
    day: date | None = None


class TimeTable:
    """Every wording of a time that a set of packs knows, found by dictionary look-up."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        self._counted: dict[str, Wording] = {}
        self._fixed: dict[str, Wording] = {}
        self._dates: dict[str, Wording] = {}
        for wording in wordings:
            if wording.unit == "date":
                say = wording.say
                for field, digits in DATE_FIELDS.items():
                    say = say.replace(field, digits)
                self._dates[shape(say)] = wording
            elif "{n}" in wording.say:
                self._counted[shape(wording.say.replace("{n}", "0"))] = wording
            else:
                self._fixed[shape(wording.say)] = wording
        self._starts = frozenset(
            known[:length] for known in (*self._counted, *self._fixed, *self._dates) for length in range(1, len(known) + 1)
        )

    def read(self, text: str) -> Said | None:
        """Return what `text` says when all of it is a time, else None."""
        if len(text) > MAX_TIME_CHARS:
            return None
        shaped = shape(text)
        if shaped in self._fixed:
            wording = self._fixed[shaped]
            return Said(wording.unit, wording.count or 0)
        if shaped in self._dates:
            day = _read_date(self._dates[shaped].say, text)
            return Said("date", day=day) if day else None
        counted = self._counted.get(collapse_numbers(shaped))
        number = _number(text) if counted else None
        return Said(counted.unit, number) if counted and number is not None else None

    def begins(self, text: str) -> bool:
        """Say whether `text`, cut off by the end of a page, can be the beginning of a time."""
        shaped = shape(text) if len(text) <= MAX_TIME_CHARS else ""
        return shaped in self._starts or collapse_numbers(shaped) in self._starts

    def glued(self, text: str) -> Iterator[int]:
        """Yield each place where a time that runs to the end of `text` may begin, the likeliest first.

        "The 96111 hours ago" may be cut before `11 hours ago` or before `1 hours ago`: a usual number comes before an
        unusual one, and of two usual ones the longer.
        """
        places = []
        for at in range(max(1, len(text) - MAX_TIME_CHARS), len(text)):
            if text[at].isspace() or text[at - 1].isspace():
                continue
            said = self.read(text[at:])
            if said is not None:
                places.append((not self._usual(text[at:], said), at))
        for _, at in sorted(places):
            yield at

    def _usual(self, text: str, said: Said) -> bool:
        wording = self._counted.get(collapse_numbers(shape(text)))
        if wording is None or wording.usual is None:
            return True
        is_padded = next(char for char in text if char.isdecimal()) == "0"  # nobody says "07 days ago"
        return wording.usual[0] <= said.count <= wording.usual[1] and not is_padded


def resolve(said: Said | None, captured_at: datetime | None) -> tuple[str, str]:
    """Return the ISO 8601 UTC time that `said` means and its precision, or two empty strings when it cannot be known.

    A relative time counts back from `captured_at` and from nothing else; a day after the capture is not believed.
    """
    if said is None:
        return "", ""
    if captured_at is not None:
        captured_at = captured_at.astimezone(UTC)
    try:
        if said.day is not None:
            moment = datetime(said.day.year, said.day.month, said.day.day, tzinfo=UTC)
            if captured_at is not None and moment > captured_at + timedelta(days=1):
                return "", ""
            return iso(moment), "day"
        if captured_at is None or said.unit not in STEPS:
            return "", ""
        return iso(_floor(captured_at - said.count * STEPS[said.unit], said.unit)), said.unit
    except OverflowError:  # "9,999,999 days ago" is before the first day there is
        return "", ""


def _floor(moment: datetime, unit: str) -> datetime:
    smaller = {"second": 0, "minute": 1, "hour": 2, "day": 3}[unit]
    names = ("microsecond", "second", "minute", "hour")[: smaller + 1]
    return moment.replace(**dict.fromkeys(names, 0))  # type: ignore[arg-type]


def iso(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC, to the second."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def _number(text: str) -> int | None:
    digits = "".join(char for char in text if char.isdecimal())
    return int(digits) if 0 < len(digits) <= 9 else None


def _read_date(say: str, text: str) -> date | None:
    """Read `text` by the order of day, month and year in `say`; None when there is no such day."""
    numbers = "".join(char if char.isdecimal() else " " for char in text).split()
    order = sorted((say.index(field), field) for field in DATE_FIELDS if field in say)
    parts = {field.strip("{}")[0]: int(number) for (_, field), number in zip(order, numbers, strict=False)}
    try:
        return date(parts["y"], parts["m"], parts["d"])
    except (KeyError, ValueError):
        return None
