"""Read site files and pages, and write the packs that are made of them.

Called by the command `dehusk rules import ftr`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cleaners import BadPage
from cleaners.learning.pack_text import pack_toml
from cleaners.rules.model import Pack
from flows.errors import UsageError
from flows.ftr.convert import NotTaken, SitePage, pack_of, site_page
from flows.ftr.site_file import SiteFile, read_site_file
from flows.inputs.raw_page import MAX_PAGE_BYTES, is_html
from flows.output.atomic import make_folder, write_whole
from flows.regular_file import open_regular


def import_files(files: Sequence[str], pages: Sequence[str], to: str, *, replace: bool = False) -> Iterator[str]:
    """Yield a line for each pack that is written to the folder `to`, and one for each directive that it does not hold.

    Raises UsageError before anything is written: for a file that is no site file, a page that is none, or a pack that is there
    unless it may be replaced.
    """
    sites = [read_site_file(Path(file)) for file in files]
    found = [*map(_page, pages)]
    made = [(site, *pack_of(site, found)) for site in sites]
    for site, pack, _ in made:
        path = Path(to) / f"{pack.name}.toml"
        if pack.rule and path.exists() and not replace:
            raise UsageError(f"{path} is there already; name another folder with --to, or replace it with --force")
        if sum(other.host == site.host for other in sites) > 1:
            raise UsageError(f"two site files are for {site.host}; import one of them")
    for site, pack, left in made:
        yield from _written(site, pack, left, Path(to))


def _page(name: str) -> SitePage:
    try:
        with open_regular(name) as file:
            raw = file.read(MAX_PAGE_BYTES + 1)
        if len(raw) > MAX_PAGE_BYTES:
            raise UsageError(f"--page {name} has over {MAX_PAGE_BYTES:,} bytes; name a page")
        if not is_html(raw, name):
            raise UsageError(f"--page {name} is no HTML page; name one of the site")
        return site_page(raw)
    except OSError as error:
        raise UsageError(f"--page {name} cannot be read ({error.strerror}); name an HTML page of the site") from None
    except BadPage as problem:
        raise UsageError(f"--page {name} is no HTML page: {problem.detail}") from None


def _written(site: SiteFile, pack: Pack, left: Sequence[NotTaken], to: Path) -> Iterator[str]:
    """Write a pack, if it has a rule, and yield its lines."""
    if pack.rule:
        make_folder(to)
        write_whole(to / f"{pack.name}.toml", pack_toml(pack).encode())
        yield f"{to / pack.name}.toml: {len(pack.rule)} of {len(site.directives)} directives for {site.host}"
    else:
        yield f"no pack: none of {len(site.directives)} directives for {site.host} became a rule"
    for (line, name, value), reason in left:
        yield f"  not taken: line {line}, {name}: {value[:80]} ({reason})"
