"""The rules of one pack as look-up tables, each made at first use: no loop over rules for each line.

Made by `cleaners.rules.registry`; `cleaners.rules.compiled` combines those of a page.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec
from ahocorasick_rs import AhoCorasick, Implementation

from cleaners.grammar.template import fixed_text, is_fixed, opening, pieces, spell
from cleaners.rules.model import Pack, Rule, Where
from cleaners.text.normalize import new_key

MAX_DFA_PHRASES = 2_000  # a DFA is quicker, but takes 6 KB of memory a phrase
MAX_LEADING_WORDS = 3  # under which a line with fields is indexed
# The position of a phrase in its line, the name of its key in a rule.
PhrasePosition = Literal["start", "end", "sentence", "fence"]
INSIDE: tuple[PhrasePosition, ...] = ("start", "end", "sentence")


class Phrase(msgspec.Struct, frozen=True, gc=False):
    """A wording to be found inside lines; `until` is the far end of a fence."""

    rule: Rule
    where: PhrasePosition
    spelling: str
    until: str = ""


class LineWording(NamedTuple):
    """A whole line with fields that a rule removes, and the look-up keys of the fixed text at its start and end.

    `number` is the index of the rule in its pack; `by_last` is true when it is indexed by its last word, as it begins with a
    field.
    """

    number: int
    by_last: bool
    rule: Rule
    spelling: str
    starts: str
    ends: str


class _Lines(NamedTuple):
    """The rules for whole lines: by key for each place where they hold, and by indexed words."""

    keys: dict[Where, dict[str, Rule]]
    patterns: dict[str, list[LineWording]]


class RuleIndex:
    """The rules of a pack, with the ambiguous ones or without."""

    def __init__(self, pack: Pack, strict: bool) -> None:
        self.pack = pack
        self.rules = [rule for rule in pack.rule if strict or rule.sure == "safe"]

    def line_keys(self, where: Where) -> dict[str, Rule]:
        """Return the rules that hold in one place for lines of fixed text and numbers, by look-up key."""
        return self._lines.keys.get(where, {})

    @property
    def line_patterns(self) -> dict[str, list[LineWording]]:
        """Return the whole lines with other fields, by the key of their first fixed words or of their last one."""
        return self._lines.patterns

    @cached_property
    def _lines(self) -> _Lines:
        lines = _Lines({}, defaultdict(list))
        for number, rule in enumerate(self.rules):
            for spelling in (spelling for line in rule.line for spelling in spell(line)):
                parts = pieces(spelling)
                if is_fixed(parts):
                    lines.keys.setdefault(rule.where, {}).setdefault(new_key(fixed_text(parts)), rule)
                    continue
                # Only whole words are indexed, not words glued to a field ("by{name}").
                first, last = f"{parts[0].text}|".split()[:-1], f"|{parts[-1].text}".split()[1:]
                wording = LineWording(number, not first, rule, spelling, new_key(parts[0].text), new_key(parts[-1].text))
                indexed = " ".join(first[:MAX_LEADING_WORDS]) if first else last[-1]
                lines.patterns[new_key(indexed)].append(wording)
        return lines._replace(patterns=dict(lines.patterns))

    @cached_property
    def phrases(self) -> list[Phrase]:
        """Return the phrases to be found inside lines, one for each quotation style of its opening words."""
        return [phrase for phrase, _ in self._openings]

    def find_openings(self, text: str) -> list[tuple[int, int, int]]:
        """Return the occurrences of opening words of phrases in `text`, as (index of the phrase, start, end), in one pass."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True) if self._openings else []

    @cached_property
    def _automaton(self) -> AhoCorasick:
        words = [words for _, words in self._openings]
        return AhoCorasick(words, implementation=Implementation.DFA if len(words) <= MAX_DFA_PHRASES else None)

    @cached_property
    def _openings(self) -> list[tuple[Phrase, str]]:
        inside = [
            Phrase(rule, where, spelling)
            for rule in self.rules
            for where in INSIDE
            for template in getattr(rule, where)
            for spelling in spell(template)
        ]
        fences = [
            Phrase(rule, "fence", spelling, last)
            for rule in self.rules
            for first, last in rule.fence
            for spelling in spell(first)
        ]
        return [(phrase, words) for phrase in (*inside, *fences) for words in _quotings(opening(phrase.spelling))]


def leading(folded: str) -> list[str]:
    """Return the first word of a key, its first two words and so on, as lines with fields are indexed by them.

    >>> leading("read more about it")
    ['read', 'read more', 'read more about']
    """
    words = folded.split(" ", MAX_LEADING_WORDS)[:MAX_LEADING_WORDS]
    return [" ".join(words[: i + 1]) for i in range(len(words))]


def _quotings(text: str) -> list[str]:
    """Return `text` with straight apostrophes, and with curly ones if it has any."""
    return sorted({text, text.replace("'", "’")})
