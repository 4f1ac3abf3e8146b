"""Measure accuracy and speed on public sets of pages with known main texts, beside trafilatura and resiliparse.

    python -m tests.public_sets DIR... [--json FILE]

Run by hand; the table in the README comes from here. A set is a folder, for which the command prints a row of a table:

    DIR/gold.jsonl             a page a line: {"page": NAME, "gold": its main text, "title": its title, where it is labelled}
    DIR/pages/NAME.html.gz     the pages of a set of HTML
    DIR/pages/NAME.txt         the pages of a set of plain text; trafilatura gets each line of them as a paragraph

A title with a "title_src" was copied from the page by a program and does not count. Where days and authors are labelled, too
(`tests.public_metadata`), a second table gives the shares of pages that have them right.
The measure is that of Scrapinghub's article-extraction-benchmark: precision and recall of the 4-word shingles of the text that
a tool extracts, each page weighing the same, and F1 of these two means. A page without output has recall 0 and no precision.
A title is exact when it differs from the labelled one at most in case, white space and punctuation.

Speed is in pages a second of CPU time. The tools take turns page by page in one process, after a few pages that do not count.
dehusk's time is for whole records and the ledger; the time of the others is for the main text alone.
"""

from __future__ import annotations

import argparse
import gzip
import html
import itertools
import json
import logging
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from cleaners import Library, Page, clean_page, decode, read_html, shipped_packs
from tests.public_metadata import MetadataLabels, MetadataTally, StoryMetadata, labels_of, metadata_table, read_labels

SHINGLE_WORDS = 4
WARM_UP_PAGES = 20
WORD = re.compile(r"\w+")
LIBRARY = Library(shipped_packs())


class Extracted(NamedTuple):
    """The main text of a page. The metadata is read only where it is labelled, and the time for that does not count."""

    text: str = ""
    read_metadata: Callable[[], StoryMetadata] = StoryMetadata


def dehusk_html(raw: bytes) -> Extracted:
    return _dehusk(read_html(raw, library=LIBRARY))


def dehusk_text(raw: bytes) -> Extracted:
    return _dehusk(Page(decode(raw)))


def _dehusk(page: Page) -> Extracted:
    own = next((record for record in clean_page(page, LIBRARY).records if record.kind == "article"), None)
    if own is None:
        return Extracted()
    return Extracted(own.text, lambda: StoryMetadata(own.title, own.published, tuple(own.authors)))


def trafilatura_html(raw: bytes) -> Extracted:
    return Extracted(trafilatura.extract(raw, include_comments=False) or "", lambda: _trafilatura_metadata(raw))


def _trafilatura_metadata(raw: bytes) -> StoryMetadata:
    tree = trafilatura.load_html(raw)
    if tree is None:
        return StoryMetadata()
    document = trafilatura.extract_metadata(tree)
    return StoryMetadata(document.title or "", document.date or "", tuple(filter(None, (document.author or "").split("; "))))


def trafilatura_text(raw: bytes) -> Extracted:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in raw.decode(errors="replace").splitlines())
    return Extracted(trafilatura.extract(f"<html><body>{paragraphs}</body></html>", include_comments=False) or "")


def resiliparse_html(raw: bytes) -> Extracted:
    page = bytes_to_str(raw, detect_encoding(raw) or "utf-8")
    return Extracted(extract_plain_text(page, main_content=True, alt_texts=False, comments=False))


Tool = Callable[[bytes], Extracted]
HTML_TOOLS: dict[str, Tool] = {"dehusk": dehusk_html, "trafilatura": trafilatura_html, "resiliparse": resiliparse_html}
TEXT_TOOLS: dict[str, Tool] = {"dehusk": dehusk_text, "trafilatura": trafilatura_text}
METADATA_READERS = (dehusk_html, dehusk_text, trafilatura_html)


class LabelledPage(NamedTuple):
    raw: bytes
    text: str
    labels: MetadataLabels = MetadataLabels()


