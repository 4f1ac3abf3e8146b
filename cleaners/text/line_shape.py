"""Tell by its look whether a line is prose, a headline or neither; in any script, without a word list."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Lengths in characters, set by hand on labelled pages: most paragraphs are longer, and few lines of menus and lists are.
MIN_PROSE_CHARS = 60
MIN_PROSE_WORDS = 8
LONG_CHARS = 200  # nothing but prose is longer, whatever its end
MIN_CJK_PROSE_CHARS = 18
HEADLINE_CHARS = (14, 200)
MIN_HEADLINE_WORDS = 3
MIN_CJK_HEADLINE_CHARS = 7
CAPITALS = 0.75  # of the words; in German prose it is less than half
FULL_STOPS = ".。।۔"
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_cjk(text: str) -> bool:
    """Say whether `text` is mostly in a script that writes without blanks."""
    return not text.isascii() and len(_CJK.findall(text[:80])) * 3 > len(text[:80])


def is_prose(text: str) -> bool:
    """Say whether a line is a paragraph: long, of many words, with a sentence's end."""
    if is_cjk(text):
        return ("。" in text and len(text) >= MIN_CJK_PROSE_CHARS) or len(text) >= MIN_PROSE_CHARS
    if len(text) >= LONG_CHARS:
        return " " in text
    return (
        len(text) >= MIN_PROSE_CHARS
        and is_whole(text)
        and len(text.split()) >= MIN_PROSE_WORDS
        and not (text[-1] == "." and is_title_case(text))
    )


def is_title_case(text: str) -> bool:
    """Say whether most words of a line have capitals, as in headlines of some papers."""
    words = [word for word in text.split() if word[0].isalpha()]
    return len(words) >= MIN_PROSE_WORDS and sum(word[0].isupper() for word in words) >= CAPITALS * len(words)


def is_sentence(text: str) -> bool:
    """Say whether a line is a sentence of some words that ends in a full stop, and is not cut off with several."""
    end = text.rstrip(CLOSERS)
    if end[-1:] not in tuple(FULL_STOPS) or end.endswith("..") or is_title_case(text):
        return False
    return len(text) >= MIN_CJK_HEADLINE_CHARS if is_cjk(text) else len(text.split()) >= MIN_HEADLINE_WORDS


def is_headline(text: str) -> bool:
    """Say whether a line may be a headline: of some words, and not ended like a sentence of prose."""
    least = MIN_CJK_HEADLINE_CHARS if is_cjk(text) else HEADLINE_CHARS[0]
    if not least <= len(text) <= HEADLINE_CHARS[1]:
        return False
    if not is_cjk(text) and len(text.split()) < MIN_HEADLINE_WORDS:
        return False
    return text[-1] not in ".,;:。，：।۔" or text.endswith(("...", "…")) or (text[-1] == "." and is_title_case(text))


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
