"""The numbers of learning, data beside the fitted numbers; `python -m tests.fit --only learning` fits them.

Read by the modules of `cleaners.learning`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
FITTED = Path(__file__).parents[1] / "fitted" / "learning.json"


class LearningSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The numbers of learning: shares of the pages of a site or of a template, unless they say otherwise.

    `site`: the least share of common frequent lines, by union, of two pages of one site, where pages have no address.
    `template`: the least share of common frequent lines, by union, of two pages of one template.
    `short`, `wordy`: a line stands on so many pages to be fixed, the second for one of several words.
    `field`: the most pages of a fixed line on which it is a field of a story.
    `inside`: the pages of a fixed line on which it stands in the text, for it to be removed there.
    `everywhere`: a line of several words that was the title of a page stands on so many pages to be fixed in spite of that.
    `prefix`, `prefix_text`: the least pages of a prefix, and the most lines with it that are text, by its pages.
    `block_text`: the most pages of a block on which it holds prose of that page alone, or a part of its own story.
    `shared`: the least share of the lines of a block that stand on other pages, too.
    `header`, `header_pages`: the precision of the place of titles, and the least pages with a title there, or with a time of
    one form near the title.
    `story_pages`: the least pages with an embedded story of one form.
    `section_pages`: the least pages with parts under bare titles, for these to be stories.
    `apart`: the most likeness of the parts of a page to its title, by that to their headings, for them to be stories.
    `signs`: the share of the lines on most pages of a site that tell its pages from those of others, known lines among them.
    `sign_words`: the least words of a line that no other site has, for it to tell a page alone; a number.
    `kept_loss`: the most that a group of rules may take of the prose that stands on one page only.
    """

    site: Share
    template: Share
    short: Share
    wordy: Share
    field: Share
    inside: Share
    everywhere: Share
    prefix: Share
    prefix_text: Share
    block_text: Share
    shared: Share
    header: Share
    header_pages: Share
    story_pages: Share
    section_pages: Share
    apart: Share
    signs: Share
    sign_words: Annotated[int, msgspec.Meta(ge=1)]
    kept_loss: Share


@cache
def shipped_settings() -> LearningSettings:
    """Return the fitted numbers that come with dehusk."""
    return msgspec.json.decode(FITTED.read_bytes(), type=LearningSettings)
