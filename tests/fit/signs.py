"""Fit the numbers by which lines tell the pages of a site from those of others, on pages of many sites.

    python -m tests.fit --only signs --flat DIR... [--chance 0.0005] [--write [FILE]]

The signs of each site with several pages are learnt, and the pages of all other sites that have them are counted. The numbers
are the least words of a line, and the least share of lines, with which no more than a `chance` of such pages is taken for one
of the site. They are chosen on each half of the sites and judged on the other one; those of all sites are written. Called by
`tests.fit`.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from msgspec.structs import replace

from cleaners import Library, Page
from cleaners.learning.choice import known_lines
from cleaners.learning.settings import FITTED, LearningSettings, shipped_settings
from cleaners.learning.signs import Signs, own_signs, usual_lines
from cleaners.learning.site_pages import SitePage, SitePages, read_with, site_page
from tests.fit.learning import settings_bytes
from tests.fit.sets import fold_of, rows_of
from tests.learning import packs_of_any_site

MIN_PAGES = 3  # of a site whose signs are tried
WORDS = range(2, 16)
SHARES = tuple(share / 20 for share in range(2, 20))
HALVES = 2
SHIPPED = Path()  # stands for the shipped file


class Mistakes(NamedTuple):
    """The shares of pages of other sites taken for pages of one site, by the words of a line and by a share of its lines."""

    by_words: dict[int, float]
    by_share: dict[float, float]


def pages_by_site(folders: Iterable[Path]) -> dict[str, list[SitePage]]:
    """Return the pages of each site of flat sets."""
    sites: dict[str, list[SitePage]] = defaultdict(list)
    for folder in folders:
        for site, text in rows_of(folder):
            sites[site].append(site_page(Page(text)))
    return dict(sorted(sites.items()))


def mistakes(site: str, pages: dict[str, list[SitePage]], library: Library) -> Mistakes:
    """Return the mistakes that the signs of a site make on the pages of others."""
    own = SitePages(pages[site], [read_with(page, library) for page in pages[site]])
    settings = shipped_settings()
    known = frozenset(known_lines(own, library.ruleset(), settings))
    others = [{*page.keys} for other, of in pages.items() if other != site for page in of]

    def share(signs: Signs) -> float:
        return fmean(bool(signs.lines) and signs.are_on(keys) for keys in others)

    return Mistakes(
        {words: share(own_signs(own, known, replace(settings, sign_words=words))) for words in WORDS},
        {part: share(usual_lines(own, replace(settings, signs=part))) for part in SHARES},
    )


def mean_of(found: Sequence[Mistakes]) -> Mistakes:
    """Return the mean mistakes of some sites."""
    by_words = {words: fmean(one.by_words[words] for one in found) for words in WORDS}
    return Mistakes(by_words, {part: fmean(one.by_share[part] for one in found) for part in SHARES})


def fitted(found: Mistakes, chance: float) -> tuple[int, float]:
    """Return the least words and the least share from which on mistakes are no more frequent than `chance`."""
    words = [least for least in WORDS if all(found.by_words[more] <= chance for more in WORDS if more >= least)]
    shares = [part for part in SHARES if found.by_share[part] <= chance]
    return min(words, default=WORDS[-1]), min(shares, default=SHARES[-1])


def print_report(found: Mistakes, chosen: tuple[int, float], name: str) -> None:
    """Print a table of mistakes, and those with numbers that were chosen elsewhere."""
    words, part = chosen
    print(f"{name}: pages of other sites taken for one of a site")
    print("  by the words of a line   " + "  ".join(f"{least}+ {share:.3%}" for least, share in found.by_words.items()))
    print("  by a share of its lines  " + "  ".join(f"{of:.2f} {share:.3%}" for of, share in found.by_share.items()))
    print(f"  with {words} words {found.by_words[words]:.3%}, with a share of {part:.2f} {found.by_share[part]:.3%}")


def main(arguments: Sequence[str]) -> None:
    """Print how rare signs are on sites that they were not fitted to, and write the numbers when asked to."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fit --only signs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--flat", type=Path, nargs="+", required=True, help="flat sets of pages of many sites")
    parser.add_argument("--chance", type=float, default=0.0005, help="the most pages of other sites that may be mistaken")
    parser.add_argument("--write", type=Path, nargs="?", const=SHIPPED, help="write the numbers, by default those shipped")
    options = parser.parse_args(arguments)
    pages, library = pages_by_site(options.flat), Library(packs_of_any_site())
    found = {site: mistakes(site, pages, library) for site, of in pages.items() if len(of) >= MIN_PAGES}
    halves = [[one for site, one in found.items() if fold_of(site, HALVES) == half] for half in range(HALVES)]
    if not all(halves):
        parser.error(f"too few sites have {MIN_PAGES} pages or more: give --flat more sets")
    of_halves = [mean_of(half) for half in halves]
    for half, other in ((0, 1), (1, 0)):
        print_report(of_halves[half], fitted(of_halves[other], options.chance), f"half {half + 1}, fitted to the other")
    whole = mean_of(list(found.values()))
    words, share = fitted(whole, options.chance)
    print_report(whole, (words, share), f"all {len(found)} sites")
    if options.write:
        settings: LearningSettings = replace(shipped_settings(), sign_words=words, signs=share)
        (FITTED if options.write == SHIPPED else options.write).write_bytes(settings_bytes(settings))
