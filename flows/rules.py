"""The rules a command works with: the packs that come with dehusk and a user's own."""

from __future__ import annotations

from pathlib import Path

from cleaners import Library, shipped_packs
from cleaners.pack import PackError
from flows.errors import UsageError


def read_packs(folder: str) -> tuple[tuple[str, bytes], ...]:
    """Return the shipped packs and those in `folder` ("" for none); raises UsageError when there are none in it."""
    if not folder:
        return tuple(shipped_packs())
    files = sorted(Path(folder).glob("*.toml")) if Path(folder).is_dir() else []
    if not files:
        raise UsageError(f"--packs: {folder} is no folder that holds .toml packs; name one that does")
    return (*shipped_packs(), *((str(file), file.read_bytes()) for file in files))


def load_library(folder: str, *, strict: bool, site_packs: bool) -> Library:
    """Return the compiled packs; raises UsageError when one of them is not sound."""
    try:
        return Library(read_packs(folder), strict=strict, site_packs=site_packs)
    except PackError as error:
        raise UsageError(f"{error}; mend the pack") from None
