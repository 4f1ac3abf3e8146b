"""How much the pages of each kind of label weigh in the fit of each part.

The weights were chosen by the figures of whole runs on held-out sites. A page with the weight 0 is not part of a fit.
`--weight NAME=W` of the command multiplies those of a set or of a kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from tests.fit.sets import BLIND, BRIEF, CLEAN, INVENTED, LISTED, LabelledPage

Part = Literal["line_score", "grammar", "own_lines", "title"]
CASE, GOLD, HTML = "case", "gold", "html"
MADE = (BLIND, BRIEF, CLEAN, INVENTED, LISTED)  # sets that are made for the fit; the others are real pages
WEIGHTS: Mapping[Part, Mapping[str, float]] = {
    "line_score": {CLEAN: 0.5, LISTED: 0.0, BRIEF: 0.1, BLIND: 0.15, INVENTED: 0.3, HTML: 0.5},
    "grammar": {CASE: 1.2, INVENTED: 0.2, BLIND: 0.1},
    "own_lines": {CLEAN: 0.3, LISTED: 0.0, BRIEF: 0.1, BLIND: 0.15, INVENTED: 0.3},
    "title": {CASE: 1.5},
}


def kind_of(page: LabelledPage) -> str:
    """Return the kind of a page's label: the set of a page that was made, else what the label knows of a real page."""
    if page.set in MADE:
        return page.set
    return CASE if "expected" in page.row else HTML if page.page.hints else GOLD


def weight_of(page: LabelledPage, part: Part) -> float:
    """Return the weight of a page in the fit of a part, 1 for most."""
    return page.weight * WEIGHTS[part].get(kind_of(page), 1.0)


def weigh(pages: Iterable[LabelledPage], weights: Mapping[str, float]) -> None:
    """Give pages the weights of their sets and kinds, by name."""
    for page in pages:
        page.weight = weights.get(page.set, 1.0)
        if page.set not in MADE:
            page.weight *= weights.get(kind_of(page), 1.0)
