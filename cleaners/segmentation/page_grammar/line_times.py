"""Times at the edges of lines, in languages with date words and in those without.

Called by `line_classes` and `item_fields`.
"""

from __future__ import annotations

import re

from cleaners.rules.compiled import Ruleset
from cleaners.rules.memo import remembered
from cleaners.segmentation.line_features import MAX_REMEMBERED_CHARS, LineSpan

DIVIDERS = tuple("|/•·–—-⋅‧,")
MAX_WORDS_BESIDE = 2  # of a line that is a time
MAX_NAME_WORDS = 5
MAX_BESIDE_WORDS = 6  # of a name glued to a time
MAX_TIME_CHARS = 60
MAX_REMEMBERED = 8_192
SEPARATORS = " |·•⋅-–—,/:;\t\xa0‧∙"
MAX_UNIT_CHARS = 5
Part = tuple[int, int]  # the characters of a line from a start up to an end
_COUNTER = re.compile(r"\s*([|·•]?)\s\d{1,4}$")  # a number of comments after a time
_DIVIDERS = re.compile(r"\s*[|·•]\s*|\s+[-–—]\s+")
_DIGIT = re.compile(r"\d")
MAX_TIME_COUNT = 59  # of a relative time: more minutes are an hour
MAX_BESIDE_TIME = 50  # characters of a name beside a time
MAX_EDGE_CHARS = 16  # at the end of a line, in which a time has its digit
COMMAS = tuple(",،、")
WORD_SIGN = r"[^\s\d,.;:：，、。|｜/()（）·•–—-]"  # of a word, with the vowel signs of scripts that have them
# A date in any language: a day, a few words, and a year, or a word, a day and a year, or figures with a word after each;
# perhaps a clock time.
WORD = f"{WORD_SIGN}+"
_YEAR = r"(?:[1١१][9٩९]|[2٢२][0٠०5٥५])\d\d"
_DATE = re.compile(
    rf"(?:(?<!\d)\d{{1,2}}(?:\.?\s+|\.)(?:{WORD}[.,]?\s+){{1,3}}(?:\d{{1,2}},?\s+)?{_YEAR}\b"
    rf"|(?<!\w){WORD}\.?\s\d{{1,2}},?\s{_YEAR}\b"
    rf"|(?<!\d){_YEAR}\s?[^\W\d]\s?\d{{1,2}}\s?[^\W\d]\s?\d{{1,2}}\s?[^\W\d])(?:\D{{0,12}}\d{{1,2}}[:.h]\d\d\b)?"
)
_CLOCK = re.compile(r"(?<![\d.,:/-])\d{1,2}[:.h]\d\d(?:[:.]\d\d)?(?![\d.,:/-]*\d)")
_CLOCK_UNIT = re.compile(rf"\s({WORD}\.?)\W*$")  # an abbreviation that ends a line after a clock time
_ONLY_CLOCK = re.compile(rf"\d{{1,2}}[:.h]\d\d(?::\d\d)?(?:\s{WORD}\.?)?")
_DAY = re.compile(rf"(?:^|[|·•,،、/\t]|\s[-–—]\s)\s*({WORD}(?:\s{WORD}){{0,2}}[,،]?)\s+$")
# What may stand between the date and the clock time of one time: signs and one word.
_BETWEEN = re.compile(rf"T|[\s,·•⋅|()\-–—]*(?:{WORD}\.?,?\s+)?")


def edge_time(text: str, ruleset: Ruleset) -> LineSpan | None:
    """Return the characters of a time at the start or the end of a line, or between a headline and a name.

    A date may be in a language without date words.
    """
    if len(text) > MAX_REMEMBERED_CHARS:
        return _inner_time(text, ruleset)
    if not any(map(str.isdecimal, (*text[:3], *text[-MAX_EDGE_CHARS:]))):
        return _inner_time(text, ruleset)
    found = ruleset.context.times.first(text)
    span = (found.start, found.end) if found is not None else None
    if span is None and (date := _DATE.search(text)):
        span = date.span()
    if span is None or (span[0] and span[1] < len(text) - 4):
        return _inner_time(text, ruleset)
    return span


def begins_with_date(text: str) -> bool:
    """Return whether a text begins with a date."""
    return _DATE.match(text) is not None


def _inner_time(text: str, ruleset: Ruleset) -> LineSpan | None:
    """Return the characters of a time that a sign divides from a headline before it, and that a name follows."""
    found = ruleset.context.times.first(text) if _DIVIDERS.search(text) and _DIGIT.search(text) else None
    if found is None or len(text) - (found.end - found.start) <= MAX_BESIDE_TIME:
        return None
    is_after_sign = text[: found.start].rstrip().endswith((*DIVIDERS, "-"))
    return (found.start, found.end) if is_after_sign and len(text[found.end :].split()) <= MAX_BESIDE_WORDS else None


