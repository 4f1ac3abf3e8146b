"""A record where it was seen: its page, its place on it, and what it says of its story beside the text.

Used by the modules of `cleaners.stories`, and by whoever keeps sightings.
"""

from __future__ import annotations

from hashlib import blake2b

import msgspec
from msgspec.structs import replace

from cleaners.stories.digests import KEY_BYTES
from cleaners.stories.relation import has_text
from cleaners.stories.sketch import Sketch

Place = tuple[bool, str, str, int, str]


class Sighting(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A record, without its text, with its page; `path` and `position` are those of no other one.

    `record` is its id, which is the same where the page was captured again; `seen` is the time of capture, ISO 8601 in UTC, ""
    when it is not known.
    """

    record: str
    path: str
    position: int
    seen: str = ""
    page: str = ""
    url: str = ""
    title: str = ""
    source: str = ""
    published: str = ""
    language: str = ""
    text_sha256: str = ""


def place(sighting: Sighting) -> Place:
    """Return the place of a record in the order of being seen: by time, unknown ones last, by path, by position."""
    return (not sighting.seen, sighting.seen, sighting.path, sighting.position, sighting.record)


def placed_sketch(sketch: Sketch, sighting: Sighting) -> Sketch:
    """Return the sketch of a record at its place; a headline that can mention no story gets a mention of its own."""
    if has_text(sketch) or sketch.mention:
        return sketch
    own = f"{sighting.path}\0{sighting.position}".encode(errors="surrogatepass")
    return replace(sketch, mention=blake2b(own, digest_size=KEY_BYTES).digest())
