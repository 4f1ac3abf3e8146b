"""The rows of a report's tables, out of the counters of runs; a cell that leads to pages says what it asks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from flows.output.lines import QuarantineLine
from flows.output.manifest import Manifest
from flows.output.metrics import Counts

Row = list[object]


def tables_of(manifest: Manifest, runs: Sequence[Manifest], quarantine: Sequence[QuarantineLine]) -> dict[str, list[Row]]:
    """Return the rows of each table by its name."""
    counts = manifest.counts
    rules = most_first(counts.rule_chars or counts.rules)  # older manifests do not tell how much a rule removed
    unknown = counts.unknown_layout
    return {
        "kinds": [[kind, chars, share(chars, counts.visible)] for kind, chars in most_first(counts.chars_removed)],
        "kept": [[what, chars, share(chars, counts.visible)] for what, chars in most_first(counts.chars_kept_as)],
        "rules": [
            [_leads("rule", rule), counts.rule_kinds.get(rule, ""), counts.rules.get(rule, 0), counts.rule_chars.get(rule, 0)]
            for rule, _ in rules
        ],
        "embedded": [[number, pages] for number, pages in pages_by_number(counts).items()],
        "sites": [
            [_leads("site", site), pages, unknown.get(site, 0), share(unknown.get(site, 0), pages)]
            for site, pages in most_first(counts.sites)
        ],
        "layouts": [[layout or "none", pages, share(pages, counts.pages)] for layout, pages in most_first(counts.layouts)],
        "flags": [[_leads("flag", flag), records] for flag, records in most_first(counts.flags)],
        "runs": [_run(run) for run in reversed(runs)],
        "reasons": [[reason, pages] for reason, pages in most_first(counts.quarantined)],
        "quarantine": [[line.path, line.reason, line.detail, line.bytes] for line in quarantine],
        "not_pages": [[what, number] for what, number in most_first(counts.not_pages)],
        "skipped": [[skip.name, skip.reason] for skip in manifest.skipped],
    }


def share(part: int, whole: int) -> str:
    """Return what share a part is, as people write it."""
    return f"{part / whole:.1%}" if whole else "0%"


def _leads(what: str, name: str) -> Mapping[str, str]:
    return {"what": what, "name": name}


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


MOST_BARS = 15
MAX_LABEL_CHARS = 100


class Series(msgspec.Struct):
    """Numbers, one a label; `tone` names the colour that they have in the report's style."""

    name: str
    values: list[float]
    tone: str


class Chart(msgspec.Struct):
    """A chart as the report's script draws it: `bars` from left to right, `columns`, or `lines`."""

    id: str
    kind: str
    labels: list[str]
    series: list[Series]


def charts_of(manifest: Manifest, runs: Sequence[Manifest]) -> list[Chart]:
    """Return the charts of a run that have something to show; `runs` are those up to this one."""
    counts = manifest.counts
    charts = [
        _bars("kept", "characters kept", counts.chars_kept_as, "kept"),
        _bars("kinds", "characters removed", counts.chars_removed, "removed"),
        _bars("rules", "characters removed", counts.rule_chars, "removed"),
        _embedded(pages_by_number(counts)),
        _sites(counts),
    ]
    if len(runs) > 1:
        charts.append(_runs(runs))
    return [chart for chart in charts if chart.labels]


def pages_by_number(counts: Counts) -> dict[int, int]:
    """Return the number of pages by the number of stories and headlines in them, the smallest first."""
    return dict(sorted((int(number), pages) for number, pages in counts.embedded.items()))


def most_first(table: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the rows of a table that have a number, the largest first."""
    return sorted(((name, number) for name, number in table.items() if number), key=lambda row: (-row[1], row[0]))


def _bars(name: str, what: str, table: Mapping[str, int], tone: str) -> Chart:
    rows = most_first(table)[:MOST_BARS]
    return Chart(name, "bars", _labels(rows), [Series(what, [number for _, number in rows], tone)])


def _embedded(table: Mapping[int, int]) -> Chart:
    numbers = range(max(table, default=-1) + 1)
    pages: list[float] = [table.get(number, 0) for number in numbers]
    return Chart("embedded", "columns", [*map(str, numbers)], [Series("pages", pages, "kept")])


def _sites(counts: Counts) -> Chart:
    rows = most_first(counts.sites)[:MOST_BARS]
    unknown: list[float] = [counts.unknown_layout.get(name, 0) for name, _ in rows]
    known = [pages - strange for (_, pages), strange in zip(rows, unknown, strict=True)]
    series = [Series("known layout", known, "kept"), Series("unknown layout", unknown, "warn")]
    return Chart("sites", "bars", _labels(rows), series)


def _runs(runs: Sequence[Manifest]) -> Chart:
    """Return shares in percent, run by run."""
    counts = [run.counts for run in runs]
    series = [
        Series("% of characters removed", [_percent(one.removed, one.visible) for one in counts], "removed"),
        Series("% of pages of unknown layout", [_percent(one.unknown, one.pages) for one in counts], "warn"),
        Series("% of pages in quarantine", [_percent(one.bad, one.bad + one.pages) for one in counts], "bad"),
    ]
    return Chart("runs", "lines", [run.began[:16].replace("T", " ") for run in runs], series)


def _labels(rows: Sequence[tuple[str, int]]) -> list[str]:
    return [name[:MAX_LABEL_CHARS] for name, _ in rows]


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
