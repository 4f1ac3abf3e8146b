"""Sketches of records for the tests of stories, and the stories of a set by their definition, plainly found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaners.stories.choice import best, full_copies, place
from cleaners.stories.links import LOTS, rank
from cleaners.stories.relation import Relation, has_text, relation, title_likeness
from cleaners.stories.settings import StorySettings, shipped_settings
from cleaners.stories.sketch import RecordText, Sketch, sketch_of
from cleaners.stories.table import Story

SETTINGS = shipped_settings()
STORY = (
    "The old ferry came back to the north quay on Monday after a winter of repairs that took longer than anybody had planned. "
    "Hundreds of people stood in the rain to see it, and the mayor said that she had stopped believing in it in March. "
    "The yard had found cracks in the hull, then in the engine, and at last in the contract that all had signed in a hurry. "
    "From now on the boat sails every hour between seven and midnight, and children under the age of ten travel free. "
    "The harbour company wants to order a second one, with an electric engine, as soon as the council has found the money. "
    "Not all of the islanders are happy, as the summer timetable leaves out the two smallest piers on the western side."
)
TITLE = "Ferry is back at the north quay"


def sketch(text: str = STORY, title: str = TITLE, record: str = "a", source: str = "The Post", **more: object) -> Sketch:
    """Return the sketch of a record."""
    given = RecordText(record=record, title=title, text=text, source=source, **{"path": record, "position": 0} | more)
    return sketch_of(given, SETTINGS)


def plain_stories(sketches: Iterable[Sketch], settings: StorySettings = SETTINGS) -> list[Story]:
    """Return the stories of a set of records by their definition, in quadratic time and more."""
    every = list(sketches)
    texts = [one for one in every if has_text(one)]
    pairs = [(one, leader) for one in texts for leader in texts if one is not leader and _leads(leader, one, texts)]
    groups = _joined([[one] for one in texts], [p for p in pairs if relation(*p, settings) is Relation.SAME])
    attached = []
    for group in groups:
        wholes = [
            (title_likeness(one, leader), rank(leader), one, leader)
            for one, leader in pairs
            if one in group
            and relation(one, leader, settings) is Relation.EXCERPT
            and _head(leader, groups) > _head(one, groups)
        ]
        attached += [max(wholes, key=lambda whole: whole[:2])[2:]] if wholes else []
    stories = _joined(groups, attached)
    for one in every:
        if not has_text(one):
            told = [story for story in stories if any(has_text(other) and _mentions(one, other) for other in story)]
            peers = [story for story in stories if not told and _mentions(one, story[0]) and not has_text(story[0])]
            if len(told) == 1 or peers:
                (told or peers)[0].append(one)
            else:
                stories.append([one])
    found = [_story(story, settings) for story in stories]
    return sorted(found, key=lambda story: place(next(one for one in every if one.record == story.canonical)))


def _leads(leader: Sketch, one: Sketch, texts: Sequence[Sketch]) -> bool:
    peers = [text for text in texts if text.digest[0] % LOTS == leader.digest[0] % LOTS]
    common = set(leader.keys) & set(one.keys)
    return any(leader is max((text for text in peers if key in text.keys), key=rank) for key in common)


def _head(one: Sketch, groups: list[list[Sketch]]) -> object:
    return max(rank(other) for group in groups if one in group for other in group)


def _mentions(headline: Sketch, other: Sketch) -> bool:
    return bool(headline.mention) and headline.mention == other.mention


def _joined(groups: list[list[Sketch]], pairs: Iterable[tuple[Sketch, Sketch]]) -> list[list[Sketch]]:
    for one, other in pairs:
        mine, theirs = (next(group for group in groups if it in group) for it in (one, other))
        if mine is not theirs:
            groups = [group for group in groups if group is not mine and group is not theirs] + [mine + theirs]
    return groups


def _story(story: list[Sketch], settings: StorySettings) -> Story:
    copies = [one for one in story if has_text(one)]
    full = full_copies(copies, settings) if copies else []
    relations = {one.record: Relation.EXCERPT if has_text(one) else Relation.MENTION for one in story}
    relations |= {one.record: Relation.SAME for one in full}
    return Story(
        canonical=min(full or story, key=place).record,
        best=best(copies, settings).record if copies else "",
        seen=[(one.record, relations[one.record]) for one in sorted(story, key=place)],
    )
