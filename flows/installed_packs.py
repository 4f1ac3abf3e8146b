"""Find packs in installed distributions: TOML files in a package that an entry point of the group `dehusk.packs` names.

Called by `flows.packs`. No code of a distribution is run or imported. `importlib.metadata` finds the same entry points (the
tests hold this module to it), but takes 37 ms to import and to ask where 195 distributions are installed; this takes 3 ms.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.display import printable
from flows.errors import UsageError

GROUP = "dehusk.packs"
OPTION = "--no-installed-packs"
REMEDY = f"mend or uninstall it, or leave it out with {OPTION}"
GROUP_BYTES = GROUP.encode()
MAX_BYTES = 1024 * 1024  # of the entry points of a distribution
_ENDINGS = (".dist-info", ".egg-info")
_PACKAGE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_ORIGIN = "distribution "


@dataclass(frozen=True, slots=True)
class InstalledPack:
    """A file of a pack, with the name and the version of the distribution that brings it."""

    distribution: str
    file: Path

    @property
    def origin(self) -> str:
        """Return the name of the pack in messages, with that of its distribution."""
        return f"{_ORIGIN}{self.distribution}/{printable(self.file.name)}"


def distribution_of(origin: str) -> str:
    """Return the name and the version of the distribution that brings a pack, "" for any other pack.

    >>> distribution_of("distribution acme-packs 1.0/quay.toml"), distribution_of("quay.toml")
    ('acme-packs 1.0', '')
    """
    return origin.removeprefix(_ORIGIN).partition("/")[0] if origin.startswith(_ORIGIN) else ""


def installed_packs() -> Iterator[InstalledPack]:
    """Yield the packs in all installed distributions, in the order of the distributions' names and files.

    Raises UsageError, which names the distribution, for an entry point that leads to no packs.
    """
    found = {
        (distribution, value, beside) for distribution, beside, text in _declaring() for value in _values(distribution, text)
    }
    for distribution, value, beside in sorted(found):
        folder = _folder(value, beside) if _PACKAGE.fullmatch(value) else None
        files = sorted(folder.glob("*.toml")) if folder else []
        if not files:
            what = f"{printable(value)!r} under {GROUP}, which is no package with packs in it (*.toml)"
            raise UsageError(f"{_ORIGIN}{distribution} names {what}; {REMEDY}")
        yield from (InstalledPack(distribution, file) for file in files)


def _declaring() -> Iterator[tuple[str, str, str]]:
    """Yield the distributions that name the group: name and version, the folder beside, the text of all entry points.

    Of two distributions of one name, the first on Python's path counts, as Python imports it.
    """
    places = list(_places())
    texts = {place: text.decode("utf-8", "replace") for place in places if GROUP_BYTES in (text := _entry_points(*place))}
    seen = set()
    for place in places if texts else ():
        folder, name = place
        project, _, version = Path(name).stem.partition("-")
        key = re.sub(r"[-_.]+", "-", project).lower()
        if key not in seen and place in texts:
            yield printable(f"{key} {version}".strip()), folder, texts[place]
        seen.add(key)


def _places() -> Iterator[tuple[str, str]]:
    """Yield the folder and the name of the metadata of each installed distribution, in the order of Python's path."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 (half the time of Path.iterdir)
        except OSError:  # an archive, or gone
            continue
        yield from ((folder, name) for name in sorted(names) if name.endswith(_ENDINGS))


def _entry_points(folder: str, name: str) -> bytes:
    """Return the entry points of a distribution as their file has them, b"" without one."""
    try:
        handle = os.open(f"{folder or '.'}/{name}/entry_points.txt", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        return os.read(handle, MAX_BYTES)
    except OSError:  # a folder
        return b""
    finally:
        os.close(handle)


def _values(distribution: str, text: str) -> list[str]:
    """Return the values of the group in the text of entry points; raises UsageError, which names the distribution."""
    import configparser  # takes a while to import, and few have such distributions

    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        raise UsageError(f"{_ORIGIN}{distribution} has damaged entry points; {REMEDY}") from None
    return [value.strip() for _, value in parser.items(GROUP)] if parser.has_section(GROUP) else []


def _folder(package: str, beside: str) -> Path | None:
    """Return the folder of a package, None when there is none.

    It lies beside the distribution's metadata, or, as of an editable one, where Python would find its outermost package.
    """
    outermost, *inner = package.split(".")
    if (folder := Path(beside, outermost, *inner)).is_dir():
        return folder
    from importlib.util import find_spec  # runs no code for an outermost package

    try:
        spec = find_spec(outermost)
    except (ImportError, ValueError):
        return None
    places = (Path(place, *inner) for place in (spec.submodule_search_locations or () if spec else ()))
    return next((place for place in places if place.is_dir()), None)
