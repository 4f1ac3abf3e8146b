"""The fixed beginnings of lines that differ after them, such as a breadcrumb or the label of a picture.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from heapq import nsmallest

import msgspec

from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import SitePages
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.line_features import wording_features
from cleaners.text.line_shape import is_prose
from cleaners.text.normalize import NO_KEY

MAX_WORDS, MIN_CHARS, MAX_LINE_CHARS = 6, 6, 220
MIN_PAGES, MIN_LINES = 3, 3
MAX_PREFIXES = 25
MIN_TITLE_CHARS = 10
MAX_LINES_TRIED = 20  # of those with a beginning


class Prefix(msgspec.Struct, frozen=True):
    """A beginning of lines: its words, the pages with such lines of how many, and one of the lines."""

    words: str
    pages: int
    of: int
    example: str


def prefixes(pages: SitePages, fixed: Set[str], ruleset: Ruleset, settings: LearningSettings) -> list[Prefix]:
    """Return the beginnings that different lines of many pages have, hardly any line of text, and no fields of stories."""
    on: dict[str, set[int]] = {}
    lines: dict[str, set[str]] = {}
    texts: dict[str, int] = {}
    fields: dict[str, int] = {}
    for number, (page, reading) in enumerate(zip(pages.pages, pages.readings, strict=True)):
        others = {line.text for line in page.lines if len(line.text) >= MIN_TITLE_CHARS}
        for line, key, role in zip(page.lines, page.keys, reading.roles, strict=True):
            if key in fixed or key == NO_KEY or len(line.text) > MAX_LINE_CHARS:
                continue
            is_title = role == "title" and not _ends_with_line(line.text, others)
            is_text = is_title or (role == "text" and is_prose(line.text))
            for opening in _openings(line.text):
                on.setdefault(opening, set()).add(number)
                lines.setdefault(opening, set()).add(line.text)
                texts[opening] = texts.get(opening, 0) + is_text
                fields[opening] = fields.get(opening, 0) + (role in ("field", "story"))
    found: list[Prefix] = []
    for opening in sorted(on, key=lambda opening: (-len(on[opening]), -len(opening), opening)):
        if len(on[opening]) < max(MIN_PAGES, settings.prefix * len(pages)) or len(lines[opening]) < MIN_LINES:
            continue
        is_taken = any(_opens(opening, prefix.words) or _opens(prefix.words, opening) for prefix in found)
        if fields[opening] > settings.field * len(on[opening]):
            continue
        if is_taken or texts[opening] > settings.prefix_text * len(on[opening]):
            continue
        if ruleset.context.times.first(opening) or _give_times(lines[opening], ruleset):
            continue
        found.append(Prefix(opening, len(on[opening]), len(pages), min(lines[opening])))
        if len(found) == MAX_PREFIXES:
            break
    return found


def _give_times(lines: Set[str], ruleset: Ruleset) -> bool:
    """Return whether most lines give a time, by the first of them in their order."""
    tried = nsmallest(MAX_LINES_TRIED, lines)
    return 2 * sum(wording_features(text, ruleset).shape == "meta" for text in tried) > len(tried)


def _opens(words: str, others: str) -> bool:
    """Return whether words are the first of others."""
    return f"{others} ".startswith(f"{words} ")


def _ends_with_line(text: str, others: Set[str]) -> bool:
    """Return whether the last words of a line are another line of its page, as the title is below a breadcrumb."""
    return any(char == " " and text[i + 1 :] in others for i, char in enumerate(text))


def _openings(text: str) -> Iterator[str]:
    """Yield the first words of a line, one and up, that may be a prefix; at least a word follows."""
    words = text.split(" ")
    for count in range(1, min(MAX_WORDS, len(words) - 1) + 1):
        opening = " ".join(words[:count])
        if len(opening) >= MIN_CHARS and any(map(str.isalpha, opening)) and words[count - 1]:
            yield opening
