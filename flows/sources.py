"""What there is to clean: the pages under the inputs, in a fixed order, and what was passed over and why."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows import storage
from flows.compression import without_suffix
from flows.errors import UsageError
from flows.writing import FOLDERS, RUNS

ROW_SUFFIXES = (".jsonl", ".ndjson", ".jl")
ARCHIVE_SUFFIXES = (".warc", ".wet")
PAGE_SUFFIXES = (".txt", ".text", ".html", ".htm", *ROW_SUFFIXES, *ARCHIVE_SUFFIXES, "")
SIDECAR_SUFFIX = ".json"
_SUFFIXES_TOLD = ".txt, .html, .htm, .jsonl, .warc and .wet, each also compressed"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of pages to clean, or the piece of one from the byte `start` to `end`.

    `file` is a path or an address, `name` its name relative to the input, parted by `/`, `size` its bytes; `kind` is what it
    holds, where that has been told.
    """

    file: str
    name: str
    size: int
    start: int = 0
    end: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file under an input that is no page, and why it was passed over."""

    name: str
    reason: str


def find_sources(inputs: Sequence[str], out: Path) -> tuple[list[Source], list[Skipped]]:
    """Return all files of pages under `inputs` in the order of their names, and those passed over; `out` is never read.

    An input is a file, a folder, a pattern such as `pages/**/*.txt`, or an address. A file that is named itself is taken
    whatever its name; of a folder, the files that end in PAGE_SUFFIXES. Raises UsageError when an input is missing, no page is
    found, or two pages would have one name.
    """
    if not inputs:
        raise UsageError("no input given; name a file or a folder of pages, as in: dehusk run seeds --out out")
    out = Path(os.path.realpath(out))  # what is in it may be named by another path
    paths: dict[Path, bool] = {}  # whether each is named itself
    for given in inputs:
        for path, is_named in [] if storage.is_url(given) else _matching(given):
            paths[path] = is_named or paths.get(path, False)
    top = _common_folder([*paths]) if paths else Path()
    found: list[tuple[Source, str]] = []
    for path, is_named in paths.items():
        for file, reason in _walk(path, out, is_named=is_named):
            found.append((Source(str(file), printable(Path(os.path.relpath(file, top)).as_posix()), _size(file)), reason))
    for url in filter(storage.is_url, inputs):
        found += _behind(url, alone=len(inputs) == 1)
    sources: dict[str, Source] = {}
    for source in (source for source, reason in found if not reason):
        other = sources.setdefault(source.name, source)
        if other.file != source.file:
            raise UsageError(
                f"{storage.shown(other.file)} and {storage.shown(source.file)} would both be named {source.name};"
                " clean one of them into another folder with --out"
            )
    skipped = [Skipped(source.name, reason) for source, reason in found if reason]
    if not sources:
        raise UsageError(f"no page found in {', '.join(map(storage.shown, inputs))}; dehusk reads {_SUFFIXES_TOLD}")
    return sorted(sources.values(), key=lambda source: source.name), sorted(skipped, key=lambda skip: skip.name)


def _matching(given: str) -> list[tuple[Path, bool]]:
    """Return the file or folder of a name, or those that a pattern stands for, and whether each is named itself."""
    path = Path(os.path.abspath(given))
    if given and path.exists():
        return [(path, True)]
    if glob.has_magic(given) and (matches := sorted(glob.glob(given, recursive=True))):  # noqa: PTH207 (Path.glob knows no absolute pattern)
        return [(Path(os.path.abspath(match)), False) for match in matches]
    raise UsageError(f"{given or repr(given)} does not exist; name a file or a folder of pages")


def _behind(url: str, *, alone: bool) -> Iterable[tuple[Source, str]]:
    """Yield the files behind an address, with the reason to pass over those that are no pages."""
    files = storage.expand(url, whole_names=not alone)
    for file, name, size in files:
        yield Source(file, printable(name), size), "" if len(files) == 1 else _why_not_page(name)


def _common_folder(paths: Sequence[Path]) -> Path:
    """Return the folder to which names are relative: the input itself, or what several inputs have in common."""
    if len(paths) == 1:
        return paths[0] if paths[0].is_dir() else paths[0].parent
    return Path(os.path.commonpath([path.parent for path in paths]))


def _walk(path: Path, out: Path, *, is_named: bool) -> Iterable[tuple[Path, str]]:
    """Yield each file of an input with the reason to pass it over, "" for a page."""
    is_own = any(Path(os.path.realpath(path)).is_relative_to(out / name) for name in (*FOLDERS, RUNS))
    if not path.is_dir():
        if not is_named and is_own:
            yield path, "output of dehusk"
        elif not stat.S_ISREG(path.stat().st_mode):
            yield path, "not a regular file"
        else:
            yield path, "" if is_named or not _is_sidecar(path) else "sidecar of a page"
        return
    if is_own:
        if is_named:
            raise UsageError(f"{path} is where the output goes; name another folder with --out")
        return

    def fail(error: OSError) -> None:
        raise UsageError(f"{error.filename or path} cannot be read ({error.strerror}); mend its permissions or leave it out")

    own = {str(out), *(str(out / name) for name in (*FOLDERS, RUNS))}
    for folder, folders, names in os.walk(path, onerror=fail):
        for name in sorted(folders):
            if name.startswith(".") or Path(folder, name).is_symlink():
                yield Path(folder, name), "hidden" if name.startswith(".") else "a link to a folder"
        folders[:] = [name for name in sorted(folders) if name[0] != "." and not Path(folder, name).is_symlink()]
        folders[:] = [name for name in folders if os.path.realpath(Path(folder, name)) not in own]
        for name in sorted(names):
            file = Path(folder, name)
            yield file, _why_skipped(file)


def _is_sidecar(file: Path) -> bool:
    return file.suffix == SIDECAR_SUFFIX and file.with_suffix("").exists()


def _why_skipped(file: Path) -> str:
    if file.name.startswith("."):
        return "hidden"
    if not file.is_file():
        return "not a regular file"
    if _is_sidecar(file):
        return "sidecar of a page"
    return _why_not_page(file.name)


def _why_not_page(name: str) -> str:
    suffix = Path(without_suffix(name)).suffix
    return "" if suffix.lower() in PAGE_SUFFIXES else f"not a page (dehusk reads {_SUFFIXES_TOLD}, not {suffix})"


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # gone since it was listed; reading it will tell
        return 0


def printable(name: str) -> str:
    """Return a file's name as text that can be written anywhere, whatever bytes it is made of."""
    return os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")
