"""Print the explanation of a page for a terminal, in colour.

Called by the command `dehusk explain`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from cleaners import Cleaned
from cleaners.explain import FATE_WIDTH, fate_of
from cleaners.output.confidence import in_words as sure_in_words
from cleaners.output.evidence import in_words
from cleaners.output.fates import Part, fates, grammars
from flows.display import printable

KEPT_COLOURS = ("green", "cyan", "blue", "magenta")


def as_text(text: str, cleaned: Cleaned) -> Iterator[str]:
    """Yield the explanation of a page for a terminal: its site and layout, its lines, its records, a legend.

    Where the page was cleaned with evidence, that of a line stands below it, and that of the confidence below each record.
    """
    page = cleaned.page
    yield click.style(f"site {page.site or 'unknown'} · layout {page.layout} · {len(cleaned.records)} records", bold=True)
    for line in fates(text, cleaned):
        fate = " ".join(dict.fromkeys(map(fate_of, line.parts)))
        yield f"{line.line:5} {fate:{FATE_WIDTH}} {_shown(line.parts)}"
        if line.evidence is not None:
            yield click.style(f"{'':5} {printable(in_words(line.evidence))}", dim=True)
    yield ""
    forms = grammars(cleaned)
    for record, sure in zip(cleaned.records, cleaned.sureness, strict=True):
        title = printable(record.title or record.text[:60])
        yield click.style(f"{record.position:5} {record.kind:10} {title}", fg=_colour(record.position))
        if record.id in forms:
            yield click.style(f"{'':5} {printable(forms[record.id])}", dim=True)
        if cleaned.evidence:
            yield click.style(f"{'':5} {sure_in_words(sure)}", dim=True)
    yield f"{'-':>5} {'removed':10} {click.style('by the rule named', fg='red')}; <<...>> is the removed part of a line"


def _shown(parts: Sequence[Part]) -> str:
    """Return a line's parts in their colours, with marks around a part removed from within the line."""
    return " ".join(
        click.style(printable(part.text), fg=_colour(part.position))
        if part.rule is None
        else click.style(f"<<{printable(part.text)}>>" if len(parts) > 1 else printable(part.text), fg="red")
        for part in parts
    )


def _colour(position: int | None) -> str:
    return KEPT_COLOURS[(position or 0) % len(KEPT_COLOURS)]
