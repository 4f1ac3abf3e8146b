"""The tables and charts of a report, made of the counters of runs. A cell can link to the pages with its value.

Called by `flows.report.html`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from flows.inputs.discovery import EXPECTED
from flows.output.lines import QuarantineLine
from flows.output.manifest import Manifest
from flows.output.metrics import Counts
from flows.output.site_months import UNDATED, MonthCounts, SiteMonths, in_order
from flows.report.advice import ADVICE
from flows.stories.show import Overview

MOST_BARS = 15
MAX_LABEL_CHARS = 100
TENTHS = [(f"{tenth / 10}", f"{(tenth + 1) / 10}") for tenth in range(10)]  # of confidence
Row = list[object]
Tone = Literal["kept", "removed", "warn", "bad"]
ChartKind = Literal["bars", "columns", "lines"]


def tables_of(manifest: Manifest, runs: Sequence[Manifest], quarantine: Sequence[QuarantineLine]) -> dict[str, list[Row]]:
    """Return the rows of each table by its name."""
    counts = manifest.counts
    rules = most_first(counts.rule_chars or counts.rules)  # older manifests lack the characters by rule
    unknown = counts.unknown_layout
    skipped = Counter(skip.kind for skip in manifest.skipped)
    return {
        "kinds": [[kind, chars, share(chars, counts.visible)] for kind, chars in most_first(counts.chars_removed)],
        "kept": [[field, chars, share(chars, counts.visible)] for field, chars in most_first(counts.chars_kept_as)],
        "rules": [
            [_link("rule", rule), counts.rule_kinds.get(rule, ""), counts.rules.get(rule, 0), counts.rule_chars.get(rule, 0)]
            for rule, _ in rules
        ],
        "embedded": [[number, pages] for number, pages in pages_by_number(counts).items()],
        "sites": [
            [_link("site", site), pages, unknown.get(site, 0), share(unknown.get(site, 0), pages)]
            for site, pages in most_first(counts.sites)
        ],
        "drift": list(_drift_rows(manifest.drifting)),
        "layouts": [[layout or "none", pages, share(pages, counts.pages)] for layout, pages in most_first(counts.layouts)],
        "flags": [[_link("flag", flag), records, ADVICE.get(flag, "")] for flag, records in most_first(counts.flags)],
        "confidence": [
            [f"{low} up to {high}", counts.confidence[low], share(counts.confidence[low], counts.confidence.total())]
            for low, high in reversed(TENTHS)
            if counts.confidence
        ],
        "runs": [_run(run) for run in reversed(runs)],
        "reasons": [[reason, pages] for reason, pages in most_first(counts.quarantined)],
        "quarantine": [[line.path, line.reason, line.detail, line.bytes] for line in quarantine],
        "not_pages": [[kind, number] for kind, number in most_first(counts.not_pages)],
        "row_fields": [
            *([use, name, number] for use, names in manifest.rows.used.items() for name, number in names.items()),
            *(["not used", name, number] for name, number in manifest.rows.unused.items()),
        ],
        "skipped_by_reason": [[reason, number] for reason, number in most_first(skipped)],
        "skipped": [[skip.name, skip.reason] for skip in sorted(manifest.skipped, key=lambda skip: skip.reason in EXPECTED)],
    }


def story_rows(stories: Overview) -> list[Row]:
    """Return a row for each of the most repeated stories."""
    return [[one.title, one.source, one.count, one.first_seen, one.last_seen] for one in stories.most_repeated]


def share(part: int, whole: int) -> str:
    """Return a share in percent."""
    return f"{part / whole:.1%}" if whole else "0%"


def _link(kind: str, name: str) -> Mapping[str, str]:
    """Return a cell that links to the pages with this rule, site or flag."""
    return {"what": kind, "name": name}


def _run(run: Manifest) -> Row:
    counts = run.counts
    return [
        run.began[:19].replace("T", " "),
        counts.pages,
        share(counts.removed, counts.visible),
        share(counts.unknown, counts.pages),
        counts.bad,
        f"{run.seconds:.1f}",
        f"{counts.pages / run.seconds:.1f}" if run.seconds else "",
        run.rules,
    ]


class Series(msgspec.Struct):
    """A number for each label; `tone` is the name of a colour in the report's style."""

    name: str
    values: list[float]
    tone: Tone


class Chart(msgspec.Struct):
    """A chart for the report's script: horizontal `bars`, upright `columns`, or `lines`."""

    id: str
    kind: ChartKind
    labels: list[str]
    series: list[Series]


