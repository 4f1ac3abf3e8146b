"""Fit the numbers of reading to labelled pages, print how they do on sites that they were not fitted to, and write them.

    python -m tests.fit --flat DIR... --cases DIR... [--html DIR...] [--folds 5] [--more] [--write [FILE]]

Run by hand, after `pip install -e '.[fit]'`. See `tests/fit/sets.py` for the form of a set. All pages of a site are in one
fold. The numbers that are written are fitted to all pages; the figures that count are those of the held-out folds. The other
parts are fitted to the scores that pages get from fits of the line score that did not see their sites. A further part is a
module with its fit, a section in `cleaners/fitted/load.py`, and a line in `fit_reading`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from cleaners import Library
from cleaners.fitted.load import FILE, Reading, reading_bytes
from tests.fit import grammar, line_score, own_lines, title
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

SEED = 5  # of the invented sites
DIGEST = "line_score"


def labelled_pages(
    flat: Iterable[Path], html: Iterable[Path], cases: Iterable[Path], invented: int, library: Library
) -> Iterator[LabelledPage]:
    """Yield the pages of all sets, the own texts of text pages on their own, and pages of invented sites."""
    text = [page for folder in flat for page in flat_pages(folder, library)]
    text += [page for folder in cases for page in case_pages(folder, library)]
    yield from text
    yield from clean_pages(text, library)
    yield from brief_pages(text, library)
    for folder in html:
        yield from flat_pages(folder, library)
    made = list(invented_pages(invented, SEED, library))
    yield from made
    yield from blind_pages([*text, *made], blind_library())


def fit_reading(pages: Sequence[LabelledPage], folds: int, library: Library, *, more: bool = False) -> tuple[Reading, str]:
    """Return all fitted numbers, and a report on pages of sites that they were not fitted to."""
    lines = line_score.fit_part(pages, folds, more=more)
    scored = [(page, scores) for page, scores in zip(pages, lines.held_out, strict=True) if not page.page.hints]
    lists = grammar.fit_grammar(scored)
    for page, _ in scored:
        page.ruleset.reading = replace(page.ruleset.reading, grammar=lists)
    judged = own_lines.judged([page for page, _ in scored], [scores for _, scores in scored])
    own, lone = own_lines.fit_own_lines(judged), own_lines.fit_lone_text(judged)
    likely = title.titled(judged, own, title.fit_title(title.titled(judged, own)))
    right, least = title.held_out_titles(likely)
    titles = title.fit_title(likely)
    reading = replace(
        library.reading,
        made={DIGEST: line_score.digest_of_features()},
        line_score=lines.weights,
        grammar=lists,
        own_lines=own,
        lone_text=lone,
        title=replace(titles, none=titles.none + least),
    )
    shares = "\n".join(f"{name:12} {share:.3f}" for name, share in right.items())
    return reading, f"{lines.report}\ntitles right on held-out sites\n{shares}"


def main() -> None:
    """Fit, print and write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flat", type=Path, nargs="*", default=[], help="sets of text pages with gold texts")
    parser.add_argument("--html", type=Path, nargs="*", default=[], help="sets of HTML pages with gold texts")
    parser.add_argument("--cases", type=Path, nargs="*", default=[], help="folders of labelled pages")
    parser.add_argument("--invented", type=int, default=150, help="invented sites, of two pages each")
    parser.add_argument("--folds", type=int, default=5, help="parts of the sites")
    parser.add_argument("--more", action="store_true", help="print the learning curve, the ablation and boosted trees, too")
    parser.add_argument("--write", type=Path, nargs="?", const=FILE, help="write the numbers, by default to the shipped file")
    options = parser.parse_args()
    library = fitting_library()
    pages = list(labelled_pages(options.flat, options.html, options.cases, options.invented, library))
    reading, report = fit_reading(pages, options.folds, library, more=options.more)
    print(report)
    if options.write:
        options.write.write_bytes(reading_bytes(reading))


if __name__ == "__main__":
    main()
