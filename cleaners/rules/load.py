"""Read and check packs in TOML. Called by `cleaners.rules.registry` and `flows.packs`."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import msgspec

from cleaners.errors import PackError
from cleaners.rules.model import Pack
from cleaners.rules.pack_format import check_format

PACKS = Path(__file__).parents[1] / "packs"


@cache
def shipped_packs() -> tuple[tuple[str, bytes], ...]:
    """Return the packs that come with dehusk, as (name, TOML)."""
    return tuple((path.name, path.read_bytes()) for path in sorted(PACKS.rglob("*.toml"), key=lambda path: path.name))


@cache
def shipped_languages() -> frozenset[str]:
    """Return the ISO 639-1 codes of the languages that have a shipped pack."""
    return frozenset(path.stem for path in (PACKS / "languages").glob("*.toml"))


@cache
def shipped_site_packs() -> frozenset[tuple[str, bytes]]:
    """Return those of the packs that come with dehusk that are for one site."""
    sites = {path.name for path in (PACKS / "sites").glob("*.toml")}
    return frozenset(pack for pack in shipped_packs() if pack[0] in sites)


def read_pack(toml: bytes, origin: str, *, is_checked: bool = False) -> Pack:
    """Return the pack in `toml`; raises PackError, which names `origin`, when it is not sound.

    `is_checked` skips the checks, for the packs that come with dehusk, which the tests check.
    """
    try:
        if is_checked:
            return msgspec.toml.decode(toml, type=Pack)
        raw = msgspec.toml.decode(toml)
        check_format(raw)
        pack = msgspec.convert(raw, Pack, builtin_types=(datetime, date, time), str_keys=True)
        pack.check()
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise PackError(f"{origin}: {error}") from None
    return pack