def divided(text: str) -> list[LineSpan]:
    """Return the parts of a line between the signs that divide it."""
    parts, start = [], 0
    for match in _DIVIDERS.finditer(text):
        parts.append((start, match.start()))
        start = match.end()
    return [*parts, (start, len(text))]


def has_headline(text: str) -> bool:
    """Return whether a part of a divided line has the words of a headline."""
    parts = divided(text)
    return len(parts) > 1 and any(len(text[start:end].split()) > MAX_NAME_WORDS for start, end in parts)


@remembered(MAX_REMEMBERED)
def parted(text: str, ruleset: Ruleset) -> tuple[Part, Part, Part]:
    """Return the parts of a line with a time: the time, and the names before and after it without labels of times."""
    start, end = time_part(text, ruleset)
    return (start, end), name_part(text, 0, start, ruleset), name_part(text, end, len(text), ruleset)


def time_part(text: str, ruleset: Ruleset) -> Part:
    """Return the part of a line that is its time: divided parts that are times by themselves, else the first time in it."""
    times = ruleset.context.times
    whole = [part for part in divided(text) if times.read(text[part[0] : part[1]]) is not None]
    if whole and whole[-1][1] - whole[0][0] <= MAX_TIME_CHARS:
        first, last = times.first(text[slice(*whole[0])]), times.first(text[slice(*whole[-1])])
        if first is not None and last is not None:
            return extended(text, whole[0][0] + first.start, whole[-1][0] + last.end)
    spans = times.find_all(text)
    if not spans:
        found = edge_time(text, ruleset) or ((clock := _CLOCK.search(text)) and clock.span())
        return extended(text, *found) if found else (0, len(text))
    start, end = spans[0].start, spans[0].end
    for span in spans[1:]:
        if not text[end : span.start].strip(SEPARATORS):
            end = span.end
    counter = _COUNTER.search(text[:end], start)
    if counter and (counter[1] or spans[0].expression.unit):
        end = counter.start()
    return extended(text, start, end)


def with_day(text: str, start: int, end: int) -> Part:
    """Return a mere clock time with the words right before it that name its day.

    They are one word, with a comma if a capital begins it, or go on with small letters; other words may be a name.
    """
    if not _ONLY_CLOCK.fullmatch(text, start, end):
        return start, end
    day = _DAY.search(text, 0, start)
    if day is None:
        return start, end
    first, *others = day[1].split()
    is_name = any(word[0].isupper() for word in others) if others else first[0].isupper() and not first.endswith(COMMAS)
    return (start, end) if is_name else (day.start(1), end)


def extended(text: str, start: int, end: int) -> Part:
    """Return a time with the date before it and the clock time after it; words between them may be unknown."""
    if not _CLOCK.search(text, start, end):
        clock = _CLOCK.search(text, end)
        if clock and _BETWEEN.fullmatch(text, end, clock.start()):
            end = clock.end()
    date = _DATE.search(text) if text[start].isdecimal() else None
    if date and date.start() < start and (date.end() >= start or _BETWEEN.fullmatch(text, date.end(), start)):
        start, end = date.start(), max(end, date.end())
    elif date and date.start() >= end and _BETWEEN.fullmatch(text, end, date.start()):
        end = date.end()
    unit = _CLOCK_UNIT.match(text, end) if _CLOCK.search(text, start, end) else None
    return start, unit.end(1) if unit and len(unit[1]) <= MAX_UNIT_CHARS and not unit[1][0].isupper() else end


def name_part(text: str, start: int, end: int, ruleset: Ruleset) -> Part:
    """Return the part of a text that is a name, without separators; an empty part when it is a label or a sentence."""
    part = stripped(text, start, end)
    value = text[part[0] : part[1]]
    if not value or text[start:end].rstrip().endswith(":") or len(value.split()) > MAX_BESIDE_WORDS:
        return (0, 0)
    is_glued = value.islower() and end < len(text) and not text[end - 1].isspace() and part[1] == end
    if is_glued or not any(map(str.isalpha, value)):
        return (0, 0)
    return (0, 0) if ruleset.context.times.is_label(value) else part


def stripped(text: str, start: int, end: int) -> Part:
    """Return the part of a text from `start` to `end` without separators at its ends."""
    while start < end and text[start] in SEPARATORS:
        start += 1
    while end > start and text[end - 1] in SEPARATORS:
        end -= 1
    return start, end


def is_divided(text: str, span: LineSpan) -> bool:
    """Return whether nothing but a few words, or a sign that divides, stands beside a time."""
    before, after = text[: span[0]].rstrip(), text[span[1] :].lstrip()
    if len(f"{before} {after}".split()) <= MAX_WORDS_BESIDE or "/" in before:
        return True
    return before.endswith(DIVIDERS) or after.startswith(DIVIDERS)
