"""Read the texts of a few pages again from the inputs that they came from.

Called by `flows.report.build` and `pages`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from cleaners import BadPage
from flows.inputs.compression import compression_of
from flows.inputs.containers import read_pages
from flows.inputs.discovery import Source
from flows.inputs.file_kind import kind_of
from flows.inputs.raw_page import PLACE, RawPage, page_of
from flows.inputs.storage import is_url, open_file
from flows.options import RowFields

HEAD_BYTES = 16


class PageTexts:
    """The texts of pages by name, read lazily; pages of over `max_chars` characters have none.

    In a seekable container each page is read by itself. In any other file, and in one at an address, which would be fetched for
    each page, all `names` are read in one pass.
    """

    def __init__(self, names: Collection[str], sources: Mapping[str, Source], fields: RowFields, max_chars: int) -> None:
        self._sources = sources
        self._fields, self._max_chars = fields, max_chars
        self._names_by_file: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            self._names_by_file[self._file_of(name)].add(name)
        self._seekable: dict[str, Source | None] = {}  # by file name, None for files read in one pass
        self._texts: dict[str, str] = {}  # of the files read in one pass

    def text_of(self, path: str) -> str | None:
        """Return the text of a page, None where it cannot be read."""
        file = self._file_of(path)
        if file not in self._sources:
            return None
        if file not in self._seekable:
            self._seekable[file] = self._as_seekable(file)
            if self._seekable[file] is None:
                self._texts |= self._read_in_one_pass(self._sources[file], self._names_by_file[file])
        source = self._seekable[file]
        if source is None or path == file:
            return self._texts.pop(path, None)
        start = path.removeprefix(f"{file}#").partition("-")[0]
        from_there = replace(source, start=int(start), end=None)
        return next((text for name, text in self._texts_in(islice(self._pages(from_there), 1)) if name == path), None)

    def _file_of(self, path: str) -> str:
        return path if path in self._sources else PLACE.sub("", path)

    def _as_seekable(self, name: str) -> Source | None:
        """Return a seekable container with its kind, None for a single page and a compressed or remote file."""
        source = self._sources[name]
        if is_url(source.file):
            return None
        try:
            with open_file(source.file) as file:
                is_compressed = bool(compression_of(file.read(HEAD_BYTES)))
                kind = source.kind or kind_of(file, source.name, self._fields)
        except OSError:  # gone since it was cleaned
            return None
        return None if is_compressed or kind == "page" else replace(source, kind=kind)

    def _read_in_one_pass(self, source: Source, names: set[str]) -> dict[str, str]:
        texts = {}
        whole = replace(source, start=0, end=None)
        for name, text in self._texts_in(page for page in self._pages(whole) if page.name in names):
            texts[name] = text
            if len(texts) == len(names):
                break
        return texts

    def _pages(self, source: Source) -> Iterator[RawPage]:
        return (page for page in read_pages(source, self._fields, "", Counter()) if isinstance(page, RawPage))

    def _texts_in(self, pages: Iterator[RawPage]) -> Iterator[tuple[str, str]]:
        for page in pages:
            try:
                text = page_of(page).text
            except BadPage:  # it has changed since it was cleaned
                continue
            if len(text) <= self._max_chars:
                yield page.name, text
