"""The pages that a report shows: their text in pieces, each with its fate, and the records that they became."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

import msgspec

from cleaners import BadPage, PageInfo, Record, Segment
from cleaners.ledger import check_ledger
from flows.page_texts import PageTexts
from flows.sample import SampledPage
from flows.shard import AuditLine

MAX_CHARS = 400_000  # of a page; of a longer one only the records are shown, and these cut
Piece = tuple[str] | tuple[str, str] | tuple[str, int, str]


class ShownRecord(msgspec.Struct, omit_defaults=True):
    """Of a record what its page does not say; its text only where the pieces of the page do not give it."""

    id: str
    kind: str
    position: int
    title: str = ""
    text: str = ""
    source: str = ""
    published: str = ""
    published_raw: str = ""
    category: str = ""
    authors: list[str] = []
    tags: list[str] = []
    language: str = ""
    url: str = ""
    attribution: str = ""
    flags: list[str] = []


class ShownPage(msgspec.Struct):
    """A page as the report's script reads it.

    Each of its `pieces` is a text that stands between others (white space), a text and the rule that removed it, or a text and
    the position of the record and the field that it went to. There are none where the text is not at hand; `note` says why.
    """

    page: PageInfo
    records: list[ShownRecord]
    pieces: list[Piece]
    note: str = ""


def shown_pages(out: Path, sampled: Iterable[SampledPage], texts: PageTexts) -> Iterator[ShownPage]:
    """Yield the sampled pages as far as their lines still stand where the run wrote them."""
    for place in sampled:
        try:
            line = _audit_line(out, place)
            records = _records(out, place) if line is not None else []
        except (OSError, msgspec.MsgspecError):  # a later run has written the shard anew
            continue
        if line is not None:
            yield _shown(line, records, texts)


def _audit_line(out: Path, place: SampledPage) -> AuditLine | None:
    with (out / "audit" / f"{place.shard}.jsonl").open("rb") as file:
        file.seek(place.audit)
        line = msgspec.json.decode(file.readline(), type=AuditLine)
    return line if line.page.path == place.path else None


def _records(out: Path, place: SampledPage) -> list[Record]:
    with (out / "records" / f"{place.shard}.jsonl").open("rb") as file:
        file.seek(place.records)
        records = map(msgspec.json.Decoder(Record).decode, file)
        return [*takewhile(lambda record: record.page.path == place.path, records)]


def _shown(line: AuditLine, records: list[Record], texts: PageTexts) -> ShownPage:
    text = texts.text_of(line.page.path) if line.text is msgspec.UNSET else line.text
    note = _why_not(text, line.segments)
    own = [msgspec.convert(record, ShownRecord, from_attributes=True) for record in records]
    for record in own:
        record.text = record.text[:MAX_CHARS] if note else ""
    return ShownPage(line.page, own, [] if note else [*_pieces(text or "", line.segments, records)], note)


def _why_not(text: str | None, segments: Sequence[Segment]) -> str:
    """Return why a page's text cannot be shown, "" where it can."""
    if text is None:
        return "The text of this page is not at hand; dehusk report OUT INPUT... looks for it in the inputs that are named."
    if len(text) > MAX_CHARS:
        return f"This page has {len(text):,} characters, too many to be shown here; dehusk explain shows it line by line."
    try:
        check_ledger(text, segments)
    except BadPage:
        return "This page has changed since it was cleaned."
    return ""


def _pieces(text: str, segments: Sequence[Segment], records: Sequence[Record]) -> Iterator[Piece]:
    positions = {record.id: record.position for record in records}
    at = 0
    for segment in segments:
        if segment.start > at:
            yield (text[at : segment.start],)
        said = text[segment.start : segment.end]
        if segment.rule is not None:
            yield said, segment.rule
        else:
            yield said, positions.get(segment.record or "", 0), segment.field or ""
        at = segment.end
    if at < len(text):
        yield (text[at:],)
