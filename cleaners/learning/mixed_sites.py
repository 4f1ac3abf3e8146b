"""Tell the sites of pages without an address apart: pages of one site share lines that hardly any other site has.

Called by `flows.learning`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from cleaners.document.page import split_lines
from cleaners.text.normalize import NO_KEY, line_key

MIN_COMMON = 3  # pages with a line for it to tell sites apart
MIN_CHARS = 8  # of such a line: a shorter one stands on pages of any site


class _Group(msgspec.Struct):
    """Pages of one site: their indices, and on how many of them each line stands."""

    pages: list[int]
    lines: Counter[str]

    def similarity(self, lines: frozenset[str]) -> float:
        """Return the share of lines that a page has in common with a page of the group, by union, on the whole."""
        common = sum(self.lines[key] for key in lines) / len(self.pages)
        size = self.lines.total() / len(self.pages)
        return common / ((len(lines) + size - common) or 1)


def tell_sites(texts: Sequence[str], least: float) -> list[list[int]]:
    """Return the indices of the pages of each site, the largest first; the same sites whatever the order of the pages.

    Two pages are of one site where they have a share `least` of their frequent lines in common. A page joins the group that
    it is nearest to; then groups that are alike are joined, as a site has several templates.
    """
    keys = [frozenset(key for line in split_lines(text) if (key := _key(line.text)) != NO_KEY) for text in texts]
    counts = Counter(key for page in keys for key in page)
    frequent = [frozenset(key for key in page if counts[key] >= MIN_COMMON) for page in keys]
    order = sorted(range(len(texts)), key=lambda i: (-len(frequent[i]), texts[i]))
    groups: list[_Group] = []
    holders: dict[str, set[int]] = {}
    for i in order:
        _join(groups, holders, _Group([i], Counter(frequent[i])), least)
    merged: list[_Group] = []
    holders = {}
    for group in sorted(groups, key=lambda group: (-len(group.pages), texts[group.pages[0]])):
        _join(merged, holders, group, least)
    found = [sorted(group.pages, key=lambda i: texts[i]) for group in merged]
    return sorted(found, key=lambda pages: (-len(pages), texts[pages[0]]))


def _join(groups: list[_Group], holders: dict[str, set[int]], new: _Group, least: float) -> None:
    """Add a group to the nearest of those that share lines with it, or as a group of its own."""
    lines = frozenset(key for key, count in new.lines.items() if 2 * count >= len(new.pages))
    near = {number for key in lines for number in holders.get(key, ())}
    nearest = max(near, key=lambda number: (groups[number].similarity(lines), -number), default=None)
    if nearest is None or groups[nearest].similarity(lines) < least:
        nearest = len(groups)
        groups.append(new)
    else:
        groups[nearest].pages += new.pages
        groups[nearest].lines += new.lines
    for key in new.lines:
        holders.setdefault(key, set()).add(nearest)


def _key(text: str) -> str:
    return line_key(text) if len(text) >= MIN_CHARS and any(map(str.isalpha, text)) else NO_KEY
