"""Stories depend on the set of records alone, not on their order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaners.stories.relation import Relation
from cleaners.stories.story import Story
from cleaners.stories.table import stories_of
from tests.cleaners.stories.records import SETTINGS, STORY, TITLE, SketchedRecord, plain_stories, record

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


def made(records: list[tuple]) -> list[SketchedRecord]:
    return [
        record(f"r{number}", " ".join(SENTENCES[i] for i in places)[:cut], title, source, seen=seen)
        for number, (places, cut, title, source, seen) in enumerate(records)
    ]


def names(story: Story) -> list[tuple[str, Relation]]:
    return [(sighting.record, relation) for sighting, relation in story.seen]


@given(SETS, st.randoms(use_true_random=False))
def test_stories_are_those_of_the_definition_in_any_order(records, rng):
    every = made(records)
    plain = plain_stories(every)
    assert stories_of(every, SETTINGS) == plain
    rng.shuffle(every)
    assert stories_of(every, SETTINGS) == plain


@given(SETS)
def test_each_record_is_in_one_story_and_its_first_full_copy_stands_for_it(records):
    every = made(records)
    stories = stories_of(every, SETTINGS)
    assert sorted(name for story in stories for name, _ in names(story)) == sorted(one.record for _, one in every)
    assert len({story.id for story in stories}) == len(stories)
    for story in stories:
        relations = dict(names(story))
        assert relations[story.canonical.record] is not Relation.EXCERPT
        assert (story.best is None) == (set(relations.values()) == {Relation.MENTION})
        assert story.best is None or relations[story.best.record] is Relation.SAME


def test_nothing_has_no_stories():
    assert stories_of([], SETTINGS) == []


def test_a_story_has_its_copies_its_excerpts_and_its_mentions():
    every = [
        record("own", seen="2026-01-02T00:00:00Z"),
        record("copy", "By A. Quill " + STORY, seen="2026-01-01T00:00:00Z"),
        record("teaser", STORY[:130] + "…", seen="2025-12-31T00:00:00Z"),
        record("headline", ""),
        record("briefing", "", "Morning Briefing"),
        record("another", "", "Morning Briefing"),
    ]
    first, *others = stories_of(every, SETTINGS)
    assert first.best is not None
    assert (first.canonical.record, first.best.record) == ("copy", "own")
    assert names(first) == [
        ("teaser", Relation.EXCERPT),
        ("copy", Relation.SAME),
        ("own", Relation.SAME),
        ("headline", Relation.MENTION),
    ]
    assert [names(story) for story in others] == [[("another", Relation.MENTION)], [("briefing", Relation.MENTION)]]


def test_the_id_of_a_story_stays_when_it_is_seen_again():
    teaser = record("teaser", STORY[:130] + "…", seen="2026-01-01T00:00:00Z")
    whole = record("whole", seen="2026-01-02T00:00:00Z")
    again = record("again", "By A. Quill " + STORY, seen="2026-01-03T00:00:00Z")
    ids = {story.id for every in ([teaser], [teaser, whole], [again, whole, teaser]) for story in stories_of(every, SETTINGS)}
    assert len(ids) == 1


def test_a_page_that_was_captured_again_is_seen_twice():
    (story,) = stories_of([record("a", path="2.warc"), record("a", path="1.warc")], SETTINGS)
    assert [sighting.path for sighting, _ in story.seen] == ["1.warc", "2.warc"]


def test_a_teaser_that_two_stories_contain_does_not_join_them():
    digest = STORY[:300] + " " + " ".join(f"Word {i} of another item comes here." for i in range(200))
    every = [record("story"), record("digest", digest, "Digest"), record("cut", STORY[:290])]
    assert [[name for name, _ in names(story)] for story in stories_of(every, SETTINGS)] == [["digest"], ["cut", "story"]]


def test_headlines_that_may_mention_two_stories_are_in_neither():
    other = " ".join(SENTENCES[::-1])
    every = [record("a"), record("b", other), record("c", ""), record("d", "")]
    assert [names(story) for story in stories_of(every, SETTINGS)] == [
        [("a", Relation.SAME)],
        [("b", Relation.SAME)],
        [("c", Relation.MENTION), ("d", Relation.MENTION)],
    ]


def test_texts_are_compared_with_leaders_alone(monkeypatch):
    compared = []
    monkeypatch.setattr("cleaners.stories.links.relation", lambda a, b, _: compared.append((a, b)))
    stories_of((record(f"r{i}", source=f"Source {i}") for i in range(200)), SETTINGS)
    assert 200 <= len(compared) <= 2 * 200


def test_equal_texts_are_compared_once(monkeypatch):
    monkeypatch.setattr("cleaners.stories.links.relation", lambda *_: 1 / 0)
    (story,) = stories_of((record(f"r{i}") for i in range(200)), SETTINGS)
    assert len(story.seen) == 200
