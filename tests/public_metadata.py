"""Judge the title, the day and the authors that a tool reads off a page, for `tests.public_sets`.

`tests/public_labels/*.jsonl` holds labels, a page a line: {"url", "published": its day, "authors": [NAME]}, without a key that
even a reader could not settle; "" and [] say that the page names none. Where JSON-LD or Open Graph and trafilatura agree, they
are the labels (half of the days and a third of the authors); the others were settled by reading the page. A page that names
only the day of its last change is labelled with that day. Authors are people, or the names under which they write: not the
company or the team of a site.

A day is right when it is the labelled one, wrong when it is another, missing when there is none; it is invented where the page
gives none. Authors are right when one of the labelled names is among them, and exact when they are the labelled names alone.
"""

from __future__ import annotations

import json
import re
import statistics
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

LABELS = Path(__file__).parent / "public_labels"
HALVES = ("half A", "half B")
WORD = re.compile(r"\w+")
FIGURES = (
    "title", "day right", "day wrong", "day missing", "day invented", "authors right", "authors exact", "authors missing",
    "authors invented",
)  # fmt: skip


class StoryMetadata(NamedTuple):
    """The metadata of a page's story as a tool reads it."""

    title: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()


class MetadataLabels(NamedTuple):
    """The metadata of a page's story as labelled; None where it is not labelled."""

    title: str = ""
    published: str | None = None
    authors: tuple[str, ...] | None = None
    half: str = HALVES[0]


def read_labels(folder: Path = LABELS) -> dict[str, dict[str, object]]:
    """Return the labels of pages by their addresses."""
    lines = (line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines())
    return {row["url"]: row for row in map(json.loads, lines)}


def labels_of(row: dict[str, object], labelled: dict[str, dict[str, object]]) -> MetadataLabels:
    """Return the labels of a page of a set: those in its own row, else those of its address.

    Half of the sites, drawn by their names, are for looking at; the figures of the others say what holds elsewhere.
    """
    url = str(row.get("url") or "")
    known = {**labelled.get(url, {}), **{name: row[name] for name in ("published", "authors") if name in row}}
    authors = known.get("authors")
    published = known.get("published")
    site = urlsplit(url).hostname or str(row["page"])
    return MetadataLabels(
        "" if row.get("title_src") else str(row.get("title") or ""),
        None if published is None else str(published)[:10],
        tuple(map(str, authors)) if isinstance(authors, list) else None,
        HALVES[zlib.crc32(site.removeprefix("www.").encode()) % 2],
    )


@dataclass
class MetadataTally:
    """The outcomes of one tool: for each figure the pages that count for it, by half."""

    outcomes: dict[str, dict[str, list[bool]]] = field(default_factory=lambda: {half: defaultdict(list) for half in HALVES})

    def add(self, labels: MetadataLabels, read: Callable[[], StoryMetadata]) -> None:
        """Judge what a tool reads off a page; a page on which it fails counts as one without metadata."""
        if not labels.title and labels.published is None and labels.authors is None:
            return
        try:
            have = read()
        except Exception:  # a peer may raise anything, and dehusk refuses some pages with BadPage
            have = StoryMetadata()
        outcomes = self.outcomes[labels.half]
        if labels.title:
            outcomes["title"].append(words(labels.title) == words(have.title))
        if labels.published:
            outcomes["day right"].append(have.published[:10] == labels.published)
            outcomes["day wrong"].append(have.published[:10] not in ("", labels.published))
            outcomes["day missing"].append(not have.published)
        elif labels.published is not None:
            outcomes["day invented"].append(bool(have.published))
        names, labelled = ({tuple(words(name)) for name in authors} for authors in (have.authors, labels.authors or ()))
        if labels.authors:
            outcomes["authors right"].append(bool(names & labelled))
            outcomes["authors exact"].append(names == labelled)
            outcomes["authors missing"].append(not names)
        elif labels.authors is not None:
            outcomes["authors invented"].append(bool(names))

    def figures(self, halves: Sequence[str] = HALVES) -> dict[str, float]:
        """Return the shares of pages, of 1, over some halves; a figure for which no page counts is left out."""
        counted = {name: [hit for half in halves for hit in self.outcomes[half].get(name, ())] for name in FIGURES}
        return {name: statistics.fmean(hits) for name, hits in counted.items() if hits}


def words(text: str) -> list[str]:
    """Return the words of a title or name: case, white space and punctuation do not count."""
    return WORD.findall(text.casefold())


def metadata_table(name: str, tallies: dict[str, MetadataTally]) -> Iterable[str]:
    """Yield the rows of a table, in percent: for each tool both halves and the whole; none where only titles are labelled."""
    read = {tool: tally for tool, tally in tallies.items() if tally.figures().keys() - {"title"}}
    if not read:
        return
    yield f"| {name} | {' | '.join(FIGURES)} |"
    yield f"|{' --- |' * (len(FIGURES) + 1)}"
    for tool, tally in read.items():
        for part, halves in (*((half, (half,)) for half in HALVES), ("all", HALVES)):
            figures = tally.figures(halves)
            cells = [f"{100 * figures[figure]:.1f}" if figure in figures else "–" for figure in FIGURES]
            yield f"| {tool}, {part} | {' | '.join(cells)} |"
