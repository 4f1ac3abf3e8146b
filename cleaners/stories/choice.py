"""Choose the records that stand for a story: the canonical one, and the fullest clean copy.

Called by `cleaners.stories.table`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaners.stories.digests import unpacked, unpacked_set
from cleaners.stories.relation import is_excerpt, lead, thinned
from cleaners.stories.settings import StorySettings
from cleaners.stories.sketch import Sketch

Place = tuple[bool, str, str, int, str]


def place(sketch: Sketch) -> Place:
    """Return the place of a record in the order of being seen: by time, unknown ones last, by path, by position."""
    return (not sketch.seen, sketch.seen, sketch.path, sketch.position, sketch.record)


def longest(copies: Sequence[Sketch]) -> Sketch:
    """Return the longest of several copies."""
    return max(copies, key=lambda sketch: (sketch.units, sketch.digest, sketch.record))


def full_copies(copies: Sequence[Sketch], settings: StorySettings) -> list[Sketch]:
    """Return the copies that are no excerpts of the longest one."""
    most = longest(copies).units
    return [sketch for sketch in copies if not is_excerpt(sketch.units, most, settings)]


def best(copies: Sequence[Sketch], settings: StorySettings) -> Sketch:
    """Return the fullest clean one of several copies, of equals that with the most paragraphs, then the first one seen.

    That is the longest one that was not cut, without what no more than half of the full copies have: glued captions, leftovers
    of a page.
    """
    full = full_copies(copies, settings)
    rate = max(sketch.rest_rate for sketch in full)
    samples = {sketch.record: _after_opening(sketch, rate) for sketch in full}
    with_digest = Counter(digest for sample in samples.values() for digest in sample)
    in_front = Counter(digest for sketch in full for digest in unpacked_set(sketch.front))

    def glued(sketch: Sketch) -> int:
        opening = unpacked(sketch.front)[: sketch.opening]
        return sketch.to_a_word * sum(2 * in_front[digest] <= len(full) for digest in opening)

    def length(sketch: Sketch) -> float:
        sample = samples[sketch.record]
        rare = sum(2 * with_digest[digest] <= len(full) for digest in sample) / len(sample) if sample else 0.0
        return (sketch.units - glued(sketch)) * (1 - rare)

    return min(full, key=lambda one: (one.is_cut, -length(one), glued(one), -one.paragraphs, place(one)))


def _after_opening(sketch: Sketch, rate: int) -> frozenset[int]:
    """Return one of `rate` digests of a text, without its opening."""
    every = thinned(lead(sketch) | unpacked_set(sketch.rest), rate)
    return every - frozenset(unpacked(sketch.front)[: sketch.opening])
