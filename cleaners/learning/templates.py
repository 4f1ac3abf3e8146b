"""Tell the templates of a site apart: pages of one template share most of their frequent lines.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaners.learning.site_pages import SitePages
from cleaners.rules.page_template import MAX_TEMPLATES
from cleaners.text.normalize import NO_KEY

MIN_COMMON = 3  # pages with a line for it to tell templates apart
MIN_PAGES = 4  # of a template
MAX_COMPARED = 40  # pages of a template that a page is compared with, so that the work grows with the pages alone


def templates_of(pages: SitePages, least: float) -> list[list[int]]:
    """Return the indices of the pages of each template, the largest first, as many as a pack may have.

    Two pages are of one template where their frequent lines have at least a share `least` in common, on average over the
    template (Jaccard index). Pages with many frequent lines come first, as they say most of their template. Pages of no
    template are in none.
    """
    frequent = [frozenset(key for key in {*page.keys} - {NO_KEY} if pages.counts[key] >= MIN_COMMON) for page in pages.pages]
    texts = [page.page.text for page in pages.pages]
    clusters: list[list[int]] = []
    for i in sorted(range(len(frequent)), key=lambda i: (-len(frequent[i]), texts[i])):
        nearest = max(clusters, key=lambda cluster: _similarity(frequent, i, cluster), default=None)
        if nearest is not None and _similarity(frequent, i, nearest) >= least:
            nearest.append(i)
        else:
            clusters.append([i])
    large = [sorted(cluster) for cluster in clusters if len(cluster) >= MIN_PAGES]
    return sorted(large, key=lambda cluster: (-len(cluster), texts[cluster[0]]))[:MAX_TEMPLATES]


def _similarity(lines: Sequence[frozenset[str]], i: int, cluster: Sequence[int]) -> float:
    """Return the mean share of frequent lines that a page has in common with the first pages of a template."""
    compared = cluster[:MAX_COMPARED]
    return sum(len(lines[i] & lines[j]) / (len(lines[i] | lines[j]) or 1) for j in compared) / len(compared)


def signs_of(pages: SitePages, template: Sequence[int], known: frozenset[str], most: int = 12) -> list[str]:
    """Return lines that stand on most pages of a template and not on most others, as its signs.

    `known` are lines of any site.
    """
    others = len(pages) - len(template)
    inside = Counter(key for i in template for key in {*pages.pages[i].keys} - {NO_KEY})
    marks = [
        (2 * count - pages.counts[key], key)
        for key, count in inside.items()
        if 2 * count > len(template) and 2 * (pages.counts[key] - count) <= others and key not in known
    ]
    best = sorted((-mark, key) for mark, key in marks if mark > 0)[:most]
    return [pages.form(key) for _, key in best]
