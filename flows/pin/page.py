"""Make a pin of a page and a page of a pin, and clean the page: its records, or the reason for which it is refused.

Called by `flows.pin.write` and `flows.pin.check`.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from cleaners import BadPage, Library, clean_page
from flows.inputs.jsonl import page_of_row
from flows.inputs.raw_page import RawPage, page_of
from flows.installed_packs import distribution_of
from flows.options import FIELD_NAMES, FieldName, RowFields, RunOptions
from flows.output.lines import reason_of
from flows.pin.model import HeldAs, Pin, PinnedOptions, PinnedSource, Refused, content_lines

Outcome = tuple[Refused, list[dict[str, Any]]]
LEFT_OUT = "rules"  # the key of a record that differs with every version of dehusk


def pin_of(page: RawPage, options: PinnedOptions, library: Library) -> Pin:
    """Return the pin of a page; raises the error of a page that dehusk failed on, other than BadPage."""
    row = _row_of(page, options.fields)
    if row is None:
        is_text, options = page.text is not None, msgspec.structs.replace(options, fields={})
        stored = page.text.encode("utf-8", "surrogatepass") if page.text is not None else page.raw
        url, captured_at = page.url, page.captured_at
        source = _source(stored, page, "text" if is_text else "bytes")
    else:
        url = "" if row.url == page.url else page.url
        captured_at = None if row.captured_at == page.captured_at else page.captured_at
        source = _source(page.raw, RawPage("", b""), "row")
    refused, records = outcome(page, library)
    return Pin(
        name=page.name, url=url, captured_at=_timestamp(captured_at), options=options, refused=refused, records=records,
        source=source,
    )  # fmt: skip


def _source(stored: bytes, page: RawPage, held_as: HeldAs) -> PinnedSource:
    encoding, content = content_lines(stored)
    metadata = page.metadata._asdict().items()
    return PinnedSource(
        held_as=held_as,
        media=page.media,
        charset=page.charset,
        flags=list(page.flags),
        made_by=page.made_by,
        metadata={name: list(value) if isinstance(value, tuple) else value for name, value in metadata if value},
        sha256=hashlib.sha256(stored).hexdigest(),
        encoding=encoding,
        content=content,
    )


def _row_of(page: RawPage, fields: dict[FieldName, str]) -> RawPage | None:
    """Return the page that is read out of the row of a page, None for a page that is no row, or not that of its row alone."""
    if page.fields is not None:
        with suppress(BadPage):
            row = page_of_row(page.raw, page.name, RowFields(**fields))
            if replace(row, url=page.url, captured_at=page.captured_at) == page:
                return row
    return None


def _timestamp(time: datetime | None) -> str:
    return time.isoformat().replace("+00:00", "Z") if time else ""


def page_in(pin: Pin) -> RawPage:
    """Return the page of a pin as it was read; raises BadPage for a row that holds no page any more."""
    source, stored = pin.source, pin.source.stored()
    if source.held_as == "row":
        row = page_of_row(stored, pin.name, RowFields(**pin.options.fields))
        return replace(row, url=pin.url or row.url, captured_at=pin.capture_time() or row.captured_at)
    return RawPage(
        name=pin.name,
        raw=stored,
        text=stored.decode("utf-8", "surrogatepass") if source.held_as == "text" else None,
        url=pin.url,
        captured_at=pin.capture_time(),
        media=source.media,
        charset=source.charset,
        metadata=source.all_metadata(),
        flags=tuple(source.flags),
        made_by=source.made_by,
    )


def outcome(page: RawPage, library: Library) -> Outcome:
    """Return the records of a page in the form of a pin, or the reason for which it is refused."""
    try:
        cleaned = clean_page(page_of(page, library.selectors), library)
    except BadPage as bad:
        return bad.reason, []
    return "", [_without_rules(msgspec.to_builtins(record)) for record in cleaned.records]


def outcome_of_pin(pin: Pin, library: Library) -> Outcome:
    """Return what becomes of the page of a pin now; an error of dehusk itself is a reason, too."""
    try:
        return outcome(page_in(pin), library)
    except Exception as error:  # one page must not keep back the others, whatever the error
        return reason_of(error), []


def _without_rules(record: dict[str, Any]) -> dict[str, Any]:
    text = record["text"]
    lines = text.split("\n") if text else []
    return {key: lines if key == "text" else value for key, value in record.items() if key != LEFT_OUT}


def options_of(options: RunOptions, packs: tuple[tuple[str, bytes], ...], shipped: int) -> PinnedOptions:
    """Return the options that a pin holds; `packs` are those in use, of which the first `shipped` come with dehusk."""
    given = {field: name for field in FIELD_NAMES if (name := getattr(options.fields, field)) is not None}
    return PinnedOptions(
        strict=options.strict,
        site_packs=options.site_packs,
        installed_packs=options.installed_packs,
        packs=sorted(_pack_name(origin) for origin, _ in packs[shipped:]),
        fields=given,
    )


def _pack_name(origin: str) -> str:
    """Return the name of a pack in a pin: its file, after its distribution if it has one, but for the version."""
    distribution = distribution_of(origin).partition(" ")[0]
    return f"{distribution}/{Path(origin).name}" if distribution else Path(origin).name
