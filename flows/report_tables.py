"""The rows of a report's tables, out of the counters of runs; a cell that leads to pages says what it asks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.manifest import Manifest
from flows.report_charts import most_first
from flows.shard import QuarantineLine

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
        "embedded": [[number, pages] for number, pages in sorted(counts.embedded.items())],
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
        "skipped": [[skip.get("name", ""), skip.get("reason", "")] for skip in manifest.skipped],
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
