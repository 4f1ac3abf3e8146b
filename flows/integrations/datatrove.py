"""A step for datatrove: a document in, a document for each record of its page out, with the ledger in the metadata.

Needs datatrove, which the extra `datatrove` installs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import msgspec
from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.utils.typeshelper import StatHints

from cleaners import Cleaned, Page, Record, Segment
from flows.execution.single_file import clean_raw_page
from flows.inputs.jsonl import page_of_row
from flows.inputs.raw_page import RawPage
from flows.integrations.items import as_row
from flows.output.lines import audit_line, no_story, quarantine_line
from flows.packs import load_library, read_packs

if TYPE_CHECKING:
    from datatrove.pipeline.writers.disk_base import DiskWriter

NO_STORY = "no-story"  # the reason for which a page without records is left out


class Dehusk(PipelineStep):  # type: ignore[misc]  # datatrove is not typed
    """Replace each document by the records of its page.

    A document is read as a row of JSON Lines is: its text is text or HTML, and the usual names in its metadata give the
    address, the time of capture and so on. A document out has the text and the id of a record. Its metadata are the other keys
    of the record, with `document`, the metadata of the document in, and `ledger`: the characters that went into the record, and
    in the first document of a page also those that were removed, and the text that the offsets count, where that is not the
    text of the document in. A page that cannot be cleaned or has no story goes to `exclusion_writer`, with the reason.
    """

    type = "✂️ - FORMAT"
    name = "🌽 dehusk"

    def __init__(self, packs: str = "", *, strict: bool = False, exclusion_writer: DiskWriter | None = None) -> None:
        super().__init__()
        self.packs, self.strict, self.exclusion_writer = packs, strict, exclusion_writer

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Yield the documents of all records."""
        library = load_library(read_packs(self.packs), strict=self.strict, site_packs=True)  # here, as a step is pickled
        with self.exclusion_writer or nullcontext() as writer:
            for document in data:
                self.stat_update(StatHints.total)
                page = RawPage(document.id, b"")
                try:
                    with self.track_time():
                        page = page_of_row(as_row({**document.metadata, "text": document.text}), document.id)
                        read, cleaned = clean_raw_page(page, library)
                except Exception as error:  # one bad page must not end the pipeline, whatever the error
                    line = quarantine_line(page, error, "")
                    self._leave_out(document, line.reason, line.detail, writer, rank)
                    continue
                if not cleaned.records:
                    self._leave_out(document, NO_STORY, no_story(cleaned), writer, rank)
                    continue
                self.stat_update(StatHints.forwarded)
                for found in documents_of(document, read, cleaned):
                    self.update_doc_stats(found)
                    yield found

    def _leave_out(self, document: Document, reason: str, detail: str, writer: DiskWriter | None, rank: int) -> None:
        self.stat_update(StatHints.dropped, f"dropped_{reason}")
        if writer is not None:
            document.metadata |= {"filter_reason": reason, "filter_detail": detail}
            writer.write(document, rank)


def documents_of(document: Document, page: Page, cleaned: Cleaned) -> Iterator[Document]:
    """Yield the documents of the records of a page."""
    audit = audit_line(page, cleaned)
    text = "" if audit.text is msgspec.UNSET else audit.text
    for record in cleaned.records:
        is_first = record is cleaned.records[0]
        segments = [found for found in cleaned.segments if found.record == record.id or (is_first and found.record is None)]
        ledger = {"text": text if is_first else "", "segments": [*map(_as_dict, segments)]}
        yield Document(
            text=record.text,
            id=record.id,
            media=document.media if is_first else [],
            metadata={**_metadata(record), "document": {"id": document.id, **document.metadata}, "ledger": ledger},
        )


def _metadata(record: Record) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(record).items() if name not in ("id", "text")}


def _as_dict(segment: Segment) -> dict[str, Any]:
    """Return a segment whose types are the same in each, as tables need it: empty texts for what is null in `audit/`."""
    return {name: "" if value is None else value for name, value in msgspec.structs.asdict(segment).items()}
