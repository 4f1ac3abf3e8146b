"""A story, made of the texts that tell it and of the headlines that mention it.

Called by `cleaners.stories.table`, and by whoever keeps texts and sightings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from heapq import merge

import msgspec

from cleaners.stories.choice import Copy, best, full_copies
from cleaners.stories.relation import Relation
from cleaners.stories.settings import StorySettings
from cleaners.stories.sighting import Sighting, place

ID_BYTES = 12


class Story(msgspec.Struct, frozen=True):
    """A story: the first full copy that was seen, the fullest clean one, and all its records in the order of being seen.

    Each record has its relation to the story. If headlines alone tell it, the first one is `canonical`, and `best` is None.
    """

    canonical: Sighting
    best: Sighting | None
    seen: list[tuple[Sighting, Relation]]

    @property
    def id(self) -> str:
        """Return the id of the story, made of the first record seen of it: it stays when the story is seen again."""
        first = self.seen[0][0]
        name = "\0".join((first.record, first.path, str(first.position)))
        return blake2b(name.encode(errors="surrogatepass"), digest_size=ID_BYTES, person=b"story").hexdigest()


def story_of(copies: Sequence[Copy], headlines: Iterable[Sighting], settings: StorySettings) -> Story:
    """Return the story that copies tell and headlines mention; all sightings are in the order of being seen."""
    full = full_copies(copies, settings) if copies else []
    mentions = [(sighting, Relation.MENTION) for sighting in headlines]
    whole = {id(copy) for copy in full}
    rows = [[(sighting, Relation.SAME if id(copy) in whole else Relation.EXCERPT) for sighting in copy.seen] for copy in copies]
    seen = list(merge(mentions, *rows, key=lambda row: place(row[0])))
    return Story(
        canonical=min((copy.seen[0] for copy in full), key=place) if full else seen[0][0],
        best=best(full).seen[0] if full else None,
        seen=seen,
    )
