"""The signs of a site: lines that tell its pages from those of all others where a page comes without its address.

Called by `cleaners.learning.site_pack`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cached_property

import msgspec

from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import SitePages
from cleaners.text.line_shape import count_words
from cleaners.text.normalize import NO_KEY, line_key

NEEDED = 2  # signs on a page, where no line of any site is among them
MIN_CHARS = 10
MIN_PAGES = 2
MAX_SIGNS = 40
MAX_TRIED = 3_000  # of the most frequent lines
MIN_SHARED = 5  # lines that may stand on pages of any site, for the most of them to tell a site


class Signs(msgspec.Struct, frozen=True, dict=True):
    """The signs of a site, and how many of them a page has; one of `names` alone is enough."""

    lines: tuple[str, ...] = ()
    needed: int = NEEDED
    names: tuple[str, ...] = ()

    def are_on(self, keys: Iterable[str]) -> bool:
        """Return whether a page with lines of some keys has enough signs."""
        return len(self._keys.intersection(keys)) >= self.needed or not self._name_keys.isdisjoint(keys)

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(map(line_key, self.lines))

    @cached_property
    def _name_keys(self) -> frozenset[str]:
        return frozenset(map(line_key, self.names))


def site_signs(pages: SitePages, known: frozenset[str], settings: LearningSettings) -> Signs:
    """Return the signs that most pages have, none when no lines are signs; `known` are lines that stand on pages of any site.

    They are few lines that no other site has, see `own_signs`, or the lines on most pages, if more pages have those: as a whole
    they are of one site alone.
    """
    several = own_signs(pages, known, settings), usual_lines(pages, settings)
    return max(several, key=lambda signs: sum(signs.are_on(page.keys) for page in pages.pages))


def usual_lines(pages: SitePages, settings: LearningSettings) -> Signs:
    """Return the lines on most pages of a site as its signs, so many of them needed that no page of another site has them."""
    usual = sorted((-count, key) for key, count in pages.counts.items() if 2 * count > len(pages))[:MAX_SIGNS]
    if len(usual) < MIN_SHARED:
        return Signs()
    needed = max(MIN_SHARED, math.ceil(settings.signs * len(usual)))
    return Signs(tuple(pages.form(key) for _, key in usual), needed)


def own_signs(pages: SitePages, known: frozenset[str], settings: LearningSettings) -> Signs:
    """Return few lines, of them NEEDED on every page that has so many; where a page has fewer, a line of some words is enough.

    The greedy cover: the line that helps the most pages first.
    """
    tried = [
        key
        for key, count in sorted(pages.counts.items(), key=lambda item: (-item[1], item[0]))
        if count >= MIN_PAGES and len(pages.form(key)) >= MIN_CHARS and key not in known and not _is_of_stories(key, pages)
    ][:MAX_TRIED]
    wanted = frozenset(tried)
    on: dict[str, set[int]] = {key: set() for key in tried}
    for i, page in enumerate(pages.pages):
        for key in {*page.keys} - {NO_KEY}:
            if key in wanted:
                on[key].add(i)
    lacking = dict.fromkeys(range(len(pages)), NEEDED)
    signs: list[str] = []
    while lacking and on and len(signs) < MAX_SIGNS:
        key = max(on, key=lambda key: (sum(i in lacking for i in on[key]), key))
        if not any(i in lacking for i in on[key]):
            break
        signs.append(pages.form(key))
        for i in on.pop(key):
            if i in lacking:
                lacking[i] -= 1
                if not lacking[i]:
                    del lacking[i]
    names = [sign for sign in signs if count_words(sign) >= settings.sign_words] if lacking else []
    return Signs(tuple(signs), NEEDED, tuple(names)) if names or len(signs) >= NEEDED else Signs()


def _is_of_stories(key: str, pages: SitePages) -> bool:
    """Return whether a line is a part of stories on most of its pages: another site may print the same story."""
    roles = pages.roles[key]
    return 2 * (roles["title"] + roles["text"] + roles["story"]) > pages.counts[key]
