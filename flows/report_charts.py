"""What the charts of a report show: labels and numbers out of the counters of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from flows.manifest import Manifest

MOST_BARS = 15


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
        _bars("kinds", "characters removed", counts.get("chars_removed", {})),
        _bars("rules", "characters removed", counts.get("rule_chars", {})),
        _embedded(counts.get("embedded", {})),
        _sites(counts.get("sites", {}), counts.get("unknown_layout", {})),
    ]
    if len(runs) > 1:
        charts.append(_runs(runs))
    return [chart for chart in charts if chart.labels]


def most_first(table: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the rows of a table that have a number, the largest first."""
    return sorted(((name, number) for name, number in table.items() if number), key=lambda row: (-row[1], row[0]))


def _bars(name: str, what: str, table: Mapping[str, int]) -> Chart:
    rows = most_first(table)[:MOST_BARS]
    return Chart(name, "bars", [label for label, _ in rows], [Series(what, [number for _, number in rows], "removed")])


def _embedded(table: Mapping[str, int]) -> Chart:
    numbers = {int(name): pages for name, pages in table.items()}
    labels = range(max(numbers, default=-1) + 1)
    pages = [numbers.get(number, 0) for number in labels]
    return Chart("embedded", "columns", [*map(str, labels)], [Series("pages", [*map(float, pages)], "kept")])


def _sites(sites: Mapping[str, int], unknown: Mapping[str, int]) -> Chart:
    names = [name for name, _ in most_first(sites)[:MOST_BARS]]
    strange = [float(unknown.get(name, 0)) for name in names]
    known = [sites[name] - number for name, number in zip(names, strange, strict=True)]
    return Chart("sites", "bars", names, [Series("known layout", known, "kept"), Series("unknown layout", strange, "warn")])


def _runs(runs: Sequence[Manifest]) -> Chart:
    """Return shares in percent, run by run."""
    removed, unknown, bad = [], [], []
    for run in runs:
        counts = run.counts
        cut, pages = sum(counts.get("chars_removed", {}).values()), counts.get("pages", 0)
        quarantined = sum(counts.get("quarantined", {}).values())
        removed.append(_percent(cut, cut + counts.get("chars_kept", 0)))
        unknown.append(_percent(sum(counts.get("unknown_layout", {}).values()), pages))
        bad.append(_percent(quarantined, pages + quarantined))
    return Chart(
        "runs", "lines", [run.began[:16].replace("T", " ") for run in runs],
        [
            Series("% of characters removed", removed, "removed"),
            Series("% of pages of unknown layout", unknown, "warn"),
            Series("% of pages in quarantine", bad, "bad"),
        ],
    )  # fmt: skip


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
