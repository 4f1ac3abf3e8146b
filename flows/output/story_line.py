"""The lines of files in `stories/`: each story once, with the records that tell it on all pages.

Written by `flows.stories.files`; read by `flows.export` and by programs. The files hold what was first seen on one day each, by
the name of that day; of a record without a time of capture no day is known.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from cleaners.output.record import ID, ID_OR_NONE, MOMENT_OR_NONE
from cleaners.stories.relation import Relation

MAX_SEEN = 1_000  # records in a line


class SeenPage(msgspec.Struct, frozen=True):
    """The page of a record, by keys that records have in `page`."""

    id: Annotated[str, Meta(description="Id of the page, as in its records.", extra_json_schema=ID)]
    path: Annotated[str, Meta(description="Path of the page, as in its records.")]
    url: Annotated[str, Meta(description='Address of the page, "" when unknown.')]
    captured_at: Annotated[
        str, Meta(description='Time of capture, ISO 8601 in UTC, "" when unknown.', extra_json_schema=MOMENT_OR_NONE)
    ]


class Seen(msgspec.Struct, frozen=True):
    """A record that tells a story."""

    record: Annotated[str, Meta(description="Id of the record.", extra_json_schema=ID)]
    relation: Annotated[
        Relation,
        Meta(
            description="same: a copy of the whole text; excerpt: a cut copy or a teaser; mention: its headline alone, which "
            "says nothing of the text."
        ),
    ]
    page: Annotated[SeenPage, Meta(description="The page that it stands on.")]
    position: Annotated[
        int, Meta(description="Its position on the page, 0 for the page's own story.", extra_json_schema={"minimum": 0})
    ]
    text_sha256: Annotated[
        str,
        Meta(
            description="SHA-256 of its text, as in the record.",
            extra_json_schema={"pattern": "^([0-9a-f]{64})?$"},
        ),
    ]


class StoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A story, with at most MAX_SEEN of its records; those that follow are in lines with the same keys but for `part`."""

    story: Annotated[
        str,
        Meta(
            description="Id of the story, made of the first record seen of it: it stays when it is seen again.",
            extra_json_schema=ID,
        ),
    ]
    part: Annotated[
        int,
        Meta(
            description=f"0; 1, 2, ... in the lines that go on with `seen` after {MAX_SEEN:,} records.",
            extra_json_schema={"minimum": 0},
        ),
    ]
    canonical: Annotated[
        str,
        Meta(
            description="Id of the record that stands for the story: of the full copies the first one seen.",
            extra_json_schema=ID,
        ),
    ]
    canonical_at: Annotated[
        int,
        Meta(description="Its place in `seen`, from 0, over all parts.", extra_json_schema={"minimum": 0}),
    ]
    best: Annotated[
        str,
        Meta(
            description='Id of the record with the fullest clean text, "" when no record has a text.',
            extra_json_schema=ID_OR_NONE,
        ),
    ]
    best_at: Annotated[
        int, Meta(description="Its place in `seen`, from 0, over all parts; -1 for none.", extra_json_schema={"minimum": -1})
    ]
    title: Annotated[str, Meta(description='Title of the canonical record, "" when it has none.')]
    source: Annotated[str, Meta(description='Its publisher, "" when the page does not name it.')]
    published: Annotated[
        str, Meta(description='Its time of publication, ISO 8601 in UTC, "" when unknown.', extra_json_schema=MOMENT_OR_NONE)
    ]
    language: Annotated[
        str, Meta(description='Its language, ISO 639-1, "" when unknown.', extra_json_schema={"pattern": "^([a-z]{2})?$"})
    ]
    first_seen: Annotated[
        str, Meta(description='Earliest time of capture, "" when none is known.', extra_json_schema=MOMENT_OR_NONE)
    ]
    last_seen: Annotated[
        str, Meta(description='Latest time of capture, "" when none is known.', extra_json_schema=MOMENT_OR_NONE)
    ]
    count: Annotated[int, Meta(description="Number of its records, in all parts.", extra_json_schema={"minimum": 1})]
    seen: Annotated[
        list[Seen],
        Meta(description="Its records in the order of being seen: by capture, unknown times last, then by path and position."),
    ]
