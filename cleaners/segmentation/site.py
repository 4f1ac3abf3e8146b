"""Find the site of a page by its address, else by several signs of the site on the page.

Called by `cleaners.pipeline`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from cleaners.document.page import Line
from cleaners.grammar.match import Match, match_lines
from cleaners.rules.line_grammar import LineGrammar, word_key
from cleaners.rules.model import Pack
from cleaners.rules.registry import Library
from cleaners.segmentation.clutter_blocks import match_around
from cleaners.text.normalize import MAX_KEY_CHARS, line_key

MAX_OPENING_LINES = 3  # a site is found by an opening word only in the first lines of a page
MAX_STORY_LINES = 60  # lines of a page in which the stories of a site are looked for
MIN_FIRM = 2  # lines of a story's header that are fixed, a time or a repeat, for the story to be a sign


class _Evidence:
    """The signs of sites found on a page: each counts once, the lines of a match of a grammar one by one."""

    def __init__(self) -> None:
        self.sites: dict[str, Pack] = {}
        self._signs: dict[str, dict[str, int]] = {}

    def add(self, site: Pack, sign: str, count: int = 1) -> None:
        """Add a sign of a site, by its name; of several counts of a sign the highest stands."""
        self.sites[site.name] = site
        signs = self._signs.setdefault(site.name, {})
        signs[sign] = max(count, signs.get(sign, 0))

    def is_enough(self, site: Pack, more: int = 0) -> bool:
        """Return whether a page is of a site."""
        return sum(self._signs[site.name].values()) + more >= site.signs_needed


def find_site(lines: Sequence[Line], url: str, library: Library) -> Pack | None:
    """Return the pack of a page's site: by the address, else by as many signs as the pack needs."""
    by_url = library.site_of_url(url)
    if by_url is not None or not library.sites:
        return by_url
    return _site_by_signs(lines, library)


def has_signs(lines: Sequence[Line], site: Pack, library: Library) -> bool:
    """Return whether a page is known as one of a site by its signs too; true for a pack without any."""
    return not (site.signs or site.claims) or _site_by_signs(lines, library, site) is not None


def _site_by_signs(lines: Sequence[Line], library: Library, only: Pack | None = None) -> Pack | None:
    """Return the pack of which a page has as many signs as it needs; with `only`, no other pack is looked for."""
    evidence = _Evidence()
    for i, line in enumerate(lines):
        folded = line_key(line.text)
        if i >= MAX_OPENING_LINES and folded not in library.signs and folded not in library.claims:
            continue
        for site in library.signs.get(folded, ()):
            if only is not None and site is not only:
                continue
            evidence.add(site, folded, site.signs_needed if site.is_named_in(line.text) else 1)
            if evidence.is_enough(site):
                return site
        for site, grammar in _claims(line, folded, library, is_opening=i < MAX_OPENING_LINES):
            if only is not None and site is not only:
                continue
            match = match_around(grammar, lines, i, library.ruleset(site).context, final=True)
            if match is not None and _is_claimed(evidence, site, grammar, match):
                return site
    found = _site_of_cut_page(lines, library, evidence) or _site_with_stories(lines, library, evidence)
    return found if only is None or found is only else None


def _claims(line: Line, folded: str, library: Library, *, is_opening: bool) -> Sequence[tuple[Pack, LineGrammar]]:
    """Return the grammars that may identify a site from a line: by the whole line, or in an opening line by its first word."""
    claims = library.claims.get(folded, ())
    if claims or not is_opening:
        return claims
    return library.claims.get(word_key(line.text[:MAX_KEY_CHARS].split(None, 1)[0]), ())


def _is_claimed(evidence: _Evidence, site: Pack, grammar: LineGrammar, match: Match) -> bool:
    """Add the match of a grammar to the signs of a site, and return whether they are enough now."""
    is_named = any(site.is_named_in(literal.text) for literal in match.literals)
    evidence.add(site, grammar.id, site.signs_needed if is_named else match.firm)
    return evidence.is_enough(site)


def _site_of_cut_page(lines: Sequence[Line], library: Library, evidence: _Evidence) -> Pack | None:
    """Return the site with a fixed line that the end of the page cut off, if the lines before it are signs enough."""
    last = line_key(lines[-1].text) if lines else ""
    i = bisect_left(library.claim_keys, last)
    while last and i < len(library.claim_keys) and library.claim_keys[i].startswith(last):
        for site, grammar in library.claims[library.claim_keys[i]]:
            match = match_around(grammar, lines, len(lines) - 1, library.ruleset(site).context, final=True)
            if match is not None and _is_claimed(evidence, site, grammar, match):
                return site
        i += 1
    return None


def _site_with_stories(lines: Sequence[Line], library: Library, evidence: _Evidence) -> Pack | None:
    """Return the site that has signs on a page, and enough of them with the layouts of its stories."""
    for site in evidence.sites.values():
        if evidence.is_enough(site, sum(1 for _ in _story_layouts(lines, site, library))):
            return site
    return None


def _story_layouts(lines: Sequence[Line], site: Pack, library: Library) -> Iterator[LineGrammar]:
    """Yield the layouts of a site that a story in the first lines of a page follows by more than one line."""
    ruleset = library.ruleset(site)
    for grammar in ruleset.story_layouts:
        for i in range(min(len(lines), MAX_STORY_LINES)):
            match = match_lines(grammar.head, lines, i, ruleset.context)
            if match is not None and match.firm >= MIN_FIRM:
                yield grammar
                break
