"""Measures of a run: the numbers by which its score and its gates decide whether it is a list of stories.

Called by `find`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import msgspec

from cleaners.segmentation.page_grammar.candidates import LETTERS_OF, STRONG
from cleaners.segmentation.page_grammar.line_classes import TEXT, PageColumns
from cleaners.segmentation.page_grammar.runs import Run

MAX_COHESION_ITEMS, MAX_COHESION_CHARS = 5, 400
MIN_FIGURES = 3  # numbers in a row of a table
_NUMBER = re.compile(r"\d+")
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
    inside_width: float
    inside_text: int
    under_comments: bool
    after_text: bool
    at_start: bool
    questions: int
    figures: int
    bulleted: int
    ended: float
    title_score: float
    text_score: float
    cohesion: float = 0.0
    foreign: float = 0.0


def measure(run: Run, columns: PageColumns) -> Measures:
    """Return the measures of a run."""
    letters, lines = columns.letters, columns.lines
    headers, bodies, titles = run.headers, run.bodies, run.titles
    inner = bodies[:-1]
    share = sum(map(bool, inner)) / len(inner)
    bodied = share >= 0.5
    first, last = headers[0][0], headers[-1][1]
    unexplained, explained = _between(run, columns, bodied)
    constant, values = _short_columns(run, columns)
    title_letters = "".join([letters[i] for i in titles])
    inside = run.pattern.find("b")
    found = Measures(
        items=len(headers),
        title_width=median([lines[i].width for i in titles]),
        distinct_titles=len({lines[i].text for i in titles}),
        bodied=bodied,
        consistent=max(share, 1 - share),
        constant=constant,
        varying=run.pattern.count("s") - constant,
        name_share=len(set(values)) / len(values) if values else 1.0,
        named_by_sentence=any(value[-1:] in ".,:;!?" for value in values),
        unexplained=unexplained,
        explained=explained,
        ambiguous=0.3 * title_letters.count("a") + 0.15 * (title_letters.count("q") + title_letters.count("S")),
        labelled="R" in letters[max(0, first - 2) : first],
        opened=first == 0 or letters[first - 1] in "PRl#" or columns.label_after[first - 1] != "0",
        shifted=_shifted(run, letters, bodied),
        fragments=_fragments(run, columns),
        prose_before=letters.count("P", 0, first),
        prose_after=letters.count("P", last) - len(bodies[-1]),
        after_prose=first > letters.rfind("P"),
        sentence_titles=title_letters.count("S"),
        longest_body=max(map(len, inner)),
        body_lines=sum(map(len, inner)) if bodied else 0,
        inner_prose=any("P" in letters[a[1] : b[0]] for a, b in pairwise(headers)),
        inside_width=median([lines[a + inside].width for a, _ in headers]) if inside >= 0 else 0.0,
        inside_text=sum(letters[a + inside] in TEXT for a, _ in headers) if inside >= 0 else 0,
        under_comments=_under_comments(first, columns),
        after_text=first > 0 and letters[first - 1] == "P",
        at_start=first == 0,
        questions=title_letters.count("q") + sum(lines[i].text[-1:] in "?？" for i in titles if letters[i] != "q"),
        figures=sum(len(_NUMBER.findall(lines[i].text)) >= MIN_FIGURES for i in titles),
        bulleted=sum(lines[i].offset > 0 for i in titles),
        ended=_ended(run, columns),
        title_score=_mean_score(titles, columns),
        text_score=_mean_score([i for body in inner for i in body], columns),
    )
    if bodied and not is_strong(run.pattern):
        found.cohesion, found.foreign = _cohesion(run, columns)
    return found


def _between(run: Run, columns: PageColumns, bodied: bool) -> tuple[int, int]:
    """Return the numbers of unexplained and of explained lines between the items."""
    letters = columns.letters
    unexplained = explained = 0
    for (_, start), (end, _) in pairwise(run.headers):
        explained += columns.label_after[start - 1] != "0"
        for i in range(start, end):
            if bodied and letters[i] in TEXT:
                continue
            if letters[i] in "lR" or columns.key_counts[columns.lines[i].key] >= 2:
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


def _ended(run: Run, columns: PageColumns) -> float:
    """Return the share of items, but the last, that a label ends."""
    gaps = [(a[1], b[0]) for a, b in pairwise(run.headers)]
    ended = [columns.label_after[end - 1] != "0" or "l" in columns.letters[start:end] for start, end in gaps]
    return sum(ended) / len(gaps)


def _mean_score(indices: Sequence[int], columns: PageColumns) -> float:
    """Return the mean log-odds of lines that they are the page's own text, 0 without lines or without scores."""
    if columns.scores is None or not indices:
        return 0.0
    return sum(columns.scores[i] for i in indices) / len(indices)


def _shifted(run: Run, letters: str, bodied: bool) -> int:
    """Return how many ends of the run would fit the pattern shifted by some lines."""
    first, last = run.headers[0][0], run.headers[-1][1]
    before = first > 0 and letters[first - 1] not in "PRl#" and letters[first - 1] in LETTERS_OF[run.pattern[-1]]
    after = last < len(letters) and not bodied and letters[last] in LETTERS_OF[run.pattern[0]]
    return before + after


def _fragments(run: Run, columns: PageColumns) -> int:
    """Return the number of items of which a line begins in the middle of a sentence, or whose title ends in one."""
    begins, ends = columns.begins_inside, columns.ends_inside
    at = run.title_at
    return sum(
        1
        for (first, end), body in zip(run.headers, run.bodies, strict=True)
        if "1" in begins[first:end] or ends[first + at] == "1" or (body and begins[body[0]] == "1")
    )


def _under_comments(first: int, columns: PageColumns) -> bool:
    """Return whether a label of readers' comments stands right above."""
    above = slice(max(0, first - 2), first)
    return "c" in columns.label_after[above] and "R" not in columns.letters[above]


def _cohesion(run: Run, columns: PageColumns) -> tuple[float, float]:
    """Return the mean shares of a title's words in its own item's text and in those of other items."""
    lines = columns.lines
    titles = [set(_CONTENT_WORD.findall(lines[i].text.casefold())) for i in run.titles[:MAX_COHESION_ITEMS]]
    bodies = [" ".join([lines[i].text for i in body])[:MAX_COHESION_CHARS] for body in run.bodies[:MAX_COHESION_ITEMS]]
    texts = [set(_CONTENT_WORD.findall(body.casefold())) for body in bodies]
    own, foreign = [], []
    for at, words in enumerate(titles):
        if words:
            shares = [len(words & text) / len(words) for text in texts]
            own.append(shares.pop(at))
            if shares:
                foreign.append(sum(shares) / len(shares))
    return sum(own) / max(1, len(own)), sum(foreign) / max(1, len(foreign))


def is_strong(pattern: str) -> bool:
    """Return whether a pattern has a field that seldom recurs by chance."""
    return not STRONG.isdisjoint(pattern)
