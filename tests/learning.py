"""Measure what packs that are learnt from pages of a site do for other pages of it, against their labels.

python -m tests.learning --sites DIR [--pages 0,5,10,20,all] [--processes N]
python -m tests.learning --invented DIR ...

DIR holds `SITE/learn/*.txt`, pages to learn from, and `SITE/test.jsonl`, a labelled page a line in the format of `tests/cases`.
With `--invented` it holds labelled pages `SITE-P.json` and `learn/SITE/*.txt`. Packs of sites that come with dehusk are not
used, and pages come without their address, so that a pack must know them by its signs. Labels are counted as `tests.accuracy`
counts them, but clutter that is the title of a record counts as left.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

from cleaners import BadPage, Library, Page, Record, clean_page, shipped_packs
from cleaners.grammar.template import fixed_text, is_fixed, pieces
from cleaners.learning.choice import learn_site
from cleaners.learning.pack_text import pack_toml
from cleaners.learning.settings import LearningSettings
from cleaners.rules.load import shipped_site_packs
from cleaners.rules.model import Pack
from cleaners.text.normalize import lookup_key
from tests.accuracy import count_case, rates
from tests.fit.processes import each
from tests.support.labelled import squash

FIGURES = {"stories": "story F1", "clutter": "clutter removed", "prose": "prose kept"}
EDGES = ("", "_clean", "_strict")
Case = dict[str, Any]


class LabelledSite(NamedTuple):
    """Pages to learn from, in a fixed order, and labelled pages of the same site."""

    name: str
    learn: list[str]
    cases: list[Case]


class SiteScore(NamedTuple):
    """What a pack did for the labelled pages of a site: the counts of `tests.accuracy`, and the counts of its fixed lines."""

    site: str
    learnt: int
    has_pack: bool
    counts: Counter[str]
    lines: Counter[str]

    @property
    def figures(self) -> dict[str, float]:
        """Return the figures by name; what no label asks for is right."""
        found = rates(self.counts)
        return {name: found.get(name, 1.0) for name in FIGURES}


@cache
def packs_of_any_site() -> tuple[tuple[str, bytes], ...]:
    """Return the packs that come with dehusk, without those of sites."""
    return tuple(pack for pack in shipped_packs() if pack not in shipped_site_packs())


def real_sites(folder: Path) -> Iterator[LabelledSite]:
    """Yield the sites of a folder, each a folder of its own."""
    for path in sorted(folder.glob("*/test.jsonl")):
        cases = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        yield LabelledSite(path.parent.name, _texts(path.parent / "learn"), cases)


def invented_sites(folder: Path) -> Iterator[LabelledSite]:
    """Yield the sites of a folder of invented pages."""
    cases: dict[str, list[Case]] = defaultdict(list)
    for path in sorted(folder.glob("*-*.json")):
        cases[path.stem.rpartition("-")[0]].append(json.loads(path.read_text(encoding="utf-8")))
    for name, of_site in cases.items():
        yield LabelledSite(name, _texts(folder / "learn" / name), of_site)


def _texts(folder: Path) -> list[str]:
    paths = sorted(folder.glob("*.txt"), key=lambda path: (len(path.name), path.name))
    return [path.read_text(encoding="utf-8") for path in paths]


def learn(site: LabelledSite, size: int, settings: LearningSettings | None = None) -> Pack | None:
    """Return the pack that the first pages of a site teach, None when they teach nothing."""
    if not size:
        return None
    return learn_site(
        site.name.lower(), [Page(text) for text in site.learn[:size]], packs_of_any_site(), settings=settings
    ).pack


def score(site: LabelledSite, size: int, pack: Pack | None) -> SiteScore:
    """Return what a pack does for the labelled pages of a site."""
    own = [(f"{pack.name}.toml", pack_toml(pack).encode())] if pack else []
    library = Library([*packs_of_any_site(), *own])
    counts: Counter[str] = Counter()
    for case in site.cases:
        records = _records(case["text"], library)
        counts.update(count_case(case["expected"], case["text"], records))
        counts.subtract({"clutter right": count_clutter_titles(case, records)})
    return SiteScore(site.name, size, pack is not None, counts, count_lines(pack, site.cases) if pack else Counter())


def _records(text: str, library: Library) -> list[Record]:
    try:
        return clean_page(text, library).records
    except BadPage:
        return []


def count_clutter_titles(case: Case, records: Iterable[Record]) -> int:
    """Return how many lines of clutter are in no text and are the title of a record that no label has."""
    lines = {squash(line) for line in case["text"].splitlines()}
    texts = {squash(line) for record in records for line in record.text.splitlines()}
    titles = {record.title.casefold() for record in records} - {
        squash(item.get("title")).casefold() for item in stories_of(case)
    }
    return sum(line in lines - texts and line.casefold() in titles for line in map(squash, case["expected"]["clutter"]))


def count_lines(pack: Pack, cases: Iterable[Case]) -> Counter[str]:
    """Return the number of fixed lines of a pack, and how many of them are lines of labelled texts, or labelled titles."""
    texts: set[str] = set()
    titles: set[str] = set()
    for case in cases:
        texts.update(map(lookup_key, text_lines(case)))
        titles.update(lookup_key(squash(item.get("title"))) for item in stories_of(case))
    lines = [lookup_key(fixed_text(parts)) for rule in pack.rule for line in rule.line if is_fixed(parts := pieces(line))]
    return Counter(lines=len(lines), texts=sum(line in texts for line in lines), titles=sum(line in titles for line in lines))


def stories_of(case: Case) -> list[dict[str, Any]]:
    """Return the labelled stories of a page, its own first."""
    return [*([case["expected"]["main"]] if case["expected"].get("main") else []), *case["expected"]["related"]]


def text_lines(case: Case) -> Iterator[str]:
    """Yield the lines of labelled texts: what must be kept, and all from the first words of a story to its last ones.

    A line that may go is none.
    """
    expected = case["expected"]
    yield from map(squash, expected.get("keep", []))
    may_go = {squash(line) for name in ("clutter", "links", "either") for line in expected.get(name, [])}
    lines = [squash(line) for line in case["text"].splitlines() if line.strip()]
    for item in stories_of(case):
        first, last = _edges(item, "first"), _edges(item, "last")
        start = next((i for i, line in enumerate(lines) if first and line.startswith(first)), len(lines))
        end = next((i for i, line in enumerate(lines[start:], start) if last and line.endswith(last)), start - 1)
        yield from (line for line in lines[start : end + 1] if line not in may_go)


def _edges(item: dict[str, Any], edge: str) -> tuple[str, ...]:
    """Return the wordings of the first or the last words of a text that are right."""
    names = (f"{edge}_words{level}" for level in EDGES)
    return tuple(squash(item[name]) for name in names if item.get(name))


def measure(sites: Sequence[LabelledSite], sizes: Sequence[int | None], processes: int) -> dict[int | None, list[SiteScore]]:
    """Return the scores of sites by the number of pages learnt; None stands for all."""
    jobs = list(dict.fromkeys((i, _size(site, size)) for size in sizes for i, site in enumerate(sites)))
    jobs.sort(key=lambda job: -job[1])  # what takes longest first
    scores = each(lambda job: score(sites[job[0]], job[1], learn(sites[job[0]], job[1])), jobs, processes)
    by_job = dict(zip(jobs, scores, strict=True))
    return {size: [by_job[i, _size(site, size)] for i, site in enumerate(sites)] for size in sizes}


def _size(site: LabelledSite, size: int | None) -> int:
    return len(site.learn) if size is None else min(size, len(site.learn))


def worse(with_pack: SiteScore, without: SiteScore) -> list[str]:
    """Return the names of figures that are worse with a pack than without."""
    return [name for name in FIGURES if with_pack.figures[name] < without.figures[name]]


def report(scores: dict[int | None, list[SiteScore]], *, is_long: bool = False) -> Iterator[str]:
    """Yield a report: the figures for each number of pages learnt, and the sites that are worse than with nothing."""
    nothing = scores.get(0, [])
    yield f"{'learnt':>6} {'packs':>9}" + "".join(f"  {name + ' (worst)':>24}" for name in FIGURES.values())
    for size, rows in scores.items():
        cells = "".join(f"  {_mean(rows, name):>24}" for name in FIGURES)
        yield f"{_named(size):>6} {sum(row.has_pack for row in rows):>3} of {len(rows):<3}{cells}"
    for size, rows in scores.items():
        lines = sum((row.lines for row in rows), Counter())
        if lines["lines"]:
            shares = " and ".join(f"{1_000 * lines[kind] / lines['lines']:.1f} {kind}" for kind in ("texts", "titles"))
            yield f"{_named(size)} pages: of 1,000 learnt fixed lines {shares} of labelled stories ({lines['lines']:,} lines)"
        for row, without in zip(rows, nothing, strict=True) if nothing else ():
            if names := worse(row, without):
                changes = ", ".join(f"{FIGURES[name]} {without.figures[name]:.3f} > {row.figures[name]:.3f}" for name in names)
                yield f"{_named(size)} pages: {row.site} is worse: {changes}"
    for rows in zip(*scores.values(), strict=True) if is_long else ():
        cells = "  ".join("/".join(f"{row.figures[name]:.2f}" for name in FIGURES) for row in rows)
        yield f"{rows[0].site:20} {cells}"


def _named(size: int | None) -> str:
    return "all" if size is None else str(size)


def _mean(rows: Sequence[SiteScore], name: str) -> str:
    least = min(rows, key=lambda row: row.figures[name])
    return f"{mean(row.figures[name] for row in rows):.3f} ({least.figures[name]:.2f} {least.site[:10]})"


def _sizes(text: str) -> list[int | None]:
    """Return the numbers of pages of a list with commas; "all" is None."""
    parts = text.split(",")
    if not all(part == "all" or (part.isascii() and part.isdigit()) for part in parts):
        raise argparse.ArgumentTypeError(f"give numbers of pages with commas, as in 0,20,all, not {text!r}")
    return [None if part == "all" else int(part) for part in parts]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=Path, nargs="*", default=[], help="folders of sites with labelled pages")
    parser.add_argument("--invented", type=Path, nargs="*", default=[], help="folders of invented sites")
    parser.add_argument("--pages", type=_sizes, default="0,5,10,20,all", metavar="N,...", help="pages learnt from, or all")
    parser.add_argument("--most", type=int, metavar="N", help="use N sites of each folder at most, for a quick look")
    parser.add_argument("--long", action="store_true", help="print the figures of each site, too")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="one for each core by default")
    options = parser.parse_args(arguments)
    folders = [[*real_sites(folder)] for folder in options.sites] + [[*invented_sites(folder)] for folder in options.invented]
    sites = [site for folder in folders for site in folder[: options.most]]
    if not sites:
        parser.error("there is no site in these folders: give --sites a folder with SITE/learn/*.txt and SITE/test.jsonl")
    print(*report(measure(sites, options.pages, options.processes), is_long=options.long), sep="\n")


if __name__ == "__main__":
    main()
