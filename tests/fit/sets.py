"""Read labelled pages from folders, and part them by site: every part of the fit gets its pages from here.

A flat set is a folder with `gold.jsonl` ({"page", "gold", "domain", ...} a line) and `pages/NAME.txt`, a set of HTML the same
with `pages/NAME.html.gz`; a folder of cases holds pages in the format of `tests/cases`.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from cleaners import Library, Page, read_html, shipped_packs
from cleaners.fitted.load import LineScoreWeights, Reading
from cleaners.pipeline import page_lines
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.line_features import LineFeatures, features_of
from cleaners.text.flattened.read import plain_page
from tests.conftest import ROOT
from tests.fit.labels import own_lines_of_case, own_lines_of_gold, paragraphs
from tests.invented import cases as invented_cases

CLEAN = "clean"  # the set of gold texts on their own
LISTED = "listed"  # the set of texts on their own that hold lists
LONE = (CLEAN, LISTED)  # the sets of texts on their own
BRIEF = "brief"  # the set of pages whose story was cut down to a few paragraphs
BLIND = "blind"  # the set of pages that were read without a pack of their language
INVENTED = "invented"
BRIEF_LINES = (1, 1, 2, 2, 3, 4)  # of their stories
LONG_CHARS = 80
UNFITTED = Reading({}, LineScoreWeights(0.0, 0.0, {}, [], [], {}, {}, {}))
BLIND_SHARE = 4  # of so many pages that are not invented, one is read without packs as well

Row = TypeVar("Row")


@dataclass(slots=True)
class LabelledPage:
    """A page with its label: for each line whether it is the page's own text, and whether the label is certain.

    `gold` is the page's own text, `row` the whole label as it was read. `weight` is that of the page in
    every fit.
    """

    set: str
    name: str
    site: str
    page: Page
    gold: str
    features: list[LineFeatures]
    own: list[bool]
    certain: list[bool]
    ruleset: Ruleset
    row: dict[str, Any] = field(default_factory=dict)
    weight: float = 1.0

    @property
    def texts(self) -> list[str]:
        """Return the texts of the lines."""
        return [feature.line.text for feature in self.features]


def fold_of(site: str, folds: int) -> int:
    """Return the part of a site: all its pages are in the same one."""
    return zlib.crc32(site.encode()) % folds


def split(pages: Iterable[LabelledPage], fold: int, folds: int) -> tuple[list[LabelledPage], list[LabelledPage]]:
    """Return the pages to fit to, and those of the sites that are held out."""
    pages = list(pages)
    return (
        [page for page in pages if fold_of(page.site, folds) != fold],
        [page for page in pages if fold_of(page.site, folds) == fold],
    )


def of_some_sites(rows: Sequence[Row], site_of: Callable[[Row], str], most: int | None) -> list[Row]:
    """Return the rows of so many sites, chosen by their names; all rows when `most` is None."""
    sites = sorted({site_of(row) for row in rows}, key=lambda site: zlib.crc32(f"some {site}".encode()))
    kept = set(sites[:most])
    return [row for row in rows if site_of(row) in kept]


def fitting_library() -> Library:
    """Return a library without the packs of sites, as the fit is for pages that nobody knows, and without fitted numbers."""
    return Library(shipped_packs(), site_packs=False, reading=UNFITTED)


def blind_library() -> Library:
    """Return a library that knows no language, as for a page in a language without a pack."""
    packs = [(name, toml) for name, toml in shipped_packs() if name == "generic.toml"]
    return Library(packs, site_packs=False, reading=UNFITTED)


def blind_pages(pages: Iterable[LabelledPage], library: Library, seed: int = 7) -> Iterator[LabelledPage]:
    """Yield some of the pages as they look without a pack of their language: all invented ones, a part of the others."""
    rng = Random(seed)
    for page in pages:
        if page.set != INVENTED and rng.randrange(BLIND_SHARE):
            continue
        features, ruleset = features_of_page(page.page, library)
        own = dict(zip(((feature.line.start, feature.line.end) for feature in page.features), page.own, strict=True))
        certain = [(feature.line.start, feature.line.end) in own for feature in features]
        labels = [own.get((feature.line.start, feature.line.end), False) for feature in features]
        if features:
            yield LabelledPage(
                BLIND, page.name, page.site, page.page, page.gold, features, labels, certain, ruleset, page.row
            )  # fmt: skip


def features_of_page(page: Page, library: Library) -> tuple[list[LineFeatures], Ruleset]:
    """Return the features of a page's lines as the pipeline makes them, and the rules that they were made with."""
    page, _ = plain_page(page)
    found = page_lines(page, library)
    ruleset = found.ruleset
    return [features_of(line, ruleset, i, page.hint(line.start)) for i, line in enumerate(found.lines)], ruleset


