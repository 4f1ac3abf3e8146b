"""The class of a line by its words alone: its letter and measures of its text, remembered for each distinct line.

Called by `line_classes`, which lists the letters.
"""

from __future__ import annotations

import re

import msgspec

from cleaners.rules.compiled import Ruleset
from cleaners.rules.memo import remembered
from cleaners.rules.model import Rule, RuleKind
from cleaners.segmentation.line_features import (
    LIST_KINDS,
    MAX_REMEMBERED_CHARS,
    LineFeatures,
    WordingFeatures,
    wording_features,
)
from cleaners.segmentation.page_grammar.line_times import (
    MAX_BESIDE_TIME,
    MAX_BESIDE_WORDS,
    MAX_TIME_CHARS,
    WORD,
    begins_with_date,
    edge_time,
    has_headline,
    is_divided,
)
from cleaners.text.line_shape import CLOSERS, is_cjk

LABEL = "L"
MENU_KINDS: tuple[RuleKind, ...] = ("navigation", "structure")  # kinds of labels whose words may be a category
MIN_REPEATED_WIDTH, REPEATED_START = 25, 12  # of a title, and the characters by which it is found again
MAX_LINES = 32_768  # remembered
MAX_QUESTION_WIDTH = 170  # of a question or a call that may be a headline
CJK_WIDTH = 3  # a character of Chinese, Japanese or Korean says as much as three letters
CJK_WORD = 2  # characters a word
_BULLET = re.compile(r"(?:(?:[•●▪◦‣*–—\-·»›>+]+|#{1,6}|\d{1,2}[.)])\s+)+")
_MARKED = re.compile(r"(!?)\[([^\]]+)\]\([^)\s]*\)")  # a link or a picture as Markdown
MIN_GLUED_WIDTH, MIN_GLUED_WORDS = 20, 3  # of a headline beside a time
NO_BLANKS_WIDTH = 15  # characters a word, on average, of a script without blanks between words
_LEADING = re.compile(r"(\d{1,2})(?:\s+|(?=[^\W\d_]))")  # a number before a headline
_NUMBER = re.compile(r"#?\d{1,3}[.)]?")
# A number with a few words after or before it, as in the relative times of any language.
_COUNTED = re.compile(r"\d{1,2}(?:\s[^\W\d]+){1,3}|(?:[^\W\d]+\s){1,3}\d{1,2}(?:\s[^\W\d]+)?")
# A number with a few words after it at the end of a line, as where a relative time stands behind a name.
_COUNTED_END = re.compile(rf"(?<!\d)(\d{{1,3}})\s?(?:{WORD}\.?\s){{0,2}}({WORD})$")
CONTINUING, UNENDED = tuple(",.;:)"), tuple(",:;")  # signs that begin the rest of a sentence, and that end its beginning
_DIGITS = re.compile(r"\d+")
CREDIT_SIGN, MAX_CREDIT_CHARS = "©", 90
_QUESTION = tuple("?!？！…")


class LineClass(msgspec.Struct, frozen=True, gc=False):
    """The class letter of a line by its words alone, and measures of its text without a bullet.

    `offset` is where the text begins, after a bullet and the marks of a link; `key` is the text without differences of case and
    number. A picture is its text in Markdown. `is_counted` means that a short line is a number with a few words, `counted_end`
    is the last word and the number of a short line that ends in a number with a few words.
    """

    letter: str
    text: str
    offset: int
    width: int
    key: str
    rule: Rule | None
    is_picture: bool
    begins_inside: bool
    ends_inside: bool
    is_counted: bool = False
    counted_end: tuple[str, int] | None = None


def line_class(feature: LineFeatures, ruleset: Ruleset) -> LineClass:
    """Return the class of a line by its words; that of a long line, which seldom stands on two pages, is not remembered."""
    text = feature.line.text
    return _remembered(text, ruleset) if len(text) <= MAX_REMEMBERED_CHARS else _line_class(text, ruleset, feature.wording)


@remembered(MAX_LINES)
def _remembered(text: str, ruleset: Ruleset) -> LineClass:
    """Return the class of a line; cached, because the lines of menus stand on many pages."""
    return _line_class(text, ruleset, None)


def _line_class(text: str, ruleset: Ruleset, wording: WordingFeatures | None) -> LineClass:
    """Return the class of a line; `wording` are the features of its words, if they are known."""
    offset, bare, is_picture = _bare(text)
    if wording is None or len(bare) < len(text):
        wording = (wording_features if len(bare) <= MAX_REMEMBERED_CHARS else wording_features.__wrapped__)(bare, ruleset)
    inside = bare[:1].islower() or bare.startswith(CONTINUING)
    cjk = is_cjk(bare)
    width = len(bare) * CJK_WIDTH if cjk else len(bare)
    if wording.shape == "prose" and width > MAX_QUESTION_WIDTH:
        return LineClass("P", bare, offset, width, bare, None, is_picture, inside, bare.endswith(UNENDED))
    words = len(bare) // CJK_WORD if cjk else _words(bare)
    letter = _letter(bare, width, words, wording, ruleset)
    key = _DIGITS.sub("0", bare.casefold())
    inside = inside and letter != "T"
    counted = letter in "sa" and key != bare and _COUNTED.fullmatch(bare) is not None
    end = _counted_end(bare) if letter in "saH" and key != bare else None
    return LineClass(letter, bare, offset, width, key, wording.rule, is_picture, inside, bare.endswith(UNENDED), counted, end)


