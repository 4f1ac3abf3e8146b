"""Damage to real pages: lines moved, doubled, and taken from other pages, odd characters, torn tags, flipped bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random

from tests.conftest import ROOT
from tests.fuzz.containers import flipped
from tests.fuzz.words import CHARACTERS, MARKS, pick, short, spoilt
from tests.support.labelled import CASES, load_cases

TAG = re.compile(r"<[^<>]*>")
MOST_LINES = 12  # of a page that is cut down before it is damaged, as most are; whole ones take long
Lines = list[str]


@cache
def real_texts() -> tuple[str, ...]:
    """Return the texts of the seeds and of all labelled pages, in the order of their names."""
    files = [*sorted((ROOT / "seeds").glob("*.txt")), ROOT / "tests" / "before_after.txt"]
    cases = load_cases("aggregators", "anysite", "daily8", "daily8_constructed", "unusual")
    return (*(path.read_text(encoding="utf-8") for path in files), *(case["text"] for case in cases.values()))


@cache
def real_pages() -> tuple[str, ...]:
    """Return the HTML of the labelled pages."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted((CASES / "html").glob("*.html")))


def window(rng: Random, text: str, most: int = MOST_LINES) -> Lines:
    """Return neighbouring lines of a page, seldom all of them."""
    lines = text.split("\n")
    if rng.random() < 0.01:
        return lines
    count = rng.randint(1, most)
    at = rng.choice((0, rng.randint(0, max(0, len(lines) - count))))
    return lines[at : at + count]


def moved(rng: Random, lines: Lines) -> None:
    at = rng.randrange(len(lines))
    lines.insert(rng.randint(0, len(lines) - 1), lines.pop(at))


def doubled(rng: Random, lines: Lines) -> None:
    start = rng.randrange(len(lines))
    end = rng.randint(start, min(len(lines), start + 8))
    at = rng.randint(0, len(lines))
    lines[at:at] = lines[start:end] * rng.randint(1, 3)


def spliced(rng: Random, lines: Lines) -> None:
    at = rng.randint(0, len(lines))
    lines[at : at + rng.randint(0, 5)] = window(rng, rng.choice(real_texts()), 12)


def dropped(rng: Random, lines: Lines) -> None:
    at = rng.randrange(len(lines))
    del lines[at : at + rng.randint(1, 6)]


def odd_character(rng: Random, lines: Lines) -> None:
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        lines[at] = spoilt(rng, lines[at])


def replaced(rng: Random, lines: Lines) -> None:
    """Put an odd character in place of all of one kind in a line, as a broken scraper does."""
    at = rng.randrange(len(lines))
    lines[at] = lines[at].replace(rng.choice((" ", ".", "e", "’", ",", ":")), pick(rng, CHARACTERS, CHARACTERS, MARKS))


def glued(rng: Random, lines: Lines) -> None:
    at = rng.randrange(len(lines))
    lines[at : at + 2] = [rng.choice(("", " ", "\xa0", "\u2028", "\t", "\x1f")).join(lines[at : at + 2])]


def cut(rng: Random, lines: Lines) -> None:
    at = rng.randrange(len(lines))
    place = rng.randint(0, len(lines[at]))
    lines[at : at + 1] = [lines[at][:place], lines[at][place:]] if rng.random() < 0.5 else [lines[at][:place]]


def inserted(rng: Random, lines: Lines) -> None:
    lines.insert(rng.randint(0, len(lines)), short(rng))


def recased(rng: Random, lines: Lines) -> None:
    at = rng.randrange(len(lines))
    lines[at] = rng.choice((str.upper, str.lower, str.swapcase, str.title))(lines[at])


DAMAGE: tuple[Callable[[Random, Lines], None], ...] = (
    moved, doubled, spliced, dropped, odd_character, odd_character, replaced, glued, cut, inserted, recased,
)  # fmt: skip


def mutated_text(rng: Random) -> str:
    """Return a real page of text, cut down and damaged."""
    return "\n".join(_damaged(rng, window(rng, rng.choice(real_texts()))))


def _damaged(rng: Random, lines: Lines) -> Lines:
    for _ in range(rng.choice((0, 1, 1, 2, 3, 5, 8))):
        if lines:
            rng.choice(DAMAGE)(rng, lines)
    return lines


def mutated_html(rng: Random) -> str:
    """Return a real page of HTML, cut down, its lines and tags damaged."""
    lines = window(rng, rng.choice(real_pages()))
    for _ in range(rng.randint(1, 5)):
        if lines:
            rng.choice((*DAMAGE[:2], dropped, odd_character, torn_tag, torn_tag, torn_tag))(rng, lines)
    return "<html>" + "\n".join(lines)


def torn_tag(rng: Random, lines: Lines) -> None:
    """Drop, double, move or break a tag in a line."""
    at = rng.randrange(len(lines))
    tags = list(TAG.finditer(lines[at]))
    if not tags:
        return
    tag = rng.choice(tags)
    new = rng.choice(
        ("", tag[0] * 2, tag[0][:-1], tag[0][1:], tag[0][: len(tag[0]) // 2], rng.choice(tags)[0], f"<!--{tag[0]}")
    )
    lines[at] = lines[at][: tag.start()] + new + lines[at][tag.end() :]


def mutated_bytes(rng: Random) -> bytes:
    """Return a real page with flipped bytes."""
    return flipped(rng, rng.choice((mutated_text, mutated_html))(rng).encode("utf-8", "replace"))
