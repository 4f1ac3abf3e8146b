"""The packs that hold for a page, compiled for look-up: keys, opening words and grammars instead of loops over rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import takewhile
from operator import itemgetter
from typing import NamedTuple

import msgspec

from cleaners.dates.find import DateFinder
from cleaners.errors import PackError
from cleaners.grammar.fields import FieldContext
from cleaners.grammar.match import LinePattern, Needed, line_pattern, needed_texts
from cleaners.rules.index import LineWording, Phrase, RuleIndex, leading
from cleaners.rules.layout import Layout
from cleaners.rules.model import Rule
from cleaners.text.normalize import key

# Lines that no rule names, taken for where they stand on a page: rule ids are a page layout's id and these.
PARTS_OF_A_PAGE = {"before": "navigation", "header": "navigation", "list": "related-label", "after": "navigation"}
# The roles of layouts that say how a page as a whole is made.
PAGE_ROLES = ("article", "listing")


class Block(msgspec.Struct, frozen=True, gc=False):
    """The compiled line grammar of a rule or layout.

    `anchor` is the index of the line by which it is found: fixed text, else a time, else the first that must be there.
    `head` are the lines up to the last that fixed text, a time or a repeated field makes certain; `tail` names the
    fields that follow, a line each; `needed` is the fixed text inside its lines. `echo` are the indices of a line that is a
    field and of a later one that says it again at its end, where both must be there.
    """

    id: str
    patterns: tuple[LinePattern, ...]
    anchor: int
    head: tuple[LinePattern, ...]
    tail: tuple[str, ...]
    needed: Needed
    echo: tuple[int, int] | None
    rule: Rule | None = None
    layout: Layout | None = None


class Opening(NamedTuple):
    """The opening words of a `phrase` stand in a text from `start` to `end`.

    Among those at one place the first pack's come first, in the order of its phrases.
    """

    start: int
    pack: int
    number: int
    end: int
    phrase: Phrase


class Ruleset:
    """The rules and layouts of some packs, in their order, ready to be applied; `site` is the site pack among them."""

    def __init__(self, indexes: Sequence[RuleIndex]) -> None:
        self.indexes = tuple(indexes)
        packs = [index.pack for index in indexes]
        self.site = next((pack for pack in packs if pack.is_site), None)
        self.rules = {rule.id: rule for index in indexes for rule in index.rules}
        layouts = [layout for pack in packs for layout in pack.layout]
        self.words = FieldContext(
            DateFinder(pack.words.rows() for pack in packs if pack.words),
            frozenset(source for pack in packs for source in pack.sources),
            frozenset(word.casefold() for pack in packs if pack.words for word in pack.words.openers),
        )
        self.longest_sources = sorted(self.words.sources, key=lambda source: (-len(source), source))
        # How header lines begin and end that say one of them.
        self.source_starts = tuple(f"{source} {word} " for source in self.longest_sources for word in ("in", "at"))
        self.source_ends = tuple(f"{sign}{source}" for source in self.longest_sources for sign in (" ", ","))
        self.pages = tuple(block_of(layout) for layout in layouts if layout.role in PAGE_ROLES)
        self.stories = tuple(block_of(layout) for layout in layouts if layout.role == "story" and not layout.repeats)
        self.knows_pages = self.site is not None and any(layout.role in PAGE_ROLES for layout in self.site.layout)
        own_first = sorted((pack for pack in packs if pack.layout), key=lambda pack: not pack.is_site)
        self.headers = tuple(block_of(layout) for layout in layouts if layout.role == "header")
        self.repeated = tuple(block_of(layout) for pack in own_first for layout in pack.layout if layout.repeats)
        self.byline_words = frozenset(word.casefold() for pack in packs if pack.words for word in pack.words.by)
        self.date_order = self.site.date_order if self.site else ""
        self.blocks = tuple(block_of(rule) for rule in self.rules.values() if rule.lines)
        self.blocks_by_key = by_anchor_key(self.blocks)
        self.kinds: dict[str, str] = {rule.id: rule.kind for rule in self.rules.values()}
        for layout in layouts:
            kind = "ad-marker" if layout.role == "paid" else "structure"
            self.kinds |= {layout.id: kind, f"{layout.id}.repeat": "duplicate"}
            if layout.role == "article":
                self.kinds |= {f"{layout.id}.{part}": kind for part, kind in PARTS_OF_A_PAGE.items()}

    @property
    def any_page(self) -> Block:
        """Return the layout of pages that follow no other; raises PackError when no pack has one."""
        if not self.pages:
            raise PackError("no pack has a layout for pages: add one with the role article, such as that of generic.toml")
        return self.pages[-1]

    def line_rule(self, folded: str, *, outside: bool) -> Rule | None:
        """Return the rule that takes a line of fixed text and numbers, by its key."""
        return self._line_keys.get(folded) or (self._outside_keys.get(folded) if outside else None)

    @cached_property
    def _line_keys(self) -> dict[str, Rule]:
        return {folded: rule for index in reversed(self.indexes) for folded, rule in index.line_keys.items()}

    @cached_property
    def _outside_keys(self) -> dict[str, Rule]:
        return {folded: rule for index in reversed(self.indexes) for folded, rule in index.outside_keys.items()}

    def patterns_of(self, start: str, end: str) -> list[LineWording]:
        """Return the wordings with fields that a line may follow, by the keys of its two ends, the first to try first.

        Those known by their first words come before those known by their last one, both in the order of the packs.
        """
        first, last = start.partition(" ")[0], end.rpartition(" ")[2]
        words, wordings = self._line_patterns
        found = [
            ((wording.by_last and first != last, place, wording.number), wording)
            for known in ((*leading(start), last) if first in words else (last,))
            for place, wording in wordings.get(known, ())
            # Most that share a word with the line differ from it in the next, which is seen without a pattern.
            if start.startswith(wording.starts) and end.endswith(wording.ends)
        ]
        return [wording for _, wording in (sorted(found, key=itemgetter(0)) if len(found) > 1 else found)]

    def may_follow_pattern(self, first: str, last: str) -> bool:
        """Say whether wordings with fields are known by words that begin with the `first` of a line, or by its `last` one."""
        words, wordings = self._line_patterns
        return first in words or last in wordings

    @cached_property
    def _line_patterns(self) -> tuple[frozenset[str], dict[str, list[tuple[int, LineWording]]]]:
        """Return the wordings with fields, each with its pack's place, by words that lines begin or end with.

        Before them, the first of each of those words.
        """
        found: dict[str, list[tuple[int, LineWording]]] = defaultdict(list)
        for place, index in enumerate(self.indexes):
            for words, wordings in index.line_patterns.items():
                found[words] += [(place, wording) for wording in wordings]
        return frozenset(words.partition(" ")[0] for words in found), dict(found)

    def find_openings(self, text: str) -> list[Opening]:
        """Return where the opening words of phrases stand in `text`, in order."""
        return sorted(
            Opening(start, pack, number, end, index.phrases[number])
            for pack, index in enumerate(self.indexes)
            for number, start, end in index.find_openings(text)
        )

    @cached_property
    def characters(self) -> tuple[re.Pattern[str] | None, dict[str, Rule]]:
        """Return a class of all single characters that rules remove, and the rule of each."""
        rule_of = {char: rule for rule in self.rules.values() for char in rule.characters}
        return (re.compile(f"[{re.escape(''.join(rule_of))}]") if rule_of else None), rule_of


def block_of(part: Rule | Layout) -> Block:
    """Compile the line grammar of a rule or layout."""
    patterns = tuple(line_pattern(line) for line in part.lines)
    required = [i for i, line in enumerate(patterns) if not line.optional]
    fixed = [i for i in required if patterns[i].keys]
    timed = [i for i in required if "time" in patterns[i].fields]
    certain = 0
    seen: set[str] = set()
    for i, line in enumerate(patterns):
        if not line.lone_field or line.lone_field in seen or line.lone_field == "time":
            certain = i + 1
        seen |= line.fields
    return Block(
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
    """Return the indices of a line that is a field and of one that ends with it again, with nothing optional before it."""
    must = list(takewhile(lambda pattern: not pattern.optional, patterns))
    for i, said in enumerate(must):
        for j, again in enumerate(must[i + 1 :], i + 1):
            if said.lone_field and all(spelling[-1].field == said.lone_field for spelling in again.spellings):
                return i, j
    return None


def by_anchor_key(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """Return grammars by the keys under which their anchors are looked up."""
    found: dict[str, list[Block]] = defaultdict(list)
    for block in blocks:
        for anchor in anchor_keys(block):
            found[anchor].append(block)
    return dict(found)


def anchor_keys(block: Block) -> list[str]:
    """Return the keys by which the anchor of a grammar is looked up: of the whole line, or of its opening word."""
    line = block.patterns[block.anchor]
    if line.keys:
        return sorted(line.keys)
    words = {spelling[0].text.split(" ")[0] for spelling in line.spellings if " " in spelling[0].text}
    if len(words) < len(line.spellings):
        raise PackError(f"{block.id}: a line of it that must be there must be, or begin with, a word as it stands")
    return sorted(word_key(word) for word in words)


def word_key(word: str) -> str:
    """Return the key by which lines are looked up that only begin with fixed text; it equals no key of a whole line."""
    return f"{key(word)}\t"
