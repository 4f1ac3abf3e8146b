"""The cost of cleaning: steps of Python, which are the same on every machine, or seconds and bytes of memory, which are not.

A step is a line of code that is executed, or a call. Work in compiled code, such as a search in a long text, is none; the
seconds of `python -m tests.fuzz --climb` show it.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from random import Random
from types import FrameType

from tests.fuzz.html import html_page, tree
from tests.fuzz.inputs import Input
from tests.fuzz.invariants import Outcome, outcomes_of
from tests.fuzz.text import BLOCKS, text_page
from tests.fuzz.words import CHARACTERS, TITLES, byline, pick, prose, short, wordings
from tests.fuzz.words import time as time_words

Maker = Callable[[Random], str]


def steps(one: Input) -> int:
    """Return how many lines and calls it takes to clean an input."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Callable[..., object]:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        outcomes_of(one)
    finally:
        sys.settrace(before)
    return count


def micros(one: Input) -> tuple[list[Outcome], float]:
    """Return the pages of an input, and the microseconds of processor time of cleaning it."""
    begun = time.process_time()
    outcomes = outcomes_of(one)
    return outcomes, (time.process_time() - begun) * 1e6


def peak(one: Input) -> tuple[list[Outcome], float]:
    """Return the pages of an input, and the bytes of memory in use at the height of cleaning it."""
    gc.collect()
    tracemalloc.start()
    try:
        return outcomes_of(one), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def grown(make: Maker, size: int, seed: int, *, joined: str = "\n") -> str:
    """Return a text of a size, of pieces that differ."""
    rng = Random(f"dehusk growth {seed}")
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(make(rng))
        length += len(parts[-1]) + len(joined)
    return joined.join(parts)


def block(number: int) -> Maker:
    return lambda rng: "\n".join(BLOCKS[number](rng))


LINES: dict[str, Maker] = {
    **{f"text: {make.__name__}": block(number) for number, make in enumerate(BLOCKS)},
    "text: pages": text_page,
    "text: short lines": short,
    "text: letters": lambda rng: rng.choice("abc"),
    "text: times": time_words,
    "text: bylines": byline,
    "text: titles": lambda rng: rng.choice(TITLES),
    "text: wordings": lambda rng: rng.choice(wordings()),
    "text: odd characters": lambda rng: pick(rng, CHARACTERS),
}
IN_ONE_LINE: dict[str, Maker] = {
    "line: prose": prose,
    "line: short": short,
    "line: times": time_words,
    "line: bylines": byline,
    "line: wordings": lambda rng: rng.choice(wordings()).replace("\n", " "),
    "line: odd characters": lambda rng: pick(rng, CHARACTERS),
    "line: escapes": lambda rng: rng.choice(("&amp;", "&#8217;", "\\n", "a", "&nbsp;")),
    "line: links": lambda rng: f"[{rng.choice(TITLES)}](https://quaypost.example/{rng.randint(1, 9)})",
    "line: marks": lambda rng: rng.choice("*_[]()#>`|~-"),
}
ELEMENTS: dict[str, Maker] = {
    "html: trees": lambda rng: tree(rng, 3),
    "html: pages": html_page,
    "html: paragraphs": lambda rng: f"<p>{prose(rng)}</p>",
    "html: open elements": lambda rng: f"<p><b><a href=/{rng.randint(1, 99)}>{short(rng)}",
    "html: rows": lambda rng: f"<tr><td>{short(rng)}<td>{short(rng)}</tr>",
    "html: items": lambda rng: f"<li><a href=/{rng.randint(1, 99)}>{rng.choice(TITLES)}</a> {time_words(rng)}</li>",
    "html: comments": lambda rng: f"<div class=comment><b>{short(rng)}</b><p>{prose(rng)}</p></div>",
    "html: spans": lambda rng: f"<span class=c{rng.randint(1, 99)}>a</span>",
}


def page_of_size(name: str, size: int, seed: int) -> Input:
    """Return a page of one kind of LINES, IN_ONE_LINE or ELEMENTS, at least as long as a size."""
    if name in LINES:
        return Input(name, "a.txt", grown(LINES[name], size, seed).encode("utf-8", "replace"))
    if name in IN_ONE_LINE:
        return Input(name, "a.txt", grown(IN_ONE_LINE[name], size, seed, joined=" ").encode("utf-8", "replace"))
    html = f"<!doctype html><html><body>{grown(ELEMENTS[name], size, seed, joined='')}</body></html>"
    return Input(name, "a.html", html.encode("utf-8", "replace"))


NAMES = (*LINES, *IN_ONE_LINE, *ELEMENTS)


def warmed(one: Input) -> Input:
    """Return an input to clean before another one is measured, so that its language and site are loaded.

    It is the same one, but for a page of one line: that line would be remembered whole.
    """
    return replace(one, raw=one.raw + b" x") if one.kind in IN_ONE_LINE else one
