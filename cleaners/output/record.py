"""The types of a cleaned page: its records, and the ledger with the fate of every character.

Built by `assemble`. The descriptions of keys here also appear in `dehusk schema` and in the dataset card of an export.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from cleaners.output.html_view import ShownRecord, ShownSpan, page_view, record_view
from cleaners.rules.model import RuleKind
from cleaners.segmentation.by_layout import PageType
from cleaners.segmentation.evidence import LineEvidence

RecordKind = Literal["article", "story", "headline"]
# How a story was read: by the layout of its site; as the page's own story, of HTML or of text; as an embedded story, with text
# or without.
StoryReading = Literal["site", "html", "text", "story", "headline"]
# The keys of a record that hold characters of the page, and so may be the field of a segment.
RecordField = Literal["title", "text", "source", "published_raw", "category", "authors", "tags", "attribution"]
# Every flag that a record may have, with its meaning.
FLAGS = {
    "ai-assisted": "the page says that the story was written or translated with the help of AI",
    "empty-body": "the page's own story has no text",
    "encoding-guessed": "the text's encoding is known from its bytes alone, and some letters may be wrong",
    "layout-unknown": "none of the layouts of the page's site matches the page; the site may have changed",
    "mojibake-repaired": "the page's text had been decoded wrongly before it was stored, and was repaired",
    "page-truncated": "an archive kept only the beginning of the page",
    "paywalled": "the page shows the text in part, and offers the rest to subscribers or members",
    "prose-beside": "much prose of the page was taken for none of this story; its line in audit/ tells where",
    "syndicated": "the page says that the story comes from another publisher",
    "truncated": "the page, or the store that kept it, cut the text before its end",
}
# For the schema alone: msgspec does not check records against these, as that would take time.
ID = {"pattern": "^[0-9a-f]{24}$"}
ID_OR_NONE = {"pattern": "^([0-9a-f]{24})?$"}
MOMENT_OR_NONE = {
    "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$",
    "anyOf": [{"const": ""}, {"format": "date-time"}],
}
# Open, so that a flag may be added.
_FLAG = {"anyOf": [{"const": flag, "description": meaning} for flag, meaning in FLAGS.items()] + [{"pattern": "^[a-z-]+$"}]}


class PageInfo(msgspec.Struct, frozen=True):
    """Where a record comes from; `site` is a pack's name or "", `layout` the grammar that the page follows."""

    id: Annotated[str, Meta(description="Stable name of the page.", extra_json_schema=ID)]
    path: Annotated[str, Meta(description="Its path relative to the input, and in a container its place: crawl.warc.gz#4096.")]
    url: Annotated[str, Meta(description='Its address, "" when it is not known.')]
    site: Annotated[str, Meta(description='Name of the pack of its site, "" when none knows it.')]
    layout: Annotated[str, Meta(description="Name of the layout that the page follows.")]
    type: Annotated[
        PageType,
        Meta(description="Type of the page; one that is no article, live report or digest has no record of kind article."),
    ]
    captured_at: Annotated[
        str,
        Meta(description='When the page was captured, ISO 8601 in UTC, "" when unknown.', extra_json_schema=MOMENT_OR_NONE),
    ]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One story of a page. Every key is always there, in this order and of this type; unknown is empty, never null."""

    id: Annotated[str, Meta(description="Stable: the same page and the same story give the same id.", extra_json_schema=ID)]
    kind: Annotated[
        RecordKind,
        Meta(description="article: the page's own story; story: one embedded in it, with text; headline: one without text."),
    ]
    title: Annotated[str, Meta(description='Title, "" when the page gives none.')]
    text: Annotated[str, Meta(description='Clean text, its paragraphs separated by a line feed, "" when there is none.')]
    source: Annotated[str, Meta(description='Publisher as the page names it, "" when it does not.')]
    published: Annotated[
        str,
        Meta(
            description='Time of publication, ISO 8601 in UTC, "" when it cannot be known from the page and its capture.',
            extra_json_schema=MOMENT_OR_NONE,
        ),
    ]
    published_raw: Annotated[str, Meta(description="That time as the page words it.")]
    published_precision: Annotated[
        str,
        Meta(
            description='What `published` is known to, "" when it is not known.',
            extra_json_schema={"enum": ["", "second", "minute", "hour", "day"]},
        ),
    ]
    category: Annotated[str, Meta(description='Category as the page names it, "" when it does not.')]
    authors: Annotated[list[str], Meta(description="Authors as the page names them.")]
    tags: Annotated[list[str], Meta(description="Tags as the page names them.")]
    language: Annotated[
        str,
        Meta(
            description='Language of the text, ISO 639-1, "" when it is too short to tell.',
            extra_json_schema={"pattern": "^([a-z]{2})?$"},
        ),
    ]
    url: Annotated[str, Meta(description='Address of the story itself, "" when unknown.')]
    attribution: Annotated[str, Meta(description="Notice of a reprint, a wire or a contributor, lifted out of the text.")]
    confidence: Annotated[
        float,
        Meta(
            description="How sure it is that this is one story, the whole of it and nothing else, from 0 to 1: "
            "of records at 0.9, about 90 % are.",
            extra_json_schema={"minimum": 0, "maximum": 1},
        ),
    ]
    flags: Annotated[
        list[Annotated[str, Meta(extra_json_schema=_FLAG)]],
        Meta(description="What to know before using the record; sorted. More flags may be added."),
    ]
    parent_id: Annotated[
        str,
        Meta(
            description='For story and headline, the id of the article of the page, "" when the page has none.',
            extra_json_schema=ID_OR_NONE,
        ),
    ]
    position: Annotated[
        int,
        Meta(description="0 for the page's own story, 1 and up for others in page order.", extra_json_schema={"minimum": 0}),
    ]
    page: Annotated[PageInfo, Meta(description="Where the record comes from.")]
    text_sha256: Annotated[
        str, Meta(description="SHA-256 of `text` in UTF-8.", extra_json_schema={"pattern": "^[0-9a-f]{64}$"})
    ]
    duplicate_of: Annotated[
        str,
        Meta(
            description="The id of the record that stands for the story, if this one is a copy or an excerpt of it, "
            '"" else: filled by `dehusk export`, "" in records/.',
            extra_json_schema=ID_OR_NONE,
        ),
    ]
    rules: Annotated[
        str,
        Meta(
            description="Digest of the packs and the code that made the record.",
            extra_json_schema={"pattern": "^[0-9a-f]{16}$"},
        ),
    ]

    def _repr_html_(self) -> str:
        facts = {"kind": self.kind, "source": self.source, "published": self.published or self.published_raw}
        facts |= {"language": self.language, "flags": ", ".join(self.flags), "confidence": f"{self.confidence:.2f} sure"}
        return record_view(self.title, facts, self.text)


class Segment(msgspec.Struct, frozen=True, gc=False):
    """The characters from `start` to `end` of a page went to a `field` of a `record`, or were removed by a `rule`."""

    start: Annotated[int, Meta(description="Where it begins, in code points.", extra_json_schema={"minimum": 0})]
    end: Annotated[int, Meta(description="Where it ends, in code points.", extra_json_schema={"minimum": 1})]
    record: Annotated[str | None, Meta(description="Id of the record that it went to; null when it was removed.")]
    field: Annotated[str | None, Meta(description="Key of that record; null when it was removed.")]
    rule: Annotated[str | None, Meta(description="Id of the rule that removed it; null when it was kept.")]


class Sureness(msgspec.Struct, frozen=True, gc=False):
    """The confidence in a record, with the way its story was read and the numbers behind it by name."""

    reading: StoryReading
    measures: dict[str, float]
    confidence: float


class SiteMarks(msgspec.Struct, frozen=True, gc=False):
    """The marks of a page's site on it, by which a change of the site shows.

    `lacks_signs` means that the page is known by its address alone: it has too few of the signs of the pack, and of each of its
    templates. `templates` are the ids of the pack's templates that the page has: "" alone where it has none, nothing where the
    pack has none.
    """

    lacks_signs: bool
    templates: tuple[str, ...]


class Cleaned(msgspec.Struct, frozen=True, omit_defaults=True):
    """All records of a page and its complete ledger; `kinds` maps each rule that removed something to its kind.

    `sureness` has the numbers behind the confidence of each record. `evidence` has the witness of each line, in page order; it
    is empty unless a caller asked for it. `marks` are those of the page's site, None without a pack of it. `text` is the text
    of the page that the offsets of segments count. A notebook shows the page in colour.
    """

    page: PageInfo
    records: list[Record]
    segments: list[Segment]
    kinds: dict[str, RuleKind]
    sureness: list[Sureness] = []
    evidence: list[LineEvidence] = []
    marks: SiteMarks | None = None
    text: str = ""

    def _repr_html_(self) -> str:
        page = self.page
        names = (
            page.path or page.url,
            f"site {page.site or 'unknown'}",
            page.layout,
            page.type,
            f"{len(self.records)} records",
        )
        positions = {record.id: record.position for record in self.records}
        spans = (ShownSpan(it.start, it.end, positions.get(it.record or ""), it.field or it.rule or "") for it in self.segments)
        records = (ShownRecord(it.position, it.kind, it.title or it.text, it.confidence) for it in self.records)
        return page_view(" · ".join(filter(None, names)), self.text, spans, records)
