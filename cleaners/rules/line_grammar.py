"""The compiled line grammars of rules and layouts, and the keys of the lines by which they are found.

Made by `cleaners.rules.compiled` and `cleaners.rules.registry`; matched by `cleaners.segmentation`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Literal

import msgspec

from cleaners.errors import PackError
from cleaners.grammar.match import LinePattern, Needed, line_pattern, needed_texts
from cleaners.grammar.template import LayoutField
from cleaners.rules.layout import Layout
from cleaners.rules.model import Rule
from cleaners.text.normalize import lookup_key


class LineGrammar(msgspec.Struct, frozen=True, gc=False):
    """The compiled line grammar of a rule or layout.

    `anchor` is the index of the line by which it is found: fixed text, else a time, else the first required line.
    `head` are the lines up to the last one with fixed text, a time or a repeated field; `tail` holds the fields of the lines
    after it, one a line; `needed` is the fixed text inside its lines. `echo` are the indices of two required lines, a field and
    a later line that ends with the same field; None when there are none.
    """

    id: str
    patterns: tuple[LinePattern, ...]
    anchor: int
    head: tuple[LinePattern, ...]
    tail: tuple[LayoutField | Literal[""], ...]
    needed: Needed
    echo: tuple[int, int] | None
    rule: Rule | None = None
    layout: Layout | None = None


def compile_grammar(part: Rule | Layout, pack_format: int = 1) -> LineGrammar:
    """Compile the line grammar of a rule or layout; from format 2 on, the values of `other` in it need not be equal."""
    frees_other = pack_format > 1
    patterns = tuple(line_pattern(line, frees_other=frees_other) for line in part.lines)
    required = [i for i, line in enumerate(patterns) if not line.optional]
    fixed = [i for i in required if patterns[i].keys]
    timed = [i for i in required if "time" in patterns[i].fields]
    certain = 0
    seen: set[str] = set()
    for i, line in enumerate(patterns):
        if not line.lone_field or line.lone_field in seen or line.lone_field == "time":
            certain = i + 1
        seen |= line.fields - ({"other"} if frees_other else set())
    return LineGrammar(
        id=part.id,
        patterns=patterns,
        anchor=(fixed or timed or required)[0],
        head=patterns[:certain],
        tail=tuple(line.lone_field for line in patterns[certain:]),
        needed=needed_texts(patterns),
        echo=_echo(patterns),
        rule=part if isinstance(part, Rule) else None,
        layout=part if isinstance(part, Layout) else None,
    )


def _echo(patterns: Sequence[LinePattern]) -> tuple[int, int] | None:
    """Return the indices of a line that is a field and of a later line that ends with it, with no optional line before it."""
    required = list(takewhile(lambda pattern: not pattern.optional, patterns))
    for i, first in enumerate(required):
        if not first.lone_field or (first.lone_field == "other" and first.frees_other):
            continue
        for j, later in enumerate(required[i + 1 :], i + 1):
            if all(spelling[-1].field == first.lone_field for spelling in later.spellings):
                return i, j
    return None


def by_anchor_key(grammars: Iterable[LineGrammar]) -> dict[str, list[LineGrammar]]:
    """Return grammars by the look-up keys of their anchor lines."""
    by_key: dict[str, list[LineGrammar]] = defaultdict(list)
    for grammar in grammars:
        for anchor in anchor_keys(grammar):
            by_key[anchor].append(grammar)
    return dict(by_key)


def anchor_keys(grammar: LineGrammar) -> list[str]:
    """Return the look-up keys of the anchor line of a grammar: of the whole line, or of its opening word."""
    line = grammar.patterns[grammar.anchor]
    if line.keys:
        return sorted(line.keys)
    words = {spelling[0].text.split(" ")[0] for spelling in line.spellings}
    if not all(" " in spelling[0].text for spelling in line.spellings):
        raise PackError(f"{grammar.id}: a line of it that must be there must be, or begin with, a word as it stands")
    return sorted(word_key(word) for word in words)


def word_key(word: str) -> str:
    """Return the look-up key for lines that begin with a fixed word; it equals no key of a whole line."""
    return f"{lookup_key(word)}\t"
