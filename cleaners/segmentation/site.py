"""Find the site whose pages a page is like."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from cleaners.document.page import Line
from cleaners.rules.compiled import word_key
from cleaners.rules.model import Pack
from cleaners.rules.registry import Library
from cleaners.segmentation.clutter_blocks import match_around
from cleaners.text.normalize import MAX_KEY_CHARS, line_key

MAX_OPENING_LINES = 3  # a page is known by its opening words only in its first lines


def find_site(lines: Sequence[Line], url: str, library: Library) -> Pack | None:
    """Return the pack of the site a page is from: by its address, else by a grammar that only this site's pages follow."""
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
            if match_around(block, lines, i, library.ruleset(site).words, final=True):
                return site
    if lines:
        return _site_of_cut_page(lines, library)
    return None


def _site_of_cut_page(lines: Sequence[Line], library: Library) -> Pack | None:
    """Return the site one of whose fixed lines was cut off by the end of the page, when the lines before it fit too."""
    last = line_key(lines[-1].text)
    at = bisect_left(library.claim_keys, last)
    while last and at < len(library.claim_keys) and library.claim_keys[at].startswith(last):
        for site, block in library.claims[library.claim_keys[at]]:
            if match_around(block, lines, len(lines) - 1, library.ruleset(site).words, final=True):
                return site
        at += 1
    return None
