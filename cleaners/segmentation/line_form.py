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
LINKED = (0.01, 0.25, 0.5, 0.9)
# The kinds of elements and parts of an HTML page; a line without HTML has a number of its own.
ELEMENTS = (("p", "blockquote"), ("h1",), ("h2", "h3", "h4", "h5", "h6"), ("li", "dd", "dt"), ("td", "th"), ("div", "section"))
ELEMENT_INDEX = {tag: i + 1 for i, tags in enumerate(ELEMENTS) for tag in tags}
PAGE_PARTS: tuple[PagePart, ...] = get_args(PagePart)
QUOTES = frozenset('"“„«「')
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
    text = feature.line.text
    body = text[: MAX_CHARS * 2].lstrip(MARKS).lstrip() or text
    words = body.split()
    size, count, script = len(text), len(words), 0
    if letter_count := word_chars(body):
        size, count = size * SPACED_WORD_CHARS // letter_count, -(-len(body) // letter_count)
        script = 1 if letter_count == CJK_WORD_CHARS else 2
    head = words[:24]
    letters = [word[0] for word in head if word[0].isalpha()]
    capitals = sum([letter.isupper() for letter in letters])
    small = sum([len(word) <= 3 and word.islower() for word in head])
    stops = sum(map(body.count, (". ", "? ", "! ", "。", "！", "？", "। ", "؟ "))) + (body[-1] in FULL_STOPS + "!?")
    chars = len(body)
    plain = (
        bisect_right(LENGTH, size),
        bisect_right(WORDS, count),
        _end(text),
        _start(body),
        int(body is not text and len(body) < len(text)),
        bisect_right(COUNT, sum(map(body.count, ",，、،"))),
        bisect_right(COUNT, stops),
        bisect_right(SHARE, 100 * capitals // (len(letters) or 1)),
        bisect_right(SHARE, 100 * small // (len(head) or 1)),
        bisect_right(SHARE, 100 * _digits(body[:100]) // min(chars, 100)),
        bisect_right(COUNT, sum(map(body.count, "|/•·»›→"))),
        bisect_right(WORD_CHARS, SPACED_WORD_CHARS if script else chars // (count or 1)),
        int(not QUOTES.isdisjoint(body)),
        int("://" in body or "www." in body or "@" in body),
        script,
        2 * SHAPES.index(feature.shape) + feature.byline,
        KINDS.index(feature.rule.kind if feature.rule is not None else ""),
        bisect_right(LINKED, feature.linked) + 1 if feature.tag or feature.linked else 0,
        ELEMENT_INDEX.get(feature.tag, len(ELEMENTS) + 1) if feature.tag else 0,
        PAGE_PARTS.index(feature.page_part),
    )
    crossed = [plain[first] * size + plain[second] for first, second, size in CROSSED]
    if script:
        return LineForm((*plain, *crossed), size, frozenset([body[i : i + GRAM_CHARS] for i in range(len(body) - GRAM_CHARS + 1)]))
    return LineForm((*plain, *crossed), size, frozenset([word.casefold() for word in words if len(word) > 3]))


def _digits(text: str) -> int:
    return sum(map(text.count, "0123456789")) if text.isascii() else sum(map(str.isdigit, text))


def _end(text: str) -> int:
    """Return the class of the end of a line: of its last character, or of the one before closing quotes."""
    if text.endswith("..."):
        return 3
    last = text.rstrip(CLOSERS)[-1:] or text[-1]
    for i, signs in enumerate(END_CLASSES):
        if last in signs:
            return i + 1
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
