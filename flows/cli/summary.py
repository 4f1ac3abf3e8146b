"""The short table at the end of `dehusk run`.

Called by the command `dehusk run`.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from flows.display import printable
from flows.execution.results import RunSummary
from flows.inputs.discovery import EXPECTED, Skipped
from flows.layout import REPORT

MOST_REASONS = 8
NAMES_SHOWN = 3  # of the files with one reason
NAME_CHARS = 60
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
        _add_names(table, summary.refused.get(reason, []), pages)
    if summary.skipped:
        table.add_row("files passed over", f"{len(summary.skipped):,}")
        _add_skipped(table, summary.skipped)
    table.add_row("seconds", f"{summary.seconds:.1f}")
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(table)
    if not summary.report_problem:
        console.print(f"what was removed, and why: {out}/{REPORT}", soft_wrap=True)


def _add_skipped(table: Table, skipped: Sequence[Skipped]) -> None:
    """Add the files passed over by reason, the most frequent first, with the first names of those that nobody expects."""
    names: dict[str, list[str]] = {}
    for skip in skipped:
        names.setdefault(skip.kind, []).append(skip.name)
    for reason, found in sorted(names.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST_REASONS]:
        table.add_row(f"  {reason}", f"{len(found):,}")
        if reason not in EXPECTED:
            _add_names(table, found, len(found))


def _add_names(table: Table, names: Sequence[str], number: int) -> None:
    """Add the first names of some files, and how many there are more."""
    for name in names[:NAMES_SHOWN]:
        shown = printable(name)
        table.add_row(f"    {shown if len(shown) <= NAME_CHARS else f'…{shown[-NAME_CHARS:]}'}", "")
    if names and number > NAMES_SHOWN:
        table.add_row(f"    and {number - NAMES_SHOWN:,} more", "")
