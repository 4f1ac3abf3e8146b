"""The library of packs: selects the packs of a page by its site and language, and compiles them once.

Used by `cleaners.pipeline`; public in `cleaners`.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from functools import cached_property
from itertools import pairwise
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from cleaners.document.page import Line
from cleaners.errors import PackError
from cleaners.fitted.load import Reading, reading_bytes, shipped_reading
from cleaners.rules.compiled import Ruleset
from cleaners.rules.index import RuleIndex
from cleaners.rules.layout import Layout
from cleaners.rules.line_grammar import LineGrammar, anchor_keys, compile_grammar
from cleaners.rules.load import read_pack, shipped_languages, shipped_packs, shipped_site_packs
from cleaners.rules.model import Pack, Rule
from cleaners.rules.site_lines import SiteLines
from cleaners.rules.templates import TemplateSigns, confine
from cleaners.text.normalize import lookup_key

if TYPE_CHECKING:
    from cleaners.html.page_selectors import PageSelectors

CODE = Path(__file__).parents[1]  # part of the digest
GENERIC = "generic"
MAX_REMEMBERED = 64  # compiled rules of pages with templates; a page may have any combination of them
# The packs of languages that detection does not separate well: Danish and the forms of Norwegian, Hindi and its neighbours.
PACKS_OF = {
    **dict.fromkeys(("no", "nb", "nn"), ("nb", "da")),
    "da": ("da", "nb"),
    **dict.fromkeys(("ne", "mr"), ("hi",)),
    "gl": ("pt",),
}


class Library:
    """A set of packs; `ruleset` returns those for a site and a language, compiled once.

    `packs` are (name, TOML); a shipped pack of a language is read at the first page in that language. The English pack is
    always used, as English clutter stands on pages of any language. Without `site_packs` those for sites that come with dehusk
    are left out, and those of a user are not. `reading` holds the fitted numbers of reading, those that come with dehusk by
    default.
    """

    def __init__(
        self,
        packs: Iterable[tuple[str, bytes]],
        *,
        strict: bool = False,
        site_packs: bool = True,
        reading: Reading | None = None,
    ) -> None:
        packs = list(packs)
        self.strict = strict
        self.reading = reading or shipped_reading()
        self.digest = _library_digest([toml for _, toml in packs], self.reading, strict, site_packs)
        languages, shipped = shipped_languages(), dict(shipped_packs())
        self._lazy = {name[:-5]: toml for name, toml in packs if name[:-5] in languages and name[-5:] == ".toml"}
        # By their names, independent of their files and folders.
        left_out = shipped_site_packs() if not site_packs else frozenset()
        loaded = sorted(
            (
                (read_pack(toml, name, is_checked=shipped.get(name) == toml), name)
                for name, toml in packs
                if self._lazy.get(name[:-5]) is not toml and (name, toml) not in left_out
            ),
            key=lambda pack: pack[0].name,
        )
        _check_names([*((pack.name, origin) for pack, origin in loaded), *((name, f"{name}.toml") for name in self._lazy)])
        eager = [pack for pack, _ in loaded]
        self.sites = [pack for pack in eager if pack.is_site]
        self._user_packs = [pack for pack in eager if not pack.is_site and pack.name != GENERIC]
        self._generic = [pack for pack in eager if pack.name == GENERIC]
        self._languages: dict[str, Pack] = {}
        self._indexes: dict[str, RuleIndex] = {}
        self._rulesets: dict[tuple[str, ...], Ruleset] = {}
        self._of_templates: OrderedDict[tuple[frozenset[str], tuple[str, ...]], Ruleset] = OrderedDict()
        self._templates: dict[str, TemplateSigns] = {}
        self._lines: SiteLines | None = None

    def with_lines(self, lines: SiteLines) -> Library:
        """Return this library for pages of a site without a pack, with the lines learnt of it; compiled parts are shared."""
        _ = self.claims, self.claim_keys, self.signs, self.selectors  # else each copy would compile them
        other = copy(self)
        other._lines = lines
        other.digest = hashlib.sha256(f"{self.digest} {lines.digest}".encode()).hexdigest()[:16]
        return other

    def with_site(self, pack: Pack) -> Library:
        """Return this library with one more pack of a site, a sound one; the compiled parts for any site are shared."""
        known = [*self.sites, *self._user_packs, *self._generic]
        _check_names([(pack.name, "the one to be added"), *((one.name, "one of the library") for one in known)])
        other = copy(self)
        for name in ("claims", "claim_keys", "signs", "selectors"):
            other.__dict__.pop(name, None)
        other.sites = sorted([*self.sites, pack], key=attrgetter("name"))
        other._indexes, other._rulesets = dict(self._indexes), dict(self._rulesets)
        other._of_templates, other._templates = OrderedDict(), {}
        other.digest = hashlib.sha256(self.digest.encode() + msgspec.json.encode(pack)).hexdigest()[:16]
        return other

    def check(self) -> Iterator[str]:
        """Compile everything, and yield a sentence for each problem that shows only when packs are combined."""
        try:
            for site in (None, *self.sites):
                self.ruleset(site, templates=frozenset(template.id for pack in self._packs(site) for template in pack.template))
            _ = self.claims
        except PackError as error:
            yield str(error)

    def ruleset(self, site: Pack | None = None, language: str = "", templates: frozenset[str] = frozenset()) -> Ruleset:
        """Return the rules for a page: of its site, of the user, of its language, of English, and for any page.

        `templates` are the ids of the templates that the page has; the rules of other templates are left out. Of the rules for
        pages with templates only the last used are kept compiled.
        """
        ruleset = self._ruleset(site, language, templates)
        return ruleset if self._lines is None or site is not None else ruleset.with_lines(self._lines)

    def _ruleset(self, site: Pack | None, language: str, templates: frozenset[str]) -> Ruleset:
        codes = [code for code in dict.fromkeys((*PACKS_OF.get(language, (language,)), "en")) if code in self._lazy]
        names = (site.name if site else "", *codes)
        if templates:
            key = (templates, names)
            if key not in self._of_templates:
                self._of_templates[key] = self._compiled(site, codes, templates)
            self._of_templates.move_to_end(key)
            if len(self._of_templates) > MAX_REMEMBERED:
                self._of_templates.popitem(last=False)
            return self._of_templates[key]
        if names not in self._rulesets:
            self._rulesets[names] = self._compiled(site, codes, templates)
        return self._rulesets[names]

    def _compiled(self, site: Pack | None, codes: Iterable[str], templates: frozenset[str]) -> Ruleset:
        packs = [*self._packs(site), *map(self._language, codes), *self._generic]
        indexes = [RuleIndex(confine(pack, templates), self.strict) if pack.template else self._index(pack) for pack in packs]
        return Ruleset(indexes, self.reading)

    def _packs(self, site: Pack | None) -> list[Pack]:
        """Return the packs of a site and of the user; their rules may be confined to templates of pages."""
        return [*([site] if site else []), *self._user_packs]

    def templates_on(self, lines: Sequence[Line], site: Pack | None) -> frozenset[str]:
        """Return the ids of the templates that a page of a site has, by their signs."""
        name = site.name if site else ""
        if name not in self._templates:
            self._templates[name] = TemplateSigns(template for pack in self._packs(site) for template in pack.template)
        return self._templates[name].on(lines)

    def _language(self, code: str) -> Pack:
        if code not in self._languages:
            pack = read_pack(self._lazy[code], f"{code}.toml", is_checked=True)
            if any(rule.css for rule in pack.rule):
                raise PackError(f"{code}: elements have no language; put rules with css into a pack for any page")
            self._languages[code] = pack
        return self._languages[code]

    def _index(self, pack: Pack) -> RuleIndex:
        if pack.name not in self._indexes:
            self._indexes[pack.name] = RuleIndex(pack, self.strict)
        return self._indexes[pack.name]

    @cached_property
    def selectors(self) -> PageSelectors | None:
        """Return the CSS selectors of all packs but those of languages, None when there are none."""
        selectors = [
            (selector, rule.id)
            for pack in (*self.sites, *self._user_packs, *self._generic)
            for rule in self._index(pack).rules
            for selector in rule.css
        ]
        if not selectors:
            return None
        from cleaners.html.page_selectors import PageSelectors  # text pages need no parser of HTML

        return PageSelectors(selectors)

    def site_of_url(self, url: str) -> Pack | None:
        """Return the pack of the site of `url`, or None; a host in a pack includes its subdomains."""
        if not url:
            return None
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:  # not a valid address, such as http://[
            return None
        for site in self.sites:
            if any(host == known or host.endswith(f".{known}") for known in site.hosts):
                return site
        return None

    @cached_property
    def claims(self) -> dict[str, list[tuple[Pack, LineGrammar]]]:
        """Return the grammars that identify the pages of a site without an address, by the look-up keys of their anchors."""
        claims: dict[str, list[tuple[Pack, LineGrammar]]] = defaultdict(list)
        for site in self.sites:
            parts: tuple[Rule | Layout, ...] = (*site.rule, *site.layout)
            for part in parts:
                if part.id in site.claims:
                    grammar = compile_grammar(part, site.format)
                    for anchor in anchor_keys(grammar):
                        claims[anchor].append((site, grammar))
        return dict(claims)

    @cached_property
    def signs(self) -> dict[str, list[Pack]]:
        """Return the sites with a line among their signs, by the look-up key of the line."""
        signs: dict[str, list[Pack]] = defaultdict(list)
        for site in self.sites:
            for key in dict.fromkeys(map(lookup_key, site.signs)):
                signs[key].append(site)
        return dict(signs)

    @cached_property
    def claim_keys(self) -> list[str]:
        """Return the keys of `claims` in order, to find those that begin with a cut line."""
        return sorted(self.claims)


def _check_names(named: list[tuple[str, str]]) -> None:
    """Raise PackError when two of the packs, given by name and origin, have the same name."""
    for (name, origin), (following, other) in pairwise(sorted(named, key=itemgetter(0))):
        if name == following:
            raise PackError(f"there are two packs named {name}, {origin} and {other}; give one of them another name")


def _library_digest(packs: list[bytes], reading: Reading, strict: bool, site_packs: bool) -> str:
    """Return a digest of everything that decides the result for a page: packs, fitted numbers, options and code."""
    digest = hashlib.sha256(f"{strict} {site_packs}".encode())
    for path in sorted([*CODE.rglob("*.py"), *CODE.glob("fitted/*.json")]):
        if not path.is_relative_to(CODE / "stories") and path.name != "stories.json":  # these make no record
            digest.update(path.read_bytes())
    digest.update(reading_bytes(reading))
    for pack in sorted(hashlib.sha256(toml).digest() for toml in packs):
        digest.update(pack)
    return digest.hexdigest()[:16]
