"""Find the title of the page's own story among the lines before its text, on a page of no known layout."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from math import inf

from cleaners.grammar.fields import MAX_FIELD_CHARS
from cleaners.segmentation.line_features import LineFeatures
from cleaners.text.line_shape import SENTENCE_ENDS, is_cjk

# What speaks for and against a line being the title; set by hand on raw pages whose titles are known.
FULL_WORDS = 8  # a title of so many words or more is as long as titles are
LENGTH = 0.8
FEW_WORDS = 3
TOO_SHORT = 0.5
MANY_WORDS = 20
TOO_LONG = 0.5
SAID_IN_TEXT = 1.2  # all of its words are in the text
META_NEXT = 1.0  # a byline or a time follows
META_LINES = 4  # ... within so many lines, each of which takes away:
META_PER_LINE = 0.15
SAID_AGAIN = 0.3
LIST_LINES = 4
IN_LIST = 0.3  # so many headlines in a row, or one beside another story, are links
IN_BARE_LIST = 0.8
ENDED = 0.5  # like a sentence
PER_LINE = 0.01  # between it and the text
MAX_LINES = 40
# A headline just above that is less likely by no more than this is the title, and this, mostly longer, its standfirst.
SIMILAR = 0.5
STANDFIRST = 1.0
LONGER = 1.5
MIN_SCORE = 1.0
CLOSE = 3  # lines; there a headline needs no more to be the title
MIN_WORD_CHARS = 4
MIN_SAID_CHARS = 12
TITLE_IN_TEXT = 2  # lines of the text, which may begin with the title
CJK_CHARS_PER_WORD = 3
_WORD = re.compile(r"\w+")


def find_title(features: list[LineFeatures], over: int, extent: tuple[int, int], said: str = "") -> int | None:
    """Return the index of the title of the story whose text has this extent, or None when no line looks like one.

    `over` is the line from which on there is no other story, `said` the title in the head of an HTML page.
    """
    first, last = extent
    if said and (same := _matching_head(features, over, first, said)) is not None:
        return same
    near = range(over, min(first + TITLE_IN_TEXT, len(features)))
    headings = [i for i in near if features[i].tag == "h1" and not features[i].assigned and not features[i].page_part]
    if headings:
        return headings[-1]
    doubled = next(
        (i for i in range(over, first - 1) if _is_candidate(features[i]) and _is_same(features[i], features[i + 1])), None
    )
    if doubled is not None:
        return doubled
    text = set(_words("\n".join(feature.line.text for feature in features[first : last + 1] if feature.is_text)))
    times_said = Counter(feature.line.text for feature in features)
    scores = {i: _score(features, i, first, text, times_said) for i in range(over, first) if _is_candidate(features[i])}
    scores = {i: score for i, score in scores.items() if score >= MIN_SCORE or _is_next(features, i, first)}
    if not scores:
        return next((i for i in range(over, first - 1) if _is_ended(features, i)), None)
    title = max(scores, key=lambda i: (scores[i], -i))
    if _in_list(features, title, first):  # links, and below them the title, when its byline follows
        below = title
        while below + 1 in scores and features[below + 1].shape == "headline":
            below += 1
        return below if features[below + 1].shape == "meta" else title
    while scores.get(title - 1, -inf) >= scores[title] - (STANDFIRST if _is_longer(features, title) else SIMILAR):
        title -= 1
    return title


def _matching_head(features: list[LineFeatures], over: int, first: int, said: str) -> int | None:
    """Return the index of the last line above the second paragraph that the title in the head of the page holds, or None."""
    last = min(first + TITLE_IN_TEXT, len(features)) - 1
    return next(
        (i for i in range(last, over - 1, -1) if not features[i].assigned and is_same_title(features[i].line.text, said)), None
    )


def is_same_title(text: str, said: str) -> bool:
    """Say whether a line is the title `said` elsewhere, or one of them holds the other."""
    wanted = " ".join(_WORD.findall(said.casefold()))
    line = " ".join(_WORD.findall(text.casefold()))
    least = min(len(line), len(wanted))
    return (least >= MIN_SAID_CHARS or line == wanted) and (line in wanted or wanted in line) and least * 2 >= len(line)


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
    """Say whether a line is a headline, none of a list, and close above the text."""
    return features[i].shape == "headline" and first - i <= CLOSE and not _in_list(features, i, first)


def _is_ended(features: list[LineFeatures], i: int) -> bool:
    """Say whether a line ends like a sentence, but a byline or a time below it shows that it is a title."""
    return features[i].shape == "sentence" and not features[i].assigned and features[i + 1].shape == "meta"


def _is_same(feature: LineFeatures, other: LineFeatures) -> bool:
    return feature.shape == "headline" and feature.line.text == other.line.text


def _score(features: list[LineFeatures], i: int, first: int, text: set[str], times_said: Counter[str]) -> float:
    """Return how much speaks for line `i` being the title of a text that begins at line `first`."""
    title = features[i].line.text
    length = len(title) / CJK_CHARS_PER_WORD if is_cjk(title) else len(title.split())
    words = _words(title)
    near = [feature.shape for feature in features[i + 1 : i + 1 + META_LINES] if not feature.assigned]
    score = LENGTH * min(length, FULL_WORDS) / FULL_WORDS
    score -= TOO_SHORT * (length < FEW_WORDS) + TOO_LONG * (length > MANY_WORDS)
    score += SAID_IN_TEXT * sum(word in text for word in words) / max(FEW_WORDS, len(words))
    score += META_NEXT - META_PER_LINE * near.index("meta") if "meta" in near else 0
    score += SAID_AGAIN * (times_said[title] > 1 and length > FEW_WORDS)
    score -= _in_list(features, i, first) * (IN_LIST if "meta" in near else IN_BARE_LIST)
    score -= ENDED * (title[-1] in SENTENCE_ENDS)
    return score - PER_LINE * min(first - 1 - i, MAX_LINES)


def _in_list(features: list[LineFeatures], i: int, first: int) -> bool:
    """Say whether line `i` is one of many headlines in a row, or beside an embedded story."""
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
