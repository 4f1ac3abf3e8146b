"""Measure the lines that a score chooses on each set of pages: page F1, lost paragraphs, lines right, characters lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from tests.fit.labels import SHINGLE_WORDS, WORD
from tests.fit.sets import LabelledPage
from tests.fit.weights import MADE

LONG_CHARS = 80  # of a paragraph whose loss is counted


@dataclass(slots=True)
class Figures:
    """The figures of a set of pages; `lost` is the share of the long lines of own text that were not chosen."""

    pages: int
    precision: float
    recall: float
    f1: float
    lost: float
    lines_right: float
    chars_lost: float


def figures(scored: Iterable[tuple[LabelledPage, Sequence[float]]], threshold: float) -> dict[str, Figures]:
    """Return the figures of each set when lines are chosen whose score reaches the threshold."""
    by_set: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for page, scores in scored:
        by_set[page.set].append(_page_figures(page, [score >= threshold for score in scores]))
    return {name: _sum(rows) for name, rows in by_set.items()}


def _sum(rows: Sequence[tuple[float, ...]]) -> Figures:
    precision, recall, f1, lost, long, right, lines, chars = zip(*rows, strict=True)
    return Figures(
        len(rows), mean(precision), mean(recall), mean(f1), sum(lost) / (sum(long) or 1), sum(right) / sum(lines), mean(chars),
    )  # fmt: skip


def _page_figures(page: LabelledPage, chosen: Sequence[bool]) -> tuple[float, ...]:
    lines = list(zip(page.texts, page.own, page.certain, chosen, strict=True))
    hit, found, wanted = _shared(shingles("\n".join(text for text, _, _, is_chosen in lines if is_chosen)), shingles(page.gold))
    long = [is_chosen for text, own, certain, is_chosen in lines if own and certain and len(text) >= LONG_CHARS]
    own_chars = sum(len(text) for text, own, certain, _ in lines if own and certain)
    lost_chars = sum(len(text) for text, own, certain, is_chosen in lines if own and certain and not is_chosen)
    return (
        hit / found, hit / wanted, 2 * hit / (found + wanted), long.count(False), len(long),
        sum(own == is_chosen for _, own, _, is_chosen in lines), len(lines), lost_chars / (own_chars or 1),
    )  # fmt: skip


def at_thresholds(page: LabelledPage, scores: Sequence[float], thresholds: Sequence[float]) -> list[tuple[float, int, int]]:
    """Return for each threshold, in ascending order, the F1 of a page, its lost and all its long lines of own text."""
    words, want = [WORD.findall(text) for text in page.texts], shingles(page.gold)
    long = [
        score
        for text, own, certain, score in zip(page.texts, page.own, page.certain, scores, strict=True)
        if own and certain and len(text) >= LONG_CHARS
    ]
    rows: list[tuple[float, int, int]] = []
    before, f1 = -1, 0.0
    for threshold in thresholds:
        chosen = [found for found, score in zip(words, scores, strict=True) if score >= threshold]
        if len(chosen) != before:  # else the same lines as before
            before = len(chosen)
            hit, found, wanted = _shared(_runs_of([word for line in chosen for word in line]), want)
            f1 = 2 * hit / (found + wanted)
        rows.append((f1, sum(score < threshold for score in long), len(long)))
    return rows


def is_gold(page: LabelledPage) -> bool:
    """Return whether a page is a text page with a gold text."""
    return "gold" in page.row and page.set not in MADE and not page.page.hints


def _shared(have: Counter[tuple[str, ...]], want: Counter[tuple[str, ...]]) -> tuple[int, int, int]:
    return (have & want).total(), have.total(), want.total()


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of a few words of a text; a shorter text is one run."""
    return _runs_of(WORD.findall(text))


def _runs_of(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    if len(words) <= SHINGLE_WORDS:
        return Counter([tuple(words)])
    return Counter(zip(*(words[i:] for i in range(SHINGLE_WORDS)), strict=False))


def table(rows: dict[str, Figures]) -> str:
    """Return figures as lines of text, a set a line."""
    head = f"{'set':12} pages  precision recall  page F1  paragraphs lost  lines right  characters lost"
    return "\n".join([head, *(
        f"{name:12} {row.pages:5}  {row.precision:9.4f} {row.recall:.4f}  {row.f1:7.4f}  {row.lost:15.4f}  "
        f"{row.lines_right:11.4f}  {row.chars_lost:15.4f}" for name, row in rows.items()
    )])  # fmt: skip
