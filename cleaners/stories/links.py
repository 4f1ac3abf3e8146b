"""The links of a text to those that lead its keys, and the stories that all links make.

A key has a few leaders: of the texts in each of its lots, the first one in a total order, by the class of the length, the
longest first, then by identity. The identity of a text also draws its lot, so that an odd copy hardly ever leads all lots. Each
text is held against the leaders of its keys only, so that the work is linear. A text that grows with each copy becomes a leader
anew when its class changes, and not with each copy.

Stories follow from the set of texts alone. Copies are joined; what is joined is then attached as a whole, once, to a longer
text that it is an excerpt of. So no teaser joins two stories that both contain it. Called by `cleaners.stories.table`, and by
whoever keeps texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cleaners.stories.relation import Relation, relation, title_likeness
from cleaners.stories.settings import StorySettings
from cleaners.stories.sketch import Sketch

CLASS_BITS = 4  # the first ones of a length: in a class it differs by an eighth at most, less than from an excerpt to its whole
OTHER_LOT = 2**62  # of the two lots of a key; ranks from here on are in the second
CLASS_AT = 54  # the bit of a rank where the class begins, above bits of the identity


class Whole(NamedTuple):
    """A longer text that a text is an excerpt of; the greatest one has the title most like it, of equals it comes first."""

    title_likeness: float
    rank: int
    text: int


class Links(NamedTuple):
    """The copies of a text among the leaders of its keys, and the wholes among them that it is an excerpt of."""

    rank: int
    copies: tuple[int, ...] = ()
    wholes: tuple[Whole, ...] = ()

    @property
    def texts(self) -> list[int]:
        """Return all texts that are linked to."""
        return [*self.copies, *(whole.text for whole in self.wholes)]


def rank_of(sketch: Sketch, number: int) -> int:
    """Return the place of a text in the total order by that leaders are found; `number` is its identity.

    The lot comes first, then the class of the length: the number of its bits, and those after the leading one.
    """
    bits = sketch.units.bit_length()
    class_ = bits << (CLASS_BITS - 1) | (sketch.units >> max(0, bits - CLASS_BITS)) & (1 << CLASS_BITS - 1) - 1
    lot = number >> 62
    return lot * OTHER_LOT | class_ << CLASS_AT | number & (1 << CLASS_AT) - 1


def rank_in_lot(rank: int) -> int:
    """Return the place of a text in the order that is the same for all lots."""
    return rank % OTHER_LOT


def no_links(rank: int) -> Links:
    """Return the links of a text that has none."""
    return Links(rank_in_lot(rank))


def links_of(sketch: Sketch, rank: int, leaders: Mapping[int, tuple[Sketch, int]], settings: StorySettings) -> Links:
    """Return the links of a text to the leaders of its keys, each with its rank."""
    copies: list[int] = []
    wholes: list[Whole] = []
    for text, (leader, leader_rank) in leaders.items():
        match relation(sketch, leader, settings):
            case Relation.SAME:
                copies.append(text)
            case Relation.EXCERPT:
                wholes.append(Whole(title_likeness(sketch, leader), rank_in_lot(leader_rank), text))
    return Links(rank_in_lot(rank), tuple(copies), tuple(wholes))


def grouped(links: Mapping[int, Links]) -> list[list[int]]:
    """Return the texts of each story, sorted; the same ones whatever the order of the links.

    All texts that are linked to must be among them.
    """
    copies = Forest(links)
    for text, link in links.items():
        for copy in link.copies:
            copies.join(text, copy)
    heads: dict[int, int] = {}
    for text, link in links.items():
        root = copies.root(text)
        heads[root] = max(heads.get(root, link.rank), link.rank)
    wholes: dict[int, Whole] = {}
    for text, link in links.items():
        root = copies.root(text)
        for whole in link.wholes:
            # Only to a group with a greater head, so that no group is attached to itself by whatever way.
            if heads[copies.root(whole.text)] > heads[root]:
                wholes[root] = max(wholes.get(root, whole), whole)
    stories = Forest(links)
    for text in links:
        root = copies.root(text)
        stories.join(text, root)
        if root in wholes:
            stories.join(root, wholes[root].text)
    return stories.groups()


class Forest:
    """Numbers that are joined in groups: union-find, where each group is named by its least member."""

    def __init__(self, names: Iterable[int]) -> None:
        self._parents = {name: name for name in names}

    def root(self, name: int) -> int:
        """Return the name of the group of a number."""
        parents = self._parents
        while parents[name] != name:
            parents[name] = name = parents[parents[name]]
        return name

    def join(self, one: int, other: int) -> None:
        """Make the groups of two numbers one."""
        least, greatest = sorted((self.root(one), self.root(other)))
        self._parents[greatest] = least

    def groups(self) -> list[list[int]]:
        """Return all groups, sorted."""
        found: dict[int, list[int]] = {}
        for name in sorted(self._parents):
            found.setdefault(self.root(name), []).append(name)
        return list(found.values())
