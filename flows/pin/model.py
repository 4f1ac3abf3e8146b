"""The file of a pin: a page, exactly as it was read, the options that decide its records, and these records.

Written by `flows.pin.write` and `flows.pin.check`. It is made to be read in diffs: a line of a text is a line of the file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from cleaners.document.page import NO_METADATA, Metadata
from cleaners.errors import QuarantineReason
from flows.display import printable, printable_json
from flows.errors import UsageError
from flows.options import FieldName
from flows.regular_file import open_regular

Form = Literal[1]
FORM: Form = 1
# How a page is held: the bytes of a file, a text that its container had decoded, or a row, the fields of which are read anew.
HeldAs = Literal["bytes", "text", "row"]
Refused = QuarantineReason | Literal[""]
Encoding = Literal["utf-8", "base64"]
BASE64_CHARS = 76  # of a line
MAX_SLUG_CHARS = 60
DIGEST_CHARS = 16
REMEDY = "restore it, or take it away and pin its page again"
_UNSAFE = re.compile(r"[^A-Za-z0-9._]+")


class PinnedOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options that decide the records of a page; `packs` are the names of all that do not come with dehusk."""

    strict: bool
    site_packs: bool
    installed_packs: bool
    packs: list[str]
    fields: dict[FieldName, str] = {}


class PinnedSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A page as it is stored; `content` are its lines, in `encoding`, and `sha256` is that of its bytes."""

    held_as: HeldAs
    media: Literal["", "html"] = ""
    charset: str = ""
    flags: list[str] = []
    made_by: str = ""
    metadata: dict[str, str | list[str]] = {}
    sha256: str
    encoding: Encoding
    content: list[str]

    def stored(self) -> bytes:
        """Return the bytes of the page; raises ValueError when these are not the ones that were pinned."""
        text = "\n".join(self.content)
        stored = text.encode() if self.encoding == "utf-8" else base64.b64decode("".join(self.content), validate=True)
        if hashlib.sha256(stored).hexdigest() != self.sha256:
            raise ValueError("its page is not the one that was pinned")
        return stored

    def all_metadata(self) -> Metadata:
        """Return the metadata of the page; raises ValueError when it has another form."""
        values = {**NO_METADATA._asdict(), **self.metadata}
        if unknown := self.metadata.keys() - set(Metadata._fields):
            raise ValueError(f"its metadata has the unknown key {min(unknown)}")
        try:
            return msgspec.convert(list(values.values()), Metadata)
        except msgspec.ValidationError:
            raise ValueError("its metadata has values of another type") from None


class Pin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page with its records; `refused` is the reason for quarantine of a page that is none, "" for any other.

    `url` and `captured_at` of a row are "" where the row gives them itself. Records have no `rules`, as every version of
    dehusk has others, and the lines of their text are a list.
    """

    form: Form = FORM
    name: str
    url: str
    captured_at: str
    options: PinnedOptions
    refused: Refused
    records: list[dict[str, Any]]
    source: PinnedSource

    def capture_time(self) -> datetime | None:
        """Return the time of capture; raises ValueError for a text that is no time."""
        return datetime.fromisoformat(self.captured_at).astimezone(UTC) if self.captured_at else None


def content_lines(stored: bytes) -> tuple[Encoding, list[str]]:
    r"""Return the encoding and the lines in which a pin holds bytes: as text where they are UTF-8.

    >>> content_lines(b"a\nb"), content_lines(b"\xff")
    (('utf-8', ['a', 'b']), ('base64', ['/w==']))
    """
    try:
        return "utf-8", stored.decode().split("\n")
    except UnicodeDecodeError:
        text = base64.b64encode(stored).decode()
        return "base64", [text[at : at + BASE64_CHARS] for at in range(0, len(text), BASE64_CHARS)]


def file_name(page_name: str, stored: bytes) -> str:
    """Return the name of a page's pin: letters of its own name, and a digest of its name and bytes, which no other page has.

    >>> file_name("../../etc/pass wd#4096", b"")
    'etc-pass-wd-4096-11155870b7cc4f65.json'
    """
    digest = hashlib.sha256(hashlib.sha256(page_name.encode()).digest() + stored).hexdigest()[:DIGEST_CHARS]
    slug = _UNSAFE.sub("-", page_name)[-MAX_SLUG_CHARS:].strip("-._")
    return f"{slug or 'page'}-{digest}.json"


def encoded(pin: Pin) -> bytes:
    """Return the content of the file of a pin; raises ValueError for text that is no Unicode, as half of a character is."""
    return printable_json(msgspec.json.format(msgspec.json.encode(pin), indent=2)) + b"\n"


def read_pin(file: Path) -> Pin:
    """Return the pin in a file; raises UsageError when it cannot be read, or is not sound."""
    try:
        with open_regular(str(file)) as opened:
            pin = msgspec.json.decode(opened.read(), type=Pin)
        pin.source.stored()
        pin.source.all_metadata()
        pin.capture_time()
    except OSError as error:
        raise UsageError(f"the pin {file} cannot be read ({error.strerror}); {REMEDY}") from None
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise UsageError(f"the pin {file} is not sound ({printable(str(error))}); {REMEDY}") from None
    return pin
