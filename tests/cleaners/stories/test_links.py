"""Records are joined by links in whatever order, and lots of a key have leaders of their own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaners.stories.links import LOTS, Forest, Links, Whole, grouped, lot_of, lots_of, rank
from tests.cleaners.stories.records import STORY, sketch

NAMES = "abcdefgh"


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))))
def test_groups_are_what_any_row_of_pairs_connects(pairs):
    groups = [{name} for name in NAMES]
    for pair in pairs:
        met = [group for group in groups if group & {*pair}]
        groups = [group for group in groups if group not in met] + [set().union(*met)]
    forest = Forest(NAMES)
    for one, other in pairs:
        forest.join(one, other)
    assert forest.groups() == sorted(sorted(group) for group in groups)


def test_an_excerpt_joins_no_two_wholes_and_takes_its_copies_along():
    def links(units, record, copies=(), wholes=()):
        return Links((units, b"", record), frozenset(copies), tuple(wholes))

    rows = {
        "digest": links(900, "digest"),
        "story": links(500, "story"),
        "teaser": links(40, "teaser", wholes=[Whole(0.1, (900, b"", "digest")), Whole(1.0, (500, b"", "story"))]),
        "copy": links(40, "copy", copies=["teaser"], wholes=[Whole(0.1, (900, b"", "digest"))]),
    }
    assert grouped(rows) == grouped(dict(reversed(rows.items()))) == [["copy", "story", "teaser"], ["digest"]]


def test_lengths_of_a_class_are_near_and_rank_by_digest():
    words = STORY.split()
    longest, longer, shorter = (rank(sketch(" ".join(words[:count]))) for count in (119, 113, 60))
    assert longest[0] == longer[0] > shorter[0] > 0


def test_a_text_is_always_in_the_same_lot():
    lots = {lot_of(b"key", sketch(STORY[:end])) for end in range(100, 200)}
    assert lots == set(lots_of(b"key"))
    assert len(lots) == LOTS
    assert lot_of(b"key", sketch(record="a")) == lot_of(b"key", sketch(record="b"))
