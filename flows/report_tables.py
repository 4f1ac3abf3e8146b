"""The rows of a report's tables, out of the counters of runs; a cell that leads to pages says what it asks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.counts import Counts
from flows.manifest import Manifest
from flows.report_charts import most_first
from flows.shard import QuarantineLine

Row = list[object]


def tables_of(manifest: Manifest, runs: Sequence[Manifest], quarantine: Sequence[QuarantineLine]) -> dict[str, list[Row]]:
    """Return the rows of each table by its name."""
    counts = Counts().as_dict() | manifest.counts  # older manifests have fewer
    pages = counts["pages"]
    visible = counts["chars_kept"] + sum(counts["chars_removed"].values())
    unknown, kinds, times = counts["unknown_layout"], counts["rule_kinds"], counts["rules"]
    embedded = sorted((int(number), found) for number, found in counts["embedded"].items())
    return {
        "kinds": [[kind, chars, share(chars, visible)] for kind, chars in most_first(counts["chars_removed"])],
        "rules": [
            [_leads("rule", rule), kinds.get(rule, ""), times.get(rule, 0), chars]
            for rule, chars in most_first(counts["rule_chars"])
        ],
        "embedded": [[number, found] for number, found in embedded],
        "sites": [
            [_leads("site", site), number, unknown.get(site, 0), share(unknown.get(site, 0), number)]
            for site, number in most_first(counts["sites"])
        ],
        "layouts": [[layout or "none", number, share(number, pages)] for layout, number in most_first(counts["layouts"])],
        "flags": [[_leads("flag", flag), number] for flag, number in most_first(counts["flags"])],
        "runs": [_run(run) for run in reversed(runs)],
        "reasons": [[reason, number] for reason, number in most_first(counts["quarantined"])],
        "quarantine": [[line.path, line.reason, line.detail, line.bytes] for line in quarantine],
        "not_pages": [[what, number] for what, number in most_first(counts["not_pages"])],
        "skipped": [[skip.get("name", ""), skip.get("reason", "")] for skip in manifest.skipped],
    }


def share(part: int, whole: int) -> str:
    """Return what share a part is, as people write it."""
    return f"{part / whole:.1%}" if whole else "0%"


def _leads(what: str, name: str) -> Mapping[str, str]:
    return {"what": what, "name": name}


def _run(run: Manifest) -> Row:
    counts = run.counts
    pages = counts.get("pages", 0)
    removed = sum(counts.get("chars_removed", {}).values())
    return [
        run.began[:19].replace("T", " "),
        pages,
        share(removed, removed + counts.get("chars_kept", 0)),
        share(sum(counts.get("unknown_layout", {}).values()), pages),
        sum(counts.get("quarantined", {}).values()),
        f"{run.seconds:.1f}",
        f"{pages / run.seconds:.1f}" if run.seconds else "",
        run.rules,
    ]
