"""Find the phrases of rules inside lines: first their opening words in one pass over many lines, then the whole phrases.

Called by `cleaners.output.body_rules` and `cleaners.pipeline`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter

from cleaners.document.page import MAX_PIECES, Line, refuse_many_pieces
from cleaners.grammar.template import pattern, spell
from cleaners.rules.compiled import OpeningMatch, Ruleset
from cleaners.rules.index import Phrase, PhrasePosition
from cleaners.rules.model import Rule
from cleaners.text.line_shape import begins_sentence, ends_sentence

MAX_PHRASE_CHARS = 2_500  # of a phrase inside a line, and of each end of a fence
MAX_FENCE_CHARS = 8_000  # between the two ends of a fence, such as the dump of a video player
STRETCH_CHARS = 65_536  # of a page, searched at once; bounds the occurrences in memory
PhraseMatch = tuple[Rule, int, int]  # the rule, and the start and end of its match in a text


class PhraseScanner:
    """Finds phrases and characters in the lines of one page; searches many lines at once, so that most cost nothing."""

    def __init__(self, text: str, ruleset: Ruleset) -> None:
        self.text = text
        self._ruleset = ruleset
        self._start = self._end = 0  # of the stretch of the page searched last
        self._openings: list[OpeningMatch] = []
        self._starts: list[int] = []
        self._pieces = 0  # characters found so far
        self._has_characters = any(char in text for char in ruleset.characters[1])

    def characters(self, line: Line) -> list[PhraseMatch]:
        """Return the single characters of a line that rules remove, with offsets in the page.

        Raises BadPage with the reason `too-large` when there are over MAX_PIECES in the lines so far.
        """
        if not self._has_characters:
            return []
        found = list(islice(find_characters(line, self._ruleset), MAX_PIECES + 1))
        self._pieces += len(found)
        refuse_many_pieces(self._pieces)
        return found

    def phrases(self, line: Line, *, is_last: bool = False) -> Iterator[PhraseMatch]:
        """Yield the phrases in a line, as `find_phrases` does, with offsets in the line."""
        if line.start < self._start or line.end > self._end:
            self._start, self._end = line.start, max(line.end, line.start + STRETCH_CHARS)
            self._openings = self._ruleset.find_openings(self.text[self._start : self._end])
            self._starts = [opening.start for opening in self._openings]
        start, end = line.start - self._start, line.end - self._start
        first = bisect_left(self._starts, start)
        if first < len(self._starts) and self._starts[first] < end:
            inside = [opening for opening in self._openings[first : bisect_left(self._starts, end)] if opening.end <= end]
            yield from _in_line(line.text, inside, start, is_last)


def find_characters(line: Line, ruleset: Ruleset) -> Iterator[PhraseMatch]:
    """Yield the single characters of a line that rules remove, with offsets in the page."""
    char_class, rule_of = ruleset.characters
    if char_class is not None:
        for found in char_class.finditer(line.text):
            yield rule_of[found[0]], line.start + found.start(), line.start + found.end()


def find_phrases(text: str, ruleset: Ruleset, *, is_last: bool = False) -> Iterator[PhraseMatch]:
    """Yield the phrases of rules in a line, from left to right and without overlap.

    `is_last` marks the last line of a story, in which the far end of an open fence may be missing.
    """
    yield from _in_line(text, ruleset.find_openings(text), 0, is_last)


def _in_line(text: str, openings: Sequence[OpeningMatch], line_start: int, is_last: bool) -> Iterator[PhraseMatch]:
    """Yield the phrases in a line; the offsets of `openings` are in a longer text, in which the line begins at `line_start`."""
    free_from = 0
    for offset, group in groupby(openings, key=itemgetter(0)):
        start = offset - line_start
        if start < free_from:
            continue
        phrases = [opening.phrase for opening in group]
        ends = [(_phrase_end(phrase, text, start, is_last), phrase.rule) for phrase in phrases]
        end, rule = max(ends, key=itemgetter(0))
        if end > start:
            yield rule, start, end
            free_from = end


def _phrase_end(phrase: Phrase, text: str, start: int, is_last: bool) -> int:
    """Return the end of a phrase that begins at `start`, -1 when it does not match there."""
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


def _may_begin(where: PhrasePosition, text: str, at: int) -> bool:
    """Return whether a phrase with this position may begin at `at`."""
    if where == "start":
        return at == 0
    if where in ("end", "fence"):  # anchored by their other end
        return at == 0 or text[at - 1].isspace()
    return begins_sentence(text, at)
