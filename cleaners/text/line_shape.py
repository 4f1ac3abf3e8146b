"""Classify the shape of a line: prose, sentence or headline, and where sentences begin and end.

For any script, without a word list. Called by `cleaners.segmentation`, `cleaners.grammar` and `cleaners.rules.phrases`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# Lengths are in characters, set by hand on labelled pages: most paragraphs are longer, few lines of menus and lists are.
MIN_PROSE_CHARS = 60
MIN_PROSE_WORDS = 8
LONG_CHARS = 200  # only prose is longer, however it ends
MIN_CJK_PROSE_CHARS = 18
HEADLINE_CHARS = (14, 200)  # least and most
MIN_HEADLINE_WORDS = 3
MIN_CJK_HEADLINE_CHARS = 7
TITLE_CASE_SHARE = 0.75  # of the words; in German prose less than half have capitals
FULL_STOPS = ".。।۔"
SENTENCE_ENDS = ".!?…。！？؟।"
CLOSERS = "\"'”’)]»」』"  # quotes and brackets after a sentence
OPENERS = "\"'“‘([«「『¿¡"  # and before one
# Characters to a word, on average, in scripts without blanks between words, and to an English word with its blank.
CJK_WORD_CHARS, UNSPACED_WORD_CHARS, SPACED_WORD_CHARS = 2, 5, 6
MIN_UNSPACED_PROSE_CHARS = 100  # alphabets without blanks between words end no sentence with a sign
SAMPLE_CHARS = 80  # of a line, by which its script is known
MAX_REMEMBERED = 16_384  # samples
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def is_cjk(text: str) -> bool:
    """Return whether `text` is mostly in Chinese, Japanese or Korean script."""
    return not text.isascii() and _is_mostly(_CJK, text[:SAMPLE_CHARS])


def is_unspaced(text: str) -> bool:
    """Return whether `text` is mostly in an alphabet without blanks between words (Thai, Lao, Burmese, Khmer)."""
    return not text.isascii() and _is_mostly(_UNSPACED, text[:SAMPLE_CHARS])


@lru_cache(maxsize=MAX_REMEMBERED)
def _is_mostly(script: re.Pattern[str], sample: str) -> bool:
    return len(script.findall(sample)) * 3 > len(sample)


def word_chars(text: str) -> int:
    """Return the characters to a word on average in a script without blanks between words, 0 for other scripts."""
    if text.isascii():
        return 0
    return CJK_WORD_CHARS if is_cjk(text) else UNSPACED_WORD_CHARS if is_unspaced(text) else 0


def count_words(text: str) -> int:
    """Return the number of words of a line, estimated from its length in scripts without blanks between words."""
    chars = word_chars(text)
    return -(-len(text) // chars) if chars else len(text.split())


def width(text: str) -> int:
    """Return the length of a line in characters of an English line of as many words."""
    chars = word_chars(text)
    return len(text) * SPACED_WORD_CHARS // chars if chars else len(text)


def is_prose(text: str) -> bool:
    """Return whether a line is a paragraph: long, of many words, with a sentence end."""
    if is_cjk(text):
        return ("。" in text and len(text) >= MIN_CJK_PROSE_CHARS) or len(text) >= MIN_PROSE_CHARS
    if is_unspaced(text):
        return len(text) >= MIN_UNSPACED_PROSE_CHARS
    if len(text) >= LONG_CHARS:
        return " " in text
    return (
        len(text) >= MIN_PROSE_CHARS
        and is_whole(text)
        and len(text.split()) >= MIN_PROSE_WORDS
        and not (text[-1] == "." and is_title_case(text))
    )


def is_paragraph(text: str) -> bool:
    """Return whether a line is prose that is hardly a title: it ends with a full stop, or is too long for one.

    >>> is_paragraph("Why was the old crane on the north quay taken down in the middle of the night?")
    False
    """
    return is_prose(text) and (len(" ".join(text.split())) >= LONG_CHARS or is_sentence(text))


def is_title_case(text: str) -> bool:
    """Return whether most words of a line have capitals, as in headlines of some papers."""
    words = [word for word in text.split() if word[0].isalpha()]
    return len(words) >= MIN_PROSE_WORDS and sum(word[0].isupper() for word in words) >= TITLE_CASE_SHARE * len(words)


def is_sentence(text: str) -> bool:
    """Return whether a line is a sentence of some words with a full stop at its end, but not several ("...")."""
    end = text.rstrip(CLOSERS)
    if end[-1:] not in tuple(FULL_STOPS) or end.endswith("..") or is_title_case(text):
        return False
    return len(text) >= MIN_CJK_HEADLINE_CHARS if is_cjk(text) else len(text.split()) >= MIN_HEADLINE_WORDS


def is_headline(text: str) -> bool:
    """Return whether a line may be a headline: of some words, without the end of a prose sentence."""
    least = MIN_CJK_HEADLINE_CHARS if is_cjk(text) else HEADLINE_CHARS[0]
    if not least <= len(text) <= HEADLINE_CHARS[1]:
        return False
    if not is_cjk(text) and count_words(text) < MIN_HEADLINE_WORDS:
        return False
    return text[-1] not in ".,;:。，：।۔" or text.endswith(("...", "…")) or (text[-1] == "." and is_title_case(text))


def is_whole(text: str) -> bool:
    """Return whether `text` ends like a sentence, with or without closing quotes."""
    return text.rstrip(CLOSERS)[-1:] in SENTENCE_ENDS if text.rstrip(CLOSERS) else True


def begins_sentence(text: str, at: int) -> bool:
    """Return whether a sentence may begin at `at`: at the start of the line, or after a sentence end and white space."""
    if at == 0:
        return True
    if not text[at - 1].isspace():
        return False
    before = at - 1
    while before > 0 and (text[before].isspace() or text[before] in CLOSERS):
        before -= 1
    return text[before] in SENTENCE_ENDS


def ends_sentence(text: str, at: int, not_before: Sequence[str] = ()) -> bool:
    """Return whether a phrase that stops at `at` is complete: at the end of the line, or before a new sentence.

    A following word of `not_before` continues the phrase: "Advertisement The river" is an ad marker and a sentence,
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
