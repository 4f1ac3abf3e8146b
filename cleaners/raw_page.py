"""Tell a raw page, with menus, widgets and lists around its text, from a text on its own."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.body import join, line_rule, subtract
from cleaners.fact import Fact
from cleaners.key import MAX_KEY_CHARS
from cleaners.phrases import Scan
from cleaners.ruleset import Ruleset

MIN_LABELS = 5  # a raw page has at least so many different labels; set by hand on raw pages and bare texts
MIN_LABEL_SHARE = 0.12  # ... or so many of its lines, when it is a short page
MIN_SHARE = 0.7  # of its characters, when a page is a digest


def is_raw(facts: Sequence[Fact], ruleset: Ruleset, scan: Scan) -> bool:
    """Say whether a page has menus, widgets or lists around its text, or is nothing but stories of one form."""
    labels = len({label for fact in facts if (label := _label(fact, ruleset, scan))})
    taken = sum(len(fact.line.text) for fact in facts if fact.taken)
    return (
        labels >= MIN_LABELS
        or (labels >= MIN_LABELS - 1 and labels >= MIN_LABEL_SHARE * len(facts))
        or taken >= MIN_SHARE * sum(len(fact.line.text) for fact in facts)
    )


def _label(fact: Fact, ruleset: Ruleset, scan: Scan) -> str:
    """Return the label that a line is, or that is left of it when the phrases in it are cut; "" for none."""
    text = fact.line.text
    if fact.rule is not None or len(text) > MAX_KEY_CHARS:
        return text if fact.rule is not None else ""
    phrases = [(start, end) for _, start, end in scan.phrases(fact.line)]
    rest = join(text, subtract((0, len(text)), phrases)).text if phrases else ""
    return rest if rest and line_rule(rest, ruleset, outside=True) else ""
