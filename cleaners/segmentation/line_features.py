"""The features of one line by itself: its rule, its shape, and the hints of its HTML element.

Called by `read_page`; every module of segmentation reads these features.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from cleaners.document.page import NOTHING_AROUND, Around, Hint, Line, Page, PagePart
from cleaners.grammar.template import LayoutField
from cleaners.rules.compiled import Ruleset
from cleaners.rules.memo import remembered
from cleaners.rules.model import BESIDE, Rule, RuleKind
from cleaners.rules.whole_lines import line_rule
from cleaners.text.line_shape import count_words, is_headline, is_prose, is_sentence, is_whole, width
from cleaners.text.spans import subtract

# A label matches a rule, meta is a byline or a time, a sentence is shorter than prose, short is anything else.
Shape = Literal["label", "meta", "prose", "sentence", "headline", "short"]
TEXT_SHAPES: tuple[Shape, ...] = ("prose", "sentence")
LineSpan = tuple[int, int]  # the indices of its first and last line on a page

LINKED = 0.5  # least linked share of the characters of a line that counts as a link
HEADINGS = ("h2", "h3", "h4", "h5", "h6")  # below the title of a page
TEXT_TAGS = ("p", "blockquote")
MIN_PARAGRAPH_CHARS = 25
MAX_META_CHARS = 140  # a line with the author's name, the time and the source of a story is shorter
MAX_REMEMBERED, MAX_REMEMBERED_CHARS = 8_192, 140  # lines, and the length of each
COLONS = (":", "：")
MAX_NAME_WORDS, MAX_NAME_WIDTH = 5, 40  # of a name in a script without capitals
MAX_WORDS_BESIDE_TIME = 5
MAX_WORDS_BESIDE_WORD = 2  # beside a time without a number, such as "today", which stands in headlines too
SEPARATORS = tuple("|/•·–—⋅")
# The kinds of labels that stand over lists of other stories.
LIST_KINDS: tuple[RuleKind, ...] = ("related-label", "most-read")


class WordingFeatures(msgspec.Struct, eq=False, gc=False):
    """The features of a line's words alone: the rule that it matches, its shape, and whether it is a byline.

    `can_be` caches for each field of a story whether the line can be its whole value. Only results that do not depend on the
    page may be cached here.
    """

    rule: Rule | None
    shape: Shape
    byline: bool = False
    can_be: dict[LayoutField, bool] = {}  # msgspec makes a new one for each


class LineFeatures(msgspec.Struct, eq=False, gc=False):
    """The features of one line, and the state of its assignment to a part of the page.

    `wording` holds the features of its words alone; `shape` also depends on its element and its links. `group` numbers the
    list of an HTML page that holds the line. `selected` is set on HTML pages only: whether the line belongs to the main text.
    `assigned` is True once the line belongs to a part of the page, `sponsored` for lines of paid cards, `removed` for lines
    that belong to no story. `around` are the elements around the line.
    """

    line: Line
    rule: Rule | None
    shape: Shape
    index: int
    wording: WordingFeatures
    assigned: bool = False
    byline: bool = False
    linked: float = 0.0
    page_part: PagePart = ""
    tag: str = ""
    group: int = 0
    selected: bool | None = None
    sponsored: bool = False
    removed: bool = False
    around: Around = NOTHING_AROUND

    @property
    def is_free(self) -> bool:
        """Return whether the line may belong to an embedded story: it is not assigned, not a label and not in a menu."""
        return not self.assigned and self.shape != "label" and self.page_part != "frame"

    @property
    def is_text_beside(self) -> bool:
        """Return whether the line reads like text in a list of other stories."""
        return self.shape in ("prose", "sentence") and not self.assigned and self.page_part in ("", "list")

    @property
    def is_text(self) -> bool:
        """Return whether the line is not assigned and reads like a story's text: a paragraph or a short sentence."""
        return self.shape in ("prose", "sentence") and not self.assigned and not self.page_part


def page_features(lines: Sequence[Line], page: Page, ruleset: Ruleset) -> list[LineFeatures]:
    """Return the features of the lines of a page."""
    if page.hints or page.marked:
        return [features_of(line, ruleset, i, page.hint(line.start)) for i, line in enumerate(lines)]
    known = [
        wording_features(line.text, ruleset)
        if len(line.text) <= MAX_REMEMBERED_CHARS
        else wording_features.__wrapped__(line.text, ruleset)
        for line in lines
    ]
    return [
        LineFeatures(line, wording.rule, wording.shape, i, wording, False, wording.byline)
        for i, (line, wording) in enumerate(zip(lines, known, strict=True))
    ]


