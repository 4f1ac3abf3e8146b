"""What is known of a line by itself: the rule that may take it, and how it looks."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from cleaners.body import line_rule, subtract
from cleaners.pack import Rule
from cleaners.page import Hint, Line
from cleaners.prose import is_headline, is_prose, is_sentence
from cleaners.ruleset import Ruleset
from cleaners.sentence import is_whole

LINKED = 0.5  # of a line's characters, when it is a link
TEXT_TAGS = ("p", "blockquote")
MIN_PARAGRAPH_CHARS = 25
MAX_META_CHARS = 140  # a line with the author's name, the time and the source of a story is shorter
MAX_REMEMBERED, MAX_REMEMBERED_CHARS = 8_192, 140  # lines, and the length of each
MAX_WORDS_BESIDE_TIME = 5
MAX_WORDS_BESIDE_WORD = 2  # such as "today", which headlines hold, too
SEPARATORS = tuple("|/•·–—⋅")
# The kinds of labels that stand over lists of other stories.
LIST_KINDS = ("related-label", "most-read")


class Worded(msgspec.Struct, eq=False, gc=False):
    """What the words of a line say: the rule that may take it, how it looks, and whether it is a byline.

    `can_be` remembers of which fields of a story it can be the whole value, and so which lines of a grammar it can follow; what
    is remembered must not depend on the page.
    """

    rule: Rule | None
    look: str
    byline: bool = False
    can_be: dict[str, bool] = {}  # msgspec makes a new one for each


class Fact(msgspec.Struct, eq=False, gc=False):
    """What is known of one line: the rule that may take it, how it looks, and what became of it.

    `worded` is what its words alone say, `look` how it looks with what elements and links say.
    """

    line: Line
    rule: Rule | None
    look: str
    index: int
    worded: Worded
    taken: bool = False
    byline: bool = False
    linked: float = 0.0
    part: str = ""
    tag: str = ""
    chosen: bool | None = None
    paid: bool = False
    dropped: bool = False

    @property
    def is_free(self) -> bool:
        """Say whether the line may be part of an embedded story: it is taken by none, no label, and in no menu."""
        return not self.taken and self.look != "label" and self.part != "frame"

    @property
    def is_text_beside(self) -> bool:
        """Say whether the line reads like text in a list of other stories."""
        return self.look in ("prose", "sentence") and not self.taken and self.part in ("", "list")

    @property
    def is_text(self) -> bool:
        """Say whether the line is free and reads like a part of a story's text: a paragraph or a short sentence."""
        return self.look in ("prose", "sentence") and not self.taken and not self.part


def fact_of(line: Line, ruleset: Ruleset, index: int = 0, hint: Hint | None = None) -> Fact:
    """Return what is known of the line at place `index`; it looks like a label, meta, prose, a sentence, a headline or short.

    Meta is a byline or a time, a sentence is too short for prose.
    """
    worded = (by_words if len(line.text) <= MAX_REMEMBERED_CHARS else by_words.__wrapped__)(line.text, ruleset)
    fact = Fact(line, worded.rule, worded.look, index, worded, byline=worded.byline)
    return fact if hint is None else _hinted(fact, hint)


@lru_cache(maxsize=MAX_REMEMBERED)
def by_words(text: str, ruleset: Ruleset) -> Worded:
    """Return what the words of a line say.

    Remembered, as the lines of menus and footers stand on many pages of a site.
    """
    rule = line_rule(text, ruleset, outside=True)
    if rule is not None:
        return Worded(rule, "label")
    if is_prose(text):
        return Worded(None, "prose")
    if len(text) <= MAX_META_CHARS and ((byline := _is_byline(text, ruleset)) or _tells_time(text, ruleset)):
        return Worded(None, "meta", byline)
    return Worded(None, "sentence" if is_sentence(text) else "headline" if is_headline(text) else "short")


def _hinted(fact: Fact, hint: Hint) -> Fact:
    """Add what is known of a line of an HTML page, where elements and links say more than words."""
    line = fact.line
    fact.linked, fact.part, fact.tag = hint.linked, hint.part, hint.tag
    if fact.look in ("label", "meta"):
        return fact
    if hint.linked >= LINKED and fact.is_text:
        fact.look = "headline" if is_headline(line.text) and not is_sentence(line.text) else "short"
    elif hint.tag in TEXT_TAGS and len(line.text) >= MIN_PARAGRAPH_CHARS and hint.linked < LINKED:
        fact.look = "prose"
    return fact


def _is_byline(text: str, ruleset: Ruleset) -> bool:
    """Say whether a line opens with a word that opens bylines and goes on with a name."""
    first, _, rest = text.partition(" ")
    return (
        first.casefold().rstrip(":") in ruleset.byline_words
        and (rest[:1].isupper() or "-" in rest.split(",")[0])
        and not is_whole(text)
    )


def _tells_time(text: str, ruleset: Ruleset) -> bool:
    """Say whether a line is there to tell a time: little else is in it, or what else is stands apart from the time."""
    spans = ruleset.words.times.find_all(text)
    if not spans:
        return False
    rest = "".join(text[start:end] for start, end in subtract((0, len(text)), [(span.start, span.end) for span in spans]))
    has_number = any(map(str.isdecimal, text[spans[0].start : spans[-1].end]))
    if len(rest.split()) <= (MAX_WORDS_BESIDE_TIME if has_number else MAX_WORDS_BESIDE_WORD):
        return True
    return any(
        text[: span.start].rstrip()[-1:] in SEPARATORS or text[span.end :].lstrip()[:1] in SEPARATORS for span in spans
    )  # fmt: skip
