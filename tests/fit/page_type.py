"""Fit the type of a page to its form, and judge it on sites that it was not fitted to. Called by `tests.fit`.

A set of pages that are no stories is a folder like those of `tests.fit.sets`, with the `kind` of each page in `gold.jsonl`.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import islice
from math import floor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from lxml import etree
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from cleaners import BadPage, Library, Page, read_html, shipped_packs
from cleaners.document.encoding import decode_html
from cleaners.fitted.page_type import PageTypeModel, TypeWeights
from cleaners.html.parse import parse_html
from cleaners.pipeline import page_lines
from cleaners.segmentation.by_layout import Stories
from cleaners.segmentation.page_type import article_odds
from cleaners.segmentation.read_page import read_page
from cleaners.text.flattened.read import plain_page
from tests.fit.labels import squash
from tests.fit.logistic import DIGITS
from tests.fit.processes import each
from tests.fit.sets import BRIEF_LINES, brief_pages, fitting_library, flat_pages, fold_of

ARTICLE = "article"
# The types of the kinds of pages in the labels of sets.
TYPES = {"collection": "listing", "service": "other", "documentation": "other"}
# The share of articles that may lose their record, on sites held out; the types of pages of text are less sure.
MAX_HTML_LOST, MAX_TEXT_LOST = 0.01, 0.005
HTML_STRENGTH, TEXT_STRENGTH = 0.02, 0.05  # inverse of the penalty on large weights
FOLDS = 5
QUANTILES = np.linspace(0.08, 0.92, 8)  # of a measure, at which its values are parted
MIN_SITES = 6  # that have a measure
# The weights of articles: from a set whose pages are of the same crawl as those that are no stories, from cases, from sets that
# are not judged, and cut down to a few paragraphs.
WEB_WEIGHT, CASE_WEIGHT, FURTHER_WEIGHT, BRIEF_WEIGHT = 2.0, 2.0, 0.3, 0.3
PRODUCT_WEIGHT = 3.0  # as there are few of them
BRIEF_SHARE = 2  # of so many pages of HTML, one is cut down, too


class FormedPage(NamedTuple):
    """A page with the measures of its form; without any it is a text on its own. `has_own` is whether a story was read.

    Pages that are not `judged` do not count for the limit and in the report.
    """

    set: str
    site: str
    type: str
    is_html: bool
    form: Mapping[str, float]
    has_own: bool
    weight: float = 1.0
    is_judged: bool = True


class _Job(NamedTuple):
    set: str
    site: str
    type: str
    path: Path
    text: str = ""
    weight: float = 1.0
    is_judged: bool = True
    gold: str = ""
    paragraphs: int = 0


def formed_pages(
    stories: Iterable[Path], negatives: Sequence[Path], further: Iterable[Path], cases: Iterable[Path], processes: int
) -> list[FormedPage]:
    """Return the pages of sets and of folders of cases with their forms; those that are refused are left out.

    `further` are sets of stories that are fitted to and not judged, as are the pages of text cut down to a few paragraphs.
    """
    library = Library(shipped_packs(), site_packs=False)
    jobs: list[_Job] = []
    for folder in stories:
        weight = WEB_WEIGHT if any(_crawl(folder) == _crawl(other) for other in negatives) else 1.0
        jobs += [*_of_set(folder, weight), *_brief(folder)]
    for job in (job for folder in negatives for job in _of_set(folder)):
        jobs.append(job._replace(weight=PRODUCT_WEIGHT if job.type == "product" else 1.0))
    jobs += [job._replace(is_judged=False) for folder in further for job in _of_set(folder, FURTHER_WEIGHT)]
    jobs += [job for folder in cases for job in _of_cases(folder)]
    return [page for page in each(lambda job: _formed(job, library), jobs, processes) if page is not None]


def _crawl(folder: Path) -> str:
    return folder.name.partition("-")[0]


def _of_set(folder: Path, weight: float = 1.0) -> Iterator[_Job]:
    for name in ("gold.jsonl", "segments.jsonl"):
        for line in (folder / name).read_text(encoding="utf-8").split("\n") if (folder / name).exists() else ():
            if line:
                row = json.loads(line)
                kind = str(row.get("kind") or ARTICLE)
                paths = [folder / "pages" / f"{row['page']}{suffix}" for suffix in (".html.gz", ".txt")]
                site = str(row.get("domain") or row["page"])
                for path in filter(Path.exists, paths):
                    yield _Job(folder.name, site, TYPES.get(kind, kind), path, weight=weight, gold=row.get("gold") or "")


def _brief(folder: Path) -> Iterator[_Job]:
    """Yield pages of stories that were cut down to a few paragraphs."""
    if next(folder.glob("pages/*.txt"), None) is not None:
        library = fitting_library()
        for page in brief_pages(flat_pages(folder, library), library):
            path = folder / "pages" / f"{page.name}.txt"
            yield _Job("brief", page.site, ARTICLE, path, page.page.text, weight=BRIEF_WEIGHT, is_judged=False)
        return
    for job in islice(_of_set(folder, BRIEF_WEIGHT), None, None, BRIEF_SHARE):
        paragraphs = BRIEF_LINES[fold_of(job.path.name, len(BRIEF_LINES))]
        yield job._replace(set="brief", paragraphs=paragraphs, is_judged=False)
        yield job._replace(set="bare", text=_bare(job.gold, paragraphs), is_judged=False)


def _bare(gold: str, paragraphs: int) -> str:
    """Return HTML of the first paragraphs of a text under a title, as of a page that a program has written."""
    lines = [escape(line.strip()) for line in gold.splitlines() if line.strip()]
    title = lines[0][:60].rpartition(" ")[0] if lines else ""
    text = "".join(f"<p>{line}</p>" for line in lines[:paragraphs])
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{text}</body></html>"


def _without_paragraphs(html: bytes, gold: str, kept: int) -> str:
    """Return a page of HTML whose story has its first paragraphs alone; those of the gold text are the story's."""
    tree = parse_html(decode_html(html))
    story = squash(gold)
    own = [element for element in tree.iter("p") if (text := squash("".join(element.itertext()))) and text in story]
    for element in own[kept:]:
        element.clear(keep_tail=True)
    return etree.tostring(tree, encoding="unicode", method="html")


