"""Pages of an invented site: a menu, a breadcrumb, a title, a text of its own, a list that all pages share, a footer."""

from __future__ import annotations

from pathlib import Path
from random import Random

NOUNS = "ferry crane harbour council bridge museum orchard railway library market tower quarry chapel garden stadium".split()
PLACES = "Northmere Quenby Eastholt Dunlow Marrick Westfold Osbury Kelham Thornley Harwick Selby Brantham".split()
VERBS = "opens closes moves returns grows fails wins burns sinks wakes".split()
MENU = ["Quay Post front page", "Town and country", "Sport at the quay", "Subscribe to the Post"]
FOOTER = ["About the Quay Post", "Terms of the Quay Post", "Contact the newsroom of the Post"]
BREADCRUMB = "You are here: Quay Post > News >"
LABEL = "Also on the Quay Post"


def title_of(number: int) -> str:
    """Return the title of a page."""
    draw = Random(number)
    return f"{draw.choice(NOUNS).title()} of {draw.choice(PLACES)} {draw.choice(VERBS)} for the {number + 1}th time this year"


def text_of(number: int) -> list[str]:
    """Return the paragraphs of a page."""
    draw = Random(1000 + number)
    subject = title_of(number).split(" for ")[0]
    return [
        f"The {subject.lower()}, the {draw.choice(NOUNS)} board of {draw.choice(PLACES)} said on Monday, after"
        f" {draw.randrange(20, 900)} people had written to the {draw.choice(NOUNS)} about the {draw.choice(NOUNS)} near it."
        for _ in range(4)
    ]  # fmt: skip


def page_of(number: int) -> str:
    """Return a page of the site."""
    listed = [title_of(1000 + (number // 4) + i) for i in range(3)]
    lines = [*MENU, f"{BREADCRUMB} {title_of(number)}", title_of(number), *text_of(number), LABEL, *listed, *FOOTER]
    return "\n".join(lines) + "\n"


def write_site(folder: Path, count: int, first: int = 0) -> Path:
    """Write pages of the site into a folder, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{number:03}.txt").write_text(page_of(number), encoding="utf-8")
    return folder
