"""Tell quantities from times: amounts of money, fractions and scores. Called by `cleaners.dates.find`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from unicodedata import category

from cleaners.dates.resolve import DatePart, TimeExpression
from cleaners.dates.tokenize import PUNCTUATION

CURRENCY = "Sc"  # the Unicode category of signs such as $ and €


def is_quantity(
    text: str, span: tuple[int, int], run: Sequence[DatePart], expression: TimeExpression, is_label: Callable[[str], bool]
) -> bool:
    """Return whether numbers that mean a time are an amount of money, or a fraction or a score among words.

    A day and a month in numbers, without a year or another word of time, stand alone or beside signs and labels.
    """
    before, after = text[: span[0]].rstrip(), text[span[1] :].lstrip()
    if any(category(sign) == CURRENCY for sign in (before[-1:], after[:1]) if sign):
        return True
    has_word = any(kind != "number" for _, meanings in run for kind, _ in meanings)
    if has_word or expression.year or expression.clock:
        return False
    is_apart = not before or before[-1] in PUNCTUATION or is_label(before)
    return not (is_apart and (not after or after[0] in PUNCTUATION or is_label(after)))
