"""Find the line ends that break a sentence: of text wrapped to a width, and of lines cut at the tags of links.

Called by `cleaners.text.flattened.read`. A page shows both by form alone. A wrapped line ends where the next word would not
fit any more. After a tag a line begins with a comma or a full stop, which no line of a page does by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from cleaners.document.page import Line
from cleaners.text.flattened.edited import JOINED_LINE, JOINED_WORD, Edit
from cleaners.text.line_shape import is_cjk

# The widths that programs and people wrap text to, and the least number of breaks by which a page shows one.
WIDTHS = (50, 120)
MIN_WRAPPED = 6
MOST = 0.5  # least share of the breaks on a wrapped page that fit its width, and of them that go on without a capital
MAX_WIDER_SHARE = 0.25  # of the characters of a wrapped page in lines that are wider, such as addresses
MIN_CUT = 2  # lines that begin with closing punctuation on a page cut at tags; one is enough if a joining word ends another
LONG_CHARS = 60  # lines as long are text, and no labels
MIN_JOINING, MAX_JOINING_WORDS = 3, 200  # a joining word stands on a page this often, and is at least one of so many words
MIN_BLANKS = 2  # in a line with a capital that ends with a joining word, unless it is a label ("Log in")
SIGNS = ".,;:!?)\"'”’»"
INNER = ",.;"  # no line of a page begins with them and a blank, unless it was cut off the line before it
CLOSING = f"{INNER}:!?)"
OPENING = "([“«"
_CUT = re.compile(rf"\n[ \t]*[{INNER}](?:\s|\Z)")
BULLETS = "#>|*•·-–+="
HYPHENS = "-\u2010\u00ad"
_WORD = re.compile(r"\w+")
_PARTED = re.compile(rf"\w+[{HYPHENS}]\s*\n\s*\w+")


class _Break(NamedTuple):
    """Two lines, and the least and the greatest width to which a text is wrapped that breaks between them."""

    first: Line
    second: Line
    least: int
    most: int


def may_be_wrapped(text: str) -> bool:
    """Return whether a page may be wrapped to a width, by few characters in wider lines: a cheap check for most pages."""
    lines = text.splitlines()
    return sum(map(len, (line for line in lines if len(line) > WIDTHS[1]))) <= MAX_WIDER_SHARE * len(text)


def wrapped(text: str, lines: Sequence[Line]) -> Iterator[Edit]:
    """Yield the line ends of paragraphs that are wrapped to the width of the page."""
    breaks = [_break(text, first, second) for first, second in pairwise(lines) if _may_be_wrapped(text, first, second)]
    if len(breaks) < MIN_WRAPPED:
        return
    steps = Counter[int]()
    for found in breaks:
        steps[found.least] += 1
        steps[found.most + 1] -= 1
    counts = list(accumulate(steps[width] for width in range(WIDTHS[1] + 1)))
    width = max(range(len(counts)), key=counts.__getitem__)
    joined = [found for found in breaks if found.least <= width <= found.most]
    if _is_wrapped(width, joined, len(breaks), lines):
        yield from _joints(text, lines, {found.first.start for found in joined})


def _joints(text: str, lines: Sequence[Line], joined: set[int]) -> Iterator[Edit]:
    """Yield the line ends to join: those after the lines that start at `joined`, and others inside their paragraphs.

    Such a line end parts a word, or the next line goes on in lower case below a joined one.
    """
    words = Counter(word.casefold() for word in _WORD.findall(_PARTED.sub(" ", text)))
    below_joint = False
    for first, second in pairwise(lines):
        is_close = text.count("\n", first.end, second.start) == 1 and second.text[0].islower()
        is_parted = is_close and first.text[-1] in HYPHENS and first.text[-2:-1].isalpha()
        goes_on = is_close and below_joint and not _ends(first) and not is_cjk(first.text)
        below_joint = first.start in joined or is_parted or goes_on
        if is_parted and _is_one_word(first, second, words):
            yield Edit(first.end - 1, second.start, JOINED_WORD)
        elif below_joint:
            yield _joint(text, first, second)


def _is_one_word(first: Line, second: Line, words: Counter[str]) -> bool:
    """Return whether a hyphen at the end of a line only parts a word; the parts of a compound are `words` of the page."""
    found = _WORD.match(second.text)
    head, tail = _WORD.findall(first.text)[-1].casefold(), found[0].casefold() if found else ""
    return words[head + tail] > 0 or min(words[head], words[tail]) == 0


def _is_wrapped(width: int, joined: Sequence[_Break], breaks: int, lines: Sequence[Line]) -> bool:
    """Return whether a page is wrapped to a width: most breaks fit it, go on inside sentences, and few lines are wider."""
    if len(joined) < MIN_WRAPPED or len(joined) < MOST * breaks or width < WIDTHS[0]:
        return False
    going_on = sum(not found.second.text[0].isupper() for found in joined)
    wider = sum(len(line.text) for line in lines if len(line.text) > width)
    return going_on >= MOST * len(joined) and wider <= MAX_WIDER_SHARE * sum(len(line.text) for line in lines)


def _may_be_wrapped(text: str, first: Line, second: Line) -> bool:
    """Return whether the end of a line may be a wrapped one, by its length and the beginning of the next line."""
    column = first.end - text.rfind("\n", 0, first.start) - 1
    return (
        WIDTHS[0] - 25 <= column <= WIDTHS[1]
        and text.count("\n", first.end, second.start) == 1
        and second.text[0] not in BULLETS
        and not is_cjk(first.text)
    )


def _break(text: str, first: Line, second: Line) -> _Break:
    """Return the break between two lines: from where the first ends to where the next word would have ended."""
    column = first.end - text.rfind("\n", 0, first.start) - 1
    head, hyphen, _ = second.text.split(None, 1)[0].partition("-")
    return _Break(first, second, column, min(column + len(head) + len(hyphen), WIDTHS[1]))


def may_be_cut(text: str) -> bool:
    """Return whether any line of a page begins with a comma, a full stop or a semicolon: a cheap check for most pages."""
    return _CUT.search(text) is not None


def cut_at_tags(text: str, lines: Sequence[Line]) -> Iterator[Edit]:
    """Yield the line ends inside sentences, on a page whose lines are cut at tags."""
    pairs = [(first, second) for first, second in pairwise(lines) if text.count("\n", first.end, second.start) == 1]
    cuts = [second.text for first, second in pairs if second.text[0] in INNER and _is_cut(first, second)]
    joining = _joining_words(lines) if cuts else frozenset()
    is_certain = sum(len(text) > 1 for text in cuts) >= MIN_CUT
    if not is_certain and not any(_follows(first, second, joining) for first, second in pairs):
        return
    joined = [_is_cut(first, second) or _goes_on(first, second, joining) for first, second in pairs]
    links = {first.start for (first, _), is_joined in zip(pairs, joined, strict=True) if is_joined}
    for (first, second), is_joined in zip(pairs, joined, strict=True):
        before_link = second.start in links and len(first.text) >= LONG_CHARS and not _ends(first)
        if is_joined or before_link:
            yield _joint(text, first, second)


def _is_cut(first: Line, second: Line) -> bool:
    """Return whether the second line can only be the rest of the first: by punctuation and a blank, or an apostrophe."""
    opener, following = second.text[0], second.text[1:2]
    return not _ends(first) and (following.islower() if opener == "’" else opener in CLOSING and not following.strip())


def _follows(first: Line, second: Line, joining: frozenset[str]) -> bool:
    """Return whether a line goes on in lower case after a joining word."""
    return second.text[0].islower() and _last_word(first) in joining and not _ends(first)


def _goes_on(first: Line, second: Line, joining: frozenset[str]) -> bool:
    """Return whether a sentence goes on in the second line, on a page whose lines are cut at tags.

    The first line ends with a comma, an opening bracket or a joining word before a link, or the second begins in lower case
    and is more than a label.
    """
    is_label = first.text[0].isupper() and first.text.count(" ") < MIN_BLANKS
    before_link = not is_label and len(second.text) < LONG_CHARS and _last_word(first) in joining
    if before_link or first.text[-1] in f",{OPENING}":
        return True
    is_text = max(len(first.text), len(second.text)) >= LONG_CHARS or _ends(second)
    is_more = is_text or second.text.split(None, 1)[0].rstrip(",") in joining
    return second.text[0].islower() and is_more and not _ends(first)


def _ends(line: Line) -> bool:
    """Return whether a line ends like a sentence or a label."""
    return line.text.rstrip("\"'”’)]»」』")[-1:] in ".!?…。:"


def _last_word(line: Line) -> str:
    return line.text.rsplit(None, 1)[-1]


def _joining_words(lines: Sequence[Line]) -> frozenset[str]:
    """Return the words of a page's long lines that end no phrase ("the", "und"): frequent, and never before a sign."""
    words = Counter(word for line in lines if len(line.text) >= LONG_CHARS for word in line.text.split() if word.islower())
    before_signs = {word.rstrip(SIGNS) for word in words if word[-1] in SIGNS}
    least = max(MIN_JOINING, words.total() // MAX_JOINING_WORDS)
    return frozenset(word for word, number in words.items() if number >= least and word.isalpha() and word not in before_signs)


def _joint(text: str, first: Line, second: Line) -> Edit:
    """Return the edit that joins two lines: with a blank, or with nothing at a hyphen or beside punctuation."""
    is_word = (
        second.text[0] in f"{CLOSING}’" or first.text[-1] in OPENING or (first.text[-1] == "-" and first.text[-2:-1].isalpha())
    )
    return Edit(first.end, second.start, JOINED_WORD if is_word else JOINED_LINE, "" if is_word else " ")
