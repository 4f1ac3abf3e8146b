"""The names of the packs of sites: of letters, digits and hyphens, made of a host, a folder, or a number.

Called by `flows.learning.learn`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_CHARS = 60  # so that the ids of rules stay within the limit of packs
_OTHER = re.compile(r"[^a-z0-9]+")


def name_of_host(host: str) -> str:
    """Return the name for a host.

    >>> name_of_host("news.quaypost.example")
    'news-quaypost-example'
    """
    return _OTHER.sub("-", host.lower()).strip("-")[:MAX_CHARS].strip("-") or "site"


def name_of_pages(names: Iterable[str], above: str) -> str:
    """Return the name for pages without an address: that of the folder or container that all of them are in, else "site".

    `above` is the name of the folder that all names are relative to, "" where there are several.

    >>> name_of_pages(["Quay Post/a.txt", "Quay Post/b.txt"], ""), name_of_pages(["quay.jsonl#1", "quay.jsonl#2"], "")
    ('quay-post', 'quay')
    >>> name_of_pages(["a.txt", "b.txt"], "quay"), name_of_pages(["a/1.txt", "b/2.txt"], "quay")
    ('quay', 'site')
    """
    places = {name.partition("#")[0].split(".")[0] if "#" in name else name.rpartition("/")[0] for name in names}
    last = (next(iter(places)).rpartition("/")[2] or above) if len(places) == 1 else ""
    return name_of_host(last) if last else "site"
