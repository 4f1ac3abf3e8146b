"""The short table at the end of `dehusk run`.

Called by the command `dehusk run`.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from flows.execution.results import RunSummary
from flows.layout import REPORT

PLURAL = {"article": "articles", "story": "stories", "headline": "headlines"}


def print_summary(summary: RunSummary) -> None:
    """Print the results of a run as a table."""
    counts = summary.counts
    out = "".join(char if char.isprintable() else "?" for char in summary.out)
    table = Table(title=f"dehusk: {out}", title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_row("pages", f"{counts.pages:,}")
    if unknown := counts.unknown_layout.total():
        table.add_row("  of no known layout", f"{unknown:,} ({unknown / counts.pages:.0%})")
    for kind, name in PLURAL.items():
        table.add_row(f"  {name}", f"{counts.records[kind]:,}")
    table.add_section()
    removed = counts.chars_removed.total()
    total = (counts.chars_kept + removed) or 1
    table.add_row("characters kept", f"{counts.chars_kept:,}")
    table.add_row("characters removed", f"{removed:,} ({removed / total:.1%})")
    for kind, chars in sorted(counts.chars_removed.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(f"  {kind}", f"{chars:,}")
    table.add_section()
    table.add_row("quarantined", f"{counts.quarantined.total():,}")
    for reason, pages in sorted(counts.quarantined.items()):
        table.add_row(f"  {reason}", f"{pages:,}")
    if summary.skipped:
        table.add_row("files passed over", f"{len(summary.skipped):,}")
    table.add_row("seconds", f"{summary.seconds:.1f}")
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(table)
    if not summary.report_problem:
        console.print(f"what was removed, and why: {out}/{REPORT}", soft_wrap=True)
