"""The numbers of stories, data beside the fitted numbers; `python -m tests.fit --only stories` fits them.

Read by the modules of `cleaners.stories`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Words = Annotated[int, msgspec.Meta(ge=1)]
FITTED = Path(__file__).parents[1] / "fitted" / "stories.json"


class StorySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The numbers of stories: lengths in words, shares of what the shorter of two texts has.

    `keyed`, `opening`, `front`, `lead`: the first words of a text that give keys, that open it, in that another text may open,
    and that are sampled.
    `key`, `window`: the words of a key, and the keys of which the least one is taken.
    `shingle`: the words that are compared at a time.
    `least`: a text of fewer words is none, but a headline alone.
    `brief`: a text of fewer words is brief.
    `opens`: the share of an opening that stands in the front of the other text.
    `brief_opens`: the share of a brief text that stands in the front of the other text in one run.
    `leads`: the share of the lead of the shorter text that stands in that of the other.
    `numbers`: the share of its numbers that the other has, too.
    `titles`: the share of the shorter title that stands in the other, for a brief text.
    `excerpt`: the length of an excerpt at most, by that of the whole.
    `mention`: the words of a title at least, for a headline alone to mention a story.
    """

    keyed: Words
    opening: Words
    front: Words
    lead: Words
    key: Words
    window: Words
    shingle: Words
    least: Words
    brief: Words
    opens: Share
    brief_opens: Share
    leads: Share
    numbers: Share
    titles: Share
    excerpt: Share
    mention: Words


@cache
def shipped_settings() -> StorySettings:
    """Return the fitted numbers that come with dehusk."""
    return msgspec.json.decode(FITTED.read_bytes(), type=StorySettings)
