"""Compare titles in their variants: other case and quotes, or with the publisher behind.

Called by `cleaners.stories.sketch` and `cleaners.stories.relation`.
"""

from __future__ import annotations

from hashlib import blake2b

from cleaners.stories.digests import KEY_BYTES, digests, packed, shingles
from cleaners.stories.units import Units, units_of

MAX_UNITS = 64  # of a title; no headline is longer


def title_digests(title: str) -> bytes:
    """Return the packed digests of the words of a title."""
    units, to_a_word = _title_units(title)
    return packed(sorted(set(digests(shingles(units, to_a_word)))))


def mention_key(title: str, source: str, words: int) -> bytes:
    """Return the key that titles of one story from one source have in common, b"" for a title of fewer than `words`.

    >>> mention_key("Ferry returns to quay | The Post", "", 3) == mention_key("FERRY RETURNS TO QUAY", "The Post", 3)
    True
    """
    units, to_a_word = _title_units(title)
    publisher = units_of(source).units[:MAX_UNITS]
    if publisher and units[-len(publisher) :] == publisher:
        units = units[: -len(publisher)]
    if len(units) < words * to_a_word:
        return b""
    return blake2b(" ".join([*units, *publisher]).encode(), digest_size=KEY_BYTES).digest()


def _title_units(title: str) -> Units:
    units, to_a_word = units_of(title)
    return Units(units[:MAX_UNITS], to_a_word)
