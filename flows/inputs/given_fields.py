"""Check that the rows of the inputs have the fields that options name, so that a mistyped name is a mistake of use.

Called by `flows.execution.context` and `flows.inputs.single_file`. A name that is right is mostly found in the first row; only
before one is refused are more rows read, as a field may be sparse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from itertools import islice
from typing import BinaryIO

from cleaners import BadPage
from flows.errors import UsageError
from flows.inputs.compression import decompressed, without_suffix
from flows.inputs.discovery import ROW_SUFFIXES, Source
from flows.inputs.file_kind import first_rows
from flows.inputs.jsonl import decode_json, documents
from flows.inputs.raw_page import MAX_PAGE_BYTES
from flows.inputs.row_fields import has_name
from flows.inputs.storage import is_web, open_file
from flows.options import FIELD_NAMES, FieldName, RowFields

MAX_FILES = 100
MAX_ROWS = 1_000  # of a file
MAX_BYTES = 8 * 1024 * 1024  # of the rows of a file
MAX_NAMES = 500
SHOWN_NAMES = 10
SHOWN_CHARS = 60


class GivenFields:
    """The names that options give and no row has had so far, and the names that the rows have."""

    def __init__(self, fields: RowFields) -> None:
        self.missing: dict[FieldName, str] = {field: name for field in FIELD_NAMES if (name := getattr(fields, field))}
        self._names: dict[str, None] = {}
        self._rows = 0

    def look_at(self, file: BinaryIO) -> None:
        """Read rows of an open file until no name is missing, or the bounds are reached; other files have no rows."""
        for row in _rows(file):
            if not self.missing:
                return
            self._rows += 1
            self.missing = {field: name for field, name in self.missing.items() if not has_name(row, name)}
            self._names.update(dict.fromkeys(islice(_names(row), MAX_NAMES - len(self._names))))

    def check(self) -> None:
        """Raise UsageError for a name that none of the rows has; inputs without rows are no mistake."""
        if not self.missing or not self._rows:
            return
        from difflib import get_close_matches  # mistakes alone need it

        field, name = next(iter(self.missing.items()))
        by_folded = {known.lower(): known for known in self._names}
        close = [by_folded[known] for known in get_close_matches(name.lower(), by_folded)]
        known = ", ".join(repr(each[:SHOWN_CHARS]) for each in close or islice(self._names, SHOWN_NAMES))
        rows = "the only row has no" if self._rows == 1 else f"none of {self._rows} rows that were looked at has a"
        has = f"did you mean {known}?" if close else f"the names there are {known}" if known else "the rows are empty"
        raise UsageError(f"--{field}-field: {rows} field {name!r}; {has}")


def check_given_fields(sources: Iterable[Source], fields: RowFields) -> None:
    """Raise UsageError for a name in options that no row has, in the first MAX_FILES sources, those named like rows first.

    Files of the web, each fetched as a whole, are passed over, and so are files that cannot be read: cleaning reports them.
    """
    given = GivenFields(fields)
    if not given.missing:
        return
    near = (source for source in sources if not is_web(source.file))
    for source in nsmallest(MAX_FILES, near, key=_rank):  # of one rank the first ones
        try:
            with open_file(source.file) as file:
                given.look_at(file)
        except (OSError, EOFError):
            continue
        if not given.missing:
            return
    given.check()


def _rank(source: Source) -> int:
    name = without_suffix(source.name).lower()
    return 0 if name.endswith(ROW_SUFFIXES) else 1 if name.endswith(".json") else 2


def _rows(file: BinaryIO) -> Iterator[Mapping[str, object]]:
    """Yield the first rows of a file, whatever fields they have: lines of JSON, or else the objects of JSON documents."""
    file.seek(0)
    stream = decompressed(file)
    first = next(first_rows(stream), b"")
    if not first.startswith((b"{", b"[")):
        return
    stream.seek(0)
    found: Iterable[object] = ()
    if not isinstance(_decoded(first), dict):
        whole = documents(stream.read(MAX_PAGE_BYTES))
        found = (row for document in whole for row in (document if isinstance(document, list) else [document]))
        stream.seek(0)
        if not whole:
            found = _lines(stream)
    else:
        found = _lines(stream)
    yield from (row for row in islice(found, MAX_ROWS) if isinstance(row, dict))


def _lines(stream: BinaryIO) -> Iterator[object]:
    length = 0
    while length < MAX_BYTES and (line := stream.readline(MAX_PAGE_BYTES)):
        length += len(line)
        if line.strip():
            yield _decoded(line.removeprefix(b"\xef\xbb\xbf"))


def _decoded(line: bytes) -> object:
    """Return the value of a line of JSON, None for any other line."""
    try:
        return decode_json(line.strip())
    except BadPage:
        return None


def _names(row: Mapping[str, object]) -> Iterator[str]:
    """Yield the names of a row's fields, and those in its objects after a dot."""
    for name, value in row.items():
        yield name
        if isinstance(value, dict):
            yield from (f"{name}.{inner}" for inner in value)