def charts_of(manifest: Manifest, runs: Sequence[Manifest]) -> list[Chart]:
    """Return the charts of a run that are not empty; `runs` are those up to this one."""
    counts = manifest.counts
    charts = [
        _bars("kept", "characters kept", counts.chars_kept_as, "kept"),
        _bars("kinds", "characters removed", counts.chars_removed, "removed"),
        _bars("rules", "characters removed", counts.rule_chars, "removed"),
        _embedded(pages_by_number(counts)),
        _sites(counts),
        _drift(manifest.drifting),
        _confidence(counts),
    ]
    if len(runs) > 1:
        charts.append(_runs(runs))
    return [chart for chart in charts if chart.labels]


def pages_by_number(counts: Counts) -> dict[int, int]:
    """Return the number of pages by the number of stories and headlines in them, the smallest first."""
    return dict(sorted((int(number), pages) for number, pages in counts.embedded.items()))


def most_first(table: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the rows of a table that are not zero, the largest first."""
    return sorted(((name, number) for name, number in table.items() if number), key=lambda row: (-row[1], row[0]))


def _bars(name: str, unit: str, table: Mapping[str, int], tone: Tone) -> Chart:
    rows = most_first(table)[:MOST_BARS]
    return Chart(name, "bars", _labels(rows), [Series(unit, [number for _, number in rows], tone)])


def _embedded(table: Mapping[int, int]) -> Chart:
    numbers = range(max(table, default=-1) + 1)
    pages: list[float] = [table.get(number, 0) for number in numbers]
    return Chart("embedded", "columns", [*map(str, numbers)], [Series("pages", pages, "kept")])


def _confidence(counts: Counts) -> Chart:
    """Return a chart of the records by their confidence; an empty one for a run of an older version."""
    tenths = [low for low, _ in TENTHS] if counts.confidence else []
    records: list[float] = [counts.confidence[low] for low in tenths]
    return Chart("confidence", "columns", tenths, [Series("records", records, "kept")])


def _sites(counts: Counts) -> Chart:
    rows = most_first(counts.sites)[:MOST_BARS]
    unknown: list[float] = [counts.unknown_layout.get(name, 0) for name, _ in rows]
    known = [pages - without for (_, pages), without in zip(rows, unknown, strict=True)]
    series = [Series("other pages", known, "kept"), Series("unknown layout", unknown, "warn")]
    return Chart("sites", "bars", _labels(rows), series)


def _drift_rows(drifting: SiteMonths) -> Iterator[Row]:
    """Yield a row for each month of each site that seems to have changed, with the shares of pages that tell it."""
    for site, months in sorted(drifting.items()):
        for month in in_order(months):
            found = months[month]
            yield [
                _link("site", site),
                month or "no known time",
                found.pages,
                share(found.unknown_layout, found.pages),
                share(found.lacks_signs, found.pages),
                share(found.templates[""], found.pages) if found.templates else "",
            ]


def _drift(drifting: SiteMonths) -> Chart:
    """Return a chart of shares in percent of the pages of all sites that seem to have changed, month by month."""
    names = in_order({month for months in drifting.values() for month in months} - {UNDATED})
    found = [sum((months.get(name, MonthCounts()) for months in drifting.values()), MonthCounts()) for name in names]
    series = [
        Series("% of pages of unknown layout", [_percent(month.unknown_layout, month.pages) for month in found], "warn"),
        Series("% without the signs of their site", [_percent(month.lacks_signs, month.pages) for month in found], "bad"),
        Series("% without a template", [_percent(month.templates[""], month.pages) for month in found], "removed"),
    ]
    return Chart("drift", "lines", names, series)


def _runs(runs: Sequence[Manifest]) -> Chart:
    """Return a chart of shares in percent, run by run."""
    counts = [run.counts for run in runs]
    series = [
        Series("% of characters removed", [_percent(run.removed, run.visible) for run in counts], "removed"),
        Series("% of pages of unknown layout", [_percent(run.unknown, run.pages) for run in counts], "warn"),
        Series("% of pages in quarantine", [_percent(run.bad, run.bad + run.pages) for run in counts], "bad"),
    ]
    return Chart("runs", "lines", [run.began[:16].replace("T", " ") for run in runs], series)


def _labels(rows: Sequence[tuple[str, int]]) -> list[str]:
    return [name[:MAX_LABEL_CHARS] for name, _ in rows]


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
