"""Compare how fast HTML pages are read and cleaned with trafilatura's default extraction, in one process.

    python -m tests.bench.html DIR [--rounds 3]

DIR holds HTML pages, compressed or not, at any depth. The two take turns, and each round is told by itself: in the first one
dehusk still reads the packs of the languages and compiles their patterns.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from cleaners import BadPage, Library, clean_page, shipped_packs
from cleaners.html_page import html_page
from flows.containers import read_pages
from flows.pages import RawPage
from flows.rows import USUAL
from flows.sources import find_sources


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="DIR")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    pages = read(asked.folders)
    library = Library(shipped_packs())

    from trafilatura import extract

    logging.disable(logging.CRITICAL)
    print(f"{len(pages)} pages, {sum(map(len, pages)) / 1e6:.0f} MB")
    for _ in range(asked.rounds):
        seconds = [timed(pages, one) for one in (extract, lambda raw: clean_page(html_page(raw), library))]
        theirs, ours = (len(pages) / each for each in seconds)
        print(f"trafilatura {theirs:6.1f} pages/s   dehusk {ours:6.1f} pages/s   ratio {ours / theirs:.2f}", flush=True)


def read(folders: list[str]) -> list[bytes]:
    """Return the bytes of all pages that can be read."""
    sources, _ = find_sources(folders, Path())
    found = (page for source in sources for page in read_pages(source, USUAL, "", Counter()))
    return [page.raw for page in found if isinstance(page, RawPage)]


def timed(pages: list[bytes], one: Callable[[bytes], object]) -> float:
    begun = time.perf_counter()
    for raw in pages:
        with contextlib.suppress(BadPage):
            one(raw)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
