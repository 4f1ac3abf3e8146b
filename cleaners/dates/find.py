"""Find the times printed in a line, in many languages at once; the date words come from the packs.

Called by `cleaners.rules.compiled`, which makes one finder for each set of packs; used by grammars and segmentation.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import msgspec

from cleaners.dates.quantities import is_quantity
from cleaners.dates.resolve import OTHER_ZONES, ZONES, DatePart, TimeExpression, WordKind, parse_expression
from cleaners.dates.tokenize import PUNCTUATION, Token, tokens
from cleaners.text.line_memo import LineMemo

MAX_TIME_CHARS = 60  # with its label, as in "Published April 26, 2023 2:20pm EDT"
# The largest usual count of each unit, before the next larger unit is used; decides between two ways to cut a glued line.
USUAL_COUNTS = {"second": 59, "minute": 59, "hour": 23, "day": 31, "week": 8, "month": 12, "year": 99}
MAX_FILLER_CHARS = 3
MAX_REMEMBERED = 10_000  # lines
MAX_REMEMBERED_CHARS = 4_000_000  # of lines that are remembered from page to page
NEVER_FIRST: tuple[WordKind, ...] = ("unit", "zone", "am", "pm")  # no time begins with one of these
# A text cut off at the end of a page may be a time when it holds one of these.
EVIDENCE: tuple[WordKind, ...] = ("number", "one", "ago", "now", "today", "yesterday")
# Each time has a word of one of these kinds, or else two numbers with a sign between them.
NEEDED: tuple[WordKind, ...] = ("now", "ago", "today", "yesterday", "month", "solar month", "unit", "clock", "dual")
WITHOUT_DIGITS: tuple[WordKind, ...] = ("now", "today", "yesterday", "one", "dual")
# Words of clock times that are the same in every language: zones, and halves of the day.
_CLOCK_WORDS: tuple[tuple[str, WordKind, int], ...] = (
    *((zone, "zone", 0) for zone in (*ZONES, *OTHER_ZONES)),
    ("am", "am", 0),
    ("pm", "pm", 0),
    ("a.m", "am", 0),
    ("p.m", "pm", 0),
)
_DIGIT = re.compile(r"\d")
# A line in plain writing without a needed word holds a time only if two numbers have a sign between them. Plain writing is
# Latin letters without marks and without CamelCase, so that nothing can be glued to the date words.
_SIGNED_NUMBERS = re.compile(r"\d\s*[:./-]\s*\d")
_NOT_PLAIN = re.compile(r"[^\x00-\x7f’‘“”–—…\xa0]|[a-z][A-Z]|[A-Z][A-Z][a-z]")
_PLAIN_WORD = re.compile(r"[a-z]+")
_ISO_SIGN = re.compile(r"(?<=\d)T(?=\d)")  # between a date and a clock time


class TimeSpan(msgspec.Struct, frozen=True, gc=False):
    """A time in a line, from character `start` to `end`."""

    start: int
    end: int
    expression: TimeExpression


class DateFinder:
    """Find the times of a line by the date words of a set of packs.

    `tables` holds the rows of each pack: a phrase, its kind of word and its value. The first time of each line is remembered.
    """

    def __init__(self, tables: Iterable[Iterable[tuple[str, WordKind, int]]]) -> None:
        phrases: dict[tuple[str, ...], set[tuple[WordKind, int]]] = {}
        for phrase, kind, value in (*(row for table in tables for row in table), *_CLOCK_WORDS):
            words = tuple(token.text.casefold() for token in tokens(phrase.lower()))
            # "on", "de", "le": a short word beside a time does not end it, a label such as "updated" does.
            is_filler = kind == "label" and len(phrase) <= MAX_FILLER_CHARS
            phrases.setdefault(words, set()).add(("filler" if is_filler else kind, value))
        self._phrases = {phrase: frozenset(meanings) for phrase, meanings in phrases.items()}
        self._solar = any(kind == "solar month" for meanings in phrases.values() for kind, _ in meanings)
        self._first_times: LineMemo[TimeSpan | None] = LineMemo(MAX_REMEMBERED, MAX_REMEMBERED_CHARS)
        # The number of words of the longest phrase, by its first word.
        self._longest: dict[str, int] = {}
        for phrase_words in self._phrases:
            self._longest[phrase_words[0]] = max(len(phrase_words), self._longest.get(phrase_words[0], 0))
        # Scripts without capitals do not show where a word glued to one of these ends; a phrase of several words suffices.
        self._gluable = tuple(
            phrase
            for phrase, meanings in phrases.items()
            if len(phrase) > 1 and phrase[0].upper() == phrase[0] and any(kind in WITHOUT_DIGITS for kind, _ in meanings)
        )
        # A line without a digit holds a time only if it holds all words of one of these.
        self._without_digits = tuple(
            sorted(phrase, key=len, reverse=True)
            for phrase, meanings in phrases.items()
            if any((kind in WITHOUT_DIGITS and kind != "one") or kind == "ago" for kind, _ in meanings)
        )
        # One word of each phrase that a time may need: a plain line without any of them is skipped. No numbers, as many lines
        # without a time hold some.
        needed = {
            next((word for word in phrase if not word.isdecimal()), phrase[0])
            for phrase, meanings in phrases.items()
            if any(kind in NEEDED for kind, _ in meanings)
        }
        self._needed = frozenset(word for word in needed if _PLAIN_WORD.fullmatch(word))
        self._needed_signs = tuple(sorted(word for word in needed - self._needed if word.isascii()))

    def begin_page(self, lines: int) -> None:
        """Make room for the times of all `lines` of a page, so that no line of a long page is parsed repeatedly."""
        self._first_times.begin_page(lines)

    def read(self, text: str) -> TimeExpression | None:
        """Return the time when all of `text` is one, with labels or without, else None."""
        if len(text) > MAX_TIME_CHARS:
            return None
        found = self.first(text)
        if found is None:
            return None
        rest = f"{text[: found.start]} {text[found.end :]}"
        return found.expression if self.is_label(rest) else None

    def first(self, text: str) -> TimeSpan | None:
        """Return the first time in a line, or None; remembered, as grammars look at the same lines repeatedly."""
        if text not in self._first_times:
            self._first_times.add(text, next(self.find(text), None))
        return self._first_times[text]

    def find_all(self, text: str) -> list[TimeSpan]:
        """Return the times in a line, left to right; the first of them is remembered."""
        found = list(self.find(text))
        self._first_times.add(text, found[0] if found else None)
        return found

    def find(self, text: str) -> Iterator[TimeSpan]:
        """Yield the times in a line, left to right: the longest runs of date words and numbers that mean a time."""
        run: list[DatePart] = []
        if not self._may_hold_time(text):
            return
        for token, meanings in (*self._parts(text), (Token("", len(text), len(text)), None)):
            if meanings is None or ("label", 0) in meanings or (not run and _ends_word(text, token, meanings)):
                if run:
                    yield from self._spans(text, run)
                    run = []
            else:
                run.append((token, meanings))

    def _may_hold_time(self, text: str) -> bool:
        """Return whether a line may hold a time, by checks that are quicker than to tokenise it."""
        folded = text.casefold()
        if _DIGIT.search(text):
            return (
                _SIGNED_NUMBERS.search(text) is not None
                or _NOT_PLAIN.search(text) is not None
                or not self._needed.isdisjoint(_PLAIN_WORD.findall(folded))
                or any(sign in folded for sign in self._needed_signs)
            )
        return any(phrase[0] in folded and all(word in folded for word in phrase) for phrase in self._without_digits)

    def is_label(self, text: str) -> bool:
        """Return whether `text` is nothing but labels of times, such as "Published" or "Last updated on"."""
        return all(self._is_filler(part) for part in self._parts(text))

    def is_cut_time(self, text: str) -> bool:
        """Return whether `text`, cut off by the end of a page, can be the beginning of a time."""
        parts = list(self._parts(text)) if len(text) <= MAX_TIME_CHARS else []
        known = [meanings for _, meanings in parts if meanings is not None]
        if not any(kind in EVIDENCE for meanings in known for kind, _ in meanings):
            return False
        if len(known) == len(parts):
            return True
        last = parts[-1][0].text.casefold()
        is_last = len(known) == len(parts) - 1 and parts[-1][1] is None
        return is_last and any(word.startswith(last) for phrase in self._phrases for word in phrase)

    def glued_starts(self, text: str) -> Iterator[int]:
        """Yield each offset where a time that runs to the end of `text` may begin inside a word, the likeliest first.

        "The 96111 hours ago" may be cut before `11 hours ago` or before `1 hours ago`: a usual count comes before an
        unusual one, and of two usual ones the longer.
        """
        starts = []
        for at in range(max(1, len(text) - MAX_TIME_CHARS), len(text)):
            if text[at].isspace() or text[at - 1].isspace() or text[at] in PUNCTUATION:
                continue
            found = next(self.find(text[at:]), None)
            if found is not None and found.start == 0 and found.end == len(text) - at:
                if not found.expression.unit and text[at].islower() and text[at - 1].isalpha():
                    continue  # "beg|an10:34": no date or clock time begins in the middle of a word
                is_unusual = found.expression.count > USUAL_COUNTS.get(found.expression.unit, 0) or (
                    found.expression.unit != "" and text[at] == "0"
                )
                starts.append((is_unusual, at))
        for _, at in sorted(starts):
            yield at

    def _is_filler(self, part: tuple[Token, frozenset[tuple[WordKind, int]] | None]) -> bool:
        token, meanings = part
        return token.text in PUNCTUATION or (
            meanings is not None and any(kind in ("label", "filler", "ago") for kind, _ in meanings)
        )

    def _parts(self, text: str) -> Iterator[tuple[Token, frozenset[tuple[WordKind, int]] | None]]:
        """Yield the parts of a line: known phrases with their meanings, numbers, signs, and other words with None."""
        line = list(tokens(text))
        folded = [token.text.casefold() for token in line]
        i = 0
        while i < len(line):
            for length in range(min(self._longest.get(folded[i], 0), len(line) - i), 0, -1):
                meanings = self._phrases.get(tuple(folded[i : i + length]))
                if meanings:
                    start, end = line[i].start, line[i + length - 1].end
                    yield Token(text[start:end], start, end), meanings
                    i += length
                    break
            else:
                token = line[i]
                phrase: tuple[str, ...] = ()
                if not token.text.isascii():
                    phrase = next((phrase for phrase in self._gluable if _is_glued(phrase, folded[i : i + len(phrase)])), ())
                if phrase:
                    last = line[i + len(phrase) - 1].end
                    cut = token.end - len(phrase[0])
                    yield Token(text[token.start : cut], token.start, cut), None
                    yield Token(text[cut:last], cut, last), self._phrases[phrase]
                    i += len(phrase)
                    continue
                digits = token.text.replace(",", "")
                if digits.isdecimal():
                    yield token, frozenset({("number", int(digits))} if len(digits) <= 9 else ())
                else:
                    is_sign = token.text in PUNCTUATION or _ISO_SIGN.match(text, token.start) is not None
                    yield token, frozenset() if is_sign else None
                i += 1

    def _spans(self, text: str, run: list[DatePart]) -> Iterator[TimeSpan]:
        """Yield the time that a run of parts means, if any, without the signs at its ends."""
        while run and _is_idle(run[0], NEVER_FIRST):
            run = run[1:]
        while run and _is_idle(run[-1], ()) and run[-1][0].text not in ")）.":
            run = run[:-1]
        if run:
            start, end = run[0][0].start, run[-1][0].end
            if not run[-1][1] and text[end - 1] not in ")）":
                end = run[-2][0].end if len(run) > 1 else end
            inside = [part for part in run if part[0].start >= start and part[0].end <= end]
            expression = parse_expression(inside, solar=self._solar)
            if expression is not None and not is_quantity(text, (start, end), run, expression, self.is_label):
                yield TimeSpan(start, end, expression)


def _is_glued(phrase: tuple[str, ...], words: list[str]) -> bool:
    """Return whether `words` are a phrase, perhaps with other letters glued before its first word."""
    return words[0].endswith(phrase[0]) and tuple(words[1:]) == phrase[1:]


def _ends_word(text: str, token: Token, meanings: frozenset[tuple[WordKind, int]]) -> bool:
    """Return whether a part is a letter for a day of the week, but stands at the end of a word, such as a Korean name."""
    kinds = {kind for kind, _ in meanings}
    is_letter = len(token.text) == 1 and text[max(0, token.start - 1) : token.start].isalpha()
    return is_letter and "weekday" in kinds and kinds <= {"weekday", *NEVER_FIRST}


def _is_idle(part: DatePart, beside: Collection[WordKind]) -> bool:
    """Return whether a part carries no time: a sign, a filler, or a kind of `beside`."""
    return all(kind == "filler" or kind in beside for kind, _ in part[1])