def read_set(folder: Path) -> tuple[list[LabelledPage], bool]:
    """Return the labelled pages of a set in the order of their names, and whether they are HTML."""
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        rows = sorted(map(json.loads, lines), key=lambda row: str(row["page"]))
    is_html = any(folder.glob("pages/*.html.gz"))
    labelled = read_labels()
    pages = []
    for row in rows:
        raw = (folder / "pages" / (row["page"] + (".html.gz" if is_html else ".txt"))).read_bytes()
        pages.append(LabelledPage(gzip.decompress(raw) if is_html else raw, row["gold"], labels_of(row, labelled)))
    return pages, is_html


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four words of a text; a shorter text is one run."""
    words = WORD.findall(text)
    count = max(min(1, len(words)), len(words) - SHINGLE_WORDS + 1)
    return Counter(tuple(words[i : i + SHINGLE_WORDS]) for i in range(count))


@dataclass
class Tally:
    """The measurements of one tool on the pages of a set."""

    precisions: list[float] = field(default_factory=list)
    recalls: list[float] = field(default_factory=list)
    metadata: MetadataTally = field(default_factory=MetadataTally)
    seconds: list[float] = field(default_factory=list)

    def run(self, tool: Tool, page: LabelledPage) -> None:
        """Run a tool on a page and add the outcome; a page on which it fails counts as a page without output."""
        begun = time.process_time()
        try:
            extracted = tool(page.raw)
        except Exception:  # a peer may raise anything, and dehusk refuses some pages with BadPage
            extracted = Extracted()
        self.seconds.append(time.process_time() - begun)
        want, have = shingles(page.text), shingles(extracted.text)
        common = (want & have).total()
        self.precisions += [common / have.total()] if have else []
        self.recalls += [common / want.total()] if want else []
        if tool in METADATA_READERS:
            self.metadata.add(page.labels, extracted.read_metadata)

    def figures(self) -> dict[str, float]:
        """Return accuracy as shares of 1 and speed in pages a CPU second; without `title` where no title was compared."""
        precision, recall = (statistics.fmean(values or [0.0]) for values in (self.precisions, self.recalls))
        f1 = 2 * precision * recall / ((precision + recall) or 1.0)
        speed = len(self.seconds) / sum(self.seconds)
        return {"precision": precision, "recall": recall, "f1": f1, **self.metadata.figures(), "speed": speed}


def measure(pages: Sequence[LabelledPage], tools: Mapping[str, Tool]) -> dict[str, Tally]:
    """Return the measurements of each tool."""
    warm_up, tallies = Tally(), {name: Tally() for name in tools}
    for page, tool in itertools.product(pages[:WARM_UP_PAGES], tools.values()):
        warm_up.run(tool, page)
    for i, page in enumerate(pages):
        for name in sorted(tools, reverse=bool(i % 2)):  # no tool is always the first to touch a page
            tallies[name].run(tools[name], page)
    return tallies


def table_row(name: str, pages: int, figures: Mapping[str, Mapping[str, float]]) -> str:
    """Return a row: precision / recall / F1 of each tool, then exact titles and speeds in the order of the tools."""
    accuracy = [percents(figures.get(tool, {}), "precision", "recall", "f1") for tool in HTML_TOOLS]
    titles = " / ".join(percents(row, "title") for row in figures.values() if "title" in row) or "–"
    speeds = " / ".join(f"{row['speed']:,.0f}" for row in figures.values())
    return f"| {' | '.join([name, str(pages), *accuracy, titles, speeds])} |"


def percents(figures: Mapping[str, float], *names: str) -> str:
    return " / ".join(f"{100 * figures[name]:.1f}" for name in names if name in figures) or "–"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="DIR", help="a folder with gold.jsonl and pages/")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file as well")
    options = parser.parse_args()
    if missing := [str(folder) for folder in options.sets if not (folder / "gold.jsonl").is_file()]:
        parser.error(f"no gold.jsonl in {', '.join(missing)}")
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    report: dict[str, object] = {}
    metadata: dict[str, dict[str, MetadataTally]] = {}
    columns = ["set", "pages", *(f"{name} P / R / F1" for name in HTML_TOOLS), "exact titles", "pages/s"]
    print(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
    for folder in options.sets:
        pages, is_html = read_set(folder)
        tools, kind = (HTML_TOOLS, "HTML") if is_html else (TEXT_TOOLS, "text")
        name, tallies = f"{folder.resolve().name}, {kind}", measure(pages, tools)
        figures = {tool: tally.figures() for tool, tally in tallies.items()}
        report[name] = {"pages": len(pages), **figures}
        print(table_row(name, len(pages), figures), flush=True)
        metadata[name] = {tool: tally.metadata for tool, tally in tallies.items()}
    for name, read in metadata.items():
        print("", *metadata_table(name, read), sep="\n")
    print(f"\nMeasured with {', '.join(f'{name} {version(name)}' for name in HTML_TOOLS)}.")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
