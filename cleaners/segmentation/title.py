"""Find the title of the page's own story among the lines before its text, on a page of no known layout.

Called by `by_shape`; `by_layout` compares titles with `is_same_title`.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from math import inf

from cleaners.grammar.fields import MAX_FIELD_CHARS
from cleaners.segmentation.line_features import LineFeatures, LineSpan
from cleaners.text.line_shape import SENTENCE_ENDS, is_cjk

# Scores for and against a line as the title; set by hand on raw pages with known titles.
FULL_WORDS = 8  # a title of so many words scores the whole of:
LENGTH = 0.8
FEW_WORDS = 3
TOO_SHORT = 0.5
MANY_WORDS = 20
TOO_LONG = 0.5
WORDS_IN_TEXT = 1.2  # all of its words are in the text
META_NEXT = 1.0  # a byline or a time follows
META_LINES = 4  # ... within so many lines, each of which lowers the score by:
META_PER_LINE = 0.15
REPEATED = 0.3  # the same line stands on the page again
LIST_LINES = 4
IN_LIST = 0.3  # LIST_LINES headlines in a row, or one beside another story, are links
IN_BARE_LIST = 0.8  # ... without a byline
ENDED = 0.5  # it ends like a sentence
PER_LINE = 0.01  # for each line between it and the text
MAX_LINES = 40
# The headline just above the best line is the title, and that line its standfirst, if it scores lower by no more than this:
SIMILAR = 0.5
STANDFIRST = 1.0  # ... when the line below is so many times as long:
LONGER = 1.5
MIN_SCORE = 1.0
CLOSE = 3  # lines before the text, in which a headline may be the title with any score
MIN_WORD_CHARS = 4
MIN_SHARED_CHARS = 12
TITLE_IN_TEXT = 2  # first lines of the text, among which the title may be
CJK_CHARS_PER_WORD = 3
_WORD = re.compile(r"\w+")


def find_title(features: list[LineFeatures], start: int, span: LineSpan, head_title: str = "") -> int | None:
    """Return the index of the title of the story with its text in `span`, or None when no line looks like one.

    Other stories end before line `start`; `head_title` is the title in the head of an HTML page.
    """
    first, last = span
    if head_title and (same := _matching_head(features, start, first, head_title)) is not None:
        return same
    near = range(start, min(first + TITLE_IN_TEXT, len(features)))
    headings = [i for i in near if features[i].tag == "h1" and not features[i].assigned and not features[i].page_part]
    if headings:
        return headings[-1]
    repeated = next(
        (i for i in range(start, first - 1) if _is_candidate(features[i]) and _is_same(features[i], features[i + 1])), None
    )
    if repeated is not None:
        return repeated
    text = set(_words("\n".join(feature.line.text for feature in features[first : last + 1] if feature.is_text)))
    counts = Counter(feature.line.text for feature in features)
    scores = {i: _score(features, i, first, text, counts) for i in range(start, first) if _is_candidate(features[i])}
    scores = {i: score for i, score in scores.items() if score >= MIN_SCORE or _is_next(features, i, first)}
    if not scores:
        return next((i for i in range(start, first - 1) if _is_ended(features, i)), None)
    title = max(scores, key=lambda i: (scores[i], -i))
    if _in_list(features, title, first):  # links, and below them the title, when its byline follows
        below = title
        while below + 1 in scores and features[below + 1].shape == "headline":
            below += 1
        return below if features[below + 1].shape == "meta" else title
    while scores.get(title - 1, -inf) >= scores[title] - (STANDFIRST if _is_longer(features, title) else SIMILAR):
        title -= 1
    return title


def _matching_head(features: list[LineFeatures], start: int, first: int, head_title: str) -> int | None:
    """Return the index of the last line above the second paragraph that is the title in the page's head, or None."""
    last = min(first + TITLE_IN_TEXT, len(features)) - 1
    return next(
        (
            i
            for i in range(last, start - 1, -1)
            if not features[i].assigned and is_same_title(features[i].line.text, head_title)
        ),
        None,
    )


def is_same_title(text: str, head_title: str) -> bool:
    """Return whether a line is the title in the head of its page, or one of them contains the other."""
    title = " ".join(_WORD.findall(head_title.casefold()))
    line = " ".join(_WORD.findall(text.casefold()))
    least = min(len(line), len(title))
    return (least >= MIN_SHARED_CHARS or line == title) and (line in title or title in line) and least * 2 >= len(line)


def _is_candidate(feature: LineFeatures) -> bool:
    return (
        not feature.assigned
        and feature.page_part != "frame"
        and feature.shape in ("headline", "short")
        and len(feature.line.text) <= MAX_FIELD_CHARS["title"]
    )


def _is_longer(features: list[LineFeatures], i: int) -> bool:
    return len(features[i].line.text) >= LONGER * len(features[i - 1].line.text)


def _is_next(features: list[LineFeatures], i: int, first: int) -> bool:
    """Return whether a line is a headline close above the text and not part of a list."""
    return features[i].shape == "headline" and first - i <= CLOSE and not _in_list(features, i, first)


def _is_ended(features: list[LineFeatures], i: int) -> bool:
    """Return whether a line ends like a sentence but is a title, by the byline or time below it."""
    return features[i].shape == "sentence" and not features[i].assigned and features[i + 1].shape == "meta"


def _is_same(feature: LineFeatures, other: LineFeatures) -> bool:
    return feature.shape == "headline" and feature.line.text == other.line.text


def _score(features: list[LineFeatures], i: int, first: int, text: set[str], counts: Counter[str]) -> float:
    """Return the score of line `i` as the title of a text that begins at line `first`."""
    title = features[i].line.text
    length = len(title) / CJK_CHARS_PER_WORD if is_cjk(title) else len(title.split())
    words = _words(title)
    near = [feature.shape for feature in features[i + 1 : i + 1 + META_LINES] if not feature.assigned]
    score = LENGTH * min(length, FULL_WORDS) / FULL_WORDS
    score -= TOO_SHORT * (length < FEW_WORDS) + TOO_LONG * (length > MANY_WORDS)
    score += WORDS_IN_TEXT * sum(word in text for word in words) / max(FEW_WORDS, len(words))
    score += META_NEXT - META_PER_LINE * near.index("meta") if "meta" in near else 0
    score += REPEATED * (counts[title] > 1 and length > FEW_WORDS)
    score -= _in_list(features, i, first) * (IN_LIST if "meta" in near else IN_BARE_LIST)
    score -= ENDED * (title[-1] in SENTENCE_ENDS)
    return score - PER_LINE * min(first - 1 - i, MAX_LINES)


def _in_list(features: list[LineFeatures], i: int, first: int) -> bool:
    """Return whether line `i` is one of many headlines in a row, or next to an embedded story."""
    below = features[i + 1 : min(i + LIST_LINES, first)]
    above = features[max(0, i - LIST_LINES + 1) : i][::-1]
    if any(feature.assigned for feature in (*below[:1], *above[:1])):
        return True
    return (
        1 + sum(1 for side in (below, above) for _ in takewhile(lambda feature: feature.shape == "headline", side))
        >= LIST_LINES
    )


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if len(word) >= MIN_WORD_CHARS]