def features_of(line: Line, ruleset: Ruleset, index: int = 0, hint: Hint | None = None) -> LineFeatures:
    """Return the features of the line with this index on its page."""
    wording = (wording_features if len(line.text) <= MAX_REMEMBERED_CHARS else wording_features.__wrapped__)(line.text, ruleset)
    feature = LineFeatures(line, wording.rule, wording.shape, index, wording, byline=wording.byline)
    return feature if hint is None else _with_hint(feature, hint)


@remembered(MAX_REMEMBERED)
def wording_features(text: str, ruleset: Ruleset) -> WordingFeatures:
    """Return the features of a line's words.

    Cached, because the lines of menus and footers stand on many pages of a site.
    """
    rule = line_rule(text, ruleset, BESIDE)
    if rule is not None:
        return WordingFeatures(rule, "label")
    if is_prose(text):
        return WordingFeatures(None, "prose")
    if len(text) <= MAX_META_CHARS and ((byline := _is_byline(text, ruleset)) or _is_time_line(text, ruleset)):
        return WordingFeatures(None, "meta", byline)
    return WordingFeatures(None, "sentence" if is_sentence(text) else "headline" if is_headline(text) else "short")


def _with_hint(feature: LineFeatures, hint: Hint) -> LineFeatures:
    """Add the hint of an HTML page to the features of a line; its element and links outweigh its words."""
    line = feature.line
    feature.linked, feature.page_part, feature.tag, feature.group = hint.linked, hint.page_part, hint.tag, hint.group
    feature.around = hint.around
    if feature.shape in ("label", "meta"):
        return feature
    if hint.linked >= LINKED and feature.is_text:
        feature.shape = "headline" if is_headline(line.text) and not is_sentence(line.text) else "short"
    elif hint.tag in TEXT_TAGS and len(line.text) >= MIN_PARAGRAPH_CHARS and hint.linked < LINKED:
        feature.shape = "prose"
    return feature


def _is_byline(text: str, ruleset: Ruleset) -> bool:
    """Return whether a line opens with a byline word, such as "by", and goes on with a name.

    In scripts without capitals, a colon behind the word shows that the few words after it are a name.
    """
    word, sign, rest = byline_parts(text)
    if word.casefold() not in ruleset.byline_words or is_whole(text):
        return False
    if rest[:1].isupper() or "-" in rest.split(",")[0]:
        return True
    is_caseless = rest[:1].isalpha() and not rest[:1].islower()
    return is_caseless and sign in COLONS and width(rest) <= MAX_NAME_WIDTH and count_words(rest) <= MAX_NAME_WORDS


def byline_parts(text: str) -> tuple[str, str, str]:
    """Return the first word of a byline, the sign that divides it from the rest of the line, and that rest.

    >>> byline_parts("By Ina Varr"), byline_parts("文：山田太郎")
    (('By', ' ', 'Ina Varr'), ('文', '：', '山田太郎'))
    """
    for sign in COLONS:
        word, found, rest = text.partition(sign)
        if found and " " not in word.rstrip():
            return word.rstrip(), sign, rest.lstrip()
    return text.partition(" ")


def _is_time_line(text: str, ruleset: Ruleset) -> bool:
    """Return whether a line exists to give a time: few other words are in it, or a separator divides them from the time."""
    spans = ruleset.context.times.find_all(text)
    if not spans:
        return False
    rest = "".join(text[start:end] for start, end in subtract((0, len(text)), [(span.start, span.end) for span in spans]))
    has_number = any(map(str.isdecimal, text[spans[0].start : spans[-1].end]))
    if len(rest.split()) <= (MAX_WORDS_BESIDE_TIME if has_number else MAX_WORDS_BESIDE_WORD):
        return True
    if has_number and ruleset.context.times.is_label(rest):
        return True  # "Published ..., last updated on ..."
    return any(
        text[: span.start].rstrip()[-1:] in SEPARATORS or text[span.end :].lstrip()[:1] in SEPARATORS for span in spans
    )  # fmt: skip
