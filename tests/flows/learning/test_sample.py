"""Samples of sites: the same for any order and any split of the pages, uniform, and as exact as they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b
from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.learning.sample import (
    DIGEST_BYTES,
    KEY_BYTES,
    Place,
    SampledPage,
    SiteSample,
    month_of,
    most_read,
    page_digest,
    page_key,
    rank_of,
)

LONG = "The ferry of {} sails to the islands again, the company said on Tuesday."
OTHER = "Nobody had used the old crane since the spring, the master of the quay told reporters."
# Pages as pairs of a story, which decides the key, and a print of it, which decides the digest and the name.
PAGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=60, unique=True)
JULY = datetime(2025, 7, 5, tzinfo=UTC)


def story_text(story: int) -> str:
    """Return a text of its own for each story: numbers alone would fold to one key."""
    return f"story {'a' * story}"


def add(sample: SiteSample, story: int, print_: int, shard: int = 0) -> None:
    rank = rank_of(page_key(story_text(story)), page_digest(b"%d" % print_), f"pages/{story}-{print_}.txt")
    if sample.would_take(rank):
        sample.take(rank, Place(shard, 0, 1))
    sample.count(10, JULY + timedelta(days=40 * print_))


def sample_of(pages: list[tuple[int, int]], k: int, shard: int = 0) -> SiteSample:
    sample = SiteSample(k)
    for story, print_ in pages:
        add(sample, story, print_, shard)
    return sample


def merged(samples: list[SiteSample], k: int) -> SiteSample:
    total = SiteSample(k)
    for sample in samples:
        total.merge(sample)
    return total


@given(PAGES, st.integers(1, 12), st.data())
def test_any_order_and_any_split_give_the_same_bytes(pages, k, data):
    whole = sample_of(pages, k)
    shuffled = data.draw(st.permutations(pages))
    shards = [data.draw(st.integers(0, 4)) for _ in shuffled]
    parts = [
        sample_of([page for page, at in zip(shuffled, shards, strict=True) if at == shard], k, shard) for shard in range(5)
    ]
    left = merged(parts, k)
    right = merged([merged(parts[:2], k), merged(parts[:1:-1], k)], k)
    assert left.as_json() == right.as_json() == whole.as_json()
    assert left.ranked == right.ranked


@given(PAGES, st.integers(1, 12))
def test_the_sample_is_that_of_a_plain_reference(pages, k):
    by_key: dict[bytes, tuple[bytes, str]] = {}
    for story, print_ in pages:
        key = page_key(story_text(story))
        page = page_digest(b"%d" % print_), f"pages/{story}-{print_}.txt"
        by_key[key] = min(page, by_key.get(key, page))
    expected = [SampledPage(key, *by_key[key], Place(0, 0, 1)) for key in sorted(by_key)[:k]]
    assert sample_of(pages, k).sampled() == expected


@given(PAGES, st.integers(1, 12))
def test_merging_a_sample_again_changes_nothing_but_counters(pages, k):
    sample = sample_of(pages, k)
    again = merged([sample, sample], k)
    assert again.ranked == sample.ranked
    assert again.pages == 2 * sample.pages == 2 * len(pages)
    assert again.months == {month: 2 * number for month, number in sample.months.items()}


@given(PAGES, PAGES, st.integers(1, 12))
def test_merging_leaves_the_other_sample_as_it_is(first, second, k):
    one, other = sample_of(first, k), sample_of(second, k)
    before = replace(other, months={**other.months}, ranked=[*other.ranked])
    one.merge(other)
    add(one, 99, 0)
    assert other == before


@given(st.text(st.characters(exclude_characters="\0"), max_size=20), st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES))
def test_what_is_packed_is_read_back(name, key):
    sample, place = SiteSample(3), Place(7, 1 << 40, 12_345)
    sample.take(rank_of(key, page_digest(b"raw"), name), place)
    assert sample.sampled() == [SampledPage(key, page_digest(b"raw"), name, place)]
    moved = place._replace(offset=0)
    sample.place_all([moved])
    assert sample.sampled() == [SampledPage(key, page_digest(b"raw"), name, moved)]


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_has_a_key(first, second):
    assert len(page_key(first)) == KEY_BYTES
    assert page_key(f"{first}\n{second}") == page_key(f"{second}\r\n\n {first} ")


@pytest.mark.parametrize(
    ("text", "is_same"),
    [
        (f"3 minutes ago\n{LONG.format('9:30')}", True),
        (LONG.format("9:30").upper(), True),
        (LONG.format("10:45"), True),
        (f"{LONG.format('9:30')}\n{LONG.format('9:30')}\nShare\nMost read: the crane", True),
        (f"{OTHER}\n{LONG.format('9:30')}", False),
        ("Share\nMost read: the crane", False),
        ("", False),
    ],
)
def test_pages_with_the_same_long_lines_have_one_key(text, is_same):
    assert (page_key(text) == page_key(LONG.format("9:30"))) is is_same


def test_a_page_without_long_lines_is_known_by_all_its_lines():
    assert page_key("Share\nHome") == page_key("home\n\nSHARE") != page_key("Home")


def test_the_number_of_distinct_pages_is_exact_below_k_and_estimated_beyond():
    few = sample_of([(story, print_) for story in range(9) for print_ in range(4)], 10)
    assert (few.pages, few.distinct, few.near_duplicates) == (36, 9, 27)
    many = SiteSample(400)
    for story in range(20_000):
        key = blake2b(b"%d" % (story % 10_000), digest_size=KEY_BYTES).digest()
        rank = rank_of(key, bytes(DIGEST_BYTES), str(story))
        if many.would_take(rank):
            many.take(rank, Place(0, 0, 0))
        many.count(1, None)
    assert abs(many.distinct / 10_000 - 1) < 4 / sqrt(398)
    assert many.near_duplicates == 20_000 - many.distinct
    assert SiteSample(3).distinct == 0
    assert merged([sample_of([(1, 1), (2, 1)], 1)], 1).distinct <= 2


def test_a_share_in_the_sample_is_that_of_all_distinct_pages():
    """One page in three is of another kind, and has 50 near-duplicates; the error of the shares is the one that is stated."""
    k, errors = 100, []
    for seed in range(60):
        random, sample = Random(seed), SiteSample(k)
        stories = [(random.randbytes(KEY_BYTES), number % 3 == 0) for number in range(1_500)]
        for key, is_rare in stories:
            for print_ in range(50 if is_rare else 1):
                rank = rank_of(key, page_digest(b"%d" % print_), "rare" if is_rare else "usual")
                if sample.would_take(rank):
                    sample.take(rank, Place(0, 0, 0))
        errors.append(sum(page.name == "rare" for page in sample.sampled()) / k - 1 / 3)
    stated = sqrt(1 / 3 * 2 / 3 / k)
    spread = sqrt(sum(error**2 for error in errors) / len(errors))
    assert 0.7 * stated < spread < 1.3 * stated
    assert abs(sum(errors) / len(errors)) < 4 * stated / sqrt(len(errors))


def test_months_are_those_of_utc():
    east = timezone(timedelta(hours=14))
    assert month_of(datetime(2025, 8, 1, 9, tzinfo=east)) == "2025-07"
    assert [month_of(time) for time in (None, datetime(1, 1, 1, tzinfo=east), datetime(9999, 1, 1, tzinfo=UTC))] == [""] * 3


def test_the_sites_with_the_most_pages_are_kept():
    assert most_read({"b": 2, "a": 2, "c": 3, "d": 1}, 3) == ["c", "a", "b"]
