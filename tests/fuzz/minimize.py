"""Minimise an input that breaks a promise: lines are taken away as long as it breaks it, then characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tests.fuzz.inputs import Input
from tests.fuzz.invariants import problems_of

MAX_TRIES = 4_000
PLAIN = "a"
T = TypeVar("T", str, bytes)


def least(parts: Sequence[T], breaks: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return the fewest parts that still break the promise, in order (delta debugging, Zeller and Hildebrandt 2002)."""
    found, chunks = list(parts), 2
    while len(found) >= 2:
        size = max(1, len(found) // chunks)
        for start in range(0, len(found), size):
            rest = found[:start] + found[start + size :]
            if rest and breaks(rest):
                found, chunks = rest, max(chunks - 1, 2)
                break
        else:
            if size == 1:
                break
            chunks = min(len(found), chunks * 2)
    return found


def minimized(one: Input, problem: str, tries: int = MAX_TRIES) -> Input:
    """Return the least input found that breaks the same promise."""
    left = tries

    def breaks(raw: bytes) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and problem in problems_of(replace(one, raw=raw))

    raw = b"".join(least(one.raw.splitlines(keepends=True), lambda parts: breaks(b"".join(parts))))
    try:
        text = "".join(least(list(raw.decode()), lambda parts: breaks("".join(parts).encode())))
    except UnicodeDecodeError:
        pieces = [raw[at : at + 1] for at in range(len(raw))]
        return replace(one, raw=b"".join(least(pieces, lambda parts: breaks(b"".join(parts)))))
    for at, character in enumerate(text):  # plain letters show the characters that matter
        plainer = text[:at] + PLAIN + text[at + 1 :]
        if character != PLAIN and character.isalpha() and breaks(plainer.encode()):
            text = plainer
    return replace(one, raw=text.encode())
