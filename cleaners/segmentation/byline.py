"""Read the lines between a title and its text: who wrote it, for whom, and when."""

from __future__ import annotations

import re

from cleaners.dates.find import TimeSpan
from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.line_features import LineFeatures
from cleaners.text.spans import subtract

MAX_NAME_WORDS = 5
_PARTS = re.compile(r"\s*[|/•·–—]\s*|\s+-\s+")


def take_meta(feature: LineFeatures, story: Story, stories: Stories, ruleset: Ruleset) -> None:
    """Take a line into the fields of the page's own story; what is left of it is noted as a part of the header."""
    text = feature.line.text
    feature.assigned = True
    places: dict[str, tuple[int, int]] = {}
    span = next(ruleset.words.times.find(text), None)
    if span is not None and "time" not in story.fields:
        places["time"] = (span.start, span.end)
        source = _source_before(text, span, ruleset)
    else:
        source = source_of(text, ruleset)
    if source is not None and "source" not in story.fields:
        places["source"] = source
    if "author" not in story.fields:
        for rest in subtract((0, len(text)), sorted(places.values())):
            author = _trimmed(text, *rest)
            if author is not None and _opens_byline(text[author[0] : author[1]], ruleset):
                places["author"] = author
                break
    for name, (first, last) in places.items():
        story.fields[name] = Line(feature.line.start + first, feature.line.start + last, text[first:last])
    for first, last in subtract((0, len(text)), sorted(places.values())):
        kept = text[first:last].strip()
        if kept:
            at = feature.line.start + text.index(kept, first)
            stories.structure.append((Line(at, at + len(kept), kept), f"{stories.layout}.header"))


def source_of(text: str, ruleset: Ruleset) -> tuple[int, int] | None:
    """Return where in a header line a publisher that the packs know stands: it is the line, or its start or its end."""
    if not (text in ruleset.words.sources or text.startswith(ruleset.source_starts) or text.endswith(ruleset.source_ends)):
        return None  # as most lines do
    for source in ruleset.longest_sources:
        if text == source or text.startswith((f"{source} in ", f"{source} at ")):
            return 0, len(source)
        if text.endswith((f" {source}", f",{source}")):
            return len(text) - len(source), len(text)
    return None


def _source_before(text: str, span: TimeSpan, ruleset: Ruleset) -> tuple[int, int] | None:
    """Return where the source stands before a time: its last part, when the time is glued to it or parted by a sign.

    A name with nothing but a blank before "1 day ago" is rather the author's; before a date with a name after it, not.
    """
    before, after = text[: span.start].rstrip(), text[span.end :].strip()
    cuts = [found.end() for found in _PARTS.finditer(before) if found.end() < len(before)]
    is_glued = before == text[: span.start]
    is_between = not span.expression.unit and after != ""
    part = _trimmed(text, cuts[-1] if cuts else 0, len(before))
    if part is None or not (cuts or is_glued or is_between or before != text[: part[1]]):
        return None
    said = text[part[0] : part[1]]
    return (
        None
        if len(said.split()) > MAX_NAME_WORDS or _opens_byline(said, ruleset) or ruleset.words.times.is_label(said)
        else part
    )


def _opens_byline(text: str, ruleset: Ruleset) -> bool:
    return text.split(" ", 1)[0].casefold().rstrip(":") in ruleset.byline_words


def _trimmed(text: str, first: int, last: int) -> tuple[int, int] | None:
    """Return the bounds of what is visible between two places of a line, without separators; None for nothing."""
    while first < last and not (text[first].isalnum() or text[first] in "(\"'@#"):
        first += 1
    while first < last and (text[last - 1].isspace() or text[last - 1] in "|/•·–—-,:"):
        last -= 1
    return (first, last) if first < last else None
