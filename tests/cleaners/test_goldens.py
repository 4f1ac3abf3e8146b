"""HTML pages come out as their goldens say, with what their heads say; `python -m tests.cleaners.test_goldens` renews them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cleaners import clean_page
from cleaners.html.reader import html_page
from cleaners.output.ledger import check_ledger
from tests.support.labelled import CASES

CAPTURED = datetime(2026, 5, 8, tzinfo=UTC)
PAGES = sorted(path.stem for path in (CASES / "html").glob("*.html"))
# What hangs on the text, on the packs' and the code's version, or on fitted numbers.
LEFT_OUT = ("id", "parent_id", "text_sha256", "duplicate_of", "rules", "page", "confidence")


def golden_of(name: str) -> list[dict[str, Any]]:
    page = html_page(path_of(name, "html").read_bytes(), f"{name}.html", captured_at=CAPTURED)
    cleaned = clean_page(page)
    check_ledger(page.text, cleaned.segments)
    records = [msgspec.to_builtins(record) for record in cleaned.records]
    return [{name: value for name, value in record.items() if name not in LEFT_OUT and value} for record in records]


def path_of(name: str, suffix: str) -> Path:
    return CASES / "html" / f"{name}.{suffix}"


def test_there_are_pages_of_each_kind():
    assert {"card_wall", "daily8", "infinite_scroll", "listing", "live_blog"} <= set(PAGES)


# Pages on which the program is wrong: their goldens are what is right.
DEFECTS = {
    "listing": "the main text that another extractor chose is the list itself, which is then no list",
    "live_blog": "titles and texts of the posts score like one story",
}


def marked(name: str) -> Any:
    """Return the name of a page as a parameter, marked when the program is known to read it wrongly."""
    return pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=DEFECTS[name])) if name in DEFECTS else name


@pytest.mark.parametrize("name", [marked(name) for name in PAGES])
def test_a_page_is_as_its_golden(name):
    assert golden_of(name) == json.loads(path_of(name, "json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    for page in (name for name in PAGES if name not in DEFECTS):
        path_of(page, "json").write_text(json.dumps(golden_of(page), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
