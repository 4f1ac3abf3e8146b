"""Detect drift of a site: a larger share of its pages than before has no known layout.

Called by `flows.execution.results`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from flows.output.manifest import manifest_names, readable_manifests
from flows.output.metrics import Counts

RUNS_COMPARED = 20
MIN_PAGES = 20  # the share of fewer pages means nothing
JUMP = 0.2  # a rise of the share by this much is no chance


def find_drift(counts: Counts, out: Path) -> list[str]:
    """Return a sentence for each site whose share of pages without a known layout jumped against earlier runs into `out`.

    Unreadable manifests are left out: they are a record for people, not a state.
    """
    pages: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for earlier in readable_manifests([out / name for name in manifest_names(out)[-RUNS_COMPARED:]]):
        pages.update(earlier.counts.sites)
        unknown.update(earlier.counts.unknown_layout)
    warnings = []
    for site, number in sorted(counts.sites.items()):
        if number < MIN_PAGES or pages[site] < MIN_PAGES:
            continue
        now, before = counts.unknown_layout[site] / number, unknown[site] / pages[site]
        if now - before >= JUMP:
            warnings.append(
                f"{now:.0%} of the pages of {site} follow no known layout, against {before:.0%} in earlier runs; "
                "has the site changed? dehusk explain shows a page line by line"
            )
    return warnings
