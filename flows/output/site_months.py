"""Counters of the pages of sites by month of capture, by which a change of a site shows.

Part of `flows.output.metrics`; read by `flows.inspect.drift` and the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import field

from cleaners import Cleaned

MAX_MONTHS = 20_000  # of all sites of a run together; each has MIN_MONTHS nevertheless
MIN_MONTHS = 2
EARLIER = "earlier"  # stands for the months of a site before those that are kept
UNDATED = ""  # stands for pages of no known time


class MonthCounts(msgspec.Struct, kw_only=True):
    """Counters of a site's pages of one month: all pages, those without a known layout, and those without the site's signs.

    `templates` counts pages by each template that they have, "" those without any; it is empty where the pack has none.
    """

    pages: int = 0
    unknown_layout: int = 0
    lacks_signs: int = 0
    templates: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: MonthCounts) -> MonthCounts:
        return MonthCounts(
            pages=self.pages + other.pages,
            unknown_layout=self.unknown_layout + other.unknown_layout,
            lacks_signs=self.lacks_signs + other.lacks_signs,
            templates=self.templates + other.templates,
        )

    @property
    def templated(self) -> int:
        """Return the number of pages that were looked at for templates."""
        return self.pages if self.templates else 0


Months = dict[str, MonthCounts]
SiteMonths = dict[str, Months]


def add_to_month(months: SiteMonths, cleaned: Cleaned, *, has_unknown_layout: bool) -> None:
    """Count a cleaned page under its site and month; one of no known site is not counted."""
    marks = cleaned.marks
    if marks is None:
        return
    of_site = months.setdefault(cleaned.page.site, {})
    counts = of_site.setdefault(cleaned.page.captured_at[: len("2025-07")], MonthCounts())
    counts.pages += 1
    counts.unknown_layout += has_unknown_layout
    counts.lacks_signs += marks.lacks_signs
    counts.templates.update(marks.templates)


def joined_months(left: Mapping[str, Months], right: Mapping[str, Months]) -> SiteMonths:
    """Return the sums of two tables, in the order of sites and months.

    Of each site as many of the last months are kept as leave MAX_MONTHS to all sites, MIN_MONTHS at least; the ones before are
    summed. As sites only become more, no month is summed too early, so that any order of sums gives the same.
    """
    names = sorted({*left, *right})
    most = max(MIN_MONTHS, MAX_MONTHS // max(1, len(names)))
    return {name: _joined(left.get(name, {}), right.get(name, {}), most) for name in names}


def _joined(left: Months, right: Months, most: int) -> Months:
    """Return the sums of two tables of a site, with so many of the last months."""
    names = in_order({*left, *right})
    dated = [name for name in names if name not in (EARLIER, UNDATED)]
    early = {EARLIER, *dated[: max(0, len(dated) - most)]}
    found: Months = {}
    for name in names:
        key = EARLIER if name in early else name
        for counts in (table[name] for table in (left, right) if name in table):
            found[key] = found.get(key, MonthCounts()) + counts
    return found


def in_order(months: Iterable[str]) -> list[str]:
    """Return names of months in their order, EARLIER before all others but UNDATED."""
    return sorted(months, key=lambda name: (name != UNDATED, name != EARLIER, name))


def plain_months(months: Mapping[str, Months]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return a table as plain values, in the order of sites and months."""
    return {site: {name: _plain(table[name]) for name in in_order(table)} for site, table in sorted(months.items())}


def _plain(counts: MonthCounts) -> dict[str, Any]:
    values = msgspec.structs.asdict(counts)
    return values | {"templates": dict(sorted(counts.templates.items()))}