def _of_cases(folder: Path) -> Iterator[_Job]:
    for path in sorted(folder.glob("*.json")):
        case: Any = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(case, dict) and "expected" in case and case.get("text"):
            kind = ARTICLE if case["expected"].get("main") else "listing"
            yield _Job(folder.name, str(case.get("site") or path.stem), kind, path, case["text"], CASE_WEIGHT)


def _formed(job: _Job, library: Library) -> FormedPage | None:
    try:
        if job.path.suffix == ".gz":
            html: bytes | str = job.text or gzip.decompress(job.path.read_bytes())
            if job.paragraphs and isinstance(html, bytes):
                html = _without_paragraphs(html, job.gold, job.paragraphs)
            page = read_html(html, library=library)
        else:
            page = plain_page(Page(job.text or job.path.read_text(encoding="utf-8")))[0]
    except BadPage:
        return None
    found = page_lines(page, library)
    stories = read_page(page, found.lines, found.ruleset.fallback_layout.id, found.ruleset)
    form = stories.form if isinstance(stories, Stories) else {}
    has_own = not form or form["own-lines"] > 0 or form["has-title"] > 0
    return FormedPage(job.set, job.site, job.type, bool(page.hints), form, has_own, job.weight, job.is_judged)


def fit_page_types(pages: Sequence[FormedPage]) -> tuple[PageTypeModel, list[str]]:
    """Return the weights for pages of HTML and of text, and a report on sites that they were not fitted to."""
    html, html_report = _fit_with_limit([page for page in pages if page.is_html], "pages of HTML", HTML_STRENGTH, MAX_HTML_LOST)
    text, text_report = _fit_with_limit(
        [page for page in pages if not page.is_html], "pages of text", TEXT_STRENGTH, MAX_TEXT_LOST
    )
    return PageTypeModel(html, text), [*html_report, *text_report]


