"""Where sentences begin and end."""

from __future__ import annotations

from collections.abc import Sequence

SENTENCE_ENDS = ".!?…。！？؟।"
CLOSERS = "\"'”’)]»」』"
OPENERS = "\"'“‘([«「『¿¡"


def is_whole(text: str) -> bool:
    """Say whether `text` ends like a sentence, with its closing quotes or without."""
    return text.rstrip(CLOSERS)[-1:] in SENTENCE_ENDS if text.rstrip(CLOSERS) else True


def begins_sentence(text: str, at: int) -> bool:
    """Say whether a sentence may begin at `at`: at the start of the line, or after white space and a sentence's end."""
    if at == 0:
        return True
    if not text[at - 1].isspace():
        return False
    before = at - 1
    while before > 0 and (text[before].isspace() or text[before] in CLOSERS):
        before -= 1
    return text[before] in SENTENCE_ENDS


def ends_sentence(text: str, at: int, not_before: Sequence[str] = ()) -> bool:
    """Say whether the words before `at` are over there: at the end of the line or before what begins a sentence.

    A word of `not_before` shows that they go on: "Advertisement The river" is an ad marker and a sentence,
    "Advertisement Standards" the beginning of a name.
    """
    if at == len(text):
        return True
    if not text[at].isspace():
        return False
    following = text[at : at + 60].split(None, 1)
    first = following[0].lstrip(OPENERS) if following else ""
    if not first or text[at - 1] in SENTENCE_ENDS:
        return True
    return not first[0].islower() and first.rstrip(SENTENCE_ENDS + ",:;") not in not_before
