"""Every pack at hand, read when a page calls for it; which of them hold for a page is decided here."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cleaners.errors import PackError
from cleaners.rules.compiled import Block, Ruleset, anchor_keys, block_of
from cleaners.rules.index import RuleIndex
from cleaners.rules.layout import Layout
from cleaners.rules.load import read_pack, shipped_languages
from cleaners.rules.model import Pack, Rule
from cleaners.text.normalize import key

if TYPE_CHECKING:
    from cleaners.html.selectors import Selectors

CODE = Path(__file__).parents[1]  # all of it is in the digest
GENERIC = "generic"
# Languages for which another's pack holds: Norwegian is told without its written form, Hindi easily taken for Nepali.
SAME_PACK = {"no": "nb", "nn": "nb", "da": "nb", "ne": "hi", "mr": "hi", "gl": "pt"}


class Library:
    """Every pack at hand; gives out the ruleset that holds for a site and a language, compiled once.

    `packs` are (name, TOML); a shipped pack of a language is read when the first page in it comes. English clutter stands
    on pages of any language, so the English pack always holds.
    """

    def __init__(self, packs: Iterable[tuple[str, bytes]], *, strict: bool = False, site_packs: bool = True) -> None:
        packs = list(packs)
        self.strict = strict
        self.digest = _library_digest([toml for _, toml in packs], strict, site_packs)
        languages = shipped_languages()
        self._lazy = {name[:-5]: toml for name, toml in packs if name[:-5] in languages and name[-5:] == ".toml"}
        # By their names, whatever file or folder they came from.
        found = sorted(
            (read_pack(toml, name) for name, toml in packs if self._lazy.get(name[:-5]) is not toml),
            key=lambda pack: pack.name,
        )
        for one, other in pairwise(sorted([pack.name for pack in found] + list(self._lazy))):
            if one == other:
                raise PackError(f"there are two packs named {one}; give one of them another name")
        self.sites = [pack for pack in found if pack.is_site] if site_packs else []
        self._own = [pack for pack in found if not pack.is_site and pack.name != GENERIC]
        self._last = [pack for pack in found if pack.name == GENERIC]
        self._languages: dict[str, Pack] = {}
        self._indexes: dict[str, RuleIndex] = {}
        self._rulesets: dict[tuple[str, str], Ruleset] = {}

    def check(self) -> Iterator[str]:
        """Compile everything, and yield a sentence for what only shows when packs are put together."""
        try:
            for site in (None, *self.sites):
                self.ruleset(site)
            _ = self.claims
        except PackError as error:
            yield str(error)

    def ruleset(self, site: Pack | None = None, language: str = "") -> Ruleset:
        """Return the rules for a page: the site's own, a user's, those of its language, of English, and for any page."""
        language = SAME_PACK.get(language, language)
        language = language if language in self._lazy else ""
        name = (site.name if site else "", language)
        if name not in self._rulesets:
            spoken = [self._language(code) for code in dict.fromkeys((language, "en")) if code in self._lazy]
            packs = [*([site] if site else []), *self._own, *spoken, *self._last]
            self._rulesets[name] = Ruleset([self._index(pack) for pack in packs])
        return self._rulesets[name]

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
    def selectors(self) -> Selectors | None:
        """Return the CSS selectors of all packs that may hold for a page, None when there are none."""
        found = [
            (selector, rule.id)
            for pack in (*self.sites, *self._own, *self._last)
            for rule in self._index(pack).rules
            for selector in rule.css
        ]
        if not found:
            return None
        from cleaners.html.selectors import Selectors

        return Selectors(found)

    def site_of_url(self, url: str) -> Pack | None:
        """Return the pack of the site to which `url` belongs; a host in a pack stands for its subdomains too."""
        if not url:
            return None
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
                    block = block_of(part)
                    for anchor in anchor_keys(block):
                        claims[anchor].append((site, block))
        return dict(claims)

    @cached_property
    def signs(self) -> dict[str, Pack]:
        """Return the sites by the keys of the lines that stand on their pages only."""
        return {key(sign): site for site in reversed(self.sites) for sign in site.signs}

    @cached_property
    def claim_keys(self) -> list[str]:
        """Return the keys of `claims` in order, to find those that a cut line begins."""
        return sorted(self.claims)


def _library_digest(packs: list[bytes], strict: bool, site_packs: bool) -> str:
    """Return a digest of everything that decides what is made of a page: the packs, the options and this code."""
    digest = hashlib.sha256(f"{strict} {site_packs}".encode())
    for path in sorted(CODE.rglob("*.py")):
        digest.update(path.read_bytes())
    for pack in sorted(hashlib.sha256(toml).digest() for toml in packs):
        digest.update(pack)
    return digest.hexdigest()[:16]
