"""Measures of a run: the numbers by which its score and its gates decide whether it is a list of stories.

Called by `find`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise

import msgspec

from cleaners.segmentation.line_features import LineSpan
from cleaners.segmentation.page_grammar.candidates import LETTERS_OF, STRONG
from cleaners.segmentation.page_grammar.line_classes import TEXT, PageColumns
from cleaners.segmentation.page_grammar.runs import Run

MAX_COHESION_ITEMS, MAX_COHESION_CHARS = 5, 400
MIN_FIGURES = 3  # numbers in a row of a table
MAX_REMEMBERED_TEXTS = 512
SENTENCE_SIGNS, QUESTION_MARKS = tuple(".,:;!?"), tuple("?？")
_CONTENT_WORD = re.compile(r"\w{4,}")


class Measures(msgspec.Struct, gc=False):
    """The measures of a run.

    `bodied`: most items have text; `consistent`: the share of items that agree on that. `constant` and `varying` are the
    numbers of columns of short lines that are equal in all items and that are not; `name_share` is the share of different
    values in the varying ones, `named_by_sentence` whether one ends like a sentence. `unexplained` and `explained` are lines
    between the items; `shifted` counts ends of the run that would fit the pattern shifted by some lines. `fragments` are items
    that begin in the middle of a sentence. `cohesion` is the share of a title's words in its own text, `foreign` that in other
    items' texts.
    """

    items: int
    title_width: float
    distinct_titles: int
    bodied: bool
    consistent: float
    constant: int
    varying: int
    name_share: float
    named_by_sentence: bool
    unexplained: int
    explained: int
    ambiguous: float
    labelled: bool
    opened: bool
    shifted: int
    fragments: int
    prose_before: int
    prose_after: int
    after_prose: bool
    sentence_titles: int
    longest_body: int
    body_lines: int
    inner_prose: bool
    under_comments: bool
    after_text: bool
    at_start: bool
    questions: int
    figures: int
    bulleted: int
    ended: float
    title_score: float
    text_score: float
    inside_width: float = 0.0
    inside_text: int = 0
    cohesion: float = 0.0
    foreign: float = 0.0


def measure(run: Run, columns: PageColumns) -> Measures:
    """Return the measures of a run."""
    found = measure_form(run, columns)
    if needs_words(run.pattern, found):
        add_cohesion(found, run, columns)
    return found


def measure_form(run: Run, columns: PageColumns) -> Measures:
    """Return the measures of a run but those of its words, which take most time."""
    letters, pattern, headers, bodies = columns.letters, run.pattern, run.headers, run.bodies
    indices = run.titles
    titles = [columns.lines[i] for i in indices]
    title_letters = "".join([letters[i] for i in indices])
    inner = bodies[:-1]
    share = (len(inner) - inner.count([])) / len(inner)
    bodied = share >= 0.5
    first, last = headers[0][0], headers[-1][1]
    above = letters[max(0, first - 2) : first]
    gaps = [(a[1], b[0]) for a, b in pairwise(headers)]
    between = [letters[start:end] for start, end in gaps]
    unexplained, explained = _between(gaps, between, columns, bodied)
    constant, values = _short_columns(run, columns)
    prose_before = columns.prose_before(first)
    prose_after = len(columns.prose) - columns.prose_before(last)
    found = Measures(
        items=len(headers),
        title_width=_median([line.width for line in titles]),
        distinct_titles=len({line.text for line in titles}),
        bodied=bodied,
        consistent=max(share, 1 - share),
        constant=constant,
        varying=pattern.count("s") - constant,
        name_share=len(set(values)) / len(values) if values else 1.0,
        named_by_sentence=any(value.endswith(SENTENCE_SIGNS) for value in values),
        unexplained=unexplained,
        explained=explained,
        ambiguous=0.3 * title_letters.count("a") + 0.15 * (title_letters.count("q") + title_letters.count("S")),
        labelled="R" in above,
        opened=first == 0 or letters[first - 1] in "PRl#" or columns.label_after[first - 1] != "0",
        shifted=_shifted(run, letters, bodied),
        fragments=_fragments(run, columns),
        prose_before=prose_before,
        prose_after=prose_after - len(bodies[-1]),
        after_prose=prose_before == len(columns.prose),
        sentence_titles=title_letters.count("S"),
        longest_body=max(map(len, inner)),
        body_lines=sum(map(len, inner)) if bodied else 0,
        inner_prose="P" in "".join(between),
        under_comments="c" in columns.label_after[max(0, first - 2) : first] and "R" not in above,
        after_text=above.endswith("P"),
        at_start=first == 0,
        questions=sum([line.text.endswith(QUESTION_MARKS) or i == "q" for line, i in zip(titles, title_letters, strict=True)]),
        figures=sum([line.key.count("0") >= MIN_FIGURES for line in titles]),
        bulleted=sum([line.offset > 0 for line in titles]),
        ended=_ended(gaps, between, columns),
        title_score=_mean_score(indices, columns),
        text_score=_mean_score(list(chain.from_iterable(inner)), columns),
    )
    inside = pattern.find("b")
    if inside >= 0:
        found.inside_width = _median([columns.lines[start + inside].width for start, _ in headers])
        found.inside_text = sum([letters[start + inside] in TEXT for start, _ in headers])
    return found


def _median(values: list[int]) -> float:
    """Return the value in the middle, of an even number the mean of both."""
    values.sort()
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def _between(gaps: Sequence[LineSpan], between: Sequence[str], columns: PageColumns, bodied: bool) -> tuple[int, int]:
    """Return the numbers of unexplained and of explained lines in the gaps between the items, by their letters."""
    unexplained, explained = 0, len(gaps) - [columns.label_after[start - 1] for start, _ in gaps].count("0")
    for (start, _), letters in zip(gaps, between, strict=True):
        if not letters or (bodied and not letters.strip("PqS")):
            continue
        for i, letter in enumerate(letters, start):
            if bodied and letter in TEXT:
                continue
            if letter in "lR" or columns.key_counts[columns.lines[i].key] >= 2:
                explained += 1
            else:
                unexplained += 1
    return unexplained, explained


def _short_columns(run: Run, columns: PageColumns) -> tuple[int, list[str]]:
    """Return the number of constant columns of short lines, and the values of the others."""
    constant, varying = 0, []
    for at, field in enumerate(run.pattern):
        if field == "s":
            values = [columns.lines[first + at].key for first, _ in run.headers]
            if len(set(values)) == 1:
                constant += 1
            else:
                varying += values
    return constant, varying


def _ended(gaps: Sequence[LineSpan], between: Sequence[str], columns: PageColumns) -> float:
    """Return the share of items, but the last, that a label ends."""
    after = [columns.label_after[end - 1] for _, end in gaps]
    if "l" not in "".join(between):
        return (len(gaps) - after.count("0")) / len(gaps)
    return sum([label != "0" or "l" in letters for label, letters in zip(after, between, strict=True)]) / len(gaps)


def _mean_score(indices: Sequence[int], columns: PageColumns) -> float:
    """Return the mean log-odds of lines that they are the page's own text, 0 without lines or without scores."""
    if columns.scores is None or not indices:
        return 0.0
    scores = columns.scores
    return sum([scores[i] for i in indices]) / len(indices)


