"""The links of a record to those that lead its keys, and the stories that all links make.

A key has a few leaders: of the records in each of its lots, the first one in a total order, by the class of the length, the
longest first, then by digest. The digest of a text also draws its lot, so that an odd copy hardly ever leads all lots. Each
record is held against the leaders of its keys only, so that the work is linear. A text that grows with each copy becomes a
leader anew when its class changes, and not with each copy.

Stories follow from the set of records alone. Copies are joined; what is joined is then attached as a whole, once, to a longer
text that it is an excerpt of. So no teaser joins two stories that both contain it. Called by `cleaners.stories.table`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cleaners.stories.relation import Relation, relation, title_likeness
from cleaners.stories.settings import StorySettings
from cleaners.stories.sketch import Sketch

Rank = tuple[int, bytes, str]
CLASS_BITS = 4  # the first ones of a length: in a class it differs by an eighth at most, less than from an excerpt to its whole
LOTS = 2  # of a key


class Whole(NamedTuple):
    """A longer text that a record is an excerpt of; the greatest one has the title most like it, of equals it comes first."""

    title_likeness: float
    rank: Rank


class Links(NamedTuple):
    """The copies of a record among the leaders of its keys, and the wholes among them that it is an excerpt of."""

    rank: Rank
    copies: frozenset[str]
    wholes: tuple[Whole, ...]


def rank(sketch: Sketch) -> Rank:
    """Return the place of a record in the total order by that leaders are found."""
    less = max(0, sketch.units.bit_length() - CLASS_BITS)
    return (sketch.units >> less << less, sketch.digest, sketch.record)


def lot_of(key: bytes, sketch: Sketch) -> bytes:
    """Return the lot of a key that a record is in."""
    return key + bytes([sketch.digest[0] % LOTS])


def lots_of(key: bytes) -> list[bytes]:
    """Return all lots of a key."""
    return [key + bytes([lot]) for lot in range(LOTS)]


def links_of(sketch: Sketch, leaders: Iterable[Sketch], settings: StorySettings) -> Links:
    """Return the links of a record to the leaders of its keys."""
    copies: set[str] = set()
    wholes: list[Whole] = []
    for leader in {leader.record: leader for leader in leaders if leader.record != sketch.record}.values():
        match relation(sketch, leader, settings):
            case Relation.SAME:
                copies.add(leader.record)
            case Relation.EXCERPT:
                wholes.append(Whole(title_likeness(sketch, leader), rank(leader)))
    return Links(rank(sketch), frozenset(copies), tuple(wholes))


def grouped(links: Mapping[str, Links]) -> list[list[str]]:
    """Return the records of each story, sorted; the same ones whatever the order of the links."""
    copies = Forest(links)
    for record, link in links.items():
        for copy in link.copies:
            copies.join(record, copy)
    heads: dict[str, Rank] = {}
    for record, link in links.items():
        root = copies.root(record)
        heads[root] = max(heads.get(root, link.rank), link.rank)
    wholes: dict[str, Whole] = {}
    for record, link in links.items():
        root = copies.root(record)
        for whole in link.wholes:
            # Only to a group with a greater head, so that no group is attached to itself by whatever way.
            if heads[copies.root(whole.rank[-1])] > heads[root]:
                wholes[root] = max(wholes.get(root, whole), whole)
    stories = Forest(links)
    for record in links:
        root = copies.root(record)
        stories.join(record, root)
        if root in wholes:
            stories.join(root, wholes[root].rank[-1])
    return stories.groups()


class Forest:
    """Names that are joined in groups: union-find, where each group is named by its least member."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parents = {name: name for name in names}

    def root(self, name: str) -> str:
        """Return the name of the group of a name."""
        parents = self._parents
        while parents[name] != name:
            parents[name] = name = parents[parents[name]]
        return name

    def join(self, one: str, other: str) -> None:
        """Make the groups of two names one."""
        least, greatest = sorted((self.root(one), self.root(other)))
        self._parents[greatest] = least

    def groups(self) -> list[list[str]]:
        """Return all groups, sorted."""
        found: dict[str, list[str]] = {}
        for name in sorted(self._parents):
            found.setdefault(self.root(name), []).append(name)
        return list(found.values())
