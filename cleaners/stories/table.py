"""Gather sketches in any order and in any parts, and give the stories that they tell.

Called by whoever has records: `add` and `remove` may come in any order, and `stories` depends on nothing but the set of records
that is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from cleaners.stories.choice import best, full_copies, place
from cleaners.stories.links import Links, grouped, links_of, lot_of, lots_of, rank
from cleaners.stories.relation import Relation, has_text
from cleaners.stories.settings import StorySettings
from cleaners.stories.sketch import Sketch


class Story(msgspec.Struct, frozen=True):
    """A story: the first full copy that was seen, the fullest clean one, and all its records in the order of being seen.

    Each record has its relation to the story. If headlines alone tell it, the first one is `canonical`, and `best` is "".
    """

    canonical: str
    best: str
    seen: list[tuple[str, Relation]]


class StoryTable:
    """The sketches of records, found by their keys; each is compared with the leaders of its keys alone."""

    def __init__(self, settings: StorySettings) -> None:
        self._settings = settings
        self._sketches: dict[str, Sketch] = {}
        self._with_key: dict[bytes, set[str]] = {}
        self._leaders: dict[bytes, Sketch] = {}
        self._links: dict[str, Links] = {}

    def __len__(self) -> int:
        return len(self._sketches)

    def add(self, sketches: Iterable[Sketch]) -> None:
        """Add records; one that is there already takes the place of the former one."""
        new = {sketch.record: sketch for sketch in sketches}
        self.remove(new)
        self._sketches.update(new)
        changed: set[bytes] = set()
        texts = [sketch for sketch in new.values() if has_text(sketch)]
        for sketch in texts:
            for key in sketch.keys:
                self._with_key.setdefault(key, set()).add(sketch.record)
                leader = self._leaders.get(lot_of(key, sketch))
                if leader is None or rank(leader) < rank(sketch):
                    self._leaders[lot_of(key, sketch)] = sketch
                    changed.add(key)
        self._link({sketch.record for sketch in texts}, changed)

    def remove(self, records: Iterable[str]) -> None:
        """Take records out; those that are not there are passed over."""
        gone = [self._sketches.pop(record) for record in set(records) & self._sketches.keys()]
        for sketch in gone:
            self._links.pop(sketch.record, None)
            for key in sketch.keys:
                self._with_key[key].remove(sketch.record)
        changed = {key for sketch in gone for key in sketch.keys if self._leaders[lot_of(key, sketch)].record == sketch.record}
        for key in changed:
            self._lead_anew(key)
        self._link(set(), changed & self._with_key.keys())

    def stories(self) -> list[Story]:
        """Return all stories, in the order of their canonical records being seen."""
        groups = [[self._sketches[record] for record in group] for group in grouped(self._links)]
        found = [self._story(group) for group in self._with_mentions(groups)]
        return sorted(found, key=lambda story: place(self._sketches[story.canonical]))

    def _lead_anew(self, key: bytes) -> None:
        """Find the leaders of a key among all records with it."""
        members = [self._sketches[record] for record in self._with_key[key]]
        if not members:
            del self._with_key[key]
        for lot in lots_of(key):
            self._leaders.pop(lot, None)
        for sketch in sorted(members, key=rank):
            self._leaders[lot_of(key, sketch)] = sketch

    def _link(self, records: set[str], keys: Iterable[bytes]) -> None:
        """Find the links of some records anew, and of all with some keys that have another leader now."""
        for record in records.union(*(self._with_key[key] for key in keys)):
            sketch = self._sketches[record]
            lots = (lot for key in sketch.keys for lot in lots_of(key))
            leaders = (self._leaders[lot] for lot in lots if lot in self._leaders)
            self._links[record] = links_of(sketch, leaders, self._settings)

    def _with_mentions(self, groups: list[list[Sketch]]) -> Iterator[list[Sketch]]:
        """Yield the stories with the headlines that mention each, then those that headlines alone tell.

        A headline that may mention several stories stands alone.
        """
        with_headline: dict[bytes, set[int]] = {}
        for i, group in enumerate(groups):
            for sketch in group:
                with_headline.setdefault(sketch.mention, set()).add(i)
        alone: dict[bytes, list[Sketch]] = {}
        for sketch in self._sketches.values():
            if has_text(sketch):
                continue
            stories = with_headline.get(sketch.mention, set()) if sketch.mention else set()
            if len(stories) == 1:
                groups[min(stories)].append(sketch)
            elif stories or not sketch.mention:
                yield [sketch]
            else:
                alone.setdefault(sketch.mention, []).append(sketch)
        yield from groups
        yield from alone.values()

    def _story(self, group: list[Sketch]) -> Story:
        copies = [sketch for sketch in group if has_text(sketch)]
        full = full_copies(copies, self._settings) if copies else []
        records = {sketch.record for sketch in full}

        def relation_of(sketch: Sketch) -> Relation:
            if not has_text(sketch):
                return Relation.MENTION
            return Relation.SAME if sketch.record in records else Relation.EXCERPT

        return Story(
            canonical=min(full or group, key=place).record,
            best=best(copies, self._settings).record if copies else "",
            seen=[(sketch.record, relation_of(sketch)) for sketch in sorted(group, key=place)],
        )
