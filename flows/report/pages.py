"""The sampled pages of a report: their text in pieces, each with its fate, and their records.

Called by `flows.report.build`; report_pages.js shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

import msgspec

from cleaners import BadPage, PageInfo, Record, Segment
from cleaners.output.ledger import check_ledger, replay
from flows.output.lines import AuditLine
from flows.output.sample import SampledPage
from flows.report.evidence import Explainer
from flows.report.page_texts import PageTexts

MAX_CHARS = 200_000  # of a page's text; of a longer one only records are shown
MOST_RECORDS = 500  # of a page
MAX_VALUE_CHARS = 1_000  # of a value of a record beside its text
Piece = tuple[str] | tuple[str, str] | tuple[str, int, str]  # (gap), (text, rule) or (text, position of its record, field)


class ShownRecord(msgspec.Struct, omit_defaults=True):
    """A record without the keys that all records of a page share; with a text only where the pieces do not give it."""

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
    confidence: float = 0.0
    flags: list[str] = []


class ShownPage(msgspec.Struct):
    """A page as the report's script reads it.

    A piece is white space between other pieces, a text with the rule that removed it, or a text with its record's position and
    its field. Without the page's text there are no pieces. `note` is a sentence on anything not shown. `evidence` has for the
    piece at an index a text for each of its lines, as far as the page was explained.
    """

    page: PageInfo
    records: list[ShownRecord]
    pieces: list[Piece]
    note: str = ""
    evidence: dict[int, list[str]] = {}


def shown_pages(out: Path, sampled: Iterable[SampledPage], texts: PageTexts, explainer: Explainer) -> Iterator[ShownPage]:
    """Yield the sampled pages as far as their lines still stand where the run wrote them, and belong together.

    A later run may be writing the shard anew; it replaces the file of ledgers and that of records one after the other.
    """
    for page in sampled:
        try:
            line = _audit_line(out, page)
            records = _records(out, page) if line is not None else []
        except (OSError, msgspec.MsgspecError):
            continue
        if line is not None and _belong_together(line, records):
            yield _shown(line, records, texts, explainer)


def _belong_together(line: AuditLine, records: Sequence[Record]) -> bool:
    """Return whether a ledger and records are of the same run, as far as they show it."""
    kept = {segment.record for segment in line.segments} - {None}
    if not kept <= {record.id for record in records} or any(record.page != line.page for record in records):
        return False
    return line.text is msgspec.UNSET or len(line.text) > MAX_CHARS or _ledger_fits(line.text, line.segments, records)


def _audit_line(out: Path, page: SampledPage) -> AuditLine | None:
    with (out / "audit" / f"{page.shard}.jsonl").open("rb") as file:
        file.seek(page.audit)
        line = msgspec.json.decode(file.readline(), type=AuditLine)
    return line if line.page.path == page.path else None


def _records(out: Path, page: SampledPage) -> list[Record]:
    with (out / "records" / f"{page.shard}.jsonl").open("rb") as file:
        file.seek(page.records)
        records = map(msgspec.json.Decoder(Record).decode, file)
        return [*takewhile(lambda record: record.page.path == page.path, records)]


def _shown(line: AuditLine, records: list[Record], texts: PageTexts, explainer: Explainer) -> ShownPage:
    if line.segments and line.segments[-1].end > MAX_CHARS:
        note = f"This page has over {MAX_CHARS:,} characters, too many to be shown here; dehusk explain shows it line by line."
        return ShownPage(line.page, _cut(records, MAX_VALUE_CHARS), [], note)
    text = texts.text_of(line.page.path) if line.text is msgspec.UNSET else line.text
    if text is None:
        note = "The text of this page is not at hand; dehusk report OUT INPUT... looks for it in the inputs that are named."
        return ShownPage(line.page, _cut(records, MAX_CHARS), [], note)
    if not _ledger_fits(text, line.segments, records):
        return ShownPage(line.page, _cut(records, MAX_CHARS), [], "This page has changed since it was cleaned.")
    pieces = [*_pieces(text, line.segments, records)]
    joined = texts_joined_by_script(pieces)
    shown = _cut(records, MAX_CHARS)
    for record in shown:
        if joined.get(record.position, "") == record.text:
            record.text = ""  # the script joins the pieces to it
    places = [at for at, piece in enumerate(pieces) if len(piece) > 1]  # of segments among the pieces
    evidence = {places[at]: found for at, found in explainer.of_page(line, text).items()}
    return ShownPage(line.page, shown, pieces, evidence=evidence)


def _ledger_fits(text: str, segments: Sequence[Segment], records: Sequence[Record]) -> bool:
    """Return whether the ledger covers `text` and gives the texts of the records: the page has not changed since."""
    try:
        check_ledger(text, segments)
    except BadPage:
        return False
    has_text = {segment.record for segment in segments if segment.field == "text"}
    return all(
        replay(text, segments, record.id, "text") == record.text for record in records[:MOST_RECORDS] if record.id in has_text
    )


def _cut(records: Sequence[Record], most_chars: int) -> list[ShownRecord]:
    """Return the first records of a page, with texts of at most `most_chars` characters."""
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
        content = text[segment.start : segment.end]
        if segment.rule is not None:
            yield content, segment.rule
        else:
            yield content, positions.get(segment.record or "", 0), segment.field or ""
        at = segment.end
    if at < len(text):
        yield (text[at:],)


def texts_joined_by_script(pieces: Iterable[Piece]) -> dict[int, str]:
    """Return the texts of records by position as `joined` in report_pages.js makes them.

    It puts a line end between two pieces that one separates, else a blank where they do not touch. That is less than `replay`
    knows of white space: a text on which the two differ is sent along with its record.
    """
    texts: dict[int, str] = {}
    ends: dict[int, tuple[int, int]] = {}  # of each record's last piece: offset and number of line ends up to it
    at = lines = 0
    for piece in pieces:
        end, end_lines = at + len(piece[0]), lines + piece[0].count("\n")
        if len(piece) == 3 and piece[2] == "text":
            content, position, _ = piece
            last, last_lines = ends.get(position, (at, lines))
            separator = "\n" if lines > last_lines else " " if at > last else ""
            texts[position] = texts.get(position, "") + separator + content
            ends[position] = end, end_lines
        at, lines = end, end_lines
    return texts
