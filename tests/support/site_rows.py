"""Rows of pages of sites without a pack: each with the site's own menu and foot around a story of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

WORDS = "ferry crane harbour quay sails night captain board council storm light bridge market road winter engine ticket".split()
MENU = ("Harbour life", "Weather and tides", "Letters of the week")
FOOT = ("Follow our island channel", "The Quay Post is printed on Tuesdays", "Shipping forecast desk")
LINES = frozenset({*MENU, *FOOT})


def story(number: int) -> list[str]:
    """Return the lines of a story, its title first; each number has its own."""
    random = Random(number)
    prose = [f"{' '.join(random.choices(WORDS, k=18))}, the {random.choice(WORDS)} master said.".capitalize() for _ in range(3)]
    return [" ".join(random.choices(WORDS, k=7)).capitalize(), "By Tobin Marsh", *prose]


def page_text(number: int, menu: Sequence[str] = MENU, foot: Sequence[str] = FOOT) -> str:
    """Return a page with a story between a menu and a foot."""
    return "\n".join([*menu, *story(number), *foot])


def site_rows(host: str, numbers: Iterable[int], foot: Sequence[str] = FOOT) -> list[dict[str, str]]:
    """Return rows of pages of a site."""
    return [{"url": f"https://{host}/{number}", "text": page_text(number, foot=foot)} for number in numbers]


def write_rows(file: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """Write rows to a file, and return it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file
