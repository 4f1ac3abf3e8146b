"""Read the records of an output folder, while a run may be writing there.

A file of records is replaced in one step, so that a reader has it as it was before or as it is after, and never a part. It may
also go between listing and opening: then its records are gone, or in other files, and the list has to be made anew. Each page
is in one shard, and shards keep their names, so that a list that was read to its end gives no page twice; but for pages next to
the place where a large file is cut, when it changed, while the run is at work that cuts it elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from cleaners import BadPage, Cleaned, Page, PageInfo, Record, Segment
from cleaners.document.mojibake import MOJIBAKE_FLAG
from flows.errors import Failed, Stale, UsageError
from flows.inputs.raw_page import RawPage, Unread
from flows.inputs.storage import without_secrets
from flows.layout import CONTRACT


def read_records(out: Path) -> Iterator[tuple[Record, int]]:
    """Yield all records of an output folder and the length of their lines, in the order of shards; raises Stale."""
    folder = out / "records"
    if not folder.is_dir():
        raise UsageError(f"no run has been made in {out}; name the folder that was given to dehusk run as --out")
    decode = msgspec.json.Decoder(Record).decode
    for path in sorted(folder.glob("*.jsonl")):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise Stale(path.name) from None
        with file:
            for number, line in enumerate(file, 1):
                try:
                    record = decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                    raise Failed(
                        f"line {number} of {path} is no record of contract {CONTRACT} ({error});"
                        f" dehusk verify {out} tells more, and dehusk run --fresh makes all anew"
                    ) from None
                yield record, len(line)


class AuditLine(msgspec.Struct, frozen=True):
    """A page's ledger as it is written, with the `text` that the places are about where that is not what was stored."""

    page: Annotated[PageInfo, Meta(description="The page, as its records name it.")]
    segments: Annotated[
        list[Segment],
        Meta(description="What became of its characters, in page order; none overlap, and they leave out white space at most."),
    ]
    text: Annotated[
        str | msgspec.UnsetType,
        Meta(description="What the places are about, where it is not the text of the page as it was stored."),
    ] = msgspec.UNSET


def audit_line(page: Page, cleaned: Cleaned) -> AuditLine:
    """Return the ledger of a page as it is written."""
    return AuditLine(cleaned.page, cleaned.segments, page.text if page.hints or MOJIBAKE_FLAG in page.flags else msgspec.UNSET)


class QuarantineLine(msgspec.Struct, frozen=True):
    """An input that could not be cleaned: what, where, why, and the digest of its bytes ("" when it cannot be read)."""

    path: Annotated[str, Meta(description="Path of the input as records name it, and in a container its place.")]
    reason: Annotated[str, Meta(description="Why it could not be cleaned, in one word for counting.")]
    detail: Annotated[str, Meta(description="Why, in a sentence.")]
    bytes: Annotated[int, Meta(description="Its size.", extra_json_schema={"minimum": 0})]
    sha256: Annotated[
        str,
        Meta(
            description='SHA-256 of its bytes, "" when they cannot be read.', extra_json_schema={"pattern": "^([0-9a-f]{64})?$"}
        ),
    ]
    rules: Annotated[
        str, Meta(description="Digest of the packs and the code that tried.", extra_json_schema={"pattern": "^[0-9a-f]{16}$"})
    ]


def reason_of(error: Exception) -> str:
    """Return the reason, in one word for counting, with which an error puts a page into quarantine."""
    if isinstance(error, BadPage):
        return error.reason
    return "unreadable" if isinstance(error, OSError) else "defect"


def quarantine_line(found: RawPage | Unread, error: Exception, rules: str) -> QuarantineLine:
    """Return what is written of a page that could not be cleaned."""
    if isinstance(error, BadPage):
        detail = error.detail
    elif isinstance(error, OSError):
        detail = error.strerror or without_secrets(str(error))
    else:
        detail = f"dehusk failed on this page, please report it: {type(error).__name__}: {without_secrets(str(error))}"
    size, sha256 = (
        (found.size, found.sha256) if isinstance(found, Unread) else (len(found.raw), hashlib.sha256(found.raw).hexdigest())
    )
    printable = detail.encode("utf-8", "backslashreplace").decode()
    return QuarantineLine(found.name, reason_of(error), printable, size, sha256, rules)
