"""Find the stories in a set of records: what is kept of stories from run to run is held to this.

Called by whoever has records that fit into memory. The stories depend on nothing but the set of records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cleaners.stories.choice import Copy
from cleaners.stories.links import OTHER_LOT, grouped, links_of, rank_of
from cleaners.stories.relation import has_text
from cleaners.stories.settings import StorySettings
from cleaners.stories.sighting import Sighting, place, placed_sketch
from cleaners.stories.sketch import Sketch, identity
from cleaners.stories.story import Story, story_of


def stories_of(records: Iterable[tuple[Sketch, Sighting]], settings: StorySettings) -> list[Story]:
    """Return all stories, in the order of their canonical records being seen."""
    sketches: dict[int, Sketch] = {}
    sightings: dict[int, list[Sighting]] = {}
    for sketch, sighting in records:
        sketch = placed_sketch(sketch, sighting)
        number = identity(sketch)
        sketches[number] = sketch
        sightings.setdefault(number, []).append(sighting)
    for rows in sightings.values():
        rows.sort(key=place)
    texts = {number: sketch for number, sketch in sketches.items() if has_text(sketch)}
    groups = _groups(texts, settings)
    headlines = {sketch.mention: sightings[number] for number, sketch in sketches.items() if not has_text(sketch)}
    found = [
        story_of([Copy(texts[number], sightings[number]) for number in group], mentions, settings)
        for group, mentions in _with_mentions(groups, texts, headlines)
    ]
    return sorted(found, key=lambda story: place(story.canonical))


def _groups(texts: Mapping[int, Sketch], settings: StorySettings) -> list[list[int]]:
    """Return the texts of each story."""
    ranks = {number: rank_of(sketch, number) for number, sketch in texts.items()}
    leaders: dict[tuple[bytes, bool], int] = {}
    for number, sketch in texts.items():
        for key in sketch.keys:
            lot = (key, ranks[number] >= OTHER_LOT)
            leaders[lot] = max(leaders.get(lot, number), number, key=ranks.__getitem__)
    links = {}
    for number, sketch in texts.items():
        lots = ((key, is_other) for key in sketch.keys for is_other in (False, True))
        found = {leaders[lot] for lot in lots if lot in leaders} - {number}
        links[number] = links_of(sketch, ranks[number], {n: (texts[n], ranks[n]) for n in found}, settings)
    return grouped(links)


def _with_mentions(
    groups: list[list[int]], texts: Mapping[int, Sketch], headlines: Mapping[bytes, list[Sighting]]
) -> Iterator[tuple[list[int], list[Sighting]]]:
    """Yield the stories with the headlines that mention each, then those that headlines alone tell.

    Headlines that may mention several stories are a story of their own.
    """
    with_headline: dict[bytes, set[int]] = {}
    for i, group in enumerate(groups):
        for number in group:
            with_headline.setdefault(texts[number].mention, set()).add(i)
    mentions: dict[int, list[list[Sighting]]] = {}
    for mention, rows in headlines.items():
        stories = with_headline.get(mention, set())
        if len(stories) == 1:
            mentions.setdefault(min(stories), []).append(rows)
        else:
            yield [], rows
    for i, group in enumerate(groups):
        yield group, sorted((sighting for rows in mentions.get(i, ()) for sighting in rows), key=place)
