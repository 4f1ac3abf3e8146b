"""The packs that hold for a page, compiled for look-up: keys, opening words and grammars instead of loops over rules."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import ahocorasick_rs
import re2

from cleaners.grammar import LinePattern, Words, line_pattern
from cleaners.key import key
from cleaners.pack import Layout, Pack, PackError, Rule, read_pack
from cleaners.template import opening, pattern, pieces, spell
from cleaners.times import TimeTable

PACKS = Path(__file__).parent / "packs"
GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A wording that a rule looks for inside lines; `until` ends a fence."""

    rule: Rule
    where: str
    pattern: re2._Regexp[str]
    until: re2._Regexp[str] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """The compiled line grammar of a rule or layout.

    `anchor` is the index of the line by which it is found: fixed text, else a time, else the first that must be there.
    `head` are the lines up to the last that fixed text, a time or a repeated field makes certain; `tail` names the
    fields that follow, a line each.
    """

    id: str
    patterns: tuple[LinePattern, ...]
    anchor: int
    head: tuple[LinePattern, ...]
    tail: tuple[str, ...]
    rule: Rule | None = None
    layout: Layout | None = None


class Ruleset:
    """All rules and layouts of `packs`, in their order, ready to be applied; `site` is the site pack among them."""

    def __init__(self, packs: Sequence[Pack], strict: bool) -> None:
        self.packs = tuple(packs)
        self.site = next((pack for pack in packs if pack.is_site), None)
        self.rules = {
            rule.id: rule for pack in packs for rule in pack.rule if strict or rule.sure == "safe"
        }  # fmt: skip
        layouts = [layout for pack in packs for layout in pack.layout]
        self.words = Words(
            TimeTable(wording for pack in packs for group in pack.time for wording in group.wordings()),
            frozenset(source for pack in packs for source in pack.sources),
        )
        self.pages = tuple(_block(layout) for layout in layouts if layout.role != "story")
        self.stories = tuple(_block(layout) for layout in layouts if layout.role == "story")
        self.blocks = tuple(_block(rule) for rule in self.rules.values() if rule.lines)
        self.blocks_by_key = _by_anchor_key(self.blocks)
        self.kinds: dict[str, str] = {rule.id: rule.kind for rule in self.rules.values()}
        for layout in layouts:
            self.kinds |= {layout.id: "structure", f"{layout.id}.repeat": "duplicate"}

    @cached_property
    def line_keys(self) -> dict[str, Rule]:
        """Return the rules whose whole line is fixed text and numbers, by its key."""
        found: dict[str, Rule] = {}
        for rule, spelling in self._line_spellings():
            if all(piece.text or piece.field == "n" for piece in pieces(spelling)):
                found.setdefault(key(spelling.replace("{n}", "0")), rule)
        return found

    @cached_property
    def line_patterns(self) -> dict[str, list[tuple[re2._Regexp[str], Rule]]]:
        """Return the rules whose whole line holds other fields, by the key of its first or last fixed word."""
        found: dict[str, list[tuple[re2._Regexp[str], Rule]]] = defaultdict(list)
        for rule, spelling in self._line_spellings():
            parts = pieces(spelling)
            if all(piece.text or piece.field == "n" for piece in parts):
                continue
            # A word glued to a field ("by{name}") is no word of its own, so only whole words may index.
            first, last = f"{parts[0].text}|".split()[:-1], f"|{parts[-1].text}".split()[1:]
            found[key(first[0]) if first else key(last[-1])].append((pattern(spelling, caseless=True), rule))
        return dict(found)

    @cached_property
    def phrases(self) -> tuple[list[Phrase], ahocorasick_rs.AhoCorasick | None]:
        """Return the phrases looked for inside lines and the automaton that finds their opening words in one pass."""
        phrases: list[Phrase] = []
        openings: list[str] = []
        for rule in self.rules.values():
            for where in ("start", "end", "sentence"):
                for spelling in (s for template in getattr(rule, where) for s in spell(template)):
                    phrase = Phrase(rule, where, pattern(spelling, caseless=False))
                    for wording in _quotings(opening(spelling)):
                        phrases.append(phrase)
                        openings.append(wording)
            for first, last in rule.fence:
                until = re2.compile("|".join(pattern(end, caseless=False).pattern for end in spell(last)))
                for spelling in spell(first):
                    phrase = Phrase(rule, "fence", pattern(spelling, caseless=False), until)
                    for wording in _quotings(opening(spelling)):
                        phrases.append(phrase)
                        openings.append(wording)
        return phrases, ahocorasick_rs.AhoCorasick(openings) if openings else None

    @cached_property
    def characters(self) -> tuple[re.Pattern[str] | None, dict[str, Rule]]:
        """Return a class of all single characters that rules remove, and the rule of each."""
        rule_of = {char: rule for rule in self.rules.values() for char in rule.characters}
        return (re.compile(f"[{re.escape(''.join(rule_of))}]") if rule_of else None), rule_of

    def _line_spellings(self) -> Iterable[tuple[Rule, str]]:
        return ((rule, spelling) for rule in self.rules.values() for line in rule.line for spelling in spell(line))


