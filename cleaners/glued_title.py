"""Find where a title ends that only a blank parts from the text after it."""

from __future__ import annotations

from cleaners.sentence import CLOSERS, OPENERS, SENTENCE_ENDS

MIN_TITLE_WORDS = 3
MAX_TITLE_WORDS = 20


def title_end(text: str, at: int, openers: frozenset[str]) -> int | None:
    """Return where the title that begins at `at` ends, or None when the words do not tell.

    In the middle of a sentence a capital is a name's, so one with no sign before it begins the text or is a name. It begins
    the text when the word is one of the `openers`, small words with which sentences open, and small ones are usual before
    it; else when no other word of the first sentence has one and none of the openers, with which no title ends, precedes it.

    >>> title_end("Ferry sails at night again The council said on Monday", 0, frozenset({"the", "at", "on"}))
    26
    """
    names: list[int] = []
    place = at
    small = 0
    before = ""
    for count, word in enumerate(text[at:].split(" ")[: MAX_TITLE_WORDS + 1]):
        bare = word.lstrip(OPENERS)
        if count >= MIN_TITLE_WORDS and bare[:1].isupper() and before[-1:].isalnum():
            if bare.casefold() in openers and small * 2 >= count:
                return place - 1
            if before[0].islower() and before not in openers:
                names.append(place - 1)
        if word.rstrip(CLOSERS)[-1:] in tuple(SENTENCE_ENDS):
            break
        small += word[:1].islower()
        place += len(word) + 1
        before = word
    return names[0] if len(names) == 1 else None


def opens_text(text: str, openers: frozenset[str]) -> bool:
    """Say whether a text begins with a word that shows the start of a sentence, so that what is before it is a title."""
    return text.lstrip(OPENERS).partition(" ")[0].casefold() in openers
