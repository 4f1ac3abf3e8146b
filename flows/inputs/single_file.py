"""The raw pages of one file, by the name that a command was given.

Called by `flows.execution.single_file`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flows.errors import UsageError
from flows.inputs.capture_time import require_local_files
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source, source_name
from flows.inputs.given_fields import GivenFields
from flows.inputs.raw_page import PLACE, RawPage, UnreadablePage
from flows.inputs.storage import STDIN, exists_locally, expand, is_url, local_path, without_password
from flows.options import RowFields


def pages_of_file(name: str, fields: RowFields, captured_at: str) -> Iterator[RawPage | UnreadablePage]:
    """Return the raw pages of a file, or the named one of a container; raises UsageError where the name is no file."""
    file, position = local_path(name), ""
    if not exists_locally(file) and (match := PLACE.search(file)):
        file, position = file[: match.start()], match[1]
    source = _source(file, captured_at)
    if not position:
        return _checked_pages(source, fields, captured_at)
    from_there = replace(source, start=int(position.partition("-")[0]))
    return _page_named(f"{source.name}#{position}", _checked_pages(from_there, fields, captured_at), name)


def _checked_pages(source: Source, fields: RowFields, captured_at: str) -> Iterator[RawPage | UnreadablePage]:
    """Yield the pages of a source, which is opened only once; raises UsageError for a given name that no row has."""
    given = GivenFields(fields)
    for page in read_pages(source, fields, captured_at, Counter(), on_open=given.look_at):
        given.check()
        yield page
    given.check()


def _source(file: str, captured_at: str) -> Source:
    require_local_files(captured_at, [file], "a file")
    if file == STDIN:
        return Source(file, "", 0)
    if not is_url(file):
        if not exists_locally(file) or not Path(file).is_file():
            raise UsageError(f"{file} is no file; name a page, or - for standard input")
        return Source(file, source_name(Path(file).name), Path(file).stat().st_size)
    files = expand(file, whole_names=False)
    if len(files) > 1:
        raise UsageError(f"{without_password(file)} stands for several files; name one of them")
    url, name, size = files[0]
    return Source(url, source_name(name), size)


def _page_named(
    page_name: str, pages: Iterator[RawPage | UnreadablePage], given_name: str
) -> Iterator[RawPage | UnreadablePage]:
    """Yield only the page of that name; raises UsageError, which names the file as it was given, without one."""
    page = next((page for page in pages if page.name == page_name), None)
    if page is None:
        raise UsageError(f"{without_password(given_name)}: there is no page at that place")
    yield page
