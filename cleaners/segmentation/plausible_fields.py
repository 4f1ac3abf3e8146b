"""Tell whether a value looks like one of a field of a story, where a layout alone would take others, too.

Called by `cleaners.segmentation` where stories are found by the layouts of packs, and by `cleaners.learning`.
"""

from __future__ import annotations

import re

from cleaners.grammar.template import LayoutField
from cleaners.segmentation.line_features import SEPARATORS
from cleaners.text.line_shape import is_cjk, is_headline, is_prose, is_whole

MAX_SOURCE_WORDS = 6
MAX_CJK_SOURCE_CHARS = 10
MIN_TEASER_CHARS = 30
QUESTION_MARKS = ("?", "？", "؟")
# The place with which a wire story opens, in capitals, and the dash after it: "PORT VESSEL, Ohio (AP) —".
DATELINE = re.compile(r"([^\W\d_](?:[^\W\d_]|[.' -]){2,40}?)(, ?[\w. ]{2,25})?( \([\w. /]{2,30}\))? ?[-–—]")


def is_plausible(name: LayoutField, value: str) -> bool:
    """Return whether a value looks like a value of the field `name`."""
    if name == "title":
        return is_headline(value) and (not is_prose(value) or _is_question(value))
    if name == "number":
        return value.isdecimal()
    if name == "dated":
        opening = DATELINE.match(value) if value[:3] == value[:3].upper() else None
        return opening is not None and opening[1].isupper() and is_prose(value)
    if name == "body":
        return is_prose(value) or (is_whole(value) and len(value) > MIN_TEASER_CHARS)
    if name == "source" and is_cjk(value) and len(value) > MAX_CJK_SOURCE_CHARS:
        return False
    if name in ("source", "category"):
        return len(value.split()) <= MAX_SOURCE_WORDS and value[-1] not in ".;:?" and value[0].isalnum()
    return name != "time" or value[-1] not in (*SEPARATORS, "-")


def _is_question(text: str) -> bool:
    """Return whether a line is one question, as a long title may be."""
    return text[-1] in QUESTION_MARKS and not any(sign in text[:-1] for sign in (*QUESTION_MARKS, ". ", "! "))
