"""The pages that a report shows: their text in pieces, each with its fate, and the records that they became."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

import msgspec

from cleaners import BadPage, PageInfo, Record, Segment
from cleaners.output.ledger import check_ledger, replay
from flows.output.lines import AuditLine
from flows.output.sample import SampledPage
from flows.report.page_texts import PageTexts

MAX_CHARS = 200_000  # of a page's text; of a longer one only records are shown
MOST_RECORDS = 500  # of a page
MAX_VALUE_CHARS = 1_000  # of what a record says beside its text
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
    the position of the record and the field that it went to. There are none where the text is not at hand. `note` says what is
    not shown, and why.
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
    if line.segments and line.segments[-1].end > MAX_CHARS:
        note = f"This page has over {MAX_CHARS:,} characters, too many to be shown here; dehusk explain shows it line by line."
        return ShownPage(line.page, _cut(records, MAX_VALUE_CHARS), [], note)
    text = texts.text_of(line.page.path) if line.text is msgspec.UNSET else line.text
    if text is None:
        note = "The text of this page is not at hand; dehusk report OUT INPUT... looks for it in the inputs that are named."
        return ShownPage(line.page, _cut(records, MAX_CHARS), [], note)
    if not _is_as_cleaned(text, line.segments, records):
        return ShownPage(line.page, _cut(records, MAX_CHARS), [], "This page has changed since it was cleaned.")
    pieces = [*_pieces(text, line.segments, records)]
    joined = join_pieces(pieces)
    shown = _cut(records, MAX_CHARS)
    for record in shown:
        if joined.get(record.position, "") == record.text:
            record.text = ""  # the script joins the pieces likewise
    return ShownPage(line.page, shown, pieces)


def _is_as_cleaned(text: str, segments: Sequence[Segment], records: Sequence[Record]) -> bool:
    try:
        check_ledger(text, segments)
    except BadPage:
        return False
    has_text = {segment.record for segment in segments if segment.field == "text"}
    return all(
        replay(text, segments, record.id, "text") == record.text for record in records[:MOST_RECORDS] if record.id in has_text
    )


def _cut(records: Sequence[Record], most_chars: int) -> list[ShownRecord]:
    """Return the first records of a page, with texts of so many characters at most."""
    shown = []
    for record in records[:MOST_RECORDS]:
        values = {name: _short(getattr(record, name)) for name in ShownRecord.__struct_fields__ if name != "text"}
        shown.append(msgspec.convert({**values, "text": record.text[:most_chars]}, ShownRecord))
    return shown


def _short(value: object) -> object:
    if isinstance(value, str):
        return value[:MAX_VALUE_CHARS]
    return [item[:MAX_VALUE_CHARS] for item in value[:50]] if isinstance(value, list) else value


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


def join_pieces(pieces: Iterable[Piece]) -> dict[int, str]:
    """Return what the pieces of each record's text are together, by the plain rule that the report's script has, too.

    They are joined by a line end where one stands between them, else by a blank where anything does.
    """
    joined: dict[int, str] = {}
    ends: dict[int, tuple[int, int]] = {}  # where each record's last piece ended: at which character, after how many line ends
    at = lines = 0
    for piece in pieces:
        if len(piece) == 3 and piece[2] == "text":
            position = piece[1]
            if position in joined:
                end, lines_before = ends[position]
                joined[position] += "\n" if lines > lines_before else " " if at > end else ""
            joined[position] = joined.get(position, "") + piece[0]
        at += len(piece[0])
        lines += piece[0].count("\n")
        if len(piece) == 3 and piece[2] == "text":
            ends[piece[1]] = at, lines
    return joined
