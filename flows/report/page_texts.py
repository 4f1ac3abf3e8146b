"""Read the texts of a few pages again, out of the inputs that they came from."""

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
    """The texts of pages by their names, read when they are asked for; there is none of a page of over `most_chars` characters.

    Where a file can be read from any place, a page is read from its own; of another, and of one at an address, which would be
    fetched for each, all `wanted` pages are read in one go.
    """

    def __init__(self, wanted: Collection[str], sources: Mapping[str, Source], fields: RowFields, most_chars: int) -> None:
        self._sources = sources
        self._fields, self._most_chars = fields, most_chars
        self._wanted: defaultdict[str, set[str]] = defaultdict(set)  # by the names of their files
        for path in wanted:
            self._wanted[self._file_of(path)].add(path)
        self._by_place: dict[str, Source | None] = {}  # files by their names, None where they are read in one go
        self._read: dict[str, str] = {}

    def text_of(self, path: str) -> str | None:
        """Return the text of a page, None where it is not at hand."""
        name = self._file_of(path)
        if name not in self._sources:
            return None
        if name not in self._by_place:
            self._by_place[name] = self._told(name)
            if self._by_place[name] is None:
                self._read |= self._texts(self._sources[name], self._wanted[name])
        source = self._by_place[name]
        if source is None or path == name:
            return self._read.pop(path, None)
        place = path.removeprefix(f"{name}#").partition("-")[0]
        there = replace(source, start=int(place), end=None)
        return next((text for own, text in self._texts_in(islice(self._pages(there), 1)) if own == path), None)

    def _file_of(self, path: str) -> str:
        return path if path in self._sources else PLACE.sub("", path)

    def _told(self, name: str) -> Source | None:
        """Return a file with what it holds, None for one that is read in one go: it is a page, compressed, or elsewhere."""
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

    def _texts(self, source: Source, wanted: set[str]) -> dict[str, str]:
        read = {}
        whole = replace(source, start=0, end=None)
        for path, text in self._texts_in(page for page in self._pages(whole) if page.name in wanted):
            read[path] = text
            if len(read) == len(wanted):
                break
        return read

    def _pages(self, source: Source) -> Iterator[RawPage]:
        return (page for page in read_pages(source, self._fields, "", Counter()) if isinstance(page, RawPage))

    def _texts_in(self, pages: Iterator[RawPage]) -> Iterator[tuple[str, str]]:
        for page in pages:
            try:
                text = page_of(page).text
            except BadPage:  # it has changed since it was cleaned
                continue
            if len(text) <= self._most_chars:
                yield page.name, text
