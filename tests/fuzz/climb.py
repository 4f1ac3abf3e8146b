"""Look for the costliest pages: change the worst one found so far step by step, and keep what is worse.

A page is a few pieces, again and again up to a size; each copy of a piece may carry a number of its own, so that no two of its
lines are the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.fuzz.cost import ELEMENTS, IN_ONE_LINE, LINES, Maker, micros, peak
from tests.fuzz.inputs import Input
from tests.fuzz.invariants import Outcome
from tests.fuzz.words import spoilt

SIZE, TIMES = 16_000, 4  # bytes of a page; the worst one is measured at so many times the size, too
MOST_PIECES = 6
WORSE = 1.03  # by chance, one and the same page takes so many times as long
FORMS: dict[str, tuple[dict[str, Maker], str, tuple[str, ...]]] = {
    "text": (LINES | IN_ONE_LINE, "a.txt", ("\n", "\n", "\n\n", " ")),
    "html": (ELEMENTS | IN_ONE_LINE, "a.html", ("", "\n", "<br>", "<p>", "</div>")),
}
COSTS: dict[str, tuple[Callable[[Input], tuple[list[Outcome], float]], str]] = {
    "time": (micros, "microseconds"),
    "memory": (peak, "bytes of memory"),
}


@dataclass(frozen=True)
class Candidate:
    """The pieces of a page, the text between them, and whether each copy has a number."""

    form: str
    pieces: tuple[str, ...]
    between: str
    numbered: bool

    def page(self, size: int) -> Input:
        """Return the page of a size."""
        copies: list[str] = []
        length = 0
        while length < size:
            for piece in self.pieces:
                number = len(copies)
                middle = len(piece) // 2
                copies.append(f"{piece[:middle]} {number} {piece[middle:]}" if self.numbered else piece)
                length += len(copies[-1]) + len(self.between)
        text = self.between.join(copies)
        if self.form == "html":
            text = f"<!doctype html><html><body>{text}</body></html>"
        return Input(self.form, FORMS[self.form][1], text.encode("utf-8", "replace"))

    def changed(self, rng: Random) -> Candidate:
        """Return this candidate with one change."""
        kinds, _, betweens = FORMS[self.form]
        pieces = list(self.pieces)
        at = rng.randrange(len(pieces))
        new = kinds[rng.choice(list(kinds))](rng)[:2_000]
        way = rng.randrange(8)
        if way == 0 and len(pieces) > 1:
            del pieces[at]
        elif way == 1 and len(pieces) < MOST_PIECES:
            pieces.insert(at, new)
        elif way == 2:
            pieces[at] = new
        elif way in (3, 4):
            pieces[at] = spoilt(rng, pieces[at], 2)
        elif way == 5:
            start = rng.randint(0, len(pieces[at]))
            pieces[at] = pieces[at][:start] + pieces[at][start + rng.randint(1, 40) :]
        elif way == 6:
            return replace(self, between=rng.choice(betweens))
        else:
            return replace(self, numbered=not self.numbered)
        return replace(self, pieces=tuple(piece or "a" for piece in pieces))


def climb(seed: int, form: str, cost: str, steps: int) -> Candidate:
    """Return the costliest candidate by the byte of its page after so many steps, begun anew at the best of a few."""
    rng = Random(f"dehusk climb {seed} {form} {cost}")
    kinds, _, betweens = FORMS[form]
    measure = COSTS[cost][0]
    worst, value = None, -math.inf
    for step in range(steps):
        if worst is None or step < steps // 4:
            kinds, _, betweens = FORMS[form]
            candidate = Candidate(
                form, (kinds[rng.choice(list(kinds))](rng)[:2_000],), rng.choice(betweens), rng.random() < 0.5
            )
        else:
            candidate = worst.changed(rng)
        page = candidate.page(SIZE)
        found = measure(page)[1] / len(page.raw)
        if found > value * WORSE:  # measured again, as the first page of a language or site loads its rules
            found = min(found, measure(page)[1] / len(page.raw))
        if found > value * WORSE:
            worst, value = candidate, found
    assert worst is not None
    return worst


def climbs(seed: int, steps: int) -> Iterator[str]:
    """Yield a sentence for the costliest page of each form, in time and in memory."""
    for form in FORMS:
        for cost, (measure, unit) in COSTS.items():
            worst = climb(seed, form, cost, steps)
            small, large = worst.page(SIZE), worst.page(SIZE * TIMES)
            once, more = (min(measure(page)[1] for _ in range(2)) / len(page.raw) for page in (small, large))
            figures = f"{once:,.1f} {unit} a byte of {len(small.raw):,} bytes, {more:,.1f} of {len(large.raw):,}"
            yield f"{form}: {figures}: {worst!r}"[:1_500]
