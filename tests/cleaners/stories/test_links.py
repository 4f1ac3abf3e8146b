"""Texts are joined by links in whatever order, and rank by length, then by identity."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaners.stories.links import OTHER_LOT, Forest, Links, Whole, grouped, rank_in_lot, rank_of
from cleaners.stories.sketch import Sketch
from tests.cleaners.stories.records import STORY, sketch

NAMES = range(8)


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
    digest, story, teaser, copy = range(4)
    rows = {
        digest: Links(900),
        story: Links(500),
        teaser: Links(40, wholes=(Whole(0.1, 900, digest), Whole(1.0, 500, story))),
        copy: Links(41, copies=(teaser,), wholes=(Whole(0.1, 900, digest),)),
    }
    assert grouped(rows) == grouped(dict(reversed(rows.items()))) == [[digest], [story, teaser, copy]]


def test_lengths_of_a_class_are_near_and_rank_by_identity():
    words = STORY.split()
    texts = [sketch(" ".join(words[:count])) for count in (119, 113, 60)]
    assert rank_of(texts[0], 7) == rank_of(texts[1], 7) > rank_of(texts[2], 7) > rank_of(sketch(""), 7) > 0
    assert rank_of(texts[0], 8) > rank_of(texts[1], 7)


@given(st.integers(0, 50_000), st.integers(0, 50_000), st.integers(0, 2**63 - 1))
def test_a_longer_text_never_ranks_lower_in_any_lot(units, others, number):
    ranks = [rank_of(Sketch(mention=b"", units=count), number) for count in sorted((units, others))]
    assert 0 <= ranks[0] <= ranks[1] < 2 * OTHER_LOT
    assert (ranks[0] < OTHER_LOT) == (ranks[1] < OTHER_LOT) == (number < OTHER_LOT)
    assert rank_in_lot(ranks[0]) == rank_in_lot(rank_of(Sketch(mention=b"", units=min(units, others)), number ^ OTHER_LOT))
