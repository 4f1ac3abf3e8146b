"""The words of one language for times and bylines: their TOML model.

A part of packs, in `cleaners.rules.model`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec

from cleaners.dates.resolve import UNITS, DateOrder, Unit, WordKind
from cleaners.rules.page_template import Texts


class LanguageWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of one language in times and bylines; all are compared caselessly.

    `months` and `weekdays` list the forms of each: full, inflected and short; `solar_months` are those of the Solar Hijri
    calendar. `ago` are the words that make a count of units relative ("ago", "vor", "il y a"), before or after it; `one` are
    words for 1, `dual` words for two of a unit. `said` are labels beside times ("published", "updated on"), `updated` those
    of them for the time of a change, `by` the words that open a byline, `joiners` those between two names ("and"), `roles`
    those for what authors do, `credits` those that introduce others than authors ("photos by"), `companies` words in the
    names of companies and teams, `order` the order of a numeric date, "" where it is not the same everywhere, `openers`
    lower-case words that open sentences and do not end headlines.
    """

    order: DateOrder
    months: Annotated[tuple[Texts, ...], msgspec.Meta(min_length=12, max_length=12)]
    solar_months: Annotated[tuple[Texts, ...], msgspec.Meta(min_length=12, max_length=12)] | None = None
    weekdays: Annotated[tuple[Texts, ...], msgspec.Meta(min_length=7, max_length=7)]
    second: Texts
    minute: Texts
    hour: Texts
    day: Texts
    week: Texts
    month: Texts
    year: Texts
    one: Texts
    ago: Texts
    now: Texts
    today: Texts
    yesterday: Texts
    clock: Texts = ()
    said: Texts = ()
    updated: Texts = ()
    by: Texts = ()
    joiners: Texts = ()
    roles: Texts = ()
    credits: Texts = ()
    companies: Texts = ()
    openers: Texts = ()
    dual: dict[str, Unit] = {}

    def rows(self) -> Iterator[tuple[str, WordKind, int]]:
        """Yield every word as (word, kind, value), for a DateFinder."""
        for value, words in enumerate(self.months, 1):
            yield from ((word, "month", value) for word in words)
        for value, words in enumerate(self.solar_months or (), 1):
            yield from ((word, "solar month", value) for word in words)
        for value, words in enumerate(self.weekdays, 1):
            yield from ((word, "weekday", value) for word in words)
        for value, unit in enumerate(UNITS):
            yield from ((word, "unit", value) for word in getattr(self, unit))
        kinds: tuple[WordKind, ...] = ("one", "ago", "now", "today", "yesterday", "clock")
        for kind in kinds:
            yield from ((word, kind, 0) for word in getattr(self, kind))
        # The short words of bylines stand inside dates, too: "3 de mayo", "12 av 13".
        yield from ((word, "label", 0) for word in (*self.said, *self.by))
        for word, unit in self.dual.items():
            yield word, "dual", UNITS.index(unit)
