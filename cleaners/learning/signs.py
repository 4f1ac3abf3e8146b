"""The signs of a site: lines that tell its pages from those of all others where a page comes without its address.

Called by `cleaners.learning.site_pack`.
"""

from __future__ import annotations

from cleaners.learning.site_pages import SitePages
from cleaners.text.normalize import NO_KEY

NEEDED = 2  # signs on a page
MIN_CHARS = 10
MIN_PAGES = 2
MAX_SIGNS = 40
MAX_TRIED = 3_000  # of the most frequent lines


def site_signs(pages: SitePages, known: frozenset[str]) -> list[str]:
    """Return few lines, of them NEEDED on every page that has any; `known` are lines that stand on pages of any site.

    The greedy cover: the line that helps the most pages first.
    """
    tried = [
        key
        for key, count in sorted(pages.counts.items(), key=lambda item: (-item[1], item[0]))
        if count >= MIN_PAGES and len(pages.form(key)) >= MIN_CHARS and key not in known
    ][:MAX_TRIED]
    wanted = frozenset(tried)
    on: dict[str, set[int]] = {key: set() for key in tried}
    for i, page in enumerate(pages.pages):
        for key in {*page.keys} - {NO_KEY}:
            if key in wanted:
                on[key].add(i)
    lacking = dict.fromkeys(range(len(pages)), NEEDED)
    signs: list[str] = []
    while lacking and len(signs) < MAX_SIGNS:
        if not on:
            break
        key = max(on, key=lambda key: (sum(i in lacking for i in on[key]), key))
        if not any(i in lacking for i in on[key]):
            break
        signs.append(pages.form(key))
        for i in on.pop(key):
            if i in lacking:
                lacking[i] -= 1
                if not lacking[i]:
                    del lacking[i]
    return signs
