"""Clean one shard: read its pages, clean each, write its files, return counters. The unit of work on every engine."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from cleaners import BadPage, Cleaned, Library, Page, PageInfo, Segment, clean_page
from cleaners.mojibake import FLAG
from flows.board import Teller
from flows.containers import read_pages
from flows.content import code, digest_of, stamp_now
from flows.counts import Counts
from flows.kept import KeptLines, Key
from flows.lock import check_holder
from flows.pages import RawPage, Unread, page_of
from flows.rows import USUAL, RowFields
from flows.rules import compiled
from flows.sample import Sample
from flows.shards import Shard
from flows.sources import Source
from flows.storage import open_file, without_secrets
from flows.writing import FOLDERS, LinesFile

COLLECTIONS = (100_000, 50, 100)  # objects made between looks at the young ones, and how many of those make an older look


class OtherVersion(Exception):
    """A shard is to be cleaned with other code than this process has."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything beside its pages that decides what becomes of a shard; small, and the same in every process."""

    out: str
    packs: tuple[tuple[str, bytes], ...]
    strict: bool = False
    site_packs: bool = True
    captured_at: str = ""
    fields: RowFields = USUAL
    holder: str = ""  # the token of the run that holds the output folder, "" where none need hold it
    code: str = ""  # the digest of the code that all shards are to be cleaned with, "" for whatever is there

    def library(self) -> Library:
        """Return the compiled packs, compiled once a process."""
        return compiled(self.packs, self.strict, self.site_packs)

    def digest(self) -> str:
        """Return a digest of all that decides what is made of an input's bytes."""
        asked = msgspec.json.encode([self.library().digest, code(), self.captured_at, self.fields])
        return hashlib.sha256(asked).hexdigest()[:16]


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
    return AuditLine(cleaned.page, cleaned.segments, page.text if page.hints or FLAG in page.flags else msgspec.UNSET)


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


def make_few_collections() -> None:
    """Let this process look for reference cycles rarely: cleaning makes few, and each look goes over all that a page holds."""
    if 0 < gc.get_threshold()[0] < COLLECTIONS[0]:
        gc.set_threshold(*COLLECTIONS)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an input: the digest of its bytes, "" where it is to be tried again, and how many of its pages are bad."""

    digest: str
    quarantined: int


@dataclass(slots=True)
class ShardResult:
    """What became of a shard.

    Its counters, some of its pages for people to look at, the digest of each file written by its name under the output
    folder, what became of each input that was cleaned by its name and start, and the names of those that were left because
    they are being written.
    """

    shard: str
    counts: Counts = field(default_factory=Counts)
    sample: Sample = field(default_factory=Sample)
    files: dict[str, str] = field(default_factory=dict)
    done: dict[Key, Done] = field(default_factory=dict)
    moving: list[str] = field(default_factory=list)


def clean_shard(shard: Shard, settings: Settings) -> ShardResult:
    """Clean all pages of a shard and write its files; a page that cannot be cleaned goes to the quarantine file."""
    if settings.code not in ("", code()):
        raise OtherVersion("the worker has another version of dehusk than the run")
    out = Path(settings.out)
    result = ShardResult(shard.name)
    kept = KeptLines(out, shard)
    make_few_collections()
    teller = Teller(shard)
    with ExitStack() as stack:
        files = {folder: stack.enter_context(LinesFile(out / folder / f"{shard.name}.jsonl")) for folder in FOLDERS}
        for source in shard.sources:
            teller.begin(source)
            key = (source.name, source.start)
            is_kept = key in shard.kept
            if not is_kept and source.stamp:
                now = stamp_now(source, settings.captured_at)
                is_moving = now not in ("", source.stamp)  # changed since it was listed: it is being written
                if is_moving:
                    result.moving.append(source.name)
                is_gone = not now or not _can_be_read(source)
                is_kept = is_moving or (is_gone and kept.has(source))  # what is gone keeps what it has
            if is_kept:
                for folder, file in files.items():
                    file.write(kept.of(folder, source))
                continue
            before = result.counts.quarantined.total()
            digest = _digest(source, settings.captured_at)
            has_all = _clean_source(source, settings, files, result, teller)
            result.done[key] = Done(digest if has_all else "", result.counts.quarantined.total() - before)
        if settings.holder:
            check_holder(out, settings.holder)
    for folder, file in files.items():
        if file.lines:
            result.files[f"{folder}/{file.path.name}"] = file.sha256
    return result


def _can_be_read(source: Source) -> bool:
    try:
        with open_file(source.file) as file:
            return file.read(1) is not None
    except OSError:
        return False


def _digest(source: Source, option: str) -> str:
    """Return the digest of an input, "" for one that cannot be read."""
    try:
        return digest_of(source, option)
    except OSError:  # reading its pages will say why
        return ""


def _clean_source(
    source: Source, settings: Settings, files: Mapping[str, LinesFile], result: ShardResult, teller: Teller
) -> bool:
    """Clean the pages of one input into the files of its shard; say whether it could be read, to be tried again if not."""
    library = settings.library()
    encode = msgspec.json.Encoder().encode
    counts = result.counts
    counts.bytes += source.size
    has_all = True
    for found in read_pages(source, settings.fields, settings.captured_at, counts.not_pages, teller.follow):
        try:
            if isinstance(found, Unread):
                raise found.problem
            page = page_of(found, library.selectors)
            cleaned = clean_page(page, library)
            rows = [encode(record) for record in cleaned.records]
            audit = [encode(audit_line(page, cleaned))]
        except Exception as error:  # one bad page must not sink its shard, whatever it did
            files["quarantine"].write([encode(quarantine_line(found, error, library.digest))])
            counts.quarantined[_reason(error)] += 1
            has_all = has_all and not isinstance(error, OSError)
        else:
            result.sample.add_page(cleaned, result.shard, files["audit"].bytes, files["records"].bytes)
            files["records"].write(rows)
            files["audit"].write(audit)
            counts.add_page(cleaned)
        teller.page(counts)
    return has_all


def _reason(error: Exception) -> str:
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
    return QuarantineLine(found.name, _reason(error), printable, size, sha256, rules)
