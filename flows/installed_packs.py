"""Find packs in installed distributions: TOML files in a package that an entry point of the group `dehusk.packs` names.

Called by `flows.packs`. No code of a distribution is run or imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.display import printable
from flows.errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import Distribution

GROUP = "dehusk.packs"
OPTION = "--no-installed-packs"
REMEDY = f"mend or uninstall it, or leave it out with {OPTION}"
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
    for name, value, distribution in sorted(_entry_points(), key=lambda found: found[:2]):
        folder = _folder(value, distribution) if _PACKAGE.fullmatch(value) else None
        files = sorted(folder.glob("*.toml")) if folder else []
        if not files:
            what = f"{printable(value)!r} under {GROUP}, which is no package with packs in it (*.toml)"
            raise UsageError(f"{_ORIGIN}{name} names {what}; {REMEDY}")
        yield from (InstalledPack(name, file) for file in files)


def _entry_points() -> Iterator[tuple[str, str, Distribution]]:
    """Yield the distribution's name, the value and the distribution of each entry point of the group.

    Raises UsageError when the entry points of a distribution, whatever their group, cannot be read.
    """
    from importlib.metadata import distributions, entry_points  # takes a while to import

    try:
        points = entry_points(group=GROUP)
    except (TypeError, ValueError):
        damaged = next(filter(_is_damaged, distributions()))
        raise UsageError(f"{_ORIGIN}{_name(damaged)} has damaged entry points; {REMEDY}") from None
    for point in points:
        if point.dist is not None:
            yield _name(point.dist), point.value, point.dist


def _is_damaged(distribution: Distribution) -> bool:
    """Return whether the entry points of a distribution cannot be read."""
    try:
        list(distribution.entry_points)
    except (TypeError, ValueError):
        return True
    return False


def _name(distribution: Distribution) -> str:
    return printable(f"{distribution.name} {distribution.version}")


def _folder(package: str, distribution: Distribution) -> Path | None:
    """Return the folder of a package, None when there is none.

    It lies beside the distribution's metadata, or, as of an editable one, where Python would find its outermost package.
    """
    outermost, *inner = package.split(".")
    if (folder := Path(str(distribution.locate_file("/".join((outermost, *inner)))))).is_dir():
        return folder
    from importlib.util import find_spec  # runs no code for an outermost package

    try:
        spec = find_spec(outermost)
    except (ImportError, ValueError):
        return None
    places = (Path(place, *inner) for place in (spec.submodule_search_locations or () if spec else ()))
    return next((place for place in places if place.is_dir()), None)
