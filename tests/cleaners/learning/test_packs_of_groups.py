"""Groups of pages without an address and the packs in use: each pack is that of the pages with its signs."""

from __future__ import annotations

from cleaners.learning.packs_of_groups import packs_of_groups
from cleaners.rules.model import Pack

QUAY = Pack(name="mixed", title="The Quay Post", signs=("Quay desk", "Quay notices"))
PIER = Pack(name="mixed-2", title="The Pier", signs=("Pier desk", "Pier notices"))


def pages(name, number):
    return [f"{name} desk\nStory {i} of the {name}\n{name} notices" for i in range(number)]


def names(groups):
    return [pack and pack.name for pack in packs_of_groups(groups, [QUAY, PIER])]


def test_a_group_has_the_pack_whose_signs_its_pages_have_whatever_its_place():
    assert names([pages("Pier", 9), pages("Quay", 3)]) == ["mixed-2", "mixed"]
    assert names([pages("Quay", 9), pages("Pier", 3)]) == ["mixed", "mixed-2"]


def test_pages_without_the_signs_of_a_pack_have_none():
    assert names([pages("Mole", 9), pages("Quay", 2) + pages("Mole", 2), pages("Pier", 1)]) == [None, None, "mixed-2"]
    assert packs_of_groups([pages("Quay", 3)], []) == [None]


def test_a_pack_is_that_of_one_group():
    assert names([pages("Quay", 4), pages("Quay", 3)]) == ["mixed", None]
