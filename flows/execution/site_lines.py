"""The rules of a page's site: those of the packs of a run, with the lines that the run has learnt of the site.

Called by `flows.execution.shard`; the lines are written by `flows.learning.run_lines`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from cleaners import Library
from cleaners.rules.site_lines import SiteLines
from flows.inputs.site import site_of
from flows.options import WorkerSettings
from flows.packs import compiled, library_of

MAX_REMEMBERED = 1_024  # libraries of sites; they are small, as all share what is compiled
encode_lines = msgspec.json.Encoder().encode
decode_lines = msgspec.json.Decoder(list[SiteLines]).decode


def library_for(settings: WorkerSettings, url: str) -> Library:
    """Return the compiled packs of a run for the page at an address, with the lines learnt of its site."""
    library = library_of(settings)
    site = site_of(url) if settings.lines else ""
    if not site or site not in _lines_in(settings.lines):
        return library
    return _library_with(settings.packs, settings.strict, settings.site_packs, settings.lines, site)


@lru_cache(maxsize=2)
def _lines_in(file: str) -> dict[str, SiteLines]:
    """Return the lines in a file by site; a file is of one run alone, and never changes."""
    return {lines.host: lines for lines in decode_lines(Path(file).read_bytes())}


@lru_cache(maxsize=MAX_REMEMBERED)
def _library_with(packs: tuple[tuple[str, bytes], ...], strict: bool, site_packs: bool, file: str, site: str) -> Library:
    return compiled(packs, strict, site_packs).with_lines(_lines_in(file)[site])
