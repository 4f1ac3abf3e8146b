"""A grammar of flattened pages: header, text, lists of stories, widgets, comments, layouts of sites, and noise."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from textwrap import wrap

from tests.fuzz.words import (
    CHARACTERS,
    MARKS,
    NAMES,
    PROSE,
    SOURCES,
    STORIES,
    TITLES,
    byline,
    layouts,
    packs,
    pick,
    prose,
    short,
    spoilt,
    time,
    wordings,
)

LINE_ENDS = ("\n", "\n", "\n", "\n\n", "\n\n", "\r\n", "\r", "\u2028", "\x85", "\x0b", "\n \t\n", " \n", "\n\n\n\n")
FIELD = re.compile(r"\{([^{}]*)\}")
Lines = list[str]


def text_page(rng: Random) -> str:
    """Return a flattened page of a few blocks."""
    ends = [rng.choice(LINE_ENDS)] * 6 + ([rng.choice(LINE_ENDS)] if rng.random() < 0.2 else [])
    lines: Lines = []
    for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 6))):
        lines += rng.choice(BLOCKS)(rng)
    if rng.random() < 0.3:
        lines = [spoilt(rng, line) if rng.random() < 0.15 else line for line in lines]
    if rng.random() < 0.05:
        lines = [line.encode("utf-8", "surrogatepass").decode("cp1252", "replace") for line in lines]
    return "".join(line + rng.choice(ends) for line in lines)[: rng.choice((None, None, None, -1, rng.randint(1, 400)))]


def header(rng: Random) -> Lines:
    """Return the head of a story, its fields in any order, now and then glued together."""
    title = rng.choice(TITLES)
    lines = [title, byline(rng), time(rng), rng.choice(SOURCES)]
    if rng.random() < 0.5:
        rng.shuffle(lines)
    if rng.random() < 0.3:
        lines[1:] = [rng.choice(("", " ", " | ", " · ", "\t")).join(lines[1:])]
    return lines[: rng.randint(1, 4)] + [title] * (rng.random() < 0.2)


def body(rng: Random) -> Lines:
    return [prose(rng, 3) for _ in range(rng.randint(1, 3))]


def body_with_clutter(rng: Random) -> Lines:
    return [
        pick(rng, PROSE, wordings()) if rng.random() < 0.5 else f"{prose(rng, 1)} {pick(rng, wordings())}" for _ in range(3)
    ]


def listed(rng: Random) -> Lines:
    """Return a list of stories that repeats one order of fields, with a slip now and then."""
    makers: list[Callable[[Random], str]] = [
        lambda r: r.choice(TITLES), lambda r: r.choice(SOURCES), time, byline, lambda r: prose(r, 2),
        lambda r: f"- {r.choice(SOURCES)}", lambda r: str(r.randint(0, 99)), lambda r: r.choice(wordings()),
    ]  # fmt: skip
    grammar = [rng.choice(makers) for _ in range(rng.randint(1, 5))]
    label = [rng.choice(wordings())] * (rng.random() < 0.6)
    return label + [make(rng) for _ in range(rng.randint(2, 4)) for make in grammar if rng.random() < 0.95]


def by_layout(rng: Random) -> Lines:
    """Return lines as a layout of a pack words them, their fields filled."""
    title, source = rng.choice(TITLES), rng.choice(SOURCES)
    values = {"title": title, "source": source, "category": "Sport", "author": rng.choice(NAMES), "tag": "pier", "n": "7"}

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if name in values:
            return values[name]
        return {"time": time, "body": prose, "dated": time}.get(name, lambda r: r.choice(name.split("|") or [""]))(rng)

    found: Lines = []
    for line in rng.choice(layouts()):
        optional = line.startswith("[") and line.endswith("]")
        if not optional or rng.random() < 0.6:
            found.append(FIELD.sub(fill, line[1:-1] if optional else line))
    return found


def site_page(rng: Random) -> Lines:
    """Return lines of one site: its signs and the wordings of its pack."""
    pack = rng.choice(packs())
    return [rng.choice(wordings(pack.name)) for _ in range(rng.randint(1, 6))]


def widgets(rng: Random) -> Lines:
    return [pick(rng, wordings(), wordings(), MARKS) for _ in range(rng.randint(1, 6))]


def comments(rng: Random) -> Lines:
    label = rng.choice(("Comments", "2 Comments", "Kommentare (3)", "评论", "Leave a Reply", "Add a comment...", ""))
    return [label] + [line for _ in range(rng.randint(1, 3)) for line in (rng.choice(NAMES), time(rng), prose(rng, 1), "Reply")]


def repeated(rng: Random) -> Lines:
    """Return lines that stand several times, as a whole or grown by a word."""
    block = rng.choice((header, body, widgets, listed))(rng)
    return block * rng.randint(2, 4) + ([f"{block[-1]} {block[0]}"] if rng.random() < 0.5 else [])


def marked(rng: Random) -> Lines:
    """Return lines with the marks of a flattener: headings, lists, links, tables, escapes."""
    link = f"[{rng.choice(TITLES)}](https://quaypost.example/{rng.randint(1, 9)})"
    return [
        f"{'#' * rng.randint(1, 7)} {rng.choice(TITLES)}", f"* {link}", f"**{byline(rng)}** _{time(rng)}_",
        f"> {prose(rng, 1)}", f"| {rng.choice(TITLES)} | {time(rng)} |", "|---|---|", f"![{rng.choice(TITLES)}](a.jpg)",
        f"{prose(rng, 1)} {link}", prose(rng, 1).replace(" ", "&nbsp;").replace("’", "&#8217;"),
        f"{prose(rng, 1)}\\n\\n{prose(rng, 1)}", "---",
    ][: rng.randint(1, 11)]  # fmt: skip


def broken_lines(rng: Random) -> Lines:
    """Return prose that was broken into short lines, words parted by hyphens, with heads of pages between."""
    width = rng.randint(8, 110)
    words = " ".join(prose(rng) for _ in range(rng.choice((1, 2, 3))))
    if rng.random() < 0.5:
        lines = wrap(words, width, break_long_words=False)
        lines = [line + "-" if rng.random() < 0.05 else line for line in lines]
        return ["\n".join(lines)]
    lines = [words[at : at + width] + rng.choice(("", "", "-", "\xad")) for at in range(0, len(words), width)]
    for at in range(len(lines) - 1, 0, -rng.randint(3, 9)):
        lines.insert(at, f"{rng.choice(SOURCES)} – {at}")
    return lines[:20]


def noise(rng: Random) -> Lines:
    """Return lines of odd characters."""
    return [
        "".join(pick(rng, CHARACTERS, CHARACTERS, MARKS, ("a", "Z", " ", ".")) for _ in range(rng.randint(0, 9)))
        for _ in range(4)
    ]


def long_line(rng: Random) -> Lines:
    unit = rng.choice((prose, short))(rng) + rng.choice(("", " ", "\xa0", "."))
    return [unit * rng.randint(2, 12)]


def many_lines(rng: Random) -> Lines:
    return [short(rng)] * rng.randint(5, 25)


def stories(rng: Random) -> Lines:
    return [rng.choice(STORIES) for _ in range(rng.randint(1, 2))]


BLOCKS: tuple[Callable[[Random], Lines], ...] = (
    *(header, body, listed, by_layout) * 2, body_with_clutter, site_page, widgets, comments, repeated, marked,
    broken_lines, noise, long_line, many_lines, stories,
)  # fmt: skip