def _shifted(run: Run, letters: str, bodied: bool) -> int:
    """Return how many ends of the run would fit the pattern shifted by some lines."""
    first, last = run.headers[0][0], run.headers[-1][1]
    before = first > 0 and letters[first - 1] not in "PRl#" and letters[first - 1] in LETTERS_OF[run.pattern[-1]]
    after = last < len(letters) and not bodied and letters[last] in LETTERS_OF[run.pattern[0]]
    return before + after


def _fragments(run: Run, columns: PageColumns) -> int:
    """Return the number of items of which a line begins in the middle of a sentence, or whose title ends in one."""
    begins, ends, at = columns.begins_inside, columns.ends_inside, run.title_at
    first, last = run.headers[0][0], run.headers[-1][1]
    if "1" not in begins[first : last + 1] and "1" not in ends[first:last]:
        return 0
    places = [place for place, field in enumerate(run.pattern) if field not in "TBN"]
    return sum(
        1
        for (start, _), body in zip(run.headers, run.bodies, strict=True)
        if any(begins[start + i] == "1" and columns.letters[start + i] != "u" for i in places)
        or ends[start + at] == "1"
        or (body and begins[body[0]] == "1")
    )


def needs_words(pattern: str, found: Measures) -> bool:
    """Return whether the words of a run are measured: its items have texts, and no other field shows that they are stories."""
    return found.bodied and not is_strong(pattern)


def add_cohesion(found: Measures, run: Run, columns: PageColumns) -> None:
    """Add the mean shares of a title's words in its own item's text and in those of other items."""
    lines = columns.lines
    titles = [_content_words(lines[i].text) for i in run.titles[:MAX_COHESION_ITEMS]]
    texts = [
        _content_words(" ".join([lines[i].text for i in body[:MAX_COHESION_CHARS]])[:MAX_COHESION_CHARS])
        for body in run.bodies[:MAX_COHESION_ITEMS]
    ]
    own, foreign = [], []
    for at, words in enumerate(titles):
        if words:
            shares = [len(words & text) / len(words) for text in texts]
            own.append(shares.pop(at))
            if shares:
                foreign.append(sum(shares) / len(shares))
    found.cohesion, found.foreign = sum(own) / max(1, len(own)), sum(foreign) / max(1, len(foreign))


@lru_cache(maxsize=MAX_REMEMBERED_TEXTS)
def _content_words(text: str) -> frozenset[str]:
    """Return the caseless long words of a text; cached, because several runs of a page have the same items."""
    return frozenset(_CONTENT_WORD.findall(text.casefold()))


def is_strong(pattern: str) -> bool:
    """Return whether a pattern has a field that seldom recurs by chance."""
    return not STRONG.isdisjoint(pattern)
