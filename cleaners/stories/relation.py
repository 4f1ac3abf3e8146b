"""Tell how two records relate: by their openings, leads, numbers and titles.

Two texts are one story when one opens within the front of the other, the lead of the shorter one stands in that of the other,
and their numbers agree, in which updates of a template differ. A brief text must have the title, too, and be one run of the
other's front. Similarity of whole texts cannot see that a cut copy is the story. Called by `cleaners.stories.table`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

from cleaners.stories.digests import DIGESTS, MAX_REMEMBERED, unpacked, unpacked_set
from cleaners.stories.settings import StorySettings
from cleaners.stories.sketch import LEAD_SAMPLE, Sketch


class Relation(StrEnum):
    """How a record relates to a story: a copy of it, a cut copy or a teaser, or a headline alone."""

    SAME = "same"
    EXCERPT = "excerpt"
    MENTION = "mention"


def relation(a: Sketch, b: Sketch, settings: StorySettings) -> Relation | None:
    """Return how the lesser of two records relates to the other, None for different stories.

    A headline alone is never a copy: it mentions a story of its title and source.
    """
    if has_text(a) and has_text(b):
        if not _are_one_text(a, b, settings):
            return None
        return Relation.EXCERPT if is_excerpt(a.units, b.units, settings) else Relation.SAME
    return Relation.MENTION if a.mention and a.mention == b.mention else None


def has_text(sketch: Sketch) -> bool:
    """Return whether a record has text enough to be compared."""
    return bool(sketch.keys)


def is_excerpt(one: float, other: float, settings: StorySettings) -> bool:
    """Return whether the shorter of two lengths is that of an excerpt of the other."""
    return min(one, other) < settings.excerpt * max(one, other)


def titles_agree(a: Sketch, b: Sketch, settings: StorySettings) -> bool:
    """Return whether most of the shorter title stands in the other one; False where there is none."""
    one, other = unpacked_set(a.title), unpacked_set(b.title)
    return bool(one and other) and len(one & other) >= settings.titles * min(len(one), len(other))


def title_likeness(a: Sketch, b: Sketch) -> float:
    """Return the share of the words of two titles that both have."""
    every = unpacked_set(a.title) | unpacked_set(b.title)
    return len(unpacked_set(a.title) & unpacked_set(b.title)) / len(every) if every else 0.0


def _are_one_text(a: Sketch, b: Sketch, settings: StorySettings) -> bool:
    if a.to_a_word != b.to_a_word:
        return False
    shorter, longer = (a, b) if (a.units, a.digest) <= (b.units, b.digest) else (b, a)
    if shorter.words < settings.brief:
        opens = titles_agree(a, b, settings) and _longest_run(shorter, longer) >= settings.brief_opens
    else:
        opens = _opens_in(shorter, longer, settings) or _opens_in(longer, shorter, settings)
    return opens and _leads_agree(shorter, longer, settings)


def _longest_run(part: Sketch, whole: Sketch) -> float:
    """Return the share of the front of a text that stands in that of another in one run.

    Names differ here and there between brief notices of one wording, a byline or a label is glued to the front or the end.
    """
    front, others = unpacked(part.front), unpacked_set(whole.front)
    runs = (sum(1 for _ in run) for is_in, run in groupby(front, others.__contains__) if is_in)
    return max(runs, default=0) / max(1, len(front))


def _opens_in(part: Sketch, whole: Sketch, settings: StorySettings) -> bool:
    """Return whether enough of the opening of a text stands in the front of another, and its numbers as well."""
    return share(unpacked(part.front)[: part.opening], unpacked_set(whole.front)) >= settings.opens and _numbers_agree(
        unpacked(part.numbers)[: part.opening_numbers], unpacked(whole.numbers)[: whole.front_numbers], settings
    )


def _leads_agree(shorter: Sketch, longer: Sketch, settings: StorySettings) -> bool:
    # What is no longer than a front is known whole, and not only by a sample.
    is_short = shorter.words <= settings.front
    found = share(unpacked(shorter.front), unpacked_set(longer.front)) if is_short else share(lead(shorter), lead(longer))
    if found < settings.leads:
        return False
    return _numbers_agree(unpacked(shorter.numbers)[: shorter.lead_numbers], unpacked(longer.numbers), settings)


def _numbers_agree(part: Sequence[int], whole: Sequence[int], settings: StorySettings) -> bool:
    return share(part, frozenset(whole), empty=1.0) >= settings.numbers


def share(part: Collection[int], whole: Set[int], empty: float = 0.0) -> float:
    """Return the share of different digests of a part that are in the whole."""
    values = frozenset(part)
    return len(values & whole) / len(values) if values else empty


def lead(sketch: Sketch) -> frozenset[int]:
    """Return the sampled digests of the first words of a text."""
    return _lead(sketch.front, sketch.lead, LEAD_SAMPLE * sketch.to_a_word)


@lru_cache(maxsize=MAX_REMEMBERED)
def _lead(front: bytes, lead: bytes, rate: int) -> frozenset[int]:
    return thinned(unpacked_set(front) | unpacked_set(lead), rate)


def thinned(values: Iterable[int], rate: int) -> frozenset[int]:
    """Return one of so many digests, the same ones of any text."""
    end = DIGESTS // rate
    return frozenset([value for value in values if value < end])
