"""The site of a page, by the host of its address.

Called by `flows.learning.shard` and `flows.execution.site_lines`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

MAX_REMEMBERED = 4_096  # addresses' beginnings
MAX_HOST_CHARS = 253  # DNS allows no more
VARIANTS = ("www.", "m.", "amp.", "mobile.")  # of one site, for other screens
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.ASCII)
_ORIGIN = re.compile(r"[a-z]+://[^/?#]*", re.ASCII | re.IGNORECASE)


def site_of(url: str) -> str:
    """Return the host of an address without `www.` and the like, "" for an address without a host that DNS allows.

    A site holds no other characters than letters, digits, dots, hyphens and underscores.

    >>> site_of("https://www.Quaypost.example:443/crane"), site_of("https://amp.quaypost.example/crane?a=b")
    ('quaypost.example', 'quaypost.example')
    >>> site_of("https://m.example/"), site_of("https://../../etc"), site_of("http://[")
    ('m.example', '', '')
    """
    origin = _ORIGIN.match(url)
    return _site_of_origin(origin[0]) if origin else ""


@lru_cache(maxsize=MAX_REMEMBERED)
def _site_of_origin(origin: str) -> str:
    try:
        host = (urlsplit(origin).hostname or "").rstrip(".")
        host = (host if host.isascii() else host[: MAX_HOST_CHARS + 1].encode("idna").decode()).lower()
    except ValueError:  # no address that there is, or a name that IDNA does not allow
        return ""
    while variant := next((variant for variant in VARIANTS if host.startswith(variant) and "." in host[len(variant) :]), ""):
        host = host[len(variant) :]
    return host if len(host) <= MAX_HOST_CHARS and _HOST.fullmatch(host) else ""
