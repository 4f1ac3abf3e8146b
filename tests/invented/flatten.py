"""Flatteners: the same page's lines as different tools store them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.invented.line import Line
from tests.invented.site import Flattener, Site

EDGE_WORDS, EDGE_LETTERS = 8, 16  # at both ends of a paragraph, left whole: its label stands there
Flatten = Callable[[list[Line], Site, Random], list[Line]]


def flatten(lines: list[Line], site: Site, rng: Random) -> list[Line]:
    """Return the lines as the site's tool stores them."""
    return TOOLS[site.flattener]([line for line in lines if line.text], site, rng)


def _plain(lines: list[Line], site: Site, rng: Random) -> list[Line]:
    return lines


def _bullets(lines: list[Line], site: Site, rng: Random) -> list[Line]:
    """Put bullets before links and the first lines of embedded stories; indent the other lines."""
    indent = " " * len(site.bullet)
    out: list[Line] = []
    begun: list[int] = []
    for line in lines:
        owner = id(line.story) if line.story and line.story.kind != "main" else 0
        if (line.look == "link" and not owner) or (owner and owner not in begun):
            begun.append(owner)
            line = replace(line, text=site.bullet + line.text)
        elif owner:
            line = replace(line, text=indent + line.text)
        out.append(line)
    return out


def _marks(lines: list[Line], site: Site, rng: Random) -> list[Line]:
    """Write headings, links, pictures and emphasis as html2text does."""
    out: list[Line] = []
    for line in lines:
        address = f"https://{site.host}/{rng.randrange(10**5, 10**6)}"
        is_main = line.story is not None and line.story.kind == "main"
        text = line.text
        if line.look == "title" and line.shows == ("title",):
            text = f"# {text}" if is_main else f"### [{text}]({address})" if site.number % 2 else f"### {text}"
        elif line.look == "heading":
            text = f"## {text}" if site.number % 3 else f"**{text}**"
        elif line.look == "link":
            text = f"  * [{text}]({address})"
        elif line.look == "picture":
            text = f"![{text}]({address}.jpg)"
        elif line.look == "prose":
            text = _emphasised(text, rng)
        spoilt = line.spoilt or (line.look == "prose" and text != line.text)
        out.append(replace(line, text=text, spoilt=spoilt))
    return out


def _emphasised(text: str, rng: Random) -> str:
    words = text.split(" ")
    if len(words) < 2 * EDGE_WORDS + 4 or rng.random() < 0.7:
        return text
    at = rng.randrange(EDGE_WORDS, len(words) - EDGE_WORDS - 1)
    mark = rng.choice(["**", "_"])
    words[at] = f"{mark}{words[at]}{mark}"
    return " ".join(words)


def _wrapped(lines: list[Line], site: Site, rng: Random) -> list[Line]:
    """Break paragraphs at a fixed width."""
    out: list[Line] = []
    for line in lines:
        texts = (
            textwrap.wrap(line.text, site.width, break_long_words=False, break_on_hyphens=False)
            if line.look == "prose"
            else [line.text]
        )
        out += _pieces(line, texts)
    return out


def _broken(lines: list[Line], site: Site, rng: Random) -> list[Line]:
    """Break paragraphs before and behind links and emphasis inside them."""
    out: list[Line] = []
    for line in lines:
        breaks = line.look == "prose" and rng.random() < 0.4
        out += _pieces(line, _around_a_link(line.text, rng)) if breaks else [line]
    return out


def _around_a_link(text: str, rng: Random) -> list[str]:
    words = text.split(" ")
    if len(words) >= 2 * EDGE_WORDS + 4:
        at = rng.randrange(EDGE_WORDS, len(words) - EDGE_WORDS - 2)
        end = at + rng.randint(1, 3)
        return [" ".join(words[:at]), " ".join(words[at:end]), " ".join(words[end:])]
    if len(text) >= 2 * EDGE_LETTERS + 20 and len(words) < 6:
        at = rng.randrange(EDGE_LETTERS, len(text) - EDGE_LETTERS - 6)
        return [text[:at], text[at : at + 5], text[at + 5 :]]
    return [text]


def _pieces(line: Line, texts: list[str]) -> list[Line]:
    return [replace(line, text=text, continues=line.continues or i > 0) for i, text in enumerate(texts) if text.strip()]


TOOLS: dict[Flattener, Flatten] = {
    "plain": _plain,
    "bullets": _bullets,
    "marks": _marks,
    "wrapped": _wrapped,
    "broken": _broken,
}
