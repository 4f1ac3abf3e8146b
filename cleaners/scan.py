"""What one pass over the text of a page finds for all of its lines, so that most lines are not looked into at all."""

from __future__ import annotations

from bisect import bisect_left

from cleaners.page import Line
from cleaners.ruleset import Opening, Ruleset
from cleaners.sentence import begins_sentence


class Scan:
    """Where rules may take something inside the lines of a page: single characters, and the opening words of phrases."""

    def __init__(self, text: str, ruleset: Ruleset) -> None:
        self.text = text
        self._openings = ruleset.find_openings(text)
        self._starts = [opening.start for opening in self._openings]
        char_class, _ = ruleset.characters
        self._characters = [found.start() for found in char_class.finditer(text)] if char_class else []

    def has_characters(self, line: Line) -> bool:
        """Say whether a line holds a character that rules take wherever it stands."""
        at = bisect_left(self._characters, line.start)
        return at < len(self._characters) and self._characters[at] < line.end

    def openings(self, line: Line) -> list[Opening]:
        """Return the opening words of phrases that may begin in a line, in order, by their places in the page."""
        first = bisect_left(self._starts, line.start)
        if first == len(self._starts) or self._starts[first] >= line.end:
            return []
        text, at = line.text, line.start
        return [
            opening
            for opening in self._openings[first : bisect_left(self._starts, line.end)]
            if opening.end <= line.end and may_begin(opening.phrase.where, text, opening.start - at)
        ]


def may_begin(where: str, text: str, at: int) -> bool:
    """Say whether a phrase that stands `where` its rule says may begin at a place in a line."""
    if where == "start":
        return at == 0
    if where in ("end", "fence"):  # anchored by their other end
        return at == 0 or text[at - 1].isspace()
    return begins_sentence(text, at)
