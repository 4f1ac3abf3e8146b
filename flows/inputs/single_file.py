"""The raw pages of one file, by the name that a command was given, or of all files of inputs.

Called by `flows.execution.single_file`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from glob import has_magic
from itertools import chain
from pathlib import Path

from flows.errors import UsageError
from flows.inputs.capture_time import require_local_files
from flows.inputs.containers import read_pages
from flows.inputs.discovery import EXPECTED, Skipped, Source, source_name
from flows.inputs.given_fields import GivenFields, check_given_fields
from flows.inputs.listing import list_sources
from flows.inputs.raw_page import PLACE, RawPage, UnreadablePage
from flows.inputs.storage import STDIN, exists_locally, expand, is_url, local_path, without_password
from flows.options import RowFields

NOWHERE = Path(os.devnull)  # where no output folder is


def pages_of_inputs(
    names: Sequence[str], fields: RowFields, captured_at: str, passed_over: list[Skipped]
) -> Iterator[RawPage | UnreadablePage]:
    """Return the raw pages of files, folders and patterns, in the order and with the names that they have in a run of these.

    Standard input and named pages of containers go before all others. Files that are no pages are added to `passed_over`.
    Raises UsageError where an input is missing, or there is no page.
    """
    if len(names) == 1 and not _may_be_several(names[0]):
        return pages_of_file(names[0], fields, captured_at)
    single = [name for name in names if name == STDIN or _is_place(name)]
    pages = [pages_of_file(name, fields, captured_at) for name in single]
    if others := [name for name in names if name not in single]:
        require_local_files(captured_at, others)
        listing, skipped = list_sources(others, NOWHERE)
        passed_over += [skip for skip in skipped if skip.reason not in EXPECTED]
        check_given_fields(listing, fields)
        pages += (read_pages(source, fields, captured_at, Counter()) for source in listing)
    return chain.from_iterable(pages)


def _may_be_several(name: str) -> bool:
    """Return whether a name may stand for several files: a folder, a pattern, or an address."""
    path = local_path(name)
    if not exists_locally(path):
        return has_magic(path) or (is_url(name) and not _is_place(name))
    return Path(path).is_dir()


def _is_place(name: str) -> bool:
    """Return whether a name is that of a page in a container, and no file."""
    return bool(PLACE.search(name)) and not exists_locally(local_path(name))


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
