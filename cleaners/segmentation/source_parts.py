"""Part a known publisher from the category behind it, as in "Quay Post / Harbour".

Called by `read_page` for the stories of a page, and by `cleaners.examples`.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Stories
from cleaners.segmentation.surroundings import drop_rest

_SIGN = re.compile(r"\s*[/|•·–—]\s*|\s+-\s+")


def source_parts(text: str) -> tuple[str, str]:
    """Return the part of a text before the first sign that divides, and the part behind the sign, "" for none.

    >>> source_parts("Quay Post / Harbour"), source_parts("Quay Post")
    (('Quay Post', 'Harbour'), ('Quay Post', ''))
    """
    sign = _SIGN.search(text)
    return (text[: sign.start()], text[sign.end() :]) if sign is not None else (text, "")


def known_source(text: str, sources: Collection[str]) -> str:
    """Return the known publisher that a text names: all of it, or the part before the first sign; "" for none."""
    return next((name for name in (text, source_parts(text)[0]) if name in sources), "")


def part_sources(stories: Stories, ruleset: Ruleset) -> None:
    """Cut the source of each story behind the name of a known publisher; what a sign divides from it is the category."""
    for story in stories.found:
        source = story.fields.get("source")
        if source is None or "category" in story.fields:
            continue
        name = known_source(source.text, ruleset.context.sources)
        category = source_parts(source.text)[1] if name not in ("", source.text) else ""
        if category:
            spans = [(0, len(name)), (len(source.text) - len(category), len(source.text))]
            story.fields["source"], story.fields["category"] = (
                Line(source.start + first, source.start + last, source.text[first:last]) for first, last in spans
            )
            drop_rest(source, spans, stories)
