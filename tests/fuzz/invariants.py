"""The promises that hold for every input; a broken one is returned as a sentence.

Nothing but BadPage is raised; the ledger is complete, and gives every record back; records answer their schema, hold no
control characters and no address but those of the web; and the same page gives the same bytes, whatever was cleaned before.
"""

from __future__ import annotations

import io
import json
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec
from jsonschema import Draft202012Validator

from cleaners import BadPage, Cleaned, Library, Page, Record, clean_page, shipped_packs
from cleaners.output.evidence import in_words
from cleaners.output.fates import fates, grammars
from cleaners.output.ledger import LINE_FIELDS, check_ledger, replay, with_single_blanks
from cleaners.pipeline import default_library
from flows.inputs.containers import pages_in
from flows.inputs.discovery import Source
from flows.inputs.jsonl import page_of_row
from flows.inputs.raw_page import RawPage, UnreadablePage, page_of
from flows.inspect.verify import REPLAYED, check_page
from flows.options import USUAL
from flows.output.lines import AuditLine, audit_line, quarantine_line
from flows.output.schema import json_schema
from tests.fuzz.inputs import Input

CAPTURED_AT = datetime(2025, 7, 5, 12, tzinfo=UTC)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
ADDRESS = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
HERE = str(Path(__file__).parents[2])


def pages_of(one: Input) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages of an input as a run reads them, with a time of capture for half of them."""
    source = Source(one.name, one.name, len(one.raw))
    for page in pages_in(io.BytesIO(one.raw), source, USUAL, Counter()):
        is_dated = isinstance(page, RawPage) and page.captured_at is None and len(page.raw) % 2
        yield replace(page, captured_at=CAPTURED_AT) if is_dated else page  # type: ignore[type-var]


@dataclass
class Outcome:
    """A page as it was read, and its result or the error that prevented one; `lines` are what a run would write of it."""

    raw: RawPage | UnreadablePage
    library: Library
    page: Page | None = None
    cleaned: Cleaned | None = None
    error: Exception | None = None
    records: list[bytes] = field(default_factory=list)
    audit: bytes = b""
    quarantine: bytes = b""


def outcomes_of(one: Input) -> list[Outcome]:
    """Clean the pages of an input as a run does; an error of a page is kept beside it."""
    library = strict_library() if one.is_strict else default_library()
    return [_outcome(raw_page, library) for raw_page in pages_of(one)]


@cache
def strict_library() -> Library:
    return Library(shipped_packs(), strict=True)


def _outcome(raw_page: RawPage | UnreadablePage, library: Library) -> Outcome:
    done = Outcome(raw_page, library)
    try:
        if isinstance(raw_page, UnreadablePage):
            raise raw_page.problem
        done.page = page_of(raw_page, library.selectors)
        done.cleaned = clean_page(done.page, library)
        done.records = [msgspec.json.encode(record) for record in done.cleaned.records]
        done.audit = msgspec.json.encode(audit_line(done.page, done.cleaned))
    except Exception as error:  # BadPage, or a defect: told apart by the checks
        done.error = error
        done.quarantine = msgspec.json.encode(quarantine_line(raw_page, error, library.digest))
    return done


def written(outcomes: Iterable[Outcome]) -> bytes:
    """Return all lines of some pages."""
    return b"\n".join(line for done in outcomes for line in (*done.records, done.audit, done.quarantine))


def problems_of(one: Input) -> list[str]:
    """Return the broken promises of an input, each once."""
    try:
        return problems_in(outcomes_of(one))
    except Exception as error:
        return [raised(error)]


def problems_in(outcomes: Iterable[Outcome], *, is_thorough: bool = True) -> list[str]:
    """Return the broken promises of pages, each once; thorough checks, of schema and evidence, take as long as cleaning."""
    return list(dict.fromkeys(problem for done in outcomes for problem in _page_problems(done, is_thorough=is_thorough)))


def raised(error: BaseException) -> str:
    """Return the kind of an error, and the place in dehusk where it was raised, without line numbers."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(HERE)]
    own = [frame for frame in frames if "/tests/" not in frame.filename] or frames
    place = f"{Path(own[-1].filename).relative_to(HERE)}:{own[-1].name}" if own else "?"
    return f"{type(error).__name__} in {place}"


