"""Choose among the copies of a story: those of the whole of it, and the fullest clean one.

Called by `cleaners.stories.story`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from cleaners.stories.digests import unpacked, unpacked_set
from cleaners.stories.relation import is_excerpt, lead, thinned
from cleaners.stories.settings import StorySettings
from cleaners.stories.sighting import Place, Sighting, place
from cleaners.stories.sketch import Sketch


class Copy(NamedTuple):
    """A text of a story with the places that it was seen at, in order."""

    sketch: Sketch
    seen: Sequence[Sighting]


def full_copies(copies: Sequence[Copy], settings: StorySettings) -> list[Copy]:
    """Return the copies that are no excerpts of the longest one."""
    most = max(copy.sketch.units for copy in copies)
    return [copy for copy in copies if not is_excerpt(copy.sketch.units, most, settings)]


def best(full: Sequence[Copy]) -> Copy:
    """Return the fullest clean one of several full copies, of equals that with the most paragraphs, then the first one seen.

    That is the longest one that was not cut, without what no more than half of the full copies have: glued captions, leftovers
    of a page.
    """
    if len(full) == 1:
        return full[0]
    sketches = [copy.sketch for copy in full]
    rate = max(sketch.rest_rate for sketch in sketches)
    samples = [_after_opening(sketch, rate) for sketch in sketches]
    usual = _in_most(samples)
    usual_in_front = _in_most([unpacked_set(sketch.front) for sketch in sketches])

    def order(copy: Copy, sample: frozenset[int]) -> tuple[bool, float, int, int, Place]:
        sketch = copy.sketch
        glued = sketch.to_a_word * len(_opening(sketch) - usual_in_front)
        rare = len(sample - usual) / len(sample) if sample else 0.0
        return (sketch.is_cut, -(sketch.units - glued) * (1 - rare), glued, -sketch.paragraphs, place(copy.seen[0]))

    return min(zip(full, samples, strict=True), key=lambda one: order(*one))[0]


def _in_most(sets: Sequence[frozenset[int]]) -> frozenset[int]:
    """Return the digests that are in more than half of some sets."""
    counts = Counter(chain.from_iterable(sets))
    return frozenset([digest for digest, count in counts.items() if 2 * count > len(sets)])


def _opening(sketch: Sketch) -> frozenset[int]:
    return frozenset(unpacked(sketch.front)[: sketch.opening])


def _after_opening(sketch: Sketch, rate: int) -> frozenset[int]:
    """Return one of `rate` digests of a text, without its opening."""
    return thinned(lead(sketch) | unpacked_set(sketch.rest), rate) - _opening(sketch)
