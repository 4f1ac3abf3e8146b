"""Damage as stores and crawlers do it: repeated lines, control characters, a wrong encoding, a page that is cut."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.invented.line import Line
from tests.invented.site import Site

CONTROLS = ["\u200b", "\ufeff", "\u00ad", "\u200e", "\x0b", "\x7f", "\u2028"]
SHARE = 0.04  # of the lines


def damaged(lines: list[Line], site: Site, rng: Random) -> list[Line]:
    """Return the lines of a page with damage; edges and fields of stories keep their wording."""
    if not site.damage:
        return lines
    edges = _edges(lines)
    kind = rng.choice(["repeat", "control", "encoding", "all", "none"])
    out: list[Line] = []
    for line in lines:
        free = line.fate != "field" and id(line) not in edges and not line.keep
        spoils = kind in {"control", "encoding", "all"} and free and rng.random() < 3 * SHARE
        if (spoils and kind == "encoding") or (spoils and rng.random() < 0.3):
            line = replace(line, text=_decoded_wrongly(line.text), spoilt=True)
        elif spoils:
            at = rng.randrange(len(line.text) + 1)
            line = replace(line, text=line.text[:at] + rng.choice(CONTROLS[:4]) + line.text[at:], spoilt=True)
        out.append(line)
        if kind in {"repeat", "all"} and line.fate == "clutter" and rng.random() < SHARE:
            out.append(replace(line))
        if kind in {"control", "all"} and rng.random() < SHARE / 2:
            out.append(Line(rng.choice(CONTROLS[4:]), "meta", "either"))
    return out


def _edges(lines: list[Line]) -> set[int]:
    """Return the first and the last lines of text of all stories."""
    texts: dict[int, list[Line]] = {}
    for line in lines:
        if line.fate == "text" and line.story:
            texts.setdefault(id(line.story), []).append(line)
    return {id(line) for found in texts.values() for line in (found[0], found[-1])}


def _decoded_wrongly(text: str) -> str:
    return text.encode("utf-8").decode("cp1252", "replace")


def cut(lines: list[Line], limit: int, rng: Random) -> list[Line]:
    """Return the lines up to a number of characters, the last one broken off; titles and other short lines stay whole or go."""
    kept: list[Line] = []
    left = limit
    for line in lines:
        if len(line.text) < left:
            kept.append(line)
            left -= len(line.text) + 1
            continue
        if line.fate == "text" and left > 30:
            kept.append(replace(line, text=line.text[:left].rstrip(), spoilt=True))
        return kept
    return kept
