"""Find the phrases of rules inside lines: their opening words in one pass over many lines, then what follows those."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from cleaners.document.page import Line
from cleaners.grammar.template import pattern, spell
from cleaners.rules.compiled import Opening, Ruleset
from cleaners.rules.index import Phrase
from cleaners.rules.model import Rule
from cleaners.text.line_shape import begins_sentence, ends_sentence

MAX_PHRASE_CHARS = 2_500  # a phrase inside a line, and each end of a fence, is shorter
MAX_FENCE_CHARS = 8_000  # between the two ends of a fence, such as the dump of a video player
STRETCH_CHARS = 65_536  # of a page, looked through at once: what is found in it is held
Found = tuple[Rule, int, int]  # what a rule takes, and from where to where in a text


class Scan:
    """What rules may take inside the lines of a page, so that most lines need not be looked into one by one."""

    def __init__(self, text: str, ruleset: Ruleset) -> None:
        self.text = text
        self._ruleset = ruleset
        self._start = self._end = 0  # of the stretch of the page that was looked through last
        self._openings: list[Opening] = []
        self._places: list[int] = []
        self._has_characters = any(char in text for char in ruleset.characters[1])

    def characters(self, line: Line) -> list[Found]:
        """Return the single characters of a line that rules take wherever they stand, by their places in the page."""
        return list(find_characters(line, self._ruleset)) if self._has_characters else []

    def phrases(self, line: Line, *, is_last: bool = False) -> Iterator[Found]:
        """Yield the phrases in a line, as `find_phrases` does."""
        if line.start < self._start or line.end > self._end:
            self._start, self._end = line.start, max(line.end, line.start + STRETCH_CHARS)
            self._openings = self._ruleset.find_openings(self.text[self._start : self._end])
            self._places = [opening.start for opening in self._openings]
        start, end = line.start - self._start, line.end - self._start
        first = bisect_left(self._places, start)
        if first < len(self._places) and self._places[first] < end:
            inside = [opening for opening in self._openings[first : bisect_left(self._places, end)] if opening.end <= end]
            yield from _in_line(line.text, inside, start, is_last)


def find_characters(line: Line, ruleset: Ruleset) -> Iterator[Found]:
    """Yield the single characters of a line that rules take wherever they stand, by their places in the page."""
    char_class, rule_of = ruleset.characters
    if char_class is not None:
        for found in char_class.finditer(line.text):
            yield rule_of[found[0]], line.start + found.start(), line.start + found.end()


def find_phrases(text: str, ruleset: Ruleset, *, is_last: bool = False) -> Iterator[Found]:
    """Yield the phrases of rules that stand in a line, from left to right, none overlapping.

    `is_last` says that the line is the last of its story: there the far end of an open fence may be missing.
    """
    yield from _in_line(text, ruleset.find_openings(text), 0, is_last)


def _in_line(text: str, openings: Sequence[Opening], line_start: int, is_last: bool) -> Iterator[Found]:
    """Yield the phrases in a line whose `openings` stand in a longer text, in which the line begins at `line_start`."""
    free_from = 0
    for place, group in groupby(openings, key=itemgetter(0)):
        start = place - line_start
        if start < free_from:
            continue
        found = [opening.phrase for opening in group]
        ends = [(_phrase_end(phrase, text, start, is_last), phrase.rule) for phrase in found]
        end, rule = max(ends, key=itemgetter(0))
        if end > start:
            yield rule, start, end
            free_from = end


def _phrase_end(phrase: Phrase, text: str, start: int, is_last: bool) -> int:
    """Return where a phrase that begins at `start` ends when it stands as its rule demands, else -1."""
    if not _may_begin(phrase.where, text, start):
        return -1
    window = text[start : start + MAX_PHRASE_CHARS]
    if phrase.where == "end":
        is_end = len(text) - start <= MAX_PHRASE_CHARS and pattern(phrase.spelling, caseless=False).fullmatch(window)
        return len(text) if is_end else -1
    found = pattern(phrase.spelling, caseless=False).match(window)
    if found is None:
        return -1
    end = start + int(found.end())
    if not phrase.until:
        return end if ends_sentence(text, end, phrase.rule.not_before) else -1
    rest = text[end : end + MAX_FENCE_CHARS]
    ends = [found.end() for last in spell(phrase.until) if (found := pattern(last, caseless=False).search(rest))]
    if ends:
        return end + int(min(ends))
    return len(text) if phrase.rule.open_end and is_last else -1


def _may_begin(where: str, text: str, at: int) -> bool:
    if where == "start":
        return at == 0
    if where in ("end", "fence"):  # anchored by their other end
        return at == 0 or text[at - 1].isspace()
    return begins_sentence(text, at)
