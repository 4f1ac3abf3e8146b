"""Look up the words of possible titles in the text of a story. Called by `title_surroundings`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from cleaners.segmentation.line_features import LineFeatures, LineSpan
from cleaners.segmentation.title_form import MIN_WORD_CHARS, STEM_CHARS, words_of
from cleaners.text.line_shape import is_cjk

MAX_TEXT_CHARS = 3_000  # of the story, in which the words of a title are looked for
OPENING_LINES = 2


class TextWords:
    """The first lines of a story's text, and the words that stand in them."""

    def __init__(
        self, features: Sequence[LineFeatures], scores: Sequence[float], assigned: Sequence[bool], extent: LineSpan
    ) -> None:
        self.lines: dict[int, str] = {}
        chars = 0
        for i in range(extent[0], min(extent[1] + 1, len(features))):
            if scores[i] < 0 or assigned[i]:
                continue
            if chars > MAX_TEXT_CHARS:
                break
            self.lines[i] = features[i].line.text[:MAX_TEXT_CHARS]
            chars += len(self.lines[i])

    def shared(self, words: frozenset[str], i: int) -> tuple[set[str] | frozenset[str], int]:
        """Return the words of line `i` that stand in the text, in other lines of it, and how many stand in its opening."""
        if self._has_pairs:
            once, twice, opening = self._word_sets
            return words & (twice if i in self.lines else once), len(words & opening)
        text, end = self._folded
        if i in self.lines:
            folded = [line for at, line in self._folded_lines.items() if at != i]
            others = "\n".join(["", *folded, ""])
            found = {word for word in words if find_word(others, word) >= 0}
            is_opening = i in list(self.lines)[:OPENING_LINES]
            return found, len(words) if is_opening else sum([0 <= find_word(text, word) < end for word in words])
        places = {word: at for word in words if (at := find_word(text, word)) >= 0}
        return set(places), sum([at < end for at in places.values()])

    @cached_property
    def _has_pairs(self) -> bool:
        """Return whether the words of a line are pairs of characters, which have no bounds."""
        return any(map(is_cjk, self.lines.values()))

    @cached_property
    def _folded(self) -> tuple[str, int]:
        """Return the text without case, a line break around each line, and where its opening ends."""
        lines = list(self._folded_lines.values())
        return "\n".join(["", *lines, ""]), 1 + sum([len(text) + 1 for text in lines[:OPENING_LINES]])

    @cached_property
    def _folded_lines(self) -> dict[int, str]:
        return {i: text.casefold() for i, text in self.lines.items()}

    @cached_property
    def _word_sets(self) -> tuple[set[str], set[str], set[str]]:
        """Return the words that stand in a line of the text, in two lines, and in its opening."""
        once: set[str] = set()
        twice: set[str] = set()
        opening: set[str] = set()
        for number, text in enumerate(self.lines.values()):
            words = set(words_of(text))
            twice |= once & words
            once |= words
            if number < OPENING_LINES:
                opening |= words
        return once, twice, opening


def find_word(text: str, word: str) -> int:
    """Return where a word of `words_of` first stands in a text without case that line breaks surround, -1 for nowhere.

    As few words are looked up, it takes a third of the time of `words_of` for the text.
    """
    size = len(word)
    at = text.find(word) if size >= MIN_WORD_CHARS else -1
    while at >= 0:
        before, after = text[at - 1], text[at + size]
        if not (before.isalnum() or before == "_") and (size == STEM_CHARS or not (after.isalnum() or after == "_")):
            return at
        at = text.find(word, at + 1)
    return -1
