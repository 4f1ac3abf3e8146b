"""What is known of a line by itself: the rule that may take it, and how it looks."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from cleaners.document.page import Hint, Line
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import Rule
from cleaners.rules.whole_lines import line_rule
from cleaners.text.line_shape import is_headline, is_prose, is_sentence, is_whole
from cleaners.text.spans import subtract

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


class WordingFeatures(msgspec.Struct, eq=False, gc=False):
    """What the words of a line say: the rule that may take it, how it looks, and whether it is a byline.

    `can_be` remembers of which fields of a story it can be the whole value, and so which lines of a grammar it can follow; what
    is remembered must not depend on the page.
    """

    rule: Rule | None
    shape: str
    byline: bool = False
    can_be: dict[str, bool] = {}  # msgspec makes a new one for each


class LineFeatures(msgspec.Struct, eq=False, gc=False):
    """What is known of one line: the rule that may take it, how it looks, and what became of it.

    `wording` is what its words alone say, `shape` how it looks with what elements and links say.
    """

    line: Line
    rule: Rule | None
    shape: str
    index: int
    wording: WordingFeatures
    assigned: bool = False
    byline: bool = False
    linked: float = 0.0
    page_part: str = ""
    tag: str = ""
    selected: bool | None = None
    sponsored: bool = False
    removed: bool = False

    @property
    def is_free(self) -> bool:
        """Say whether the line may be part of an embedded story: it is taken by none, no label, and in no menu."""
        return not self.assigned and self.shape != "label" and self.page_part != "frame"

    @property
    def is_text_beside(self) -> bool:
        """Say whether the line reads like text in a list of other stories."""
        return self.shape in ("prose", "sentence") and not self.assigned and self.page_part in ("", "list")

    @property
    def is_text(self) -> bool:
        """Say whether the line is free and reads like a part of a story's text: a paragraph or a short sentence."""
        return self.shape in ("prose", "sentence") and not self.assigned and not self.page_part


def features_of(line: Line, ruleset: Ruleset, index: int = 0, hint: Hint | None = None) -> LineFeatures:
    """Return what is known of the line at place `index`; it looks like a label, meta, prose, a sentence, a headline or short.

    Meta is a byline or a time, a sentence is too short for prose.
    """
    wording = (wording_features if len(line.text) <= MAX_REMEMBERED_CHARS else wording_features.__wrapped__)(line.text, ruleset)
    feature = LineFeatures(line, wording.rule, wording.shape, index, wording, byline=wording.byline)
    return feature if hint is None else _hinted(feature, hint)


@lru_cache(maxsize=MAX_REMEMBERED)
def wording_features(text: str, ruleset: Ruleset) -> WordingFeatures:
    """Return what the words of a line say.

    Remembered, as the lines of menus and footers stand on many pages of a site.
    """
    rule = line_rule(text, ruleset, outside=True)
    if rule is not None:
        return WordingFeatures(rule, "label")
    if is_prose(text):
        return WordingFeatures(None, "prose")
    if len(text) <= MAX_META_CHARS and ((byline := _is_byline(text, ruleset)) or _tells_time(text, ruleset)):
        return WordingFeatures(None, "meta", byline)
    return WordingFeatures(None, "sentence" if is_sentence(text) else "headline" if is_headline(text) else "short")


def _hinted(feature: LineFeatures, hint: Hint) -> LineFeatures:
    """Add what is known of a line of an HTML page, where elements and links say more than words."""
    line = feature.line
    feature.linked, feature.page_part, feature.tag = hint.linked, hint.page_part, hint.tag
    if feature.shape in ("label", "meta"):
        return feature
    if hint.linked >= LINKED and feature.is_text:
        feature.shape = "headline" if is_headline(line.text) and not is_sentence(line.text) else "short"
    elif hint.tag in TEXT_TAGS and len(line.text) >= MIN_PARAGRAPH_CHARS and hint.linked < LINKED:
        feature.shape = "prose"
    return feature


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
