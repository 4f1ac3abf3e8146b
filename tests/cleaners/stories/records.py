"""Sketches of records for the tests of stories, and the stories of a set by their definition, plainly found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaners.stories.choice import Copy
from cleaners.stories.links import OTHER_LOT, rank_in_lot, rank_of
from cleaners.stories.relation import Relation, has_text, relation, title_likeness
from cleaners.stories.settings import StorySettings, shipped_settings
from cleaners.stories.sighting import Sighting, place, placed_sketch
from cleaners.stories.sketch import RecordText, Sketch, identity, sketch_of
from cleaners.stories.story import Story, story_of

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


SketchedRecord = tuple[Sketch, Sighting]


def sketch(text: str = STORY, title: str = TITLE, source: str = "The Post", *, is_cut: bool = False) -> Sketch:
    """Return the sketch of a text."""
    return sketch_of(RecordText(title=title, text=text, source=source, is_cut=is_cut), SETTINGS)


def record(name: str, text: str = STORY, title: str = TITLE, source: str = "The Post", **place_: object) -> SketchedRecord:
    """Return a record by its sketch and its place."""
    return sketch(text, title, source), Sighting(
        record=name, title=title, source=source, **{"path": name, "position": 0} | place_
    )


def plain_stories(records: Iterable[SketchedRecord], settings: StorySettings = SETTINGS) -> list[Story]:
    """Return the stories of a set of records by their definition, in quadratic time and more."""
    sightings: list[tuple[Sketch, Sighting]] = sorted(
        ((placed_sketch(one, sighting), sighting) for one, sighting in records), key=lambda row: place(row[1])
    )
    texts = [*{identity(one): one for one, _ in sightings if has_text(one)}.values()]
    pairs = [(one, leader) for one in texts for leader in texts if one is not leader and _leads(leader, one, texts)]
    groups = _joined([[one] for one in texts], [p for p in pairs if relation(*p, settings) is Relation.SAME])
    attached = []
    for group in groups:
        wholes = [
            (title_likeness(one, leader), _standing(leader), one, leader)
            for one, leader in pairs
            if one in group
            and relation(one, leader, settings) is Relation.EXCERPT
            and _head(leader, groups) > _head(one, groups)
        ]
        attached += [max(wholes, key=lambda whole: whole[:2])[2:]] if wholes else []
    stories = _joined(groups, attached)
    mentions = {one.mention for one, _ in sightings if not has_text(one)}
    for mention in sorted(mentions):
        tellers = [story for story in stories if any(has_text(one) and one.mention == mention for one in story)]
        headline = Sketch(mention=mention)
        if len(tellers) == 1:
            tellers[0].append(headline)
        else:
            stories.append([headline])
    found = []
    for story in stories:
        seen = {identity(one): [sighting for told_, sighting in sightings if told_ == one] for one in story}
        copies = [Copy(one, seen[identity(one)]) for one in story if has_text(one)]
        headlines = sorted((s for one in story if not has_text(one) for s in seen[identity(one)]), key=place)
        found.append(story_of(copies, headlines, settings))
    return sorted(found, key=lambda story: place(story.canonical))


def _rank(one: Sketch) -> int:
    return rank_of(one, identity(one))


def _standing(one: Sketch) -> int:
    return rank_in_lot(_rank(one))


def _leads(leader: Sketch, one: Sketch, texts: Sequence[Sketch]) -> bool:
    peers = [text for text in texts if (_rank(text) < OTHER_LOT) == (_rank(leader) < OTHER_LOT)]
    common = set(leader.keys) & set(one.keys)
    return any(leader is max((text for text in peers if key in text.keys), key=_rank) for key in common)


def _head(one: Sketch, groups: list[list[Sketch]]) -> int:
    return max(_standing(other) for group in groups if one in group for other in group)


def _joined(groups: list[list[Sketch]], pairs: Iterable[tuple[Sketch, Sketch]]) -> list[list[Sketch]]:
    for one, other in pairs:
        mine, theirs = (next(group for group in groups if it in group) for it in (one, other))
        if mine is not theirs:
            groups = [group for group in groups if group is not mine and group is not theirs] + [mine + theirs]
    return groups
