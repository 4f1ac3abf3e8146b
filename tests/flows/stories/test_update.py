"""The tables of stories depend on the records that are there alone, in whatever parts these came, and on nothing before."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.stories.sighting import placed_sketch
from cleaners.stories.table import stories_of
from flows.stories import changed, grouping, linking
from flows.stories.changed import write_changed
from flows.stories.database import transaction
from flows.stories.grouping import group
from flows.stories.intake import Intake
from flows.stories.lines import stories_with
from flows.stories.linking import link
from flows.stories.tables import keys, sightings, stories, tables, texts
from tests.cleaners.stories.records import SETTINGS
from tests.cleaners.stories.test_table import SETS, made


@contextmanager
def empty_tables():
    engine = sa.create_engine("sqlite://")
    tables.create_all(engine)
    yield engine
    engine.dispose()


def bring_in(engine, shards):
    """Bring these records of shards in, in one part; a shard without a digest goes."""
    with transaction(engine) as connection:
        intake = Intake(connection)
        for shard, records in shards.items():
            if records:
                intake.take(shard, "digest", [(placed_sketch(sketch, sighting), sighting) for sketch, sighting in records])
            else:
                intake.drop(shard)
        changes = intake.finish()
        group(connection, changes, link(connection, changes, SETTINGS))
    write_changed(engine, SETTINGS)


def stories_in(engine):
    with engine.connect() as connection:
        rows = dict(iter(connection.execute(sa.select(stories.c.story, stories.c.id)).tuples()))
        found = stories_with(connection, [*rows], SETTINGS)
    assert {number: story.id for number, story in found.items()} == rows
    return sorted(found.values(), key=lambda story: story.id)


def plain(records):
    return sorted(stories_of(records, SETTINGS), key=lambda story: story.id)


@settings(max_examples=40)
@given(SETS, st.lists(st.integers(0, 3), min_size=14, max_size=14), st.randoms(use_true_random=False))
def test_the_tables_hold_the_stories_of_all_records_in_any_parts(records, shards, rng):
    every = made(records)
    by_shard = {}
    for one, shard in zip(every, shards, strict=False):
        by_shard.setdefault(f"s{shard}", []).append(one)
    names = [*by_shard]
    rng.shuffle(names)
    with empty_tables() as engine:
        for name in names:
            bring_in(engine, {name: by_shard[name]})
        assert stories_in(engine) == plain(every)
    with empty_tables() as engine:
        bring_in(engine, by_shard)
        assert stories_in(engine) == plain(every)


@settings(max_examples=40)
@given(SETS, SETS, st.randoms(use_true_random=False))
def test_what_was_there_before_leaves_no_trace(records, others, rng):
    every = made([*records, *others])
    kept, gone = every[: len(records)], every[len(records) :]
    rng.shuffle(every)
    cut = rng.randrange(len(every) + 1)
    before, now = ({"a": part[:cut], "b": part[cut:]} for part in (every, [one for one in every if one in kept]))
    with empty_tables() as engine:
        bring_in(engine, {shard: part for shard, part in before.items() if part})
        bring_in(engine, {shard: part for shard, part in now.items() if part or before[shard]})
        assert stories_in(engine) == plain(kept)
        with engine.connect() as connection:
            counts = [connection.execute(sa.select(sa.func.count()).select_from(one)).scalar() for one in (sightings, texts)]
            held = {*connection.execute(sa.select(keys.c.text)).scalars()}
            present = {*connection.execute(sa.select(texts.c.number)).scalars()}
        assert counts[0] == len(kept)
        assert counts[1] <= len(kept)
        assert held <= present
        bring_in(engine, {"c": gone} if gone else {})
        assert stories_in(engine) == plain(every)


@settings(max_examples=20)
@given(SETS)
def test_what_is_in_memory_at_once_changes_nothing(records):
    every = made(records)
    with pytest.MonkeyPatch.context() as patched, empty_tables() as engine:
        names = ((grouping, "BATCH"), (changed, "RECORDS_AT_ONCE"), (changed, "STORIES_AT_ONCE"), (linking, "MAX_REMEMBERED"))
        for module, name in names:
            patched.setattr(module, name, 2)
        for name, part in (("a", every[::2]), ("b", every[1::2])):
            bring_in(engine, {name: part} if part else {})
        assert stories_in(engine) == plain(every)
