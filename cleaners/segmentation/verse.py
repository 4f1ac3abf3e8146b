"""Tell a poem on its own from a page with menus: both are short lines.

Called by `read_page` for text pages. The lines of a poem stand in stanzas and run on: they end with a sign, or the next one
begins in lower case. Labels of menus do neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from cleaners.document.page import Line
from cleaners.text.line_shape import CLOSERS, SENTENCE_ENDS, width

MAX_HEADER = 3  # lines above the first stanza, such as a title and the name of the poet
MAX_WIDTH, MAX_MEDIAN_WIDTH = 100, 60
MIN_LINES, MIN_STANZAS, MIN_STANZA_LINES = 6, 2, 2
MIN_VERSES = 0.6  # of the lines, and those of them that end inside a sentence or go on in one:
MIN_RUNNING = 0.3
INNER_SIGNS = ",;:—–-،؛、，；："


def is_verse(lines: Sequence[Line], text: str) -> bool:
    """Return whether a text page is a poem: nearly all of its lines are short, stand in stanzas, and run on."""
    verses = lines[MAX_HEADER:]
    if any(len(line.text) > MAX_WIDTH for line in verses):  # each line is at least as wide as long
        return False
    widths = [width(line.text) for line in verses]
    if len(verses) < MIN_LINES or max(widths) > MAX_WIDTH or median(widths) > MAX_MEDIAN_WIDTH:
        return False
    breaks = sum(text.count("\n", first.end, second.start) > 1 for first, second in pairwise(verses))
    if breaks + 1 < MIN_STANZAS or len(verses) < MIN_STANZA_LINES * (breaks + 1):
        return False
    running = sum(_runs_on(line.text) for line in verses)
    ended = sum(not _runs_on(line.text) and line.text.rstrip(CLOSERS)[-1:] in tuple(SENTENCE_ENDS) for line in verses)
    return running >= MIN_RUNNING * len(verses) and running + ended >= MIN_VERSES * len(verses)


def _runs_on(text: str) -> bool:
    """Return whether a line begins inside a sentence, or ends in one with a sign."""
    return text[0].islower() or text[-1] in INNER_SIGNS
