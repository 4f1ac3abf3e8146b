"""Judge the records of labelled pages: whether each is one story, the whole of it and nothing else.

Called by `tests.fit.confidence`. A text is right when its F1 against the true text is over 0.9, over runs of four words. The
true text of a page's own story is that of its label; of an embedded story, all from the first to the last words that its label
gives, without clutter. A record without text is right when its title is that of a labelled headline.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cleaners import BadPage, Library, Page, Record, clean_page, read_html, shipped_packs
from cleaners.document.page import split_lines
from cleaners.output.record import StoryReading, Sureness
from tests.conftest import ROOT
from tests.fit.labels import LEVELS, fold, own_lines_of_case, paragraphs, squash
from tests.fit.measure import shingles
from tests.fit.processes import each
from tests.fit.sets import CLEAN, INVENTED
from tests.invented import cases as invented_cases

LEAST_F1 = 0.9
MIN_GLUED_CHARS = 12  # of clutter that stands within a line
CLEAN_SHARE = 4  # of so many gold texts, one is read on its own as well
SEED = 5  # of the invented sites
WEIGHTS = {CLEAN: 0.3, INVENTED: 0.3}  # of pages that were made, beside real ones
NEGATIVE_WEIGHT = 2.5  # the types of these pages were fitted to: on other sites more of them keep a record of a story


class JudgedRecord(NamedTuple):
    """A record with the way it was read and its measures, and whether it is right."""

    set: str
    site: str
    reading: StoryReading
    measures: dict[str, float]
    is_right: bool
    weight: float = 1.0


class _Job(NamedTuple):
    """A page to be read: the name of its set, its label, and the file of a page with a gold text."""

    set: str
    name: str
    row: dict[str, Any]
    file: Path | None = None
    is_negative: bool = False

    @property
    def weight(self) -> float:
        """Return how much the records of the page weigh in the fit."""
        return NEGATIVE_WEIGHT if self.is_negative else WEIGHTS.get(self.set, 1.0)


def judged_records(
    sets: Iterable[Path], cases: Iterable[Path], negatives: Iterable[Path], invented: int, processes: int
) -> list[JudgedRecord]:
    """Return the records of all sets, of some gold texts on their own, and of pages of invented sites.

    The `negatives` are sets of pages that are no stories. Packs of sites are used for the records that their layouts find, and
    for no others.
    """
    blind, whole = Library(shipped_packs(), site_packs=False), Library(shipped_packs())

    def read(job: _Job) -> list[JudgedRecord]:
        if "expected" not in job.row:
            return list(_of_gold(job, blind))
        by_site = [record for record in _of_case(job, whole) if record.reading == "site"]
        return by_site + list(_of_case(job, blind))

    jobs = [*_gold_jobs(sets), *_case_jobs(cases)]
    jobs += [job._replace(is_negative=True) for job in _gold_jobs(negatives) if job.set != CLEAN]
    jobs += [_Job(INVENTED, name, case) for name, case in invented_cases("train", invented, 2, SEED)]
    return [record for records in each(read, jobs, processes) for record in records]


def _gold_jobs(sets: Iterable[Path]) -> Iterator[_Job]:
    """Yield the pages with a gold text, and some of these texts on their own, half of them under their titles."""
    for folder in sets:
        lines = (folder / "gold.jsonl").read_text(encoding="utf-8").split("\n")
        rows = [row for line in lines if line and (row := json.loads(line)).get("gold")]
        for number, row in enumerate(rows):
            text, page = (folder / "pages" / f"{row['page']}.{suffix}" for suffix in ("txt", "html.gz"))
            is_text = text.exists()
            yield _Job(folder.name if is_text else f"{folder.name}-html", row["page"], row, text if is_text else page)
            if is_text and number % CLEAN_SHARE == 0:
                yield _Job(CLEAN, row["page"], row if number % (2 * CLEAN_SHARE) else {**row, "title": ""})


def _case_jobs(cases: Iterable[Path]) -> Iterator[_Job]:
    for folder in cases:
        for path in sorted(folder.glob("**/*.json")):
            case = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(case, dict) and "expected" in case:
                yield _Job(folder.name, path.stem, case)


def _of_gold(job: _Job, library: Library) -> Iterator[JudgedRecord]:
    """Yield the record of a page with a gold text that is its own story."""
    gold, site = job.row["gold"], str(job.row.get("domain") or job.name)
    for record, sure in _records(_page_of(job, library), library):
        if record.kind == "article":
            yield JudgedRecord(job.set, site, sure.reading, sure.measures, f1_of(record.text, gold) > LEAST_F1, job.weight)


def _page_of(job: _Job, library: Library) -> Page | None:
    """Return the page of a gold text, or the text on its own; None for a page that is refused."""
    if job.file is None:
        return Page("\n".join(filter(None, [job.row.get("title"), *paragraphs(job.row["gold"])])))
    if job.file.suffix == ".txt":
        return Page(job.file.read_text(encoding="utf-8"))
    try:
        return read_html(gzip.decompress(job.file.read_bytes()), library=library)
    except BadPage:
        return None


def _of_case(job: _Job, library: Library) -> Iterator[JudgedRecord]:
    """Yield the records of a labelled page, but those that its label leaves open."""
    text = job.row.get("text") or (ROOT / "seeds" / job.row["seed"]).read_text(encoding="utf-8")
    truth, site = _Truth(text, job.row["expected"]), str(job.row.get("site") or job.name)
    for record, sure in _records(Page(text, url=job.row.get("url") or ""), library):
        f1 = truth.f1_of(record)
        if f1 is not None:
            yield JudgedRecord(job.set, site, sure.reading, sure.measures, f1 > LEAST_F1, job.weight)


def _records(page: Page | None, library: Library) -> Iterator[tuple[Record, Sureness]]:
    """Yield the records of a page with their sureness; none of a page that is refused."""
    try:
        cleaned = clean_page(page, library) if page is not None else None
    except BadPage:
        return
    if cleaned is not None:
        yield from zip(cleaned.records, cleaned.sureness, strict=True)


def f1_of(text: str, gold: str) -> float:
    """Return the F1 of a text over its runs of words; two texts without words are the same."""
    have, want = (shingles(words) for words in (text, gold))
    return 2 * (have & want).total() / (have.total() + want.total())


class _Truth:
    """The label of a page: the texts of its stories in all wordings that are right, and the titles of its headlines."""

    def __init__(self, text: str, expected: dict[str, Any]) -> None:
        lines = split_lines(text)
        clutter = {fold(words) for words in expected.get("clutter", [])}
        main = expected.get("main") or {}
        kept = [words for line in lines if (words := fold(line.text)) not in clutter]
        flat, glued = " ".join(kept), [words for words in clutter if len(words) >= MIN_GLUED_CHARS]
        self.own = [_without(gold, glued) for gold in _texts(flat, main)] if main else []
        if main.get("first_words") and (labels := own_lines_of_case([line.text for line in lines], expected)):
            self.own.append("\n".join(line.text for line, is_own in zip(lines, labels[0], strict=True) if is_own))
        if main and not main.get("first_words"):
            self.own.append("")
        self.texts: list[str] = []
        self.headlines, self.open = set(), {squash(words) for key in ("either", "links") for words in expected.get(key, [])}
        for item in expected.get("related", []):
            golds = [_without(gold, glued) for gold in _texts(flat, item)]
            title = squash(item.get("title") or "")
            if item.get("fragment"):
                self.open.add(title)
            elif golds:
                self.texts += golds
            else:
                self.headlines.add(title)

    def f1_of(self, record: Record) -> float | None:
        """Return the F1 of a record's text against the likest story, None when the label leaves it open."""
        title = squash(record.title)
        if record.kind == "headline":
            return 1.0 if title in self.headlines else None if title in self.open else 0.0
        golds = self.own if record.kind == "article" else [*self.texts, *self.own]
        f1 = max([f1_of(record.text, gold) for gold in golds], default=0.0)
        return None if record.kind == "story" and f1 <= LEAST_F1 and title in self.open else f1


def _texts(flat: str, item: dict[str, Any]) -> Iterator[str]:
    """Yield the texts from the first to the last words of an item, in each wording of its label."""
    after = max(0, flat.find(fold(item.get("title") or "")))
    for level in LEVELS:
        first, last = (fold(item.get(f"{edge}_words{level}") or "") for edge in ("first", "last"))
        start = flat.find(first, after) if first else -1
        start = flat.find(first) if first and start < 0 else start
        end = flat.find(last, start) if last and start >= 0 else -1
        if end >= 0:
            yield flat[start : end + len(last)]


def _without(text: str, parts: Iterable[str]) -> str:
    for part in parts:
        text = text.replace(part, " ")
    return text
