"""The fixed lines of a site: those that stand on many of its pages and are no field of a story.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import Place, SitePages
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import EVERYWHERE, RuleKind, Where
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.line_features import LIST_KINDS, wording_features
from cleaners.text.line_shape import count_words, is_headline, is_prose, is_sentence

MIN_PAGES = 3  # with a line for it to be fixed
WORDY = 5  # words of a line that a title could be
MIN_INSIDE = 2  # pages
MAX_CHARS = 280


class FixedLine(msgspec.Struct, frozen=True):
    """A line on many pages of a site: its wording, its pages of how many, the rule for it, and whether that is sure."""

    key: str
    text: str
    pages: int
    of: int
    kind: RuleKind
    where: Where
    is_sure: bool


def fixed_lines(whole: SitePages, templates: list[SitePages], ruleset: Ruleset, settings: LearningSettings) -> list[FixedLine]:
    """Return the fixed lines of a site, those of its templates among them, the most frequent first."""
    found: dict[str, FixedLine] = {}
    for part in (whole, *templates):
        for line in _fixed_in(part, whole, ruleset, settings):
            known = found.get(line.key)
            if known is None or line.pages * known.of > known.pages * line.of:
                found[line.key] = line
    return sorted(found.values(), key=lambda line: (-line.pages, line.key))


def _fixed_in(part: SitePages, whole: SitePages, ruleset: Ruleset, settings: LearningSettings) -> Iterator[FixedLine]:
    """Yield the lines that are fixed on some pages of a site."""
    size = len(part)
    for key, count in part.counts.items():
        text = part.form(key)
        is_wordy = count_words(text) >= WORDY
        least = max(MIN_PAGES, (settings.wordy if is_wordy else settings.short) * size)
        if count < least or len(text) > MAX_CHARS:
            continue
        roles = whole.roles[key]
        is_field = roles["field"] + roles["story"] > settings.field * whole.counts[key]
        if is_field or _may_be_title(key, is_wordy, whole, settings):
            continue
        if wording_features(text, ruleset).shape == "meta":  # the day of the crawl looks fixed
            continue
        is_text = 2 * roles["text"] > whole.counts[key] and (is_prose(text) or is_sentence(text))
        is_listed = is_wordy and not is_text and is_headline(text) and count < settings.everywhere * size
        where = _where(key, whole, settings, is_listed=is_listed)
        kind: RuleKind = (
            "disclaimer" if is_text else "most-read" if is_listed else "ad-marker" if where == "any" else "navigation"
        )
        if (known := line_rule(text, ruleset, EVERYWHERE)) is not None and known.kind in LIST_KINDS:
            kind = known.kind  # as the label of a list it tells the stories below
        yield FixedLine(key, text, count, size, kind, where, is_sure=not is_text and not (is_listed and where != "after"))


def _where(key: str, whole: SitePages, settings: LearningSettings, *, is_listed: bool) -> Where:
    """Return where the rule for a line holds: a headline of a list is none above the text, where titles stand."""
    places = whole.places.get(key, Counter[Place]())
    if is_listed:
        return "outside" if places["before"] or places["inside"] else "after"
    return "any" if places["inside"] >= max(MIN_INSIDE, settings.inside * whole.counts[key]) else "outside"


def _may_be_title(key: str, is_wordy: bool, whole: SitePages, settings: LearningSettings) -> bool:
    """Return whether a line may be the title of a page that other pages list: the title of one page, and not on most pages.

    A line that was read as the title of several pages is the title of none.
    """
    return is_wordy and whole.roles[key]["title"] == 1 and whole.counts[key] < settings.everywhere * len(whole)
