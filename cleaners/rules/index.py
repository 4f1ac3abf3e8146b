"""The rules of one pack as tables for look-up, each made when it is first needed: no loop over rules for each line."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import NamedTuple

import msgspec
from ahocorasick_rs import AhoCorasick, Implementation

from cleaners.grammar.template import opening, pieces, spell
from cleaners.rules.model import Pack, Rule
from cleaners.text.normalize import key

MAX_DFA_PHRASES = 2_000  # a table for them finds more quickly, and takes 6 KB of memory each
MAX_LEADING_WORDS = 3  # of a line with fields, by which it is looked up


class Phrase(msgspec.Struct, frozen=True, gc=False):
    """A wording that a rule looks for inside lines; `until` ends a fence."""

    rule: Rule
    where: str
    spelling: str
    until: str = ""


class LineWording(NamedTuple):
    """A whole line with fields that a rule takes, and the keys of the fixed text at its start and end.

    `number` is the rule's place in its pack; `by_last` says that it is known by its last word, as it begins with a field.
    """

    number: int
    by_last: bool
    rule: Rule
    spelling: str
    starts: str
    ends: str


class _Lines(NamedTuple):
    """The rules that take whole lines: by key wherever they stand, by key beside the prose of a story, and by patterns."""

    any: dict[str, Rule]
    outside: dict[str, Rule]
    patterns: dict[str, list[LineWording]]


class RuleIndex:
    """The rules of a pack, with the ambiguous ones or without."""

    def __init__(self, pack: Pack, strict: bool) -> None:
        self.pack = pack
        self.rules = [rule for rule in pack.rule if strict or rule.sure == "safe"]

    @property
    def line_keys(self) -> dict[str, Rule]:
        """Return the rules that take a line of fixed text and numbers wherever it stands, by its key."""
        return self._lines.any

    @property
    def outside_keys(self) -> dict[str, Rule]:
        """Return the rules that take a line of fixed text and numbers only beside the prose of a story, by its key."""
        return self._lines.outside

    @property
    def line_patterns(self) -> dict[str, list[LineWording]]:
        """Return the rules whose whole line holds other fields, by the key of its first fixed words or of its last one."""
        return self._lines.patterns

    @cached_property
    def _lines(self) -> _Lines:
        found = _Lines({}, {}, defaultdict(list))
        keys = {"any": found.any, "outside": found.outside}
        for number, rule in enumerate(self.rules):
            for spelling in (spelling for line in rule.line for spelling in spell(line)):
                parts = pieces(spelling)
                if all(piece.text or piece.field == "n" for piece in parts):
                    if rule.where in keys:
                        keys[rule.where].setdefault(key(spelling.replace("{n}", "0")), rule)
                    continue
                # A word glued to a field ("by{name}") is no word of its own, so only whole words may index.
                first, last = f"{parts[0].text}|".split()[:-1], f"|{parts[-1].text}".split()[1:]
                wording = LineWording(number, not first, rule, spelling, key(parts[0].text), key(parts[-1].text))
                found.patterns[key(" ".join(first[:MAX_LEADING_WORDS])) if first else key(last[-1])].append(wording)
        return found._replace(patterns=dict(found.patterns))

    @cached_property
    def phrases(self) -> list[Phrase]:
        """Return the phrases looked for inside lines, one for each way to write its opening words."""
        return [phrase for phrase, _ in self._openings]

    def find_openings(self, text: str) -> list[tuple[int, int, int]]:
        """Return where the opening words of phrases stand in `text`, as (index of the phrase, start, end), in one pass."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True) if self._openings else []

    @cached_property
    def _automaton(self) -> AhoCorasick:
        words = [words for _, words in self._openings]
        return AhoCorasick(words, implementation=Implementation.DFA if len(words) <= MAX_DFA_PHRASES else None)

    @cached_property
    def _openings(self) -> list[tuple[Phrase, str]]:
        inside = [
            (rule, where, spelling, "")
            for rule in self.rules
            for where in ("start", "end", "sentence")
            for template in getattr(rule, where)
            for spelling in spell(template)
        ]
        fences = [
            (rule, "fence", spelling, last) for rule in self.rules for first, last in rule.fence for spelling in spell(first)
        ]
        return [(Phrase(*phrase), words) for phrase in (*inside, *fences) for words in _quotings(opening(phrase[2]))]


def leading(folded: str) -> list[str]:
    """Return the first words of a key under which lines with fields are looked up: one, two and so on.

    >>> leading("read more about it")
    ['read', 'read more', 'read more about']
    """
    words = folded.split(" ", MAX_LEADING_WORDS)[:MAX_LEADING_WORDS]
    return [" ".join(words[: i + 1]) for i in range(len(words))]


def _quotings(text: str) -> list[str]:
    """Return `text` with its straight quotes, and with curly ones where it has any."""
    return sorted({text, text.replace("'", "’")})
