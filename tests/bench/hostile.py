"""Pages that only an adversary, or a broken scraper, makes: their cost a byte beside that of ordinary pages of such lines."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners import Library, Page, clean_page, shipped_packs
from flows.execution.shard import make_few_collections
from tests.bench.trials import Figure, figure, seconds

# A page of each kind with so many lines is the ordinary one; the hostile one is made of the same lines.
ORDINARY_LINES = 1_000
KINDS = {
    "short lines": lambda i: f"a{i}",
    "one short line again and again": lambda _: "ab",
    "one title again and again": lambda _: "Council votes to keep the old pier",
    "lines like times": lambda i: f"{i % 59 + 1} minutes ago",
    "lines with times": lambda i: f"{i % 23 + 1} hours ago - pier {i}",
    "titles and sources": lambda i: "Yahoo" if i % 2 else f"Council votes to keep pier {i}",
    "one label again and again": lambda _: "Advertisement",
    "paragraphs": lambda i: f"The council said on Monday that pier number {i} would stay open all the summer long.",
}


def hostile(lines: int) -> Iterator[Figure]:
    """Yield for each kind of page what a byte of a long one costs, measured against many pages of ordinary length."""
    library = Library(shipped_packs())
    make_few_collections()

    def clean(text: str) -> None:
        clean_page(Page(text, path="page"), library)

    for name, line in KINDS.items():
        texts = [line(i) for i in range(lines)]
        pages = ["\n".join(texts[at : at + ORDINARY_LINES]) for at in range(0, lines, ORDINARY_LINES)]
        ordinary, whole = seconds(pages, clean), seconds(["\n".join(texts)], clean)
        ratio = whole / ordinary
        size = sum(len(text) + 1 for text in texts)
        yield figure("hostile", f"{name}, {lines:,}", [size / whole], "MB/s", [ratio], "pages of 1,000 lines", "lower")
    text = "word " * (lines * 5)
    pages = [text[at : at + 10_000] for at in range(0, len(text), 10_000)]
    whole = seconds([text], clean)
    ratio = whole / seconds(pages, clean)
    yield figure(
        "hostile", f"a line of {len(text):,} characters", [len(text) / whole], "MB/s", [ratio], "lines of 10,000", "lower"
    )
