"""Clean one shard: read its pages, clean each, write its files, return counters. The unit of work on every engine."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from cleaners import BadPage, Cleaned, Library, Page, PageInfo, Segment, clean_page
from flows.capture import provenance
from flows.counts import Counts
from flows.pages import MAX_PAGE_BYTES, page_of
from flows.rules import compiled
from flows.sources import Shard, Source
from flows.writing import LinesFile

FOLDERS = ("records", "audit", "quarantine")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything beside its pages that decides what becomes of a shard; small, and the same in every process."""

    out: str
    packs: tuple[tuple[str, bytes], ...]
    strict: bool = False
    site_packs: bool = True
    captured_at: str = ""

    def library(self) -> Library:
        """Return the compiled packs, compiled once a process."""
        return compiled(self.packs, self.strict, self.site_packs)


class AuditLine(msgspec.Struct, frozen=True):
    """A page's ledger as it is written; for an HTML page with the `text` that the places are about."""

    page: PageInfo
    segments: list[Segment]
    text: str | msgspec.UnsetType = msgspec.UNSET


def audit_line(page: Page, cleaned: Cleaned) -> AuditLine:
    """Return the ledger of a page as it is written."""
    return AuditLine(cleaned.page, cleaned.segments, page.text if page.hints else msgspec.UNSET)


class QuarantineLine(msgspec.Struct, frozen=True):
    """An input that could not be cleaned: what, where, why, and the digest of its bytes ("" when it cannot be read)."""

    path: str
    reason: str
    detail: str
    bytes: int
    sha256: str
    rules: str


@dataclass(slots=True)
class ShardResult:
    """What became of a shard: its counters, and the digest of each file written, by its name under the output folder."""

    shard: str
    counts: Counts = field(default_factory=Counts)
    files: dict[str, str] = field(default_factory=dict)


def clean_shard(shard: Shard, settings: Settings) -> ShardResult:
    """Clean all pages of a shard and write its files; a page that cannot be cleaned goes to the quarantine file."""
    library = settings.library()
    result = ShardResult(shard.name)
    encode = msgspec.json.Encoder().encode
    with ExitStack() as stack:
        files = {
            folder: stack.enter_context(LinesFile(Path(settings.out, folder, f"{shard.name}.jsonl"))) for folder in FOLDERS
        }
        for source in shard.sources:
            result.counts.bytes += source.size
            try:
                page = read_page(source, settings)
                cleaned = clean_page(page, library)
                rows = [encode(record) for record in cleaned.records]
                audit = [encode(audit_line(page, cleaned))]
            except Exception as error:  # one bad page must not sink its shard, whatever it did
                files["quarantine"].write([encode(_quarantine_line(source, error, library.digest))])
                result.counts.quarantined[_reason(error)] += 1
            else:
                files["records"].write(rows)
                files["audit"].write(audit)
                result.counts.add_page(cleaned)
    for folder, file in files.items():
        if file.lines:
            result.files[f"{folder}/{file.path.name}"] = file.sha256
    return result


def read_page(source: Source, settings: Settings) -> Page:
    """Return one page as it is to be cleaned; raises BadPage or OSError when it cannot be read."""
    if source.size > MAX_PAGE_BYTES:
        raise BadPage("too-large", f"{source.size} bytes; a page may have {MAX_PAGE_BYTES}")
    file = Path(source.file)
    raw = file.read_bytes()
    try:
        captured_at, url = provenance(settings.captured_at, file)
    except ValueError as error:
        raise BadPage("sidecar", f"its sidecar cannot be read: {error}") from None
    return page_of(raw, source.name, url, captured_at)


def _reason(error: Exception) -> str:
    if isinstance(error, BadPage):
        return error.reason
    return "unreadable" if isinstance(error, OSError) else "defect"


def _quarantine_line(source: Source, error: Exception, rules: str) -> QuarantineLine:
    if isinstance(error, BadPage):
        detail = error.detail
    elif isinstance(error, OSError):
        detail = error.strerror or type(error).__name__
    else:
        detail = f"dehusk failed on this page, please report it: {type(error).__name__}: {error}"
    try:
        with Path(source.file).open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        sha256 = ""
    printable = detail.encode("utf-8", "backslashreplace").decode()
    return QuarantineLine(source.name, _reason(error), printable, source.size, sha256, rules)
