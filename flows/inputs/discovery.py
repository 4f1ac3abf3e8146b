"""Find the files of pages under the inputs of a run, and the files passed over.

Called by `flows.inputs.listing`, for all that need them in order.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from flows.display import escaped_name
from flows.errors import Failed, UsageError, is_disk_fault
from flows.inputs import storage
from flows.inputs.compression import without_suffix
from flows.inputs.file_status import fixed_folder, is_folder, leads_out, stamp_of, status_of
from flows.inputs.lookahead import in_order
from flows.inputs.raw_page import PLACE
from flows.layout import ALL_FOLDERS, README, REPORT

FileKind = Literal["page", "rows", "warc"]
SourceKey = tuple[str, int]  # the name and the start of a source
ROW_SUFFIXES = (".jsonl", ".ndjson", ".jl")
ARCHIVE_SUFFIXES = (".warc", ".wet")
# Files with one of these endings are read by their content, whatever it is.
PAGE_SUFFIXES = (
    ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".xht", ".shtml", ".phtml", ".php", ".php3", ".php5",
    ".asp", ".aspx", ".jsp", ".jspx", ".cfm", ".cgi", ".do", ".amp", ".mhtml", ".mht", ".xml", ".rss", ".atom", ".rdf", ".json",
    *ROW_SUFFIXES, *ARCHIVE_SUFFIXES, "",
)  # fmt: skip
SIDECAR_SUFFIX = ".json"
OWN, SIDECAR_OF_PAGE = "output of dehusk", "sidecar of a page"
LINK_OUT = "a link out of its folder (--follow-links reads it)"
EXPECTED = (OWN, SIDECAR_OF_PAGE)  # reasons to pass over a file that concern no file of a user's pages
OWN_FILES = (REPORT, README)
UNREAD = "not readable"  # the reason for a folder; its files may still be there
_ALL_SUFFIXES = ".txt, .md, .html, .php and the like, .mhtml, .xml, .rss, .json, .jsonl, .warc and .wet, each also compressed"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of pages to clean, or the piece of one from the byte `start` to `end`.

    `file` is a path or an address, `name` its name relative to the input, with `/` between its parts, `size` its length in
    bytes. `stamp` differs when the file may have changed, "" if unknown. `kind` is "" as long as it is unknown.
    """

    file: str
    name: str
    size: int
    start: int = 0
    end: int | None = None
    stamp: str = ""
    kind: FileKind | Literal[""] = ""

    @property
    def key(self) -> SourceKey:
        """Return the key of this source among the inputs of a run."""
        return self.name, self.start

    def __reduce__(self) -> tuple[type[Source], tuple[object, ...]]:
        """Return how it is pickled, in a third of the time that a dataclass takes: a shard has thousands."""
        return Source, (self.file, self.name, self.size, self.start, self.end, self.stamp, self.kind)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file under an input that was passed over, with the reason."""

    name: str
    reason: str

    @property
    def kind(self) -> str:
        """Return the reason without its details."""
        return self.reason.partition(" (")[0]


def found_files(inputs: Sequence[str], out: Path, *, follow_links: bool = False) -> Iterator[tuple[Source, str]]:
    """Yield the files under `inputs`, in any order, each with the reason to pass it over, "" for a page.

    `flows.inputs.listing` describes the inputs. Raises UsageError when one is missing.
    """
    if not inputs:
        raise UsageError("no input given; name a file or a folder of pages, as in: dehusk run seeds --out out")
    inputs = [*map(storage.local_path, inputs)]
    out = Path(os.path.realpath(out))  # an input may lead into it by another path
    paths: dict[Path, bool] = {}  # to whether each is an input itself, not a match of a pattern
    folders: set[str] = set()
    for name in inputs:
        for path, is_input in [] if storage.is_url(name) else _matching(name):
            paths[path] = is_input or paths.get(path, False)
            folders.add(os.path.realpath(path if is_input else fixed_folder(name)))
    inside = None if follow_links else folders
    top = _common_folder([*paths]) if paths else Path()
    for path, is_input in paths.items():
        if not path.is_dir():
            yield _file(path, top, out, inside, is_input=is_input)
        elif not is_input and leads_out(str(path), inside):
            yield Source(str(path), _name_of(path, top), 0), LINK_OUT
        elif not _is_own(path, out):
            yield from _walk(path, top, out, inside, is_input=is_input)
        elif is_input:
            raise UsageError(f"{path} is where the output goes; name another folder with --out")
    files_at = partial(_files_at, is_only_input=len(inputs) == 1)
    for files in in_order(files_at, filter(storage.is_url, inputs), lambda _: len(inputs) > 1):
        yield from files


def no_page(inputs: Sequence[str]) -> UsageError:
    """Return the mistake of naming inputs without any page."""
    names = ", ".join(map(storage.without_password, map(storage.local_path, inputs)))
    return UsageError(f"no page found in {names}; dehusk reads {_ALL_SUFFIXES}")


def _matching(name: str) -> list[tuple[Path, bool]]:
    """Return the file or folder with this name, or all that match it as a pattern, and whether each is the input itself."""
    path = Path(os.path.abspath(name))
    if name and storage.exists_locally(str(path)):
        return [(path, True)]
    if glob.has_magic(name) and (matches := sorted(glob.glob(name, recursive=True))):  # noqa: PTH207 (Path.glob knows no absolute pattern)
        return [(Path(os.path.abspath(match)), False) for match in matches]
    raise UsageError(f"{name or repr(name)} does not exist; name a file or a folder of pages")


def _files_at(url: str, *, is_only_input: bool) -> list[tuple[Source, str]]:
    """Return the files at an address, each with the reason to pass it over, "" for a page."""
    files = storage.expand(url, whole_names=not is_only_input)
    return [
        (Source(file, source_name(name), size), "" if len(files) == 1 else _why_not_page(name)) for file, name, size in files
    ]


def _common_folder(paths: Sequence[Path]) -> Path:
    """Return the folder to which names are relative: a folder that is the only input, or the one above all inputs."""
    if len(paths) == 1:
        return paths[0] if paths[0].is_dir() else paths[0].parent
    return Path(os.path.commonpath([path.parent for path in paths]))


def _is_own(path: Path, out: Path) -> bool:
    """Return whether a path is among the output of dehusk."""
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(out / name) for name in (*ALL_FOLDERS, *OWN_FILES))


def _file(path: Path, top: Path, out: Path, inside: set[str] | None, *, is_input: bool) -> tuple[Source, str]:
    """Return a file that is an input or matches one, with the reason to pass it over, "" for a page."""
    status, fault = status_of(path)
    source = _source(str(path), _name_of(path, top), status)
    if fault:
        return source, fault
    if is_input:
        return source, ""
    if _is_own(path, out):
        return source, OWN
    if leads_out(str(path), inside):
        return source, LINK_OUT
    return source, SIDECAR_OF_PAGE if path.suffix == SIDECAR_SUFFIX and path.with_suffix("").exists() else ""


def _walk(path: Path, top: Path, out: Path, inside: set[str] | None, *, is_input: bool) -> Iterator[tuple[Source, str]]:
    """Yield each file of a folder with the reason to pass it over, "" for a page.

    A folder in it that cannot be read is passed over; raises UsageError for one that is the input itself, or Failed where
    its disk fails.
    """
    own = {str(out), *(str(out / name) for name in ALL_FOLDERS)}
    folders = [str(path)]
    while folders:
        folder = folders.pop()
        above = _name_of(Path(folder), top)
        prefix = "" if above == "." else f"{above}/"
        for entry in _entries(folder):
            if isinstance(entry, OSError):
                if is_input and folder == str(path):
                    problem = f"{folder} cannot be read ({entry.strerror})"
                    if is_disk_fault(entry):
                        raise Failed(f"{problem}; mend that, and run the same command again")
                    raise UsageError(f"{problem}; mend its permissions or leave it out")
                yield Source(folder, above, 0), f"{UNREAD} ({entry.strerror})"
                continue
            name = prefix + source_name(entry.name)
            if is_folder(entry):
                reason = "hidden" if entry.name.startswith(".") else "a link to a folder" if entry.is_symlink() else ""
                if reason:
                    yield Source(entry.path, name, 0), reason
                elif os.path.realpath(entry.path) not in own:
                    folders.append(entry.path)
            else:
                is_own = entry.name in OWN_FILES and os.path.realpath(folder) == str(out)
                status, fault = status_of(entry)
                reason = OWN if is_own else _why_skipped(entry, inside, fault)
                yield _source(entry.path, name, status), reason


def _entries(folder: str) -> Iterator[os.DirEntry[str] | OSError]:
    """Yield the entries of a folder in any order, and the error when it cannot be read, or not to its end."""
    try:
        with os.scandir(folder) as entries:
            while (entry := next(entries, None)) is not None:
                yield entry
    except OSError as error:
        yield error


def _why_skipped(entry: os.DirEntry[str], inside: set[str] | None, fault: str) -> str:
    """Return the reason to pass over a file in a folder, "" for a page; `fault` is that of its kind."""
    if entry.name.startswith("."):
        return "hidden"
    if fault:
        return fault
    if entry.name.endswith(SIDECAR_SUFFIX) and os.path.lexists(entry.path.removesuffix(SIDECAR_SUFFIX)):
        return SIDECAR_OF_PAGE
    return _why_not_page(entry.name) or (LINK_OUT if entry.is_symlink() and leads_out(entry.path, inside) else "")


def _why_not_page(name: str) -> str:
    if name == README:
        return "not a page (it describes its folder)"
    suffix = os.path.splitext(without_suffix(name))[1]  # noqa: PTH122 (ten times as fast, for folders of a hundred thousand)
    return "" if suffix.lower() in PAGE_SUFFIXES else f"not a page (dehusk reads {_ALL_SUFFIXES}, not {suffix})"


def _source(file: str, name: str, status: os.stat_result | None) -> Source:
    return Source(file, name, status.st_size, stamp=stamp_of(status)) if status else Source(file, name, 0)


def _name_of(path: Path, top: Path) -> str:
    return source_name(Path(os.path.relpath(path, top)).as_posix())


def source_name(path: str) -> str:
    """Return the name of a file's path: valid Unicode, and no part of it ends like the place of a page in a container."""
    name = escaped_name(path)
    return "/".join(PLACE.sub(r"\\x23\1", part) for part in name.split("/")) if "#" in name else name
