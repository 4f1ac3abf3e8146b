"""Check the records of a page against its ledger and, where it is known, against its text.

Called by `flows.inspect.verify` and `flows.planning.damage`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from cleaners import BadPage, Record
from cleaners.output.ledger import LINE_FIELDS, check_ledger, replay, segments_by_record, with_single_blanks
from cleaners.output.record import RecordField
from flows.output.lines import AuditLine

REPLAYED: tuple[RecordField, ...] = ("title", "text", "source", "published_raw", "category", "attribution")


def check_page(line: AuditLine, records: Sequence[Record], text: str | None = None) -> Iterator[str]:
    """Yield the problems of a page's ledger and its records; `text` is the text of the page, where it is known."""
    at = 0
    fields: dict[str, set[str]] = defaultdict(set)  # by record
    for segment in line.segments:
        if segment.start < at or segment.end <= segment.start:
            yield f"the segment {segment.start}-{segment.end} overlaps another"
        if (segment.record is None) == (segment.rule is None):
            yield f"the segment {segment.start}-{segment.end} is not either kept or removed"
        at = segment.end
        if segment.record is not None:
            fields[segment.record].add(segment.field or "")
    ids = {record.id for record in records}
    yield from (f"the ledger names the record {missing}, which is not there" for missing in sorted(fields.keys() - ids))
    for record in records:
        if hashlib.sha256(record.text.encode()).hexdigest() != record.text_sha256:
            yield f"the text of the record {record.id} is not that of its checksum"
        if record.text and "text" not in fields[record.id]:
            yield f"the text of the record {record.id} is not in the ledger"
    if text is not None:
        yield from _check_text(text, line, records)


def _check_text(text: str, line: AuditLine, records: Sequence[Record]) -> Iterator[str]:
    """Yield the differences between a page's records and the values that its ledger gives."""
    try:
        check_ledger(text, line.segments)
    except BadPage as problem:
        yield problem.detail
    segments_of = segments_by_record(line.segments)
    for record in records:
        segments = segments_of.get(record.id, [])
        fields = {segment.field for segment in segments}
        for field in REPLAYED:
            if field not in fields:
                continue
            values = [replay(text, segments, record.id, field), getattr(record, field)]
            if field in LINE_FIELDS:  # of both, as records of earlier versions have the white space of the page
                values = [with_single_blanks(value) for value in values]
            if values[0] != values[1]:
                yield f"the {field} of the record {record.id} is not what the ledger gives"