def flat_pages(folder: Path, library: Library, most: int | None = None) -> Iterator[LabelledPage]:
    """Yield the pages of a flat set or of a set of HTML, those of `most` sites."""
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [row for line in lines if line and (row := json.loads(line)).get("gold")]
    for row in of_some_sites(rows, _site_of_row, most):
        text = folder / "pages" / f"{row['page']}.txt"
        if text.exists():
            page = Page(text.read_text(encoding="utf-8"))
        else:
            page = read_html(gzip.decompress(text.with_suffix(".html.gz").read_bytes()), library=library)
        features, ruleset = features_of_page(page, library)
        own = own_lines_of_gold([feature.line.text for feature in features], row["gold"])
        if features:
            kind = f"{folder.name}-html" if page.hints else folder.name
            yield LabelledPage(
                kind, row["page"], _site_of_row(row), page, row["gold"], features, own,
                [True] * len(own), ruleset, row,
            )  # fmt: skip


def rows_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the site and the text of each page of a flat set."""
    for line in filter(None, (folder / "gold.jsonl").read_text(encoding="utf-8").split("\n")):
        row = json.loads(line)
        yield _site_of_row(row), (folder / "pages" / f"{row['page']}.txt").read_text(encoding="utf-8")


def _site_of_row(row: dict[str, Any]) -> str:
    return str(row.get("domain") or row["page"])


def case_pages(folder: Path, library: Library, most: int | None = None) -> Iterator[LabelledPage]:
    """Yield the pages of a folder of cases, those of `most` sites."""
    cases = [(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("**/*.json"))]
    cases = [(name, case) for name, case in cases if isinstance(case, dict) and "expected" in case]
    for name, case in of_some_sites(cases, lambda row: _site_of_case(*row), most):
        if page := case_page(folder.name, name, case, library):
            yield page


def _site_of_case(name: str, case: dict[str, Any]) -> str:
    return str(case.get("site") or name)


def invented_pages(sites: int, seed: int, library: Library) -> Iterator[LabelledPage]:
    """Yield pages of invented sites, of the part that numbers may be fitted to."""
    for name, case in invented_cases("train", sites, 2, seed):
        if page := case_page(INVENTED, name, case, library):
            yield page


def case_page(name: str, page_name: str, case: dict[str, Any], library: Library) -> LabelledPage | None:
    """Return the page of a case, None when its label does not show the lines of its own text."""
    text = case.get("text") or (ROOT / "seeds" / case["seed"]).read_text(encoding="utf-8")
    page = Page(text)
    features, ruleset = features_of_page(page, library)
    lines = [feature.line.text for feature in features]
    labels = own_lines_of_case(lines, case["expected"])
    if labels is None or not features:
        return None
    gold = "\n".join(line for line, is_own in zip(lines, labels[0], strict=True) if is_own)
    return LabelledPage(name, page_name, _site_of_case(page_name, case), page, gold, features, *labels, ruleset, case)


def clean_pages(pages: Iterable[LabelledPage], library: Library, seed: int = 5) -> Iterator[LabelledPage]:
    """Yield gold texts on their own, whole or in part, some under a title: all of their lines must be kept."""
    rng = Random(seed)
    for page in pages:
        lines = list(paragraphs(page.gold))
        part = rng.randrange(4)
        title = page.row.get("title") or (lines[0][:60].rsplit(" ", 1)[0] if lines else "")
        start = rng.randrange(len(lines)) if lines and part == 2 else 0
        lines = lines[start : start + rng.randrange(1, 8)] if part >= 2 else lines
        lines = [title, *lines] if part == 1 and title else lines
        text = Page("\n".join(lines))
        features, ruleset = features_of_page(text, library)
        if features:
            certain = [not (part == 1 and i == 0) for i in range(len(features))]
            own = [True] * len(features)
            yield LabelledPage(CLEAN, page.name, page.site, text, text.text, features, own, certain, ruleset, page.row)


def brief_pages(pages: Iterable[LabelledPage], library: Library, seed: int = 6) -> Iterator[LabelledPage]:
    """Yield every third page with all but the first long lines of its own text left out, as the pages of short stories are."""
    rng = Random(seed)
    for page in pages:
        most = rng.choice(BRIEF_LINES)
        if rng.randrange(3):
            continue
        kept = list(_first_lines(page, most))
        gold = [text for text, is_own, _ in kept if is_own]
        if len(kept) == len(page.features) or not gold:
            continue
        text = Page("\n".join(text for text, _, _ in kept))
        features, ruleset = features_of_page(text, library)
        if len(features) == len(kept):
            own, certain = [is_own for _, is_own, _ in kept], [is_certain for _, _, is_certain in kept]
            yield LabelledPage(BRIEF, page.name, page.site, text, "\n".join(gold), features, own, certain, ruleset, page.row)


def _first_lines(page: LabelledPage, most: int) -> Iterator[tuple[str, bool, bool]]:
    """Yield the lines of a page up to the last long line of its own text that is kept, and those that are not its text."""
    long = 0
    for text, is_own, is_certain in zip(page.texts, page.own, page.certain, strict=True):
        if not is_own or long < most:
            yield text, is_own, is_certain
        long += is_own and len(text) >= LONG_CHARS
