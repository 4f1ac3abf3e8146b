"""Measure how well the labelled pages of portals and publishers come out, and keep the floors below which that may not fall.

python -m tests.accuracy            print the figures beside their floors
python -m tests.accuracy --raise    raise the floors to the figures; refuses when one would be lowered
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from typing import Any

from cleaners import Library, clean_page, shipped_packs
from tests.support.labelled import CASES, is_at_edge, load_cases, squash, take

FLOORS = CASES / "floors.json"
FOLDERS = ("aggregators",)


def digest_of_cases() -> str:
    """Return a digest of every page that is measured."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in FOLDERS for path in CASES.glob(f"{folder}/*.json")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def measure() -> dict[str, dict[str, float]]:
    """Return the figures with all packs and without those for sites."""
    libraries = {"all packs": Library(shipped_packs()), "no site packs": Library(shipped_packs(), site_packs=False)}
    return {name: _figures(library) for name, library in libraries.items()}


def _figures(library: Library) -> dict[str, float]:
    count: Counter[str] = Counter()
    for case in load_cases(*FOLDERS).values():
        _count(case, library, count)
    precision = count["story found"] / ((count["story found"] + count["story extra"]) or 1)
    recall = count["story found"] / count["story"]
    rates = {name: count[f"{name} right"] / (count[name] or 1) for name in ("edges", "fields", "clutter", "prose", "headlines")}
    return {"stories": round(2 * precision * recall / (precision + recall), 4), **{k: round(v, 4) for k, v in rates.items()}}


def _count(case: dict[str, Any], library: Library, count: Counter[str]) -> None:
    want = case["expected"]
    left = list(clean_page(case["text"], library).records)
    records = list(left)
    main = want.get("main") or {}
    items = [main] if main.get("title") or main.get("first_words") else []
    for item in (*items, *want["related"]):
        found = take(item, left)
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
    count["story extra"] += sum(record.kind != "headline" for record in left)
    lines = {squash(line) for record in records for line in record.text.splitlines()}
    said = "\n".join(f"{record.title}\n{squash(record.text)}" for record in records)
    page_lines = {squash(line) for line in case["text"].splitlines()}
    for clutter in map(squash, want["clutter"]):
        count.update({"clutter": 1, "clutter right": int(clutter not in (lines if clutter in page_lines else said))})
    for sentence in want.get("keep", []):
        count.update({"prose": 1, "prose right": int(squash(sentence) in said)})


def main() -> int:
    """Print the figures, and raise the floors when asked to."""
    figures, floors = measure(), json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    fallen = []
    for packs, row in figures.items():
        for name, value in row.items():
            floor = floors.get(packs, {}).get(name, 0.0)
            print(f"{packs:14} {name:10} {value:.4f}  floor {floor:.4f}")
            fallen += [f"{packs}: {name}"] if value < floor else []
    if "--raise" not in sys.argv:
        return 0
    if fallen:
        print(f"not raised, for these would be lowered: {', '.join(fallen)}")
        return 1
    FLOORS.write_text(json.dumps({"cases": digest_of_cases(), **figures}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
