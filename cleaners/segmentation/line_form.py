"""The form of a line by itself, as small numbers: its length, its end, its capitals, its rule.

Called by `line_score`, which remembers the result for each distinct line, and by the fit of its weights.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import get_args

import msgspec

from cleaners.document.page import PagePart
from cleaners.rules.model import RuleKind
from cleaners.segmentation.line_features import LineFeatures, Shape
from cleaners.text.line_shape import CJK_WORD_CHARS, CLOSERS, FULL_STOPS, OPENERS, SPACED_WORD_CHARS, word_chars

MARKS = "•*-–—·▪●○◦■►▶→>»+|#!["  # of lists, and of flatteners that write Markdown
MAX_CHARS = 400  # of a line that are looked at, and that count
MASS_UNIT = 8  # characters
MAX_MASS = MAX_CHARS // MASS_UNIT
SHORT_CHARS = 40  # most menu entries are shorter
SHAPES: tuple[Shape, ...] = get_args(Shape)
KINDS: tuple[str, ...] = ("", *get_args(RuleKind))
# The grids of the numbers: a number becomes the count of the steps that it reaches.
LENGTH = (3, 6, 10, 15, 20, 26, 33, 41, 50, 60, 72, 86, 102, 122, 150, 190, 250, 350, 500, 800)
WORDS = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50)
COUNT = (1, 2, 3, 5)
SHARE = (1, 10, 20, 35, 50, 65, 80, 95)  # per cent
WORD_CHARS = (3, 4, 5, 6, 7, 8, 10, 14)
GRAM_CHARS = 3
HEAD_WORDS = 24  # the first words of a line, whose capitals are counted
LINKED = (0.01, 0.25, 0.5, 0.9)
# The kinds of elements and parts of an HTML page; a line without HTML has a number of its own.
ELEMENTS = (
    ("p", "blockquote"), ("h1",), ("h2", "h3", "h4", "h5", "h6"), ("li", "dd", "dt"), ("td", "th", "tr"), ("div", "section"),
)  # fmt: skip
ELEMENT_INDEX = {tag: i + 1 for i, tags in enumerate(ELEMENTS) for tag in tags}
PAGE_PARTS: tuple[PagePart, ...] = get_args(PagePart)
QUOTES = "“„«「"  # beside the straight one
END_CLASSES = (FULL_STOPS, "!?！？؟", "…", ":：", ",;，、،", CLOSERS + "\"'", "|/•·»→>")
FORM = {
    "length": len(LENGTH) + 1,
    "words": len(WORDS) + 1,
    "end": len(END_CLASSES) + 3,
    "start": 8,
    "mark": 2,
    "commas": len(COUNT) + 1,
    "sentences": len(COUNT) + 1,
    "capitals": len(SHARE) + 1,
    "small_words": len(SHARE) + 1,
    "digits": len(SHARE) + 1,
    "signs": len(COUNT) + 1,
    "word_chars": len(WORD_CHARS) + 1,
    "quotes": 2,
    "address": 2,
    "script": 3,
    "shape": 2 * len(SHAPES),
    "kind": len(KINDS),
    "linked": len(LINKED) + 2,
    "element": len(ELEMENTS) + 2,
    "page_part": len(PAGE_PARTS),
}
# The pairs of numbers that are weighed together.
CROSSES = (
    ("length", "end"),
    ("length", "capitals"),
    ("length", "sentences"),
    ("length", "commas"),
    ("length", "start"),
    ("length", "script"),
    ("length", "small_words"),
    ("length", "shape"),
    ("end", "sentences"),
    ("end", "shape"),
    ("digits", "shape"),
    ("mark", "shape"),
    ("length", "linked"),
    ("length", "element"),
)
# The numbers of a line that count for its neighbours.
NEAR_FORM = ("length", "end", "start", "mark", "capitals", "digits", "shape", "kind", "linked", "element", "page_part")
INDEX = {name: i for i, name in enumerate(FORM)}
NEAR_INDEX = tuple(INDEX[name] for name in NEAR_FORM)
CROSSED = tuple((INDEX[first], INDEX[second], FORM[second]) for first, second in CROSSES)


# What the numbers are looked up by: the count of the steps that each number reaches, and the classes of characters.
LENGTH_OF, WORDS_OF, COUNT_OF, WORD_CHARS_OF, SHARE_OF = (
    tuple(bisect_right(steps, number) for number in range(greatest + 1))
    for steps, greatest in (
        (LENGTH, LENGTH[-1]),
        (WORDS, WORDS[-1]),
        (COUNT, COUNT[-1]),
        (WORD_CHARS, WORD_CHARS[-1]),
        (SHARE, 100),
    )
)
SHAPE_INDEX = {shape: i for i, shape in enumerate(SHAPES)}
KIND_INDEX = {kind: i for i, kind in enumerate(KINDS)}
END_INDEX = {sign: i + 1 for i, signs in reversed(list(enumerate(END_CLASSES))) for sign in signs}
ENDING = FULL_STOPS + "!?"
ASCII, ASCII_DIGITS = bytes(range(128)), b"0123456789"
ASCII_SMALL = b"abcdefghijklmnopqrstuvwxyz"
ASCII_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())


class LineForm(msgspec.Struct, frozen=True, gc=False):
    """The numbers of a line: `values` in the order of FORM and then of CROSSES, its characters, and its longer words.

    In scripts without blanks between words, characters count as many as an English line of as many words has, and runs of
    GRAM_CHARS characters stand for words.
    """

    values: tuple[int, ...]
    chars: int
    words: frozenset[str]


def sizes() -> dict[str, int]:
    """Return how many values each number of a form has, in order."""
    return FORM | {f"{first}*{second}": FORM[first] * FORM[second] for first, second in CROSSES}


def form_of(feature: LineFeatures) -> LineForm:
    """Return the form of a line."""
    plain, chars, words = plain_form(feature)
    return LineForm(
        (*plain, *[plain[first] * size + plain[second] for first, second, size in CROSSED]), chars, frozenset(words)
    )


def plain_form(feature: LineFeatures) -> tuple[tuple[int, ...], int, list[str]]:
    """Return the numbers of a line in the order of FORM, its characters and its longer words, in their order."""
    text = feature.line.text
    body = text[: MAX_CHARS * 2].lstrip(MARKS).lstrip() or text
    is_ascii, chars = body.isascii(), len(body)
    letter_count = 0 if is_ascii else word_chars(body)
    others = "" if is_ascii else _not_ascii(body)
    if letter_count:
        size, count, mean = len(text) * SPACED_WORD_CHARS // letter_count, -(-chars // letter_count), SPACED_WORD_CHARS
        script = 1 if letter_count == CJK_WORD_CHARS else 2
        longer = [body[i : i + GRAM_CHARS] for i in range(chars - GRAM_CHARS + 1)]
    else:
        folded = _casefold(body, others)
        words = folded.split() if len(folded) == chars else body.split()
        size, count, script, mean = len(text), len(words), 0, chars // len(words)
        longer = [word for word in words if len(word) > 3]
        if len(folded) != chars:  # a word that grows is no longer for it
            longer = [word.casefold() for word in longer]
    head = body.split(None, HEAD_WORDS)[:HEAD_WORDS]
    capitals, letters = _capitals("".join([word[0] for word in head]))
    small = len([word for word in head if len(word) <= 3 and word.islower()])
    commas, signs = body.count(","), body.count("|") + body.count("/")
    stops = body.count(". ") + (1 if body[-1] in ENDING else 0)
    if "?" in body:
        stops += body.count("? ")
    if "!" in body:
        stops += body.count("! ")
    if others:
        commas += sum(map(others.count, "，、،"))
        stops += sum(map(others.count, "。！？"))
        signs += sum(map(others.count, "•·›→")) + max(0, others.count("»") - others.count("«"))  # pairs are quotes
        if "।" in others or "؟" in others:
            stops += body.count("। ") + body.count("؟ ")
    shape = SHAPE_INDEX[feature.shape]
    plain = (
        LENGTH_OF[size] if size < len(LENGTH_OF) else len(LENGTH),
        WORDS_OF[count] if count < len(WORDS_OF) else len(WORDS),
        _end(text),
        _start(body),
        1 if chars < len(text) else 0,
        COUNT_OF[commas] if commas < len(COUNT_OF) else len(COUNT),
        COUNT_OF[stops] if stops < len(COUNT_OF) else len(COUNT),
        SHARE_OF[100 * capitals // (letters or 1)],
        SHARE_OF[100 * small // len(head)],
        SHARE_OF[100 * _digits(body[:100]) // min(chars, 100)],
        COUNT_OF[signs] if signs < len(COUNT_OF) else len(COUNT),
        WORD_CHARS_OF[mean] if mean < len(WORD_CHARS_OF) else len(WORD_CHARS),
        1 if '"' in body or (others and any(quote in others for quote in QUOTES)) else 0,
        1 if "://" in body or "www." in body or "@" in body else 0,
        script,
        2 * shape + 1 if feature.byline else 2 * shape,
        0 if feature.rule is None else KIND_INDEX[feature.rule.kind],
        bisect_right(LINKED, feature.linked) + 1 if feature.tag or feature.linked else 0,
        ELEMENT_INDEX.get(feature.tag, len(ELEMENTS) + 1) if feature.tag else 0,
        PAGE_PARTS.index(feature.page_part) if feature.page_part else 0,
    )
    return plain, size, longer


def _not_ascii(text: str) -> str:
    """Return the characters of a text that are not ASCII."""
    return text.encode(errors="surrogatepass").translate(None, ASCII).decode(errors="surrogatepass")


def _casefold(text: str, others: str) -> str:
    """Return a text casefolded; `others` are its characters that are not ASCII, mostly quotes and dashes."""
    if not others or others != others.casefold():
        return text.casefold()
    return text.encode(errors="surrogatepass").lower().decode(errors="surrogatepass")  # faster than casefold


def _capitals(initials: str) -> tuple[int, int]:
    """Return how many of the first characters of words are capitals, and how many are letters."""
    if initials.isascii():
        letters_only = initials.encode().translate(None, ASCII_NO_LETTERS)
        return len(letters_only.translate(None, ASCII_SMALL)), len(letters_only)
    letters = initials if initials.isalpha() else "".join(filter(str.isalpha, initials))
    return 0 if letters.islower() else sum(map(str.isupper, letters)), len(letters)


def _digits(text: str) -> int:
    """Return the number of digits in a text."""
    data = text.encode(errors="surrogatepass")
    count = len(data) - len(data.translate(None, ASCII_DIGITS))
    if text.isascii():
        return count
    others = _not_ascii(text)
    return count if others.isalpha() else count + sum(map(str.isdigit, others))


def _end(text: str) -> int:
    """Return the class of the end of a line: of its last character, or of the one before closing quotes."""
    last = text[-1]
    if last in CLOSERS:
        last = text.rstrip(CLOSERS)[-1:] or last
    elif last == "." and text.endswith("..."):
        return 3
    found = END_INDEX.get(last)
    if found is not None:
        return found
    return 0 if last.isalpha() else len(END_CLASSES) + (1 if last.isdigit() else 2)


def _start(body: str) -> int:
    """Return the class of the first character of a line."""
    first = body[0]
    if first.isupper():
        return 0
    if first.islower():
        return 1
    if first.isalpha():
        return 2
    return 3 if first.isdigit() else 4 if first in OPENERS else 5 if first in "([" else 6 if first in "$€£#@" else 7
