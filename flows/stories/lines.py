"""The lines of a story in the files of `stories/`, and the row that keeps them.

Called by `flows.stories.grouping` for the stories that have changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from cleaners.stories.choice import Copy
from cleaners.stories.relation import Relation
from cleaners.stories.settings import StorySettings
from cleaners.stories.sighting import Sighting, place
from cleaners.stories.sketch import Sketch
from cleaners.stories.story import Story, story_of
from flows.display import printable_json
from flows.output.story_line import MAX_SEEN, Seen, SeenPage, StoryLine
from flows.stories.rows import batches, sightings_of, sketches_of

UNDATED = "undated"  # the file of stories without a time of capture
DAY = len("2025-07-05")
ANY = Sketch(mention=b"")  # of the only text of a story, which is compared with none
_encode = msgspec.json.Encoder().encode


def stories_with(connection: sa.Connection, numbers: Sequence[int], settings: StorySettings) -> dict[int, Story]:
    """Return stories by their numbers; those that nothing tells any more are left out."""
    copies: dict[int, dict[int, list[Sighting]]] = {}
    headlines: dict[int, list[Sighting]] = {}
    for story, text, is_text, sighting in sightings_of(connection, numbers):
        by_text = copies.setdefault(story, {})
        (by_text.setdefault(text, []) if is_text else headlines.setdefault(story, [])).append(sighting)
    several = [text for by_text in copies.values() if len(by_text) > 1 for text in by_text]
    sketches = sketches_of(connection, several)
    return {
        number: story_of(
            [Copy(sketches.get(text, ANY), sorted(seen, key=place)) for text, seen in by_text.items()],
            sorted(headlines.get(number, ()), key=place),
            settings,
        )
        for number, by_text in copies.items()
    }


def row_of(number: int, story: Story) -> dict[str, Any]:
    """Return the row of a story: its id, the file that holds it, its lines, and how many records tell it."""
    lines = b"\n".join(printable_json(_encode(line)) for line in _lines(story))
    texts = sum(relation is not Relation.MENTION for _, relation in story.seen)
    day = story.seen[0][0].seen[:DAY] or UNDATED
    return {"story": number, "id": story.id, "file": day, "count": len(story.seen), "texts": texts, "lines": lines}


def _lines(story: Story) -> Iterator[StoryLine]:
    canonical = story.canonical
    sightings = [sighting for sighting, _ in story.seen]
    canonical_at, best_at = sightings.index(canonical), sightings.index(story.best) if story.best else -1
    times = [sighting.seen for sighting in sightings if sighting.seen]
    for part, rows in enumerate(batches(story.seen, MAX_SEEN)):
        yield StoryLine(
            story=story.id,
            part=part,
            canonical=canonical.record,
            canonical_at=canonical_at,
            best=story.best.record if story.best else "",
            best_at=best_at,
            title=canonical.title,
            source=canonical.source,
            published=canonical.published,
            language=canonical.language,
            first_seen=min(times, default=""),
            last_seen=max(times, default=""),
            count=len(story.seen),
            seen=[
                Seen(one.record, relation, SeenPage(one.page, one.path, one.url, one.seen), one.position, one.text_sha256)
                for one, relation in rows
            ],
        )
