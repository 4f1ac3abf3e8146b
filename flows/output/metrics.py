"""Counters of a run; those of its shards add up to those of the run.

Filled by `flows.execution.shard`; read by `flows.output.manifest`, `flows.inspect.drift`, the report and the command line.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, TypeVar

import msgspec
from msgspec import field

from cleaners import Cleaned
from flows.output.site_months import SiteMonths, add_to_month, joined_months, plain_months

MAX_EMBEDDED = 50  # a page with more embedded stories is counted with this number
Value = TypeVar("Value", int, dict[str, str], Counter[str])


class Counts(msgspec.Struct, kw_only=True):
    """Counters of a run, as its manifest holds them; older manifests hold fewer.

    Pages, records by kind, visible characters by fate, pages by site and by layout, pages without a known layout by site.
    `chars_kept_as` counts kept characters by kind of record and field, as in "story title". `embedded` counts pages by the
    number of stories and headlines in them, `not_pages` the other contents of archives by kind. `confidence` counts records by
    the tenth in which their confidence lies, as in "0.9". `rules` counts the removals by each rule, `rule_chars` their
    characters; `rule_kinds` maps a rule to its kind. `months` has the pages of each site with a pack by month of capture.
    """

    pages: int = 0
    bytes: int = 0
    chars_kept: int = 0
    chars_kept_as: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    embedded: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    confidence: Counter[str] = field(default_factory=Counter)
    chars_removed: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    rule_chars: Counter[str] = field(default_factory=Counter)
    rule_kinds: dict[str, str] = field(default_factory=dict)
    sites: Counter[str] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    unknown_layout: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    not_pages: Counter[str] = field(default_factory=Counter)
    months: SiteMonths = field(default_factory=dict)

    def __add__(self, other: Counts) -> Counts:
        names = (name for name in self.__struct_fields__ if name != "months")
        sums = {name: _sum(getattr(self, name), getattr(other, name)) for name in names}
        return Counts(**sums, months=joined_months(self.months, other.months))

    def add_page(self, cleaned: Cleaned) -> None:
        """Count one cleaned page."""
        self.pages += 1
        self.sites[cleaned.page.site or "unknown"] += 1
        self.layouts[cleaned.page.layout] += 1
        has_unknown_layout = any("layout-unknown" in record.flags for record in cleaned.records)
        self.unknown_layout[cleaned.page.site or "unknown"] += has_unknown_layout
        add_to_month(self.months, cleaned, has_unknown_layout=has_unknown_layout)
        self.embedded[str(min(sum(record.position > 0 for record in cleaned.records), MAX_EMBEDDED))] += 1
        self.rule_kinds.update(cleaned.kinds)
        kinds = {record.id: record.kind for record in cleaned.records}
        for record in cleaned.records:
            self.records[record.kind] += 1
            self.flags.update(record.flags)
            self.confidence[f"{int(10 * record.confidence) / 10}"] += 1
        for segment in cleaned.segments:
            chars = segment.end - segment.start
            if segment.rule is None:
                self.chars_kept += chars
                self.chars_kept_as[f"{kinds[segment.record or '']} {segment.field}"] += chars
            else:
                self.chars_removed[cleaned.kinds[segment.rule]] += chars
                self.rules[segment.rule] += 1
                self.rule_chars[segment.rule] += chars

    def as_dict(self) -> dict[str, Any]:
        """Return the counters as plain values, each table in the order of its names."""
        values = {name: getattr(self, name) for name in self.__struct_fields__} | {"months": plain_months(self.months)}
        return {name: dict(sorted(value.items())) if isinstance(value, dict) else value for name, value in values.items()}

    @property
    def removed(self) -> int:
        """Return the number of visible characters that were removed."""
        return sum(self.chars_removed.values())

    @property
    def visible(self) -> int:
        """Return the number of visible characters."""
        return self.chars_kept + self.removed

    @property
    def unknown(self) -> int:
        """Return the number of pages without a known layout."""
        return sum(self.unknown_layout.values())

    @property
    def bad(self) -> int:
        """Return the number of pages in quarantine."""
        return sum(self.quarantined.values())


def _sum(left: Value, right: Value) -> Value:
    return left + right if isinstance(left, int | Counter) else left | right
