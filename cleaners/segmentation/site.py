"""Find the site of a page.

Called by `cleaners.pipeline`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from cleaners.document.page import Line
from cleaners.rules.compiled import word_key
from cleaners.rules.model import Pack
from cleaners.rules.registry import Library
from cleaners.segmentation.clutter_blocks import match_around
from cleaners.text.normalize import MAX_KEY_CHARS, line_key

MAX_OPENING_LINES = 3  # a site is found by an opening word only in the first lines of a page


def find_site(lines: Sequence[Line], url: str, library: Library) -> Pack | None:
    """Return the pack of a page's site: by the address, else by a sign or a grammar that no other site has."""
    by_url = library.site_of_url(url)
    if by_url is not None or not library.sites:
        return by_url
    for i, line in enumerate(lines):
        folded = line_key(line.text)
        if folded in library.signs:
            return library.signs[folded]
        claims = library.claims.get(folded, ())
        if not claims and i < MAX_OPENING_LINES:
            claims = library.claims.get(word_key(line.text[:MAX_KEY_CHARS].split(None, 1)[0]), ())
        for site, block in claims:
            if match_around(block, lines, i, library.ruleset(site).context, final=True):
                return site
    if lines:
        return _site_of_cut_page(lines, library)
    return None


def _site_of_cut_page(lines: Sequence[Line], library: Library) -> Pack | None:
    """Return the site with a fixed line that the end of the page cut off, if the lines before it match as well."""
    last = line_key(lines[-1].text)
    i = bisect_left(library.claim_keys, last)
    while last and i < len(library.claim_keys) and library.claim_keys[i].startswith(last):
        for site, block in library.claims[library.claim_keys[i]]:
            if match_around(block, lines, len(lines) - 1, library.ruleset(site).context, final=True):
                return site
        i += 1
    return None
