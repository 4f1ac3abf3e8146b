"""Read a site file of Full-Text RSS: a directive a line, as in `strip_id_or_class: newsletter`.

Called by `flows.ftr.convert`. The format: https://help.fivefilters.org/full-text-rss/site-patterns.html
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from flows.errors import UsageError
from flows.regular_file import open_regular

MAX_BYTES = 1024 * 1024  # the largest of the collection has ten thousand
SUFFIX = ".txt"
_DIRECTIVE = re.compile(r"([a-z_]+(?:\([^)]*\))?)\s*:\s*(.*)", re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{1,63}", re.ASCII)


class Directive(NamedTuple):
    """A directive with the number of its line."""

    line: int
    name: str
    value: str


class SiteFile(NamedTuple):
    """The directives for a site, and its host without `www.`."""

    host: str
    directives: list[Directive]


def read_site_file(path: Path) -> SiteFile:
    """Return the directives of a file; raises UsageError for a file that is none, or whose name is no host."""
    host = path.name.removesuffix(SUFFIX).lower().removeprefix(".").removeprefix("www.")
    if not path.name.endswith(SUFFIX) or not _HOST.fullmatch(host):
        raise UsageError(f"{path} is not named as a site is; name a site file such as quaypost.example.txt")
    try:
        with open_regular(str(path)) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); name a site file") from None
    if len(content) > MAX_BYTES:
        raise UsageError(f"{path} has over {MAX_BYTES:,} bytes, as no site file has")
    found = []
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        directive = _DIRECTIVE.fullmatch(line.strip())
        if directive is not None and directive[2]:
            found.append(Directive(number, directive[1], directive[2].strip()))
    if not found:
        raise UsageError(f"{path} holds no directive, such as strip_id_or_class: newsletter")
    return SiteFile(host, found)
