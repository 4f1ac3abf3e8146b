"""The packs of a page compiled for look-up: keys, opening words and grammars instead of loops over rules.

Made by `cleaners.rules.registry` and `cleaners.examples`; used by every step of cleaning after it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from cleaners.dates.find import DateFinder
from cleaners.dates.resolve import DateOrder
from cleaners.dates.site_times import SiteDateFinder
from cleaners.errors import PackError
from cleaners.fitted.load import Reading, shipped_reading
from cleaners.grammar.fields import FieldContext
from cleaners.rules.index import LineWording, Phrase, RuleIndex, leading
from cleaners.rules.layout import LayoutRole
from cleaners.rules.line_grammar import LineGrammar, by_anchor_key, compile_grammar
from cleaners.rules.model import EVERYWHERE, Pack, Rule, RuleKind, Wheres
from cleaners.rules.refusal import Refusal
from cleaners.rules.site_lines import SiteLines
from cleaners.text.people import BylineWords

# The parts of a page in which lines are removed without a rule, with the kind of the removal; the rule id is the id of the
# page layout and one of these.
REMOVED_PARTS: dict[str, RuleKind] = {
    "before": "navigation",
    "header": "navigation",
    "list": "related-label",
    "after": "navigation",
    "repeated-text": "duplicate",
    "not-an-article": "navigation",
}
# The roles of layouts for whole pages.
PAGE_ROLES: tuple[LayoutRole, ...] = ("article", "listing")


class OpeningMatch(NamedTuple):
    """An occurrence of the opening words of a `phrase` in a text, from `start` to `end`.

    Sorted by `start`, then by the index of the `pack`, then by the `number` of the phrase in its pack.
    """

    start: int
    pack: int
    number: int
    end: int
    phrase: Phrase


class Ruleset:
    """The rules and layouts of the packs for one page, in their order, compiled; `site` is the site pack among them.

    `context` is the knowledge for grammars: the finder of times, the sources and the openers. `reading` holds the fitted
    numbers of reading.
    """

    def __init__(self, indexes: Sequence[RuleIndex], reading: Reading | None = None) -> None:
        self.indexes = tuple(indexes)
        self.reading = reading or shipped_reading()
        packs = [index.pack for index in indexes]
        self.site = next((pack for pack in packs if pack.is_site), None)
        self.rules = {rule.id: rule for index in indexes for rule in index.rules}
        layouts = [layout for pack in packs for layout in pack.layout]
        self.context = FieldContext(
            _date_finder(packs),
            frozenset(source for pack in packs for source in pack.publishers),
            frozenset(word.casefold() for pack in packs if pack.words for word in pack.words.openers),
        )
        self.longest_sources = sorted(self.context.sources, key=lambda source: (-len(source), source))
        # The starts and ends of header lines that name one of them.
        self.source_starts = tuple(f"{source} {word} " for source in self.longest_sources for word in ("in", "at"))
        self.source_ends = tuple(f"{sign}{source}" for source in self.longest_sources for sign in (" ", ","))
        grammars = {id(layout): compile_grammar(layout, pack.format) for pack in packs for layout in pack.layout}
        compiled = [grammars[id(layout)] for layout in layouts]
        self.page_layouts = _with_role(compiled, *PAGE_ROLES)
        self.story_layouts = _with_role(compiled, "story")
        self.has_site_layout = self.site is not None and any(layout.role in PAGE_ROLES for layout in self.site.layout)
        own_first = sorted((pack for pack in packs if pack.layout), key=lambda pack: not pack.is_site)
        self.opening_layouts = _with_role(compiled, "opening")
        self.header_layouts = _with_role(compiled, "header")
        self.repeated_layouts = tuple(grammars[id(layout)] for pack in own_first for layout in pack.layout if layout.repeats)
        self.byline_words = frozenset(word.casefold() for pack in packs if pack.words for word in pack.words.by)
        self.update_labels = tuple(word.casefold() for pack in packs if pack.words for word in pack.words.updated)
        self.people_words = BylineWords(
            self.byline_words,
            *(
                frozenset(word.lower() for pack in packs if pack.words for word in getattr(pack.words, name))
                for name in ("joiners", "roles", "credits", "companies", "openers")
            ),
        )
        self._line_keys: dict[Wheres, dict[str, Rule]] = {}
        self.wheres = frozenset(rule.where for rule in self.rules.values() if rule.line)
        self.label_spans = tuple(rule for rule in self.rules.values() if rule.between)
        orders = [self.site.date_order if self.site else "", *(pack.words.order for pack in packs if pack.words)]
        self.date_order: DateOrder = next((order for order in orders if order), "")
        formats = {rule.id: index.pack.format for index in indexes for rule in index.rules}
        self.block_rules = tuple(compile_grammar(rule, formats[rule.id]) for rule in self.rules.values() if rule.lines)
        self.block_rules_by_key = by_anchor_key(self.block_rules)
        self._site_lines: frozenset[str] = frozenset()
        self._site_lines_rule: Rule | None = None
        self.kinds: dict[str, RuleKind] = {rule.id: rule.kind for rule in self.rules.values()}
        for layout in layouts:
            kind: RuleKind = "ad-marker" if layout.role == "paid" else "structure"
            self.kinds |= {layout.id: kind, f"{layout.id}.repeat": "duplicate"}
            if layout.role == "article":
                self.kinds |= {f"{layout.id}.{part}": removal for part, removal in REMOVED_PARTS.items()}

    def with_lines(self, lines: SiteLines) -> Ruleset:
        """Return these rules and the one for the lines of a site, the last of all; the compiled parts are shared."""
        _ = self.refusals, self._notice_words, self._all_line_keys, self.characters  # else each copy would compile them
        other, rule = copy(self), lines.rule()
        other._site_lines, other._site_lines_rule = frozenset(lines.lines), rule
        other.rules, other.kinds = {**self.rules, rule.id: rule}, {**self.kinds, rule.id: rule.kind}
        other.wheres = self.wheres | {rule.where}
        return other

    @cached_property
    def refusals(self) -> dict[str, Refusal]:
        """Return the wordings of pages that are none, by the look-up keys of their lines."""
        found = [refusal for index in self.indexes for refusal in index.pack.refusal]
        return {key: refusal for refusal in reversed(found) for key in refusal.line_keys}

    @property
    def fallback_layout(self) -> LineGrammar:
        """Return the layout for pages that follow no other; raises PackError when no pack has one."""
        if not self.page_layouts:
            raise PackError("no pack has a layout for pages: add one with the role article, such as that of generic.toml")
        return self.page_layouts[-1]

    def line_rule(self, folded: str, wheres: Wheres) -> Rule | None:
        """Return the rule for a line of fixed text and numbers in some places, by its look-up key; None when there is none."""
        if wheres not in self._line_keys:
            keys = [index.line_keys(where) for where in wheres for index in self.indexes]
            self._line_keys[wheres] = {folded: rule for rules in reversed(keys) for folded, rule in rules.items()}
        rule = self._line_keys[wheres].get(folded)
        if rule is None and folded in self._site_lines and "outside" in wheres:
            return self._site_lines_rule
        return rule

    def has_key(self, folded: str) -> bool:
        """Return whether some rule has a line of fixed text and numbers with this look-up key, in whatever place."""
        return folded in self._all_line_keys or folded in self._site_lines

    @cached_property
    def _all_line_keys(self) -> frozenset[str]:
        """Return the look-up keys of all lines of fixed text and numbers."""
        return frozenset(key for index in self.indexes for where in EVERYWHERE for key in index.line_keys(where))

    def patterns_of(self, start: str, end: str) -> list[LineWording]:
        """Return the wordings with fields that a line may follow, by the keys of its two ends, in the order to try.

        Wordings found by their first words come before those found by their last word, each in the order of the packs.
        """
        first, last = start.partition(" ")[0], end.rpartition(" ")[2]
        words, wordings = self._line_patterns
        if first not in words and last not in wordings:
            return []
        candidates = [
            ((wording.by_last and first != last, pack, wording.number), wording)
            for indexed in ((*leading(start), last) if first in words else (last,))
            for pack, wording in wordings.get(indexed, ())
            # Most wordings that share a word with the line differ in the next one, so that no pattern has to be tried.
            if start.startswith(wording.starts) and end.endswith(wording.ends)
        ]
        return [wording for _, wording in (sorted(candidates, key=itemgetter(0)) if len(candidates) > 1 else candidates)]

    def may_follow_pattern(self, first: str, last: str) -> bool:
        """Return whether any wording with fields is indexed by the `first` word of a line or by its `last` one."""
        words, wordings = self._line_patterns
        return first in words or last in wordings

    def may_be_notice(self, first: str, last: str) -> bool:
        """Return whether a rule for notices may be that of a sentence, by the keys of its first and last word."""
        return first in self._notice_words or last in self._notice_words

    @cached_property
    def _notice_words(self) -> frozenset[str]:
        """Return the words by which the rules for notices are found: the first of a key, the first or last of a pattern."""
        keys = [index.line_keys(where) for index in self.indexes for where in EVERYWHERE]
        found = {key.partition(" ")[0] for rules in keys for key, rule in rules.items() if rule.opens_notice}
        _, by_words = self._line_patterns
        patterned = {words for words, wordings in by_words.items() if any(it.rule.opens_notice for _, it in wordings)}
        return frozenset(found | {words.partition(" ")[0] for words in patterned})

    @cached_property
    def _line_patterns(self) -> tuple[frozenset[str], dict[str, list[tuple[int, LineWording]]]]:
        """Return the first words of all indexed wordings, and the wordings by their indexed words.

        Each wording comes with the index of its pack.
        """
        by_words: dict[str, list[tuple[int, LineWording]]] = defaultdict(list)
        for pack, index in enumerate(self.indexes):
            for words, wordings in index.line_patterns.items():
                by_words[words] += [(pack, wording) for wording in wordings]
        return frozenset(words.partition(" ")[0] for words in by_words), dict(by_words)

    def find_openings(self, text: str) -> list[OpeningMatch]:
        """Return the occurrences of opening words of phrases in `text`, in order."""
        return sorted(
            OpeningMatch(start, pack, number, end, index.phrases[number])
            for pack, index in enumerate(self.indexes)
            for number, start, end in index.find_openings(text)
        )

    @cached_property
    def characters(self) -> tuple[re.Pattern[str] | None, dict[str, Rule]]:
        """Return a pattern for all single characters that rules remove, and the rule of each character."""
        rule_of = {char: rule for rule in self.rules.values() for char in rule.characters}
        return (re.compile(f"[{re.escape(''.join(rule_of))}]") if rule_of else None), rule_of


def _date_finder(packs: Sequence[Pack]) -> DateFinder:
    """Return the finder of times by the words of packs and by the forms of time of a site."""
    tables = [pack.words.rows() for pack in packs if pack.words]
    forms = [form for pack in packs for form in pack.time_forms]
    return SiteDateFinder(tables, forms) if forms else DateFinder(tables)


def _with_role(grammars: Iterable[LineGrammar], *roles: LayoutRole) -> tuple[LineGrammar, ...]:
    """Return the grammars of layouts with one of some roles, but those of stories that follow each other."""
    return tuple(it for it in grammars if it.layout is not None and it.layout.role in roles and not it.layout.repeats)
