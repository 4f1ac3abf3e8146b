"""The rules a command works with: the packs that come with dehusk and a user's own."""

from __future__ import annotations

from pathlib import Path

from cleaners import Library, shipped_packs
from cleaners.check import check_pack
from cleaners.pack import PackError, read_pack
from flows.errors import UsageError


def read_packs(folder: str) -> tuple[tuple[str, bytes], ...]:
    """Return the shipped packs and those in `folder` ("" for none); raises UsageError when there are none in it."""
    if not folder:
        return tuple(shipped_packs())
    try:
        own = [(str(file), file.read_bytes()) for file in sorted(Path(folder).glob("*.toml"))]
    except OSError as error:
        raise UsageError(f"--packs: {error.filename} cannot be read ({error.strerror}); mend it or take it away") from None
    if not own:
        raise UsageError(f"--packs: {folder} is no folder that holds .toml packs; name one that does")
    return (*shipped_packs(), *own)


def load_library(folder: str, *, strict: bool, site_packs: bool) -> Library:
    """Return the compiled packs; raises UsageError when one of a user's own is not sound or an example of it fails."""
    packs = read_packs(folder)
    try:
        library = Library(packs, strict=strict, site_packs=site_packs)
        if folder:
            problems = [*library.check()]
            problems += [
                problem for origin, toml in packs[len(shipped_packs()) :] for problem in check_pack(read_pack(toml, origin))
            ]
            if problems:
                raise PackError(problems[0])
    except PackError as error:
        raise UsageError(f"{error}; mend the pack") from None
    return library
