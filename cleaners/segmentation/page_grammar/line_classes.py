"""The lines of a page as a string of class letters, in which repeated forms are searched.

Called by `find`. The letters:

    P paragraph         q paragraph of one short question or call   S sentence
    H headline          a short headline or name of some words      s short line
    T time              t time that may be a headline               u time that may be a name
    g headline with a time glued to it
    B byline            N number alone                              l short label of a menu, which may be a category
    D line that the next lines repeat (D long, d short)
    R label of a list of other stories                              # line that belongs to something else already

Other labels and the credits of pictures stand anywhere in an item, so they are left out; the line above them remembers them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.line_features import LineFeatures
from cleaners.segmentation.page_grammar.line_letter import (
    LABEL,
    MIN_REPEATED_WIDTH,
    LineClass,
    leading_number,
    line_class,
    without_number,
)
from cleaners.segmentation.page_grammar.line_times import MAX_BESIDE_TIME, MAX_TIME_COUNT

ASSIGNED = "#"
FOREIGN_PARTS = ("frame", "comments")  # parts of an HTML page without stories
TEXT = frozenset("PqS")  # the letters of lines of a body
REPEATABLE = frozenset("HaqSstug")
# A number with a word after it, and a word before or after these, at the end of a line or before a sign that divides.
_RELATIVE = re.compile(r"(?:([^\W\d]+)\s)?(?<![\d:.,/-])\d{1,2}\s([^\W\d]+\.?)(?:\s([^\W\d]+))?(?=\s*[|·•/–—]|\s-|$)")
_NUMBER = re.compile(r"\d+")
NUMBERED = frozenset("HgqP")  # the letters of lines that may have a number of their list before their words
MIN_NUMBERED, NUMBER_REACH = 3, 6  # lines that count up, and the lines within which the next one follows
REPEAT_REACH, FAR_REPEAT_REACH = 3, 6  # lines within which a source and a title are repeated


class PageColumns(msgspec.Struct, gc=False):
    """The lines of a page but its labels, as columns: the letters, and for each line its class and its score.

    `index` holds the place of each line among all lines of the page. `label_after` has for each line a 1 when a label
    follows it, a c when that is a label of readers' comments, else a 0. `begins_inside` and `ends_inside` have a 1 for each
    line that begins or ends in the middle of a sentence, but for times. `prose` holds the indices of the paragraphs.
    """

    letters: str
    index: list[int]
    label_after: str
    begins_inside: str
    ends_inside: str
    lines: list[LineClass]
    key_counts: Counter[str]
    scores: Sequence[float] | None
    prose: list[int] = []

    def __post_init__(self) -> None:
        self.set_letters(self.letters)

    def set_letters(self, letters: str) -> None:
        """Replace the letters, and the indices of the paragraphs among them."""
        self.letters = letters
        self.prose = [i for i, letter in enumerate(letters) if letter == "P"] if "P" in letters else []

    def mask(self, assigned: set[int]) -> None:
        """Mark lines as belonging to something."""
        letters = list(self.letters)
        for i in assigned:
            letters[i] = ASSIGNED
        self.set_letters("".join(letters))

    def prose_before(self, line: int) -> int:
        """Return the number of paragraphs before a line."""
        return bisect_left(self.prose, line)


def columns_of(features: Sequence[LineFeatures], ruleset: Ruleset, scores: Sequence[float] | None) -> PageColumns:
    """Return the columns of a page."""
    lines = [line_class(feature, ruleset) for feature in features]
    for i in _numbered(lines):
        lines[i] = without_number(lines[i], ruleset)
    letters = [line.letter for line in lines]
    for i, feature in enumerate(features):
        if feature.assigned or (feature.page_part and feature.page_part in FOREIGN_PARTS):
            letters[i] = ASSIGNED
        elif feature.tag and letters[i] in "PqSHas":
            letters[i] = _letter_in_html(letters[i], feature)
    index = list(range(len(lines)))
    labels = _labels(letters, lines)
    label_after = ["0"] * (len(lines) - len(labels))
    for number, i in enumerate(labels):
        above = i - number - 1  # the line above, among those that are no labels
        if above >= 0 and label_after[above] != "c":
            rule = lines[i].rule
            label_after[above] = "c" if rule is not None and rule.kind == "comment-stub" else "1"
    if labels:
        left_out = set(labels)
        index = [i for i in index if i not in left_out]
        letters, lines = [letters[i] for i in index], [lines[i] for i in index]
    key_counts = Counter([line.key for line in lines])
    _mark_counted(letters, lines, key_counts)
    _mark_relative(letters, lines)
    if len(key_counts) < len(lines):
        _mark_repeated(letters, lines)
    begins = "".join(["1" if line.begins_inside else "0" for line in lines])
    ends = "".join(["1" if line.ends_inside else "0" for line in lines])
    kept_scores = [scores[i] for i in index] if scores is not None else None
    return PageColumns("".join(letters), index, "".join(label_after), begins, ends, lines, key_counts, kept_scores)


def _numbered(lines: Sequence[LineClass]) -> list[int]:
    """Return the lines before whose words stands a number that counts up from line to line, as in a list of the most read."""
    found: list[int] = []
    row: list[int] = []
    for i, line in enumerate(lines):
        number = leading_number(line) if line.letter in NUMBERED else 0
        if not number:
            continue
        if number == len(row) + 1 and (not row or i - row[-1] <= NUMBER_REACH):
            row.append(i)
        else:
            found += row if len(row) >= MIN_NUMBERED else ()
            row = [i] if number == 1 else []
    return found + (row if len(row) >= MIN_NUMBERED else [])


def _labels(letters: Sequence[str], lines: Sequence[LineClass]) -> list[int]:
    """Return the indices of the lines that are left out: labels, and pictures whose text stands once on the page."""
    pictures = [i for i, line in enumerate(lines) if line.is_picture and letters[i] != ASSIGNED]
    texts = Counter([line.text for line in lines]) if pictures else Counter()
    lone = {i for i in pictures if texts[lines[i].text] == 1}
    return [i for i, letter in enumerate(letters) if letter == LABEL or i in lone]


def _letter_in_html(letter: str, feature: LineFeatures) -> str:
    """Return the letter of a line whose element and links outweigh its words."""
    if feature.shape == "prose" and letter not in TEXT:
        return "P"
    if letter in TEXT and feature.shape in ("headline", "short"):
        return "H"
    return letter


def _mark_counted(letters: list[str], lines: Sequence[LineClass], key_counts: Counter[str]) -> None:
    """Mark short lines with a number as possible times when the page has them with several numbers that do not count up."""
    numbers: dict[str, list[int]] = {}
    places: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if line.counted_end is not None:
            numbers.setdefault(line.counted_end[0], []).append(line.counted_end[1])
        if line.is_counted and letters[i] in "sa" and key_counts[line.key] > 1:
            places.setdefault(line.key, []).append(i)
    ends = {end for end, found in numbers.items() if len(found) > 1 and max(found) <= MAX_TIME_COUNT}
    by_end = [i for i, line in enumerate(lines) if letters[i] in "saH" and line.counted_end and line.counted_end[0] in ends]
    for i in [*by_end, *(i for alike in places.values() if not _counts_up(alike, lines) for i in alike)]:
        letters[i] = "u"


def _counts_up(places: Sequence[int], lines: Sequence[LineClass]) -> bool:
    """Return whether the numbers of lines count up from one, as in "Meal 1", "Meal 2"."""
    numbers = [int(_NUMBER.findall(lines[i].text)[0]) for i in places]
    return numbers[:2] == [1, 2] and all(after in (1, before + 1) for before, after in pairwise(numbers))


def _mark_relative(letters: list[str], lines: Sequence[LineClass]) -> None:
    """Mark lines that end in a relative time of a language without date words as possible times.

    A page shows such times by one word beside numbers of several units, as in "5 minutes ago" and "2 hours ago".
    """
    found: dict[str, list[int]] = {}
    units: dict[str, set[str]] = {}
    for i, line in enumerate(lines):
        if letters[i] in "saHS" and "0" in line.key and (match := _RELATIVE.search(line.text)):
            before, unit, after = match.groups()
            anchor = f"0 {after}" if after else f"{before} 0"
            if (before or after) and len(line.text) - (match.end() - match.start()) <= MAX_BESIDE_TIME:
                found.setdefault(anchor, []).append(i)
                units.setdefault(anchor, set()).add(unit)
    for anchor, places in found.items():
        if len(units[anchor]) > 1:
            for i in places:
                letters[i] = "u"


def _mark_repeated(letters: list[str], lines: Sequence[LineClass]) -> None:
    """Mark lines that one of the next lines repeats."""
    last_seen: dict[str, int] = {}
    for i, line in enumerate(lines):
        before = last_seen.get(line.text)
        last_seen[line.text] = i
        if before is None or letters[i] in "R#" or letters[before] not in REPEATABLE:
            continue
        if i - before > (FAR_REPEAT_REACH if line.width >= MIN_REPEATED_WIDTH else REPEAT_REACH):
            continue
        if letters[before] in "HqSt" or line.width >= MIN_REPEATED_WIDTH:
            letters[before] = "D"
        elif i - before == 1:
            letters[before] = "d"
