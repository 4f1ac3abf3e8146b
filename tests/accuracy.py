"""Measure how well the labelled pages of portals and publishers come out, and keep the floors below which that may not fall.

python -m tests.accuracy            print the figures beside their floors
python -m tests.accuracy --raise    raise the floors to just below the figures; refuses when a figure is below its floor

The shipped numbers are fitted to the pages of `aggregators` and `anysite`: floors guard against falls and measure no quality.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Container, Sequence
from typing import Any

from cleaners import Library, Record, clean_page, shipped_packs
from tests.support.labelled import CASES, is_at_edge, load_cases, squash, take

FLOORS = CASES / "floors.json"
FOLDERS = ("aggregators", "anysite", "unusual")
MARGIN = 0.01  # by which floors are below the figures, so that a refit that moves a page or two is no fall


def digest_of_cases() -> str:
    """Return a digest of every page that is measured."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in FOLDERS for path in CASES.glob(f"{folder}/*.json")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def measure() -> dict[str, dict[str, float]]:
    """Return the figures of each folder, and those of the portals without the packs for sites as well."""
    library, without_sites = Library(shipped_packs()), Library(shipped_packs(), site_packs=False)
    figures = {folder: _figures(folder, library) for folder in FOLDERS}
    return figures | {"aggregators without site packs": _figures("aggregators", without_sites)}


def _figures(folder: str, library: Library) -> dict[str, float]:
    count: Counter[str] = Counter()
    for case in load_cases(folder).values():
        count += count_case(case["expected"], case["text"], clean_page(case["text"], library).records)
    return rates(count)


def rates(count: Counter[str]) -> dict[str, float]:
    """Return the figures of the pages counted."""
    precision = count["story found"] / ((count["story found"] + count["story extra"]) or 1)
    recall = count["story found"] / (count["story"] or 1)
    rates = {
        name: count[f"{name} right"] / count[name]
        for name in ("edges", "fields", "clutter", "prose", "headlines", "titles")
        if count[name]
    }
    stories = 2 * precision * recall / ((precision + recall) or 1)
    return {name: round(value, 4) for name, value in {"stories": stories, **rates}.items()}


def count_case(want: dict[str, Any], text: str, records: Sequence[Record]) -> Counter[str]:
    """Return the counts of one page: how much its label wants, and how much of that the records of the page have right."""
    count: Counter[str] = Counter()
    left = list(records)
    main = want.get("main") or {}
    items = [main] if main.get("title") or main.get("first_words") else []
    if main.get("title"):
        own = next((record.title for record in records if record.kind == "article"), "")
        count.update({"titles": 1, "titles right": int(own.casefold() == squash(main["title"]).casefold())})
    for item in (*items, *want["related"]):
        found = take(item, left)
        if item.get("fragment"):
            continue
        if item.get("kind") == "headline":
            count.update({"headlines": 1, "headlines right": int(found is not None)})
            continue
        count.update({"story": 1, "story found": int(found is not None)})
        if found is None:
            continue
        for name in ("source", "published_raw", "category"):
            if name in item:
                same = squash(item[name]).casefold() == getattr(found, name).casefold()
                count.update({"fields": 1, "fields right": int(same)})
        for edge in ("first", "last"):
            count.update({"edges": 1, "edges right": int(is_at_edge(item, edge, squash(found.text)))})
    either = {squash(text) for name in ("links", "either", "clutter") for text in want.get(name, [])}
    count["story extra"] += sum(record.kind != "headline" and not _is_teaser(record, either) for record in left)
    lines = {squash(line) for record in records for line in record.text.splitlines()}
    said = "\n".join(f"{record.title}\n{squash(record.text)}" for record in records)
    page_lines = {squash(line) for line in text.splitlines()}
    for clutter in map(squash, want["clutter"]):
        count.update({"clutter": 1, "clutter right": int(clutter not in (lines if clutter in page_lines else said))})
    for sentence in want.get("keep", []):
        count.update({"prose": 1, "prose right": int(squash(sentence) in said)})
    return count


def _is_teaser(record: Record, either: Container[str]) -> bool:
    """Return whether a record is a teaser of another page's story, which is neither wanted nor wrong."""
    return record.kind == "story" and squash(record.title) in either


def main() -> int:
    """Print the figures, and raise the floors when asked to."""
    figures, floors = measure(), json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    fallen = []
    for pages, row in figures.items():
        for name, value in row.items():
            floor = floors.get(pages, {}).get(name, 0.0)
            print(f"{pages:30} {name:10} {value:.4f}  floor {floor:.4f}")
            fallen += [f"{pages}: {name}"] if value < floor else []
    if "--raise" not in sys.argv:
        return 0
    if fallen:
        print(f"not raised, for these are below their floors: {', '.join(fallen)}")
        return 1
    raised = {
        pages: {name: max(floors.get(pages, {}).get(name, 0.0), round(value - MARGIN, 4)) for name, value in row.items()}
        for pages, row in figures.items()
    }
    FLOORS.write_text(json.dumps({"cases": digest_of_cases(), **raised}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