def _page_problems(done: Outcome, *, is_thorough: bool) -> Iterator[str]:
    page, cleaned = done.page, done.cleaned
    if done.error is not None or page is None or cleaned is None:
        if not isinstance(done.error, BadPage):
            yield raised(done.error) if done.error else "neither a result nor an error"
        elif done.error.reason == "ledger":
            yield f"ledger: {_without_numbers(done.error.detail)}"
        yield from _schema_problems("quarantine", done.quarantine) if is_thorough else ()
        return
    yield from _ledger_problems(page, cleaned)
    yield from _order_problems(cleaned.records)
    for record in cleaned.records:
        yield from _record_problems(page.text, cleaned, record)
    for problem in check_page(msgspec.json.decode(done.audit, type=AuditLine), cleaned.records, page.text):
        yield f"verify: {_without_numbers(problem)}"
    if is_thorough:
        yield from _again_problems(done.records, done.library)
        yield from _evidence_problems(page, cleaned, done.library)
        for line in done.records:
            yield from _schema_problems("record", line)
        yield from _schema_problems("audit", done.audit)


def _again_problems(records: Iterable[bytes], library: Library) -> Iterator[str]:
    """Yield the changes that records with a text undergo when they are cleaned again as rows."""
    for line in records:
        try:
            record = msgspec.json.decode(line, type=Record)
        except msgspec.ValidationError:  # a problem of the schema, and named as that
            continue
        if not record.text:
            continue
        again = clean_page(page_of(page_of_row(line, "again.jsonl#0"), library.selectors), library)
        if [(one.title, one.text) for one in again.records] != [(record.title, record.text)]:
            yield "a record that is cleaned again changes"
        elif any(segment.rule for segment in again.segments):
            yield "a record that is cleaned again loses something"


def _without_numbers(problem: str) -> str:
    return re.sub(r"[0-9a-f]{24}|[0-9]+", "N", problem)


def _ledger_problems(page: Page, cleaned: Cleaned) -> Iterator[str]:
    try:
        check_ledger(page.text, cleaned.segments)
    except BadPage as error:
        yield f"ledger: {_without_numbers(error.detail)}"
    ids = [record.id for record in cleaned.records]
    if len(set(ids)) < len(ids):
        yield "two records of a page have one id"
    for segment in cleaned.segments:
        if segment.record is not None and (segment.record not in ids or segment.field not in Record.__struct_fields__):
            yield "a segment went to no field of a record"
        if segment.rule is not None and segment.rule not in cleaned.kinds:
            yield "a segment was removed by a rule without a kind"


def _order_problems(records: Sequence[Record]) -> Iterator[str]:
    """Yield the problems of the records of a page beside each other: their order, kinds and parents."""
    positions = [record.position for record in records]
    if positions != sorted(set(positions)):
        yield "the positions of records do not rise"
    own = [record for record in records if record.kind == "article"]
    if len(own) > 1 or any(record.position for record in own):
        yield "an article is not the first record"
    parent = own[0].id if own else ""
    for record in records:
        if record.parent_id != ("" if record in own else parent):
            yield "a record has a wrong parent"
        if record not in own and record.kind != ("story" if record.text else "headline"):
            yield "a record has a kind that does not fit its text"


def _record_problems(text: str, cleaned: Cleaned, record: Record) -> Iterator[str]:
    """Yield the problems of a record: its fields against the ledger, controls, addresses and positions."""
    known = {segment.field for segment in cleaned.segments if segment.record == record.id}
    for name in REPLAYED:
        value = getattr(record, name)
        if name not in known:
            if name == "text" and value:
                yield "replay: a text is not in the ledger"
            continue
        again = replay(text, cleaned.segments, record.id, name)
        if (with_single_blanks(again) if name in LINE_FIELDS else again) != value:
            yield f"replay: {name} is not what the ledger gives"
    for name, value in _texts(msgspec.to_builtins(record)):
        if CONTROL.search(value):
            yield f"controls in {name}"
        if name in LINE_FIELDS and value != with_single_blanks(value):
            yield f"white space in {name}"
    for url in (record.url, record.page.url):
        if url and not ADDRESS.match(url):
            yield "an address is none of the web"
    if record.text != record.text.strip() or "\n\n" in record.text:
        yield "blank lines or outer white space in a text"


def _evidence_problems(page: Page, cleaned: Cleaned, library: Library) -> Iterator[str]:
    """Yield the problems of a page that is cleaned with its evidence, as `explain` does."""
    try:
        explained = clean_page(page, library, why=True)
        lines = [*fates(page.text, explained), *grammars(explained), *map(in_words, explained.evidence)]
    except Exception as error:
        yield f"explain: {raised(error)}"
        return
    if (explained.records, explained.segments) != (cleaned.records, cleaned.segments):
        yield "explain: evidence changes the result"
    if cleaned.segments and not lines:
        yield "explain: no line is explained"


def _texts(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts in a value with the names of their keys."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "path":
                yield from _texts(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json_schema(name), format_checker=Draft202012Validator.FORMAT_CHECKER)  # type: ignore[arg-type]


def _schema_problems(name: str, line: bytes) -> Iterator[str]:
    for error in _validator(name).iter_errors(json.loads(line)):
        yield f"schema: {name}.{'.'.join(map(str, error.absolute_path))} breaks {error.validator}"
