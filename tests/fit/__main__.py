"""Fit the numbers of reading to labelled pages, print how whole runs do on sites they were not fitted to, and write them.

    python -m tests.fit --flat DIR... --cases DIR... [--html DIR...] [--more] [--worst 10] [--write [FILE]]
    python -m tests.fit --only confidence --flat DIR... --html DIR... --negatives DIR... --cases DIR... [--write [FILE]]

Run by hand, after `pip install -e '.[fit]'`. See `tests/fit/sets.py` for the form of a set. All pages of a site are in one
fold. For each fold all numbers are fitted to the pages of the other folds, and dehusk is run with them on its own pages: these
are the figures that count. The numbers that are written are fitted to all pages; beside each figure stands that of a run with
them, which flatters. No run uses packs of sites. A further part is a module with its fit, a section in
`cleaners/fitted/load.py`, and a line in `tests.fit.folds.fit_others`. Each of the models after it is fitted to what the numbers
before it make of pages, in this order: the judgement of the lines of HTML pages (`python -m tests.fit.main_lines`), the types
of pages (`--only page-type`), the confidence in records (`--only confidence`).

    python -m tests.fit --only page-type --html DIR... --flat DIR... --negatives DIR... [--further DIR...] [--write]

fits the types of pages by dehusk as it is, and writes them to a file of their own.

    python -m tests.fit --only learning --sites DIR... [--write]

fits the numbers of learning to labelled sites; its options are its own (`--only learning --help`).

    python -m tests.fit --only signs --flat DIR... [--write]

fits those numbers of it by which lines tell the pages of a site from those of others.

    python -m tests.fit --only stories --sets DIR... [--write]

fits the numbers by which copies of a story are told from other stories.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from cleaners import Library
from cleaners.fitted.confidence import FILE as CONFIDENCE_FILE
from cleaners.fitted.load import FILE, reading_bytes
from cleaners.fitted.page_type import FILE as PAGE_TYPE_FILE
from cleaners.fitted.page_type import page_type_bytes
from tests.fit import confidence, learning, page_type, signs, story_copies
from tests.fit.folds import ABLATIONS, CURVE, WHOLE, Fits, Fitted
from tests.fit.listed import listed_pages
from tests.fit.outcome import by_variant, side_by_side, worst
from tests.fit.sets import (
    LabelledPage,
    blind_library,
    blind_pages,
    brief_pages,
    case_pages,
    clean_pages,
    fitting_library,
    flat_pages,
    invented_pages,
)
from tests.fit.weights import weigh

SEED = 5  # of the invented sites
LEAST_FOLDS = 3
SHIPPED = Path()  # stands for the shipped file of what is fitted


def labelled_pages(
    flat: Iterable[Path],
    html: Iterable[Path],
    cases: Iterable[Path],
    invented: int,
    library: Library,
    most: int | None = None,
) -> Iterator[LabelledPage]:
    """Yield the pages of all sets, the own texts of text pages on their own, and pages that are made of these or invented.

    `most` is the greatest number of sites of a set.
    """
    text = [page for folder in flat for page in flat_pages(folder, library, most)]
    text += [page for folder in cases for page in case_pages(folder, library, most)]
    yield from text
    yield from clean_pages(text, library)
    yield from listed_pages(text, library)
    yield from brief_pages(text, library)
    for folder in html:
        yield from flat_pages(folder, library, most)
    made = list(invented_pages(min(invented, most or invented), SEED, library))
    yield from made
    yield from blind_pages([*text, *made], blind_library())


def print_folds(fits: Fits, *, more: bool = False, worst_pages: int = 0) -> Fitted:
    """Print the figures of whole runs on held-out sites and on sites fitted to, and return the fit to all pages."""
    others = [way for way in dict.fromkeys((*CURVE.values(), *ABLATIONS.values())) if way != WHOLE] if more else []
    folds = [(fold, WHOLE) for fold in range(fits.folds)]
    whole, *fitted = fits.fit([(None, WHOLE), *folds, *((0, way) for way in others)])
    held_out = [outcome for fold in fitted[: fits.folds] for outcome in fold.outcomes]
    print("\n".join(whole.report))
    print("\nwhole runs without packs of sites", *side_by_side(held_out, whole.outcomes), sep="\n")
    first = dict(zip([WHOLE, *others], [fitted[0], *fitted[fits.folds :]], strict=True))
    for name, ways in {"learning curve": CURVE, "ablation": ABLATIONS}.items() if more else ():
        rows = {label: first[way].outcomes for label, way in ways.items()}
        print(f"\n{name}: whole runs on the sites of the first fold", *by_variant(rows), sep="\n")
    if worst_pages:
        print(*worst(held_out, worst_pages), sep="\n")
    return whole


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flat", type=Path, nargs="*", default=[], help="sets of text pages with gold texts")
    parser.add_argument("--html", type=Path, nargs="*", default=[], help="sets of HTML pages with gold texts")
    parser.add_argument("--cases", type=Path, nargs="*", default=[], help="folders of labelled pages")
    parser.add_argument("--negatives", type=Path, nargs="*", default=[], help="sets of pages that are no stories")
    parser.add_argument("--further", type=Path, nargs="*", default=[], help="sets of stories that are fitted to, not judged")
    parser.add_argument(
        "--only",
        choices=["page-type", "confidence", "learning", "signs", "stories"],
        help="fit this alone, to what the shipped numbers make",
    )
    parser.add_argument("--invented", type=int, default=150, help="invented sites, of two pages each")
    parser.add_argument("--sites", type=int, metavar="N", help="use N sites of each set at most, for a quick look")
    parser.add_argument("--weight", nargs="*", default=[], metavar="NAME=W", help="multiply the weight of a set or a kind")
    parser.add_argument("--folds", type=int, default=LEAST_FOLDS, help="parts of the sites, three or more")
    parser.add_argument("--more", action="store_true", help="print the learning curve and what each witness adds, too")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="print the N worst pages of each set, and why")
    parser.add_argument("--trees", action="store_true", help="print the line score beside boosted trees, too")
    parser.add_argument("--only-fit", action="store_true", help="make no runs on held-out sites")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="one for each core by default")
    parser.add_argument("--write", type=Path, nargs="?", const=SHIPPED, help="write the numbers, by default those shipped")
    return parser


def fit_page_type(options: argparse.Namespace) -> None:
    """Fit the types of pages, print how they do on sites held out, and write them."""
    stories = [*options.html, *options.flat]
    pages = page_type.formed_pages(stories, options.negatives, options.further, options.cases, options.processes)
    model, report = page_type.fit_page_types(pages)
    print(*report, sep="\n")
    if options.write:
        file = PAGE_TYPE_FILE if options.write == SHIPPED else options.write
        file.write_bytes(page_type_bytes(model))


def main() -> None:
    """Fit, print and write what the command line asks for."""
    only = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    only.add_argument("--only")
    part, others = only.parse_known_args()
    if part.only == "signs":
        signs.main(others)
        return
    if part.only == "stories":
        story_copies.main(others)
        return
    if part.only == "learning":
        learning.main(others)
        return
    parser = _parser()
    options = parser.parse_args()
    if options.only == "page-type":
        fit_page_type(options)
        return
    if options.folds < LEAST_FOLDS:
        parser.error("a fit that holds out a fold needs two others to part its own pages: give three folds or more")
    sets = (options.flat, options.html, options.cases, options.invented)
    if options.only == "confidence":
        write = CONFIDENCE_FILE if options.write == SHIPPED else options.write
        stories = [*options.flat, *options.html]
        confidence.fit_and_print(
            stories, options.cases, options.negatives, options.invented, options.processes, write
        )  # fmt: skip
        return
    pages = list(labelled_pages(*sets, fitting_library(), options.sites))
    weigh(pages, {name: float(weight) for name, _, weight in (text.partition("=") for text in options.weight)})
    fits = Fits(pages, options.folds, options.processes)
    if options.only_fit:
        (whole,) = fits.fit([(None, WHOLE)])
        print("\n".join(whole.report))
    else:
        whole = print_folds(fits, more=options.more, worst_pages=options.worst)
    if options.trees:
        print(*fits.yardstick(), sep="\n")
    if options.write:
        file = FILE if options.write == SHIPPED else options.write
        file.write_bytes(reading_bytes(whole.reading))


if __name__ == "__main__":
    main()