def leading_number(line: LineClass) -> int:
    """Return the number right before the words of a line, 0 without one."""
    found = _LEADING.match(line.text) if line.text[:1].isdecimal() else None
    return int(found[1]) if found and found.end() < len(line.text) else 0


def without_number(line: LineClass, ruleset: Ruleset) -> LineClass:
    """Return the class of a line without its leading number."""
    start = len(line.text) - len(_LEADING.sub("", line.text, 1))
    rest = line.text[start:]
    found = _remembered(rest, ruleset) if len(rest) <= MAX_REMEMBERED_CHARS else _line_class(rest, ruleset, None)
    return msgspec.structs.replace(found, offset=line.offset + start + found.offset)


def _counted_end(text: str) -> tuple[str, int] | None:
    """Return the last word and the number of a name with a number and a few words behind it, None for another text."""
    found = _COUNTED_END.search(text) if len(text) <= MAX_TIME_CHARS else None
    if found is None or len(text[: found.start()].split()) > MAX_BESIDE_WORDS:
        return None
    return found[2].casefold(), int(found[1])


def _bare(text: str) -> tuple[int, str, bool]:
    """Return where the text of a line begins, the text without its marks, and whether it is that of a picture.

    Of a headline that stands twice in its line, the first time as the text of a picture, the second is the text.
    """
    start = 0
    if not text[:1].isalpha():
        bullet = _BULLET.match(text)
        start = bullet.end() if bullet and bullet.end() < len(text) and not begins_with_date(text) else 0
        marked = _MARKED.fullmatch(text, start)
        if marked:
            return marked.start(2), marked[2], bool(marked[1])
    if len(text) - start >= 2 * MIN_REPEATED_WIDTH:
        again = text.find(text[start : start + REPEATED_START], start + REPEATED_START)
        if again > 0 and text[start:again].strip() == text[again:]:
            return again, text[again:], False
    return start, text[start:], False


def _words(text: str) -> int:
    """Return the number of words of a text, estimated for a script without capitals and without blanks between words."""
    words = len(text.split())
    if len(text) > NO_BLANKS_WIDTH * words and not text.isascii() and text.upper() == text.lower():
        return len(text) // 6
    return words


def _letter(text: str, width: int, words: int, wording: WordingFeatures, ruleset: Ruleset) -> str:
    if wording.rule is not None:
        if wording.rule.kind in LIST_KINDS:
            return "R"
        return "l" if words <= 3 and wording.rule.kind in MENU_KINDS else LABEL
    if _NUMBER.fullmatch(text):
        return "N"
    if len(text) <= MAX_CREDIT_CHARS and (CREDIT_SIGN in text or text.startswith("(c) ")):
        return LABEL
    if wording.shape == "meta":
        return _time_letter(text, wording, ruleset)
    if wording.shape == "prose":
        return "q" if width <= MAX_QUESTION_WIDTH and text.rstrip(CLOSERS)[-1:] in _QUESTION else "P"
    if wording.shape == "sentence":
        return "S"
    span = edge_time(text, ruleset)
    if span is not None:
        beside = len(text) - (span[1] - span[0])
        return "T" if beside <= MAX_BESIDE_TIME and is_divided(text, span) else "g" if _is_glued(words, beside) else "a"
    if wording.shape == "headline":
        return "H" if words >= 6 or width >= 42 else "a"
    return "H" if width > 110 else "a" if width >= 24 and words >= 3 else "s"


def _is_glued(words: int, beside: int) -> bool:
    """Return whether a time stands beside a headline."""
    return words >= MIN_GLUED_WORDS and beside >= MIN_GLUED_WIDTH


def _time_letter(text: str, wording: WordingFeatures, ruleset: Ruleset) -> str:
    """Return the letter of a line with a time or a byline."""
    spans = ruleset.context.times.find_all(text)
    if not spans:
        return "B"
    inside = "".join(text[span.start : span.end] for span in spans)
    beside = len(text) - len(inside)
    is_glued = beside >= MIN_GLUED_WIDTH and not wording.byline and has_headline(text)
    if "@" in text or (len(text) > 90 and not is_glued):
        return "S"
    if beside > 4 and not any(map(str.isdecimal, inside)):
        return "u"
    if is_glued:
        return "g"
    return "t" if beside >= 18 and ("|" in text or ":" in text) and not wording.byline else "T"
