"""The templates of a site's pages, and the evidence for a rule or a layout: their TOML model and its checks.

A part of packs, in `cleaners.rules.model` and `cleaners.rules.layout`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from cleaners.text.normalize import NO_KEY, line_key

Texts = tuple[str, ...]
# The id of a rule, a layout or a template, as printed in reports and typed on command lines.
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$", max_length=100)]
Sureness = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=1)]
MAX_TEMPLATES = 32  # of a pack


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The evidence for a rule or layout: seen on `pages` pages `of` so many, on the days from `first` to `last`."""

    pages: Count
    of: Count
    first: str = ""
    last: str = ""

    def check(self, where: str) -> None:
        """Raise ValueError when the evidence is not sound."""
        if self.pages > self.of:
            raise ValueError(f"{where}: evidence on {self.pages} pages of {self.of}, which are fewer")
        check_days(where, [self.first, self.last])

    def __str__(self) -> str:
        """Return the evidence as a few words."""
        days = "..".join(day for day in dict.fromkeys((self.first, self.last)) if day)
        return f"{self.pages}/{self.of} pages {days}".rstrip()


class PageTemplate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the templates that a site prints its pages with: a page has `signs_needed` different lines of `signs`.

    `seen` holds the first and the last day of those when it was observed.
    """

    id: Id
    signs: Annotated[Texts, msgspec.Meta(min_length=1)]
    signs_needed: Count = 1
    seen: Annotated[Texts, msgspec.Meta(max_length=2)] = ()

    def check(self) -> None:
        """Raise ValueError when the template is not sound."""
        keys = [line_key(sign) for sign in self.signs]
        blank = next((sign for sign, key in zip(self.signs, keys, strict=True) if key in ("", NO_KEY)), None)
        if blank is not None:
            raise ValueError(f"{self.id}: the sign {blank[:80]!r} is no line: it has no visible character, or too many")
        if len({*keys}) < self.signs_needed:
            raise ValueError(f"{self.id}: {self.signs_needed} signs are needed, and there are {len({*keys})} different ones")
        check_days(self.id, self.seen)


def check_days(where: str, days: Iterable[str]) -> None:
    """Raise ValueError unless days are "" or written as in 2025-07-05, the first before the last."""
    known = [day for day in days if day]
    for day in known:
        try:
            is_day = date.fromisoformat(day).isoformat() == day
        except ValueError:
            is_day = False
        if not is_day:
            raise ValueError(f"{where}: {day!r} is no day; write it as in 2025-07-05, or leave it empty")
    if known != sorted(known):
        raise ValueError(f"{where}: the first day, {known[0]}, is after the last, {known[-1]}")
