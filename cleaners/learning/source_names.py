"""The publishers that a site names: sources of stories that stand alone on some page, and before a category on others.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from cleaners.learning.site_pages import SitePages
from cleaners.rules.source_names import MAX_NAME_CHARS
from cleaners.segmentation.source_parts import source_parts

MIN_PAGES = 2
MAX_NAMES = 500


class SiteSources(msgspec.Struct, frozen=True):
    """The names of publishers, the pages that name one of how many, and the sources as the pages print them, with the name."""

    names: list[str]
    pages: int
    of: int
    printed: dict[str, str]


def source_names(pages: SitePages, known: Collection[str]) -> SiteSources | None:
    """Return the publishers that are sources of stories on several pages of a site; those `known` already are left out.

    A name has stood alone in the place of a source, and never as the part behind a sign: there, categories stand. None where
    there are no names, or where all of them always stand alone, so that nothing is gained by them.
    """
    on: dict[str, set[int]] = {}
    printed: dict[str, set[str]] = {}
    behind: set[str] = set()
    for number, reading in enumerate(pages.readings):
        for record in reading.cleaned.records if reading.cleaned is not None else ():
            name, rest = source_parts(record.source)
            if name:
                on.setdefault(name, set()).add(number)
                printed.setdefault(name, set()).add(record.source)
                behind.add(rest)
    found = [
        name
        for name, numbers in on.items()
        if len(numbers) >= MIN_PAGES and name in printed[name] and name not in behind and name not in known
    ]
    names = sorted((name for name in found if len(name) <= MAX_NAME_CHARS), key=lambda name: (-len(on[name]), name))[:MAX_NAMES]
    if not any(len(printed[name]) > 1 for name in names):
        return None
    texts = {text: name for name in names for text in sorted(printed[name], key=lambda text: (-len(text), text))}
    return SiteSources(names, len({number for name in names for number in on[name]}), len(pages), texts)
