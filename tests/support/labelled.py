"""Compare what became of a page with what its label expects."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

from cleaners.output.record import Cleaned, Record
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases"


def load_cases(*folders: str) -> dict[str, dict[str, Any]]:
    """Return the labelled pages of some folders by their names, the text read from the seed where it is one."""
    cases = {}
    for path in sorted(path for folder in folders for path in CASES.glob(f"{folder}/*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        if case.get("text") is None:
            case["text"] = (ROOT / "seeds" / case["seed"]).read_text(encoding="utf-8")
        cases[path.stem] = case
    return cases


def squash(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def misses(case: dict[str, Any], cleaned: Cleaned) -> Iterator[str]:
    """Yield a sentence for each thing that is not as the label expects."""
    want = case["expected"]
    left = list(cleaned.records)
    expected = ([dict(want["main"], kind="article")] if want.get("main") else []) + want["related"]
    for item in expected:
        found = take(item, left)
        if item.get("fragment"):
            continue
        if found is None:
            yield f"missing: {item.get('title') or item.get('first_words')!r}"
            continue
        yield from _field_misses(item, found)
        yield from _edge_misses(item, found)
    yield from (f"extra {record.kind}: {record.title!r}" for record in left if record.kind != "headline")
    yield from _clutter_misses(case, cleaned.records)
    said = squash("\n".join(f"{record.title}\n{record.text}" for record in cleaned.records))
    yield from (f"lost: {sentence!r}" for sentence in want.get("keep", []) if squash(sentence) not in said)
    tags = {tag for record in cleaned.records for tag in record.tags}
    yield from (f"no tag {tag!r}" for tag in want.get("hashtags", []) if tag.lstrip("#") not in tags)


def take(item: dict[str, Any], left: list[Record]) -> Record | None:
    title, source = squash(item.get("title")).casefold(), squash(item.get("source"))
    starts = [squash(item[name]) for name in ("first_words", "first_words_clean", "first_words_strict") if item.get(name)]
    same = [record for record in left if record.title.casefold() == title and title]
    if not title:
        same = [record for record in left if any(squash(record.text).startswith(words) for words in starts)]
    best = next((record for record in same if record.source == source), next(iter(same), None))
    if best is not None:
        left.remove(best)
    return best


def _field_misses(item: dict[str, Any], found: Record) -> Iterator[str]:
    if (found.kind == "article") != (item.get("kind") == "article"):
        yield f"{found.title!r} is of kind {found.kind}"
    for name in ("source", "published_raw", "category"):
        if name in item and squash(item[name]) != getattr(found, name):
            yield f"{name} of {found.title!r} is {getattr(found, name)!r}, not {item[name]!r}"


def _edge_misses(item: dict[str, Any], found: Record) -> Iterator[str]:
    body = squash(found.text)
    for edge in ("first", "last"):
        if not is_at_edge(item, edge, body):
            yield f"{edge} words of {found.title!r} are not as labelled: {body[:60]!r} ... {body[-60:]!r}"


def is_at_edge(item: dict[str, Any], edge: str, body: str) -> bool:
    """Say whether a body begins (`first`) or ends (`last`) with one of the wordings that are right; empty ones count."""
    accepted = [item.get(f"{edge}_words{level}") for level in ("", "_clean", "_strict")]
    words = [squash(text) for text in accepted if text is not None]
    matches = body.startswith if edge == "first" else body.endswith
    return any(matches(text) if text else not body for text in words)


def _clutter_misses(case: dict[str, Any], records: list[Record]) -> Iterator[str]:
    page_lines = {squash(line) for line in case["text"].splitlines()}
    text_lines = {squash(line) for record in records for line in record.text.splitlines()}
    said = "\n".join(squash(record.text) for record in records)
    for clutter in map(squash, case["expected"]["clutter"]):
        if clutter in text_lines if clutter in page_lines else clutter in said:
            yield f"clutter left: {clutter!r}"
