"""The lines of `audit/` and `quarantine/`: their types, and how they are made of pages.

Called by `flows.execution.shard` and `flows.execution.single_file`; `flows.inspect.verify` and `flows.output.schema` use the
types.
Lines of `records/` are `cleaners.Record`.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from cleaners import BadPage, Cleaned, Page, PageInfo, Segment
from cleaners.document.encoding import GUESSED_FLAG
from cleaners.document.mojibake import MOJIBAKE_FLAG
from cleaners.errors import QuarantineReason
from flows.display import printable
from flows.inputs.raw_page import RawPage, UnreadablePage
from flows.inputs.storage import without_secrets


class AuditLine(msgspec.Struct, frozen=True):
    """The ledger of a page, with the `text` that its offsets refer to where that differs from the stored text."""

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
    """Return the line of `audit/` for a page."""
    differs_from_stored = page.hints or not {MOJIBAKE_FLAG, GUESSED_FLAG}.isdisjoint(page.flags)
    return AuditLine(cleaned.page, cleaned.segments, page.text if differs_from_stored else msgspec.UNSET)


class QuarantineLine(msgspec.Struct, frozen=True):
    """An input that could not be cleaned: its path, the reason, and the digest of its bytes ("" when it cannot be read)."""

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


def reason_of(error: Exception) -> QuarantineReason:
    """Return the reason for quarantine after an error, in one word for counting."""
    if isinstance(error, BadPage):
        return error.reason
    return "unreadable" if isinstance(error, OSError) else "defect"


def no_story(cleaned: Cleaned) -> str:
    """Return the sentence that says of a page without records how it reads."""
    kind = cleaned.page.type
    return f"it reads as a page of the type {kind}, and no line of it belongs to a story"


def quarantine_line(page: RawPage | UnreadablePage, error: Exception, rules: str) -> QuarantineLine:
    """Return the line of `quarantine/` for a page that could not be cleaned because of `error`."""
    if isinstance(error, BadPage):
        detail = error.detail
    elif isinstance(error, OSError):
        detail = error.strerror or without_secrets(str(error))
    else:
        detail = f"dehusk failed on this page, please report it: {type(error).__name__}: {without_secrets(str(error))}"
    if isinstance(page, UnreadablePage):
        size, sha256 = page.size, page.sha256
    else:
        size, sha256 = len(page.raw), hashlib.sha256(page.raw).hexdigest()
    valid = detail.encode("utf-8", "backslashreplace").decode()  # names in it may hold lone surrogates and control characters
    return QuarantineLine(page.name, reason_of(error), printable(valid), size, sha256, rules)
