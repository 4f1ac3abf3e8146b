"""The vector of a run: its measures as the numbers that fitted weights multiply.

Called by `score`, and by the command that fits the weights.
"""

from __future__ import annotations

from math import log, log1p
from typing import Literal

from cleaners.segmentation.page_grammar.measures import Measures

Family = Literal["timed", "signed", "doubled", "named", "bare"]
FAMILIES: tuple[Family, ...] = ("timed", "signed", "doubled", "named", "bare")
MAX_RATIO = 2.0
LONG_TITLE, SHORT_TITLE = 60.0, 36.0  # widths at which a title is plainly one, and below which it may be a menu's
NAMES = (
    "items", "fields", "numbered", "glued", "source_doubled", "signed_too", "doubled_too", "inner_text", "names", "constants",
    "title_width", "short_title", "consistent", "unexplained", "explained", "labelled", "opened", "shifted", "fragments",
    "prose_before", "prose_after", "after_prose", "before_prose", "sentence_titles", "ambiguous", "longest_body",
    "repeated_titles", "name_share", "named_by_sentence", "inner_prose", "under_comments", "after_text", "at_start",
    "questions", "bulleted", "ended", "title_score", "text_score", "cohesion", "foreign",
)  # fmt: skip
# Measures that weigh differently in lists without times, and in lists with texts.
WEAK_TOO = (
    "items", "labelled", "prose_before", "prose_after", "after_prose", "title_width", "unexplained", "longest_body",
    "title_score",
)  # fmt: skip
BODIED_TOO = ("items", "labelled", "prose_before", "prose_after", "unexplained", "consistent", "title_score", "text_score")


def family_of(pattern: str, varying: int) -> Family:
    """Return the family of a pattern, by the field that tells most; `varying` is its number of columns of names."""
    if "T" in pattern or "G" in pattern:
        return "timed"
    if "B" in pattern:
        return "signed"
    if "D" in pattern:
        return "doubled"
    return "named" if varying else "bare"


def vector_of(pattern: str, found: Measures) -> tuple[float, ...]:
    """Return the vector of a run, in the order of NAMES."""
    items = found.items
    timed = "T" in pattern or "G" in pattern
    return (
        log(items),
        len(pattern),
        "N" in pattern,
        "G" in pattern,
        "d" in pattern,
        timed and "B" in pattern,
        "D" in pattern and (timed or "B" in pattern),
        "b" in pattern,
        found.varying,
        found.constant,
        min(found.title_width, LONG_TITLE) / LONG_TITLE,
        max(0.0, SHORT_TITLE - found.title_width) / SHORT_TITLE,
        found.consistent,
        min(MAX_RATIO, found.unexplained / (items + found.body_lines)),
        min(MAX_RATIO, found.explained / (items + found.body_lines)),
        found.labelled,
        found.opened,
        found.shifted,
        found.fragments / items,
        log1p(found.prose_before),
        log1p(max(0, found.prose_after)),
        found.after_prose,
        found.prose_before < 2 and found.prose_after >= 2,
        found.sentence_titles / items,
        found.ambiguous / items,
        log1p(found.longest_body),
        1 - found.distinct_titles / items,
        found.name_share,
        found.named_by_sentence,
        found.inner_prose,
        found.under_comments,
        found.after_text,
        found.at_start,
        found.questions / items,
        found.bulleted / items,
        found.ended,
        found.title_score,
        found.text_score,
        found.cohesion,
        found.foreign,
    )


def named_vector(pattern: str, found: Measures) -> dict[str, float]:
    """Return the numbers that the fit weighs, by name: the vector, its family, and the measures that weigh differently."""
    family = family_of(pattern, found.varying)
    values = dict(zip(NAMES, map(float, vector_of(pattern, found)), strict=True))
    vector = {family: 1.0, **values}
    if family != "timed":
        vector |= {f"weak_{name}": values[name] for name in WEAK_TOO}
    if found.bodied:
        vector |= {f"bodied_{name}": values[name] for name in BODIED_TOO} | {f"bodied_{family}": 1.0}
    return vector
