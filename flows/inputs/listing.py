"""The listing of a run's inputs: the files of pages in the order of their names, however many there are.

Called by `flows.execution.context`, `flows.inspect`, `flows.learning.gather` and `flows.report.build`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from flows.errors import UsageError
from flows.inputs.discovery import Skipped, Source, found_files, no_page
from flows.inputs.scratch import Scratch
from flows.inputs.storage import without_password

_COLUMNS = "name text, top integer, file blob, size integer, stamp text"
_SORTED = "insert or ignore into listing select * from found order by name, rowid"
_CLASH = """
    select first.file, first.top, found.file, found.top, name from found join listing as first using (name)
    where (first.file, first.top) is not (found.file, found.top) order by found.rowid limit 1
"""


class Listing:
    """Whole files of pages in the order of their names, kept outside of memory, and others after them in the order given.

    It can be read again and again. Raises UsageError when two files have one name.
    """

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self.last: list[Source] = []
        self._tops: dict[str, int] = {}  # the path of a file is mostly its name below one of a few folders
        self._scratch = Scratch(f"found ({_COLUMNS})", f"listing ({_COLUMNS}, primary key (name)) without rowid")
        self._scratch.add("insert into found values (?, ?, ?, ?, ?)", map(self._row, sources))
        self._number = self._scratch.run(_SORTED)
        for file, top, other_file, other_top, name in self._scratch.rows(_CLASH):
            raise _clash(self._path(file, top, name), self._path(other_file, other_top, name), name)
        self._scratch.run("drop table found")

    def append(self, source: Source) -> None:
        """Add a source after all others; raises UsageError when another one has its name."""
        if (other := self.get(source.name)) is not None:
            raise _clash(other.file, "standard input", source.name)
        self.last.append(source)

    def __len__(self) -> int:
        return self._number + len(self.last)

    def __iter__(self) -> Iterator[Source]:
        yield from self.sorted()
        yield from self.last

    def sorted(self) -> Iterator[Source]:
        """Yield the sources in the order of their names, without those that were appended."""
        return self._sources("select * from listing order by name")

    def get(self, name: str) -> Source | None:
        """Return the source with this name, None if there is none."""
        source = next(self._sources("select * from listing where name = ?", (name,)), None)
        return source or next((last for last in self.last if last.name == name), None)

    def _row(self, source: Source) -> tuple[object, ...]:
        if source.file.endswith(source.name):
            top = source.file.removesuffix(source.name)
            return source.name, self._tops.setdefault(top, len(self._tops)), None, source.size, source.stamp
        # The path of a file may be no Unicode; its name is.
        return source.name, None, source.file.encode("utf-8", "surrogatepass"), source.size, source.stamp

    def _path(self, file: bytes | None, top: int, name: str) -> str:
        return [*self._tops][top] + name if file is None else file.decode("utf-8", "surrogatepass")

    def _sources(self, query: str, values: Sequence[object] = ()) -> Iterator[Source]:
        tops = [*self._tops]
        for name, top, file, size, stamp in self._scratch.rows(query, values):
            yield Source(tops[top] + name if file is None else file.decode("utf-8", "surrogatepass"), name, size, stamp=stamp)


def _clash(first: str, other: str, name: str) -> UsageError:
    files = f"{without_password(first)} and {without_password(other)}"
    return UsageError(f"{files} would both be named {name}; clean one of them into another folder with --out")


def list_sources(inputs: Sequence[str], out: Path, *, follow_links: bool = False) -> tuple[Listing, list[Skipped]]:
    """Return all files of pages under `inputs` in the order of their names, and those passed over; `out` is never read.

    An input is a file, a folder, a pattern such as `pages/**/*.txt`, or an address; `file://` stands for a path. A file given
    as an input is read whatever its name; in a folder, only files that end in PAGE_SUFFIXES are, and those that a link leads to
    outside all folders given only with `follow_links`. Raises UsageError when an input is missing, no page is found, or two
    pages would have one name.
    """
    skipped: list[Skipped] = []

    def pages() -> Iterator[Source]:
        for source, reason in found_files(inputs, out, follow_links=follow_links):
            if reason:
                skipped.append(Skipped(source.name, reason))
            else:
                yield source

    listing = Listing(pages())
    if not len(listing):
        raise no_page(inputs)
    return listing, sorted(skipped, key=lambda skip: skip.name)


def find_sources(inputs: Sequence[str], out: Path, *, follow_links: bool = False) -> tuple[list[Source], list[Skipped]]:
    """Return what `list_sources` does, with all files in memory."""
    listing, skipped = list_sources(inputs, out, follow_links=follow_links)
    return [*listing], skipped
