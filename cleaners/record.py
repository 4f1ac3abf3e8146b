"""What a cleaned page is: records, and the ledger that says where every character went."""

from __future__ import annotations

import msgspec


class PageInfo(msgspec.Struct, frozen=True):
    """Where a record comes from; `site` is a pack's name or "", `layout` the grammar that the page follows."""

    id: str
    path: str
    url: str
    site: str
    layout: str
    captured_at: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One story of a page. Every key is always there, in this order and of this type; unknown is empty, never null."""

    id: str
    kind: str
    title: str
    text: str
    source: str
    published: str
    published_raw: str
    published_precision: str
    category: str
    authors: list[str]
    tags: list[str]
    language: str
    url: str
    attribution: str
    flags: list[str]
    parent_id: str
    position: int
    page: PageInfo
    text_sha256: str
    duplicate_of: str
    rules: str


class Segment(msgspec.Struct, frozen=True):
    """The characters from `start` to `end` of a page went to a `field` of a `record`, or were removed by a `rule`."""

    start: int
    end: int
    record: str | None
    field: str | None
    rule: str | None


class Cleaned(msgspec.Struct, frozen=True):
    """All records of a page and its complete ledger; `kinds` tells the kind of every rule that removed something."""

    page: PageInfo
    records: list[Record]
    segments: list[Segment]
    kinds: dict[str, str]