def _fit_with_limit(pages: Sequence[FormedPage], name: str, strength: float, max_lost: float) -> tuple[TypeWeights, list[str]]:
    counted = [page for page in pages if page.is_judged]
    usable = [page for page in pages if page.form and (page.has_own or page.type != ARTICLE)]
    judged: list[tuple[FormedPage, float, str]] = []
    for fold in range(FOLDS):
        fitted = _fit([page for page in usable if fold_of(page.site, FOLDS) != fold], strength)
        held_out = [page for page in usable if fold_of(page.site, FOLDS) == fold and page.is_judged]
        judged += [(page, *article_odds(page.form, fitted)) for page in held_out]
    articles = sorted(odds for page, odds, _ in judged if page.type == ARTICLE)
    number = sum(page.type == ARTICLE for page in counted)
    least = floor(articles[int(max_lost * number)] * 10**DIGITS) / 10**DIGITS
    whole = _fit(usable, strength)
    report = [f"type of {name}: sites held out, least odds of an article {least}", *_report(counted, judged, least)]
    return TypeWeights(whole.types, whole.bias, whole.steps, whole.weights, least), report


def _report(pages: Sequence[FormedPage], judged: Sequence[tuple[FormedPage, float, str]], least: float) -> Iterator[str]:
    """Yield the shares of articles lost by set, of other pages with an article by type, and the types of the others."""
    lost = Counter(page.set for page, odds, _ in judged if page.type == ARTICLE and odds < least)
    articles = Counter(page.set for page in pages if page.type == ARTICLE)
    yield f"  articles lost {_of(lost.total(), articles.total())}: " + ", ".join(
        f"{name} {_of(lost[name], number)}" for name, number in articles.items()
    )
    alone = Counter(page.type for page in pages if page.type != ARTICLE and not page.form)
    kept = alone + Counter(page.type for page, odds, _ in judged if page.type != ARTICLE and page.has_own and odds >= least)
    others = Counter(page.type for page in pages if page.type != ARTICLE)
    yield f"  other pages with an article {_of(kept.total(), others.total())}: " + ", ".join(
        f"{name} {_of(kept[name], number)}" for name, number in others.items()
    )
    types = Counter((page.type, likeliest) for page, odds, likeliest in judged if page.type != ARTICLE and odds < least)
    right = sum(number for (wanted, likeliest), number in types.items() if wanted == likeliest)
    yield f"  type right of the others: {_of(right, types.total())}"


def _of(part: int, whole: int) -> str:
    return f"{part / (whole or 1):.4f} ({part} of {whole})"


def _fit(pages: Sequence[FormedPage], strength: float) -> TypeWeights:
    steps = _steps(pages)
    names = list(steps)
    starts = np.cumsum([0, *(len(steps[name]) + 1 for name in names)])
    matrix = np.zeros((len(pages), int(starts[-1])), np.float32)
    for j, name in enumerate(names):
        values = _values(name, pages)
        matrix[np.arange(len(pages)), starts[j] + np.searchsorted(steps[name], values)] = 1.0
    types = np.array([page.type for page in pages])
    model: Any = LogisticRegression(C=strength, max_iter=500)
    model.fit(matrix, types, sample_weight=[page.weight for page in pages])
    rows: NDArray[np.float64] = model.coef_.T
    return TypeWeights(
        types=[str(name) for name in model.classes_],
        bias=_rounded(model.intercept_),
        steps=steps,
        weights={name: [_rounded(row) for row in rows[starts[j] : starts[j + 1]]] for j, name in enumerate(names)},
        least=0.0,
    )


def _steps(pages: Sequence[FormedPage]) -> dict[str, list[float]]:
    """Return the steps of each measure that pages of enough sites have."""
    sites: dict[str, set[str]] = {}
    for page in pages:
        for name, value in page.form.items():
            if value:
                sites.setdefault(name, set()).add(page.site)
    names = sorted(name for name, found in sites.items() if len(found) >= MIN_SITES)
    return {name: sorted({float(f"{value:.3g}") for value in np.quantile(_values(name, pages), QUANTILES)}) for name in names}


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), DIGITS) + 0.0 for value in values]


def _values(name: str, pages: Sequence[FormedPage]) -> list[float]:
    return [float(page.form.get(name, 0.0)) for page in pages]