class Library:
    """Every pack at hand; gives out the ruleset that holds for a site, compiled once."""

    def __init__(self, packs: Iterable[tuple[str, bytes]], *, strict: bool = False, site_packs: bool = True) -> None:
        texts = list(packs)
        # By their names, whatever file or folder they came from; the pack for any page comes after those for a language.
        found = sorted((read_pack(toml, origin) for origin, toml in texts), key=lambda pack: (pack.name == GENERIC, pack.name))
        for one, other in pairwise(found):
            if one.name == other.name:
                raise PackError(f"there are two packs named {one.name}; give one of them another name")
        self.strict = strict
        self.common = [pack for pack in found if not pack.is_site]
        self.sites = [pack for pack in found if pack.is_site] if site_packs else []
        self.digest = _digest([toml for _, toml in texts], strict, site_packs)
        self._rulesets: dict[str, Ruleset] = {}

    def compile(self) -> None:
        """Compile everything now; raises PackError for what only shows when packs are put together."""
        assert isinstance(self.claims, dict)
        for ruleset in (self.ruleset(), *map(self.ruleset, self.sites)):
            assert ruleset.line_keys is not None and ruleset.line_patterns is not None
            assert ruleset.phrases is not None and ruleset.characters is not None

    def ruleset(self, site: Pack | None = None) -> Ruleset:
        """Return the rules for a page of `site`, the site's own before those for any page."""
        name = site.name if site else ""
        if name not in self._rulesets:
            self._rulesets[name] = Ruleset([site, *self.common] if site else self.common, self.strict)
        return self._rulesets[name]

    def site_of_url(self, url: str) -> Pack | None:
        """Return the pack of the site to which `url` belongs; a host in a pack stands for its subdomains too."""
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:  # no address at all, such as http://[
            return None
        for site in self.sites:
            if any(host == known or host.endswith(f".{known}") for known in site.hosts):
                return site
        return None

    @cached_property
    def claims(self) -> dict[str, list[tuple[Pack, Block]]]:
        """Return the grammars by which a site's pages are known without an address, by the key of a fixed line."""
        claims: dict[str, list[tuple[Pack, Block]]] = defaultdict(list)
        for site in self.sites:
            parts: tuple[Rule | Layout, ...] = (*site.rule, *site.layout)
            for part in parts:
                if part.id in site.claims:
                    block = _block(part)
                    for anchor in _anchor_keys(block):
                        claims[anchor].append((site, block))
        return dict(claims)

    @cached_property
    def claim_keys(self) -> list[str]:
        """Return the keys of `claims` in order, to find those that a cut line begins."""
        return sorted(self.claims)


def shipped_packs() -> list[tuple[str, bytes]]:
    """Return the packs that come with dehusk, as (name, TOML)."""
    return [(path.name, path.read_bytes()) for path in sorted(PACKS.glob("*.toml"))]


def _block(part: Rule | Layout) -> Block:
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
        rule=part if isinstance(part, Rule) else None,
        layout=part if isinstance(part, Layout) else None,
    )


def _by_anchor_key(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = defaultdict(list)
    for block in blocks:
        for anchor in _anchor_keys(block):
            found[anchor].append(block)
    return dict(found)


def _anchor_keys(block: Block) -> list[str]:
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


def _quotings(text: str) -> list[str]:
    """Return `text` with its straight quotes, and with curly ones where it has any."""
    return sorted({text, text.replace("'", "’")})


def _digest(packs: list[bytes], strict: bool, site_packs: bool) -> str:
    """Return a digest of everything that decides what is made of a page: the packs, the options and this code."""
    digest = hashlib.sha256(f"{strict} {site_packs}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for pack in sorted(hashlib.sha256(toml).digest() for toml in packs):
        digest.update(pack)
    return digest.hexdigest()[:16]
