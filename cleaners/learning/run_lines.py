"""The lines of a site that a run removes without a pack: those on so many of its pages that nobody has to look at them.

Called by `flows.learning.line_shard`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Annotated

import msgspec

from cleaners.document.page import Page
from cleaners.learning.fixed_lines import MAX_CHARS, FixedLine, fixed_lines
from cleaners.learning.settings import LearningSettings, Share, shipped_settings
from cleaners.learning.site_pages import SitePage, SitePages, read_with, site_page
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import EVERYWHERE
from cleaners.rules.registry import Library
from cleaners.rules.site_lines import SiteLines
from cleaners.rules.whole_lines import line_rule
from cleaners.text.normalize import NO_KEY

FILE = Path(__file__).parents[1] / "fitted" / "run_lines.json"


class RunLineSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least evidence for a line: on a `share` of the pages of a site, and at least so many `pages` of it that differ."""

    pages: Annotated[int, msgspec.Meta(ge=1)]
    share: Share

    @property
    def learning(self) -> LearningSettings:
        """Return the settings of learning, with this share for short lines and for those of several words."""
        return msgspec.structs.replace(shipped_settings(), short=self.share, wordy=self.share)


@cache
def shipped_run_line_settings() -> RunLineSettings:
    """Return the settings that come with dehusk."""
    return msgspec.json.decode(FILE.read_bytes(), type=RunLineSettings)


def lines_of_site(host: str, pages: Sequence[Page], library: Library, settings: RunLineSettings | None = None) -> SiteLines:
    """Return the lines that stand on most pages of a site, none for a site with a pack; the order of the pages does not matter.

    None of them is the title of a page, prose of a text, a field of stories on many pages, or removed anyway by a rule for any
    site or for a language of the pages. Pages that show the signs of a site with a pack do not count.
    """
    settings = settings or shipped_run_line_settings()
    nothing = SiteLines(host, {})
    if len(pages) < settings.pages or library.site_of_url(f"https://{host}/") is not None:
        return nothing
    given = sorted((site_page(page) for page in pages), key=lambda page: (page.page.text, page.page.path))
    if not _candidates(given, settings, library.ruleset()):
        return nothing
    read = [(page, read_with(page, library)) for page in given]
    own = [(page, reading) for page, reading in read if reading.cleaned is not None and not reading.cleaned.page.site]
    if len(own) < settings.pages:
        return nothing
    whole = SitePages([page for page, _ in own], [reading for _, reading in own])
    languages = {record.language for _, reading in own if reading.cleaned is not None for record in reading.cleaned.records}
    rulesets = [library.ruleset(language=language) for language in sorted({*languages, ""})]
    found = fixed_lines(whole, [], rulesets[0], settings.learning)
    return SiteLines(
        host, {line.key: line.text for line in sorted(found, key=attrgetter("key")) if _is_clutter(line, whole, rulesets)}
    )


def _candidates(pages: Sequence[SitePage], settings: RunLineSettings, ruleset: Ruleset) -> bool:
    """Return whether any line may be on enough of the pages, so that they have to be read; some of them may not count."""
    counts = Counter(key for page in pages for key in {*page.keys} - {NO_KEY})
    forms = {key: line.text for page in pages for line, key in zip(page.lines, page.keys, strict=True)}
    likely = (forms[key] for key, count in counts.items() if count >= settings.pages * settings.share)
    return any(len(text) <= MAX_CHARS and line_rule(text, ruleset, EVERYWHERE) is None for text in likely)


def _is_clutter(line: FixedLine, whole: SitePages, rulesets: Sequence[Ruleset]) -> bool:
    """Return whether a line may go unseen: never a title, no prose of a text, no headline of a list, not removed anyway."""
    is_known = any(line_rule(line.text, ruleset, EVERYWHERE) is not None for ruleset in rulesets)
    is_sure = line.is_sure and line.kind != "most-read"  # a headline that many pages list is the title of a page elsewhere
    return is_sure and not whole.roles[line.key]["title"] and not is_known
