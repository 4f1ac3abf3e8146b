"""Measure what a whole run makes of labelled pages: the figures that a user of the records cares about.

Called by `tests.fit.folds`. A page is measured by its kind of label: a case story by story, a page with a gold text by its main
text, a text on its own by the lines that are lost. The figures of a set are printed twice, side by side: of runs with numbers
that were not fitted to the site of a page, and of a run with numbers that were fitted to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cleaners import BadPage, Library, Record, clean_page
from tests.accuracy import count_case, rates
from tests.fit.labels import WORD, fold, paragraphs, squash
from tests.fit.measure import LONG_CHARS, shingles
from tests.fit.sets import LONE, LabelledPage
from tests.fit.title import does_agree

RUN_WORDS, RUN_CHARS = 8, 12  # a paragraph of fewer words is found by runs of letters
HALF = 0.5  # of a paragraph is in the text that holds it


@dataclass(frozen=True, slots=True)
class Outcome:
    """The counts of one page, its faults by their names, and how wrong the page is as a whole."""

    set: str
    kind: str
    name: str
    counts: Counter[str]
    faults: dict[str, float]
    wrong: float


def outcome_of(page: LabelledPage, library: Library) -> Outcome:
    """Return the outcome of a run on a page; one that is refused has no records."""
    try:
        records: Sequence[Record] = clean_page(page.page, library).records
    except BadPage:
        records = ()
    if page.set in LONE:
        kind, count, faults = "text", *_text_outcome(page, records)
    elif "expected" in page.row:
        kind, count, faults = "case", *_case_outcome(page, records)
    else:
        kind, count, faults = "gold", *_gold_outcome(page, records)
    wrong = 1 - count["f1"] if kind == "gold" else sum(faults.values())
    return Outcome(page.set, kind, page.name, count, {name: value for name, value in faults.items() if value}, wrong)


def _text_outcome(page: LabelledPage, records: Iterable[Record]) -> tuple[Counter[str], dict[str, float]]:
    """Return the counts and the faults of a text on its own."""
    kept = "\n".join(fold(line) for record in records for line in (record.title, *record.text.splitlines()))
    lost = [fold(line) not in kept for line in paragraphs(page.page.text)]
    count = Counter({"pages": 1, "lines": len(lost), "lines lost": sum(lost), "pages harmed": int(any(lost))})
    return count, {"lines lost": float(sum(lost))}


def _case_outcome(page: LabelledPage, records: Sequence[Record]) -> tuple[Counter[str], dict[str, float]]:
    """Return the counts and the faults of a case."""
    count = count_case(page.row["expected"], page.page.text, records)
    faults = {"stories missed": count["story"] - count["story found"], "stories too many": count["story extra"]}
    for name, fault in {"prose": "sentences lost", "titles": "title wrong", "clutter": "clutter left"}.items():
        faults[fault] = count[name] - count[f"{name} right"]
    return count + Counter(pages=1), _greatest_first(faults)


def _greatest_first(faults: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(faults.items(), key=lambda fault: -fault[1]))


def _gold_outcome(page: LabelledPage, records: Sequence[Record]) -> tuple[Counter[str], dict[str, float]]:
    """Return the counts and the faults of a page whose own text is known."""
    articles = [record for record in records if record.kind == "article"]
    text = "\n".join(record.text for record in articles)
    title = next((record.title for record in articles if record.title), "")
    want, have = shingles(page.gold), shingles(text) if WORD.search(text) else Counter()
    both = (want & have).total()
    precision, recall = both / (have.total() or 1), both / want.total()
    before, main = _Holder(page.page.text), _Holder(text)
    rest = _Holder("\n".join(f"{record.title}\n{record.text}" for record in records))
    long = [text for text in paragraphs(page.gold) if len(text) >= LONG_CHARS and text in before]
    lost = sum(text not in rest for text in long)
    elsewhere = sum(text in rest and text not in main for text in long)
    count: Counter[str] = Counter({"pages": 1, "paragraphs": len(long), "lost": lost, "elsewhere": elsewhere})
    count["f1"] = 2 * both / ((want.total() + have.total()) or 1)  # type: ignore[assignment]
    count["recall"], count["precision"] = recall, precision  # type: ignore[assignment]
    count["pages with text"] = int(have.total() > 0)
    wanted = page.row.get("title")
    if wanted:
        count.update({"titles": 1, "titles right": int(does_agree(wanted, title))})
    is_wrong = bool(wanted) and not count["titles right"]
    faults = {"prose missing": 1 - recall, "other text": 1 - precision if have else 0.0}
    others = {"paragraphs lost": lost, "paragraphs in another story": elsewhere, "title wrong": int(is_wrong)}
    return count, {**_greatest_first(faults), **others}


class _Holder:
    """A text that says whether it holds a paragraph: half of its shingles or, when it has few words, of its runs of letters."""

    def __init__(self, text: str) -> None:
        self._shingles, self._letters = set(shingles(text)), squash(text)

    def __contains__(self, paragraph: str) -> bool:
        if len(WORD.findall(paragraph)) >= RUN_WORDS:
            wanted = set(shingles(paragraph))
            return len(wanted & self._shingles) >= HALF * len(wanted)
        letters = squash(paragraph)
        runs = [letters[i : i + RUN_CHARS] for i in range(0, max(1, len(letters) - RUN_CHARS + 1), RUN_CHARS // 2)]
        return sum(run in self._letters for run in runs) >= HALF * len(runs)


Figure = Callable[[Counter[str]], float | None]


def _share(part: str, whole: str) -> Figure:
    return lambda count: count[part] / count[whole] if count[whole] else None


def _rate(name: str) -> Figure:
    return lambda count: rates(count).get(name)


def _main_text_f1(count: Counter[str]) -> float | None:
    """Return F1 of the mean precision and the mean recall of the pages."""
    precision, recall = count["precision"] / (count["pages with text"] or 1), count["recall"] / count["pages"]
    return 2 * precision * recall / ((precision + recall) or 1)


FIGURES: Mapping[str, Mapping[str, Figure]] = {
    "gold": {
        "main text F1": _main_text_f1,
        "prose lost": _share("lost", "paragraphs"),
        "elsewhere": _share("elsewhere", "paragraphs"),
        "title right": _share("titles right", "titles"),
    },
    "case": {
        "story F1": _rate("stories"),
        "edges": _rate("edges"),
        "fields": _rate("fields"),
        "prose kept": _rate("prose"),
        "clutter gone": _rate("clutter"),
        "headlines": _rate("headlines"),
        "title right": _rate("titles"),
    },
    "text": {"lines lost": _share("lines lost", "lines"), "pages harmed": _share("pages harmed", "pages")},
}
KINDS = {"gold": "pages whose own text is known", "case": "labelled pages", "text": "texts on their own"}


def figures_of(outcomes: Iterable[Outcome]) -> dict[str, dict[str, dict[str, float | None]]]:
    """Return by the kind of label and by set the figures of pages."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        counts[outcome.kind, outcome.set] += outcome.counts
    found: dict[str, dict[str, dict[str, float | None]]] = {kind: {} for kind in FIGURES}
    for (kind, name), count in counts.items():
        found[kind][name] = {"pages": count["pages"], **{figure: make(count) for figure, make in FIGURES[kind].items()}}
    return found


