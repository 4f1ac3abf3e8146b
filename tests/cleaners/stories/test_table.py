"""Stories depend on the set of records alone, not on their order, the parts that they come in, or on what was there before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaners.stories.relation import Relation
from cleaners.stories.sketch import Sketch
from cleaners.stories.table import StoryTable
from tests.cleaners.stories.records import SETTINGS, STORY, TITLE, plain_stories, sketch

# Texts of few sentences in any order, cut anywhere: each has much in common with many, but is one story with some of them only.
SENTENCES = [sentence + "." for sentence in STORY.split(". ")]
TITLES = [TITLE, f"{TITLE} | The Post", "Second boat for the harbour company", "Morning Briefing"]
RECORDS = st.tuples(
    st.lists(st.sampled_from(range(len(SENTENCES))), max_size=6),
    st.one_of(st.none(), st.integers(30, 400)),
    st.sampled_from(TITLES),
    st.sampled_from(["The Post", ""]),
    st.sampled_from(["", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
)
SETS = st.lists(RECORDS, max_size=14)


def sketches(records: list[tuple]) -> list[Sketch]:
    return [
        sketch(" ".join(SENTENCES[i] for i in places)[:cut], title, f"r{number}", source, seen=seen)
        for number, (places, cut, title, source, seen) in enumerate(records)
    ]


def table_of(*parts: list[Sketch]) -> StoryTable:
    table = StoryTable(SETTINGS)
    for part in parts:
        table.add(part)
    return table


@given(SETS, st.randoms(use_true_random=False))
def test_stories_are_those_of_the_definition_in_any_order_and_parts(records, rng):
    every = sketches(records)
    plain = plain_stories(every)
    assert table_of(every).stories() == plain
    rng.shuffle(every)
    cut = rng.randrange(len(every) + 1)
    assert table_of(every[:cut], every[cut:]).stories() == plain
    assert table_of(*([one] for one in every)).stories() == plain


@given(SETS, SETS, st.randoms(use_true_random=False))
def test_what_was_taken_out_leaves_no_trace(records, others, rng):
    every = sketches([*records, *others])
    kept, gone = every[: len(records)], every[len(records) :]
    rng.shuffle(every)
    table = table_of(every)
    table.remove(one.record for one in gone)
    assert len(table) == len(kept)
    assert table.stories() == plain_stories(kept)
    table.add(gone)
    assert table.stories() == plain_stories(every)


@given(SETS)
def test_each_record_is_in_one_story_and_its_first_full_copy_stands_for_it(records):
    every = sketches(records)
    stories = table_of(every).stories()
    assert sorted(record for story in stories for record, _ in story.seen) == sorted(one.record for one in every)
    for story in stories:
        relations = dict(story.seen)
        assert relations[story.canonical] is not Relation.EXCERPT
        assert (story.best == "") == (set(relations.values()) == {Relation.MENTION})
        assert not story.best or relations[story.best] is Relation.SAME


@given(SETS)
def test_a_record_that_comes_again_takes_the_place_of_the_former_one(records):
    every = sketches(records)
    former = [sketch("A text that was there before and has nothing in common with it.", record=one.record) for one in every]
    assert table_of(former, every).stories() == table_of(every).stories()


def test_nothing_has_no_stories():
    table = StoryTable(SETTINGS)
    table.remove(["gone"])
    assert table.stories() == []


def test_a_story_has_its_copies_its_excerpts_and_its_mentions():
    table = table_of(
        [
            sketch(STORY, record="own", seen="2026-01-02T00:00:00Z"),
            sketch("By A. Quill " + STORY, record="copy", seen="2026-01-01T00:00:00Z"),
            sketch(STORY[:130] + "…", record="teaser", seen="2025-12-31T00:00:00Z"),
            sketch("", record="headline"),
            sketch("", "Morning Briefing", record="briefing"),
            sketch("", "Morning Briefing", record="another"),
        ]
    )
    first, *others = table.stories()
    assert (first.canonical, first.best) == ("copy", "own")
    assert first.seen == [
        ("teaser", Relation.EXCERPT),
        ("copy", Relation.SAME),
        ("own", Relation.SAME),
        ("headline", Relation.MENTION),
    ]
    assert [story.seen for story in others] == [[("another", Relation.MENTION)], [("briefing", Relation.MENTION)]]


def test_a_teaser_that_two_stories_contain_does_not_join_them():
    digest = STORY[:300] + " " + " ".join(f"Word {i} of another item comes here." for i in range(200))
    table = table_of([sketch(STORY, record="story"), sketch(digest, "Digest", "digest"), sketch(STORY[:290], record="cut")])
    assert [[record for record, _ in story.seen] for story in table.stories()] == [["digest"], ["cut", "story"]]


def test_a_headline_that_may_mention_two_stories_stands_alone():
    other = " ".join(SENTENCES[::-1])
    table = table_of([sketch(record="a"), sketch(other, record="b"), sketch("", record="c"), sketch("", record="d")])
    assert [story.seen for story in table.stories()] == [
        [("a", Relation.SAME)],
        [("b", Relation.SAME)],
        [("c", Relation.MENTION)],
        [("d", Relation.MENTION)],
    ]


def test_copies_are_compared_with_leaders_alone(monkeypatch):
    compared = []
    monkeypatch.setattr("cleaners.stories.links.relation", lambda a, b, _: compared.append((a.record, b.record)))
    StoryTable(SETTINGS).add(sketch(record=f"r{i}") for i in range(200))
    assert len(compared) == 199
