"""Digests of the units of a text: shingles for comparing texts, keys for finding texts to compare.

Called by `cleaners.stories.sketch` and `cleaners.stories.titles`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate

DIGESTS = 2**32  # how many there are
KEY_BYTES = 8
MAX_REMEMBERED = 4_096  # sets of digests: a leader is compared with many records


def shingles(units: Sequence[str], size: int) -> list[bytes]:
    """Return each row of `size` units in order as bytes; of fewer units than that, the one row there is."""
    data = " ".join(units).encode()
    if len(units) <= size:
        return [data] if data else []
    lengths = map(len, units) if data.isascii() else [len(unit.encode()) for unit in units]
    ends = list(accumulate([length + 1 for length in lengths], initial=-1))  # each before the blank behind a unit
    return [data[before + 1 : end] for before, end in zip(ends, ends[size:], strict=False)]


def digests(rows: Iterable[bytes]) -> list[int]:
    """Return a digest of 32 bits for each row of bytes."""
    return list(map(zlib.crc32, rows))


def winnowed_keys(rows: Sequence[bytes], window: int) -> tuple[bytes, ...]:
    """Return sorted keys of the rows: those of the least digest of each `window` rows, of all rows where there are no more.

    Two texts that have `window` rows in common have a key in common, wherever the rows stand: winnowing, by Schleimer,
    Wilkerson and Aiken (2003).
    """
    values = digests(rows)
    chosen = range(len(rows)) if len(rows) <= window else least_of_windows(values, window)
    return tuple(sorted({blake2b(rows[i], digest_size=KEY_BYTES).digest() for i in chosen}))


def least_of_windows(values: Sequence[int], window: int) -> set[int]:
    """Return the places of the least value of each window, the last one of equal values."""
    places: set[int] = set()
    least = -1
    for end in range(window - 1, len(values)):
        start = end - window + 1
        if least < start:
            least = min(range(start, end + 1), key=lambda i: (values[i], -i))
        elif values[end] <= values[least]:
            least = end
        places.add(least)
    return places


def packed(values: Sequence[int]) -> bytes:
    """Return digests as bytes, the same on any machine."""
    return struct.pack(f"<{len(values)}I", *values)


@lru_cache(maxsize=MAX_REMEMBERED)
def unpacked(data: bytes) -> tuple[int, ...]:
    """Return the digests that were packed."""
    return struct.unpack(f"<{len(data) // 4}I", data)


@lru_cache(maxsize=MAX_REMEMBERED)
def unpacked_set(data: bytes) -> frozenset[int]:
    """Return the digests that were packed, without their order."""
    return frozenset(unpacked(data))