def side_by_side(held_out: Iterable[Outcome], fitted: Iterable[Outcome]) -> Iterator[str]:
    """Yield a table for each kind of label: each figure on held-out sites, and on sites that the numbers were fitted to."""
    one, other = figures_of(held_out), figures_of(fitted)
    for kind, sets in one.items():
        if not sets:
            continue
        yield f"\n{KINDS[kind]}: on held-out sites / on sites fitted to"
        yield f"{'set':16} pages" + "".join(f"  {name:>15}" for name in FIGURES[kind])
        for name, row in sets.items():
            both = other[kind].get(name, {})
            cells = [f"{_cell(row[figure])} / {_cell(both.get(figure))}" for figure in FIGURES[kind]]
            yield f"{name:16} {row['pages']:5}" + "".join(f"  {cell:>15}" for cell in cells)


def by_variant(variants: Mapping[str, Iterable[Outcome]]) -> Iterator[str]:
    """Yield a table for each kind of label with the figures of each set in each variant of a run."""
    found = {name: figures_of(outcomes) for name, outcomes in variants.items()}
    width = max(map(len, found))
    for kind, figures in FIGURES.items():
        sets = list(dict.fromkeys(name for rows in found.values() for name in rows[kind]))
        if not sets:
            continue
        yield f"\n{KINDS[kind]}, on held-out sites"
        yield f"{'set':16} {'run with':{width}} pages" + "".join(f"  {name:>12}" for name in figures)
        for set_name in sets:
            for variant, rows in found.items():
                row = rows[kind].get(set_name, {})
                cells = "".join(f"  {_cell(row.get(figure)):>12}" for figure in figures)
                yield f"{set_name:16} {variant:{width}} {row.get('pages', 0):5}{cells}"


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def worst(outcomes: Iterable[Outcome], most: int) -> Iterator[str]:
    """Yield the worst pages of each set: how wrong each is, and its faults, the greatest first."""
    by_set: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_set[outcome.set].append(outcome)
    for name, rows in by_set.items():
        rows = [row for row in rows if row.wrong]
        yield f"\nthe worst pages of {name}, on held-out sites"
        for row in sorted(rows, key=lambda row: (-row.wrong, row.name))[:most]:
            yield f"{row.wrong:6.2f} {row.name}: {', '.join(f'{fault} {value:.2g}' for fault, value in row.faults.items())}"
