"""What there is to clean: the pages under the inputs, in a fixed order, and what was passed over and why."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.compression import without_suffix
from flows.errors import UsageError

PAGE_SUFFIXES = (".txt", ".text", ".html", ".htm", "")
SIDECAR_SUFFIX = ".json"
SHARD_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """One page to clean: the file, its name relative to the input, parted by `/`, and its size in bytes."""

    file: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file under an input that is no page, and why it was passed over."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shard:
    """Pages that are cleaned, written, retried and counted as one; `name` names its files in the output folder."""

    name: str
    sources: tuple[Source, ...]


def find_sources(inputs: Sequence[str], out: Path) -> tuple[list[Source], list[Skipped]]:
    """Return all pages under `inputs` in the order of their names, and the files passed over; `out` is never read.

    A file that is named itself is taken whatever its name; of a folder, the files that end in PAGE_SUFFIXES. Raises
    UsageError when an input is missing or no page is found.
    """
    if not inputs:
        raise UsageError("no input given; name a file or a folder of pages, as in: dehusk run seeds --out out")
    paths = [Path(os.path.abspath(name)) for name in inputs]
    for given, path in zip(inputs, paths, strict=True):
        if not given or not path.exists():
            raise UsageError(f"{given or repr(given)} does not exist; name a file or a folder of pages")
    top = _common_folder(paths)
    sources: dict[str, Source] = {}
    skipped: list[Skipped] = []
    for given, path in zip(inputs, paths, strict=True):
        for file, reason in _walk(path, out, given):
            name = _printable(Path(os.path.relpath(file, top)).as_posix())
            if reason:
                skipped.append(Skipped(name, reason))
            else:
                sources[name] = Source(str(file), name, _size(file))
    if not sources:
        raise UsageError(f"no page found in {', '.join(inputs)}; dehusk reads files that end in .txt, .html or .htm")
    return sorted(sources.values(), key=lambda source: source.name), sorted(skipped, key=lambda skip: skip.name)


def plan_shards(sources: Sequence[Source], shard_bytes: int = SHARD_BYTES) -> list[Shard]:
    """Return `sources` in shards of about `shard_bytes` each, independent of how many workers there will be."""
    shards: list[Shard] = []
    group: list[Source] = []
    size = 0
    for source in sources:
        if group and size + source.size > shard_bytes:
            shards.append(_shard(len(shards), group))
            group, size = [], 0
        group.append(source)
        size += source.size
    return [*shards, _shard(len(shards), group)] if group else shards


def _shard(index: int, group: Sequence[Source]) -> Shard:
    digest = hashlib.sha256("\0".join(source.name for source in group).encode()).hexdigest()
    return Shard(f"{index:05}-{digest[:12]}", tuple(group))


def _common_folder(paths: Sequence[Path]) -> Path:
    """Return the folder to which names are relative: the input itself, or what several inputs have in common."""
    if len(paths) == 1:
        return paths[0] if paths[0].is_dir() else paths[0].parent
    return Path(os.path.commonpath([path.parent for path in paths]))


def _walk(path: Path, out: Path, given: str) -> Iterable[tuple[Path, str]]:
    """Yield each file of an input with the reason to pass it over, "" for a page."""
    if not path.is_dir():
        yield path, "" if stat.S_ISREG(path.stat().st_mode) else "not a regular file"
        return

    def fail(error: OSError) -> None:
        raise UsageError(f"{error.filename or given} cannot be read ({error.strerror}); mend its permissions or leave it out")

    for folder, folders, names in os.walk(path, onerror=fail):
        for name in sorted(folders):
            if name.startswith(".") or Path(folder, name).is_symlink():
                yield Path(folder, name), "hidden" if name.startswith(".") else "a link to a folder"
        folders[:] = [name for name in sorted(folders) if name[0] != "." and not Path(folder, name).is_symlink()]
        folders[:] = [name for name in folders if Path(folder, name) != out]
        for name in sorted(names):
            file = Path(folder, name)
            yield file, _why_skipped(file, set(names))


def _why_skipped(file: Path, beside: set[str]) -> str:
    if file.name.startswith("."):
        return "hidden"
    if not file.is_file():
        return "not a regular file"
    if file.suffix == SIDECAR_SUFFIX and file.stem in beside:
        return "sidecar of a page"
    suffix = Path(without_suffix(file.name)).suffix
    return "" if suffix.lower() in PAGE_SUFFIXES else f"not a page (dehusk reads .txt, .html and .htm, not {suffix})"


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # gone since it was listed; reading it will tell
        return 0


def _printable(name: str) -> str:
    """Return a file's name as text that can be written anywhere, whatever bytes it is made of."""
    return os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")
