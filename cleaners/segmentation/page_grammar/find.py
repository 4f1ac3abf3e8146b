"""Find the lists of embedded stories of a page by the form that repeats on it.

Called by the modules of segmentation that read a page without a known layout. Nothing is marked or cut here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from heapq import heapify, heappop, heappush
from itertools import pairwise, product
from typing import NamedTuple

from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.line_features import LineFeatures, LineSpan
from cleaners.segmentation.page_grammar.bodies import Unit, full_story, take_own, units_of, without_assigned
from cleaners.segmentation.page_grammar.candidates import FIELDS_OF, MAX_LINES, candidate_patterns, matcher, title_place
from cleaners.segmentation.page_grammar.gates import is_above_text, is_comments, is_following, is_inside_text, is_list, is_menu
from cleaners.segmentation.page_grammar.item_fields import FieldReader
from cleaners.segmentation.page_grammar.line_classes import PageColumns, columns_of
from cleaners.segmentation.page_grammar.measures import Measures, add_cohesion, measure, measure_form, needs_words
from cleaners.segmentation.page_grammar.menus import Menu, menu_of
from cleaners.segmentation.page_grammar.model import EmbeddedList, Item
from cleaners.segmentation.page_grammar.rescue import rescue
from cleaners.segmentation.page_grammar.runs import Headers, Run, end_of_text, headers_of, make_run
from cleaners.segmentation.page_grammar.score import ListScorer, likelihood, list_scorer

MAX_LISTS = 8
MOST_LIKELY = 1.0  # the greatest probability
MIN_FULL_PARAGRAPHS = 3  # of a full story that follows the page's own
MAX_HEADER_GAP = 5  # lines between the header of a full story and its text
MIN_LONE_TITLE = 20
MAX_PROSE_AFTER_LONE = 3  # paragraphs after a story that stands alone under a label
MIN_OWN_TITLE = 14


class _Choice:
    """A run that is a list, with its measures, its items and its score."""

    def __init__(self, run: Run, found: Measures, units: list[Unit], score: float, *, own: Unit | None = None) -> None:
        self.run, self.found, self.units, self.score, self.own = run, found, units, score, own


def find_lists(features: Sequence[LineFeatures], ruleset: Ruleset, scores: Sequence[float] | None) -> list[EmbeddedList]:
    """Return the lists of embedded stories of a page, in page order; `scores` are the log-odds that a line is own text."""
    columns = columns_of(features, ruleset, scores)
    letters = columns.letters
    choices = _choose(columns, list_scorer(ruleset.reading.grammar))
    if not choices:
        return []
    columns.set_letters(letters)
    menu = cache(lambda: menu_of(columns, {i for choice in choices for unit in choice.units for i in unit.lines}))
    lists = [_embedded(choice, columns, ruleset, menu) for choice in choices]
    return sorted(lists, key=lambda found: found.items[0].first if found.items else 0)


def _choose(columns: PageColumns, scorer: ListScorer) -> list[_Choice]:
    """Return the runs that are lists, the best first; each takes its lines away from those after it."""
    patterns = candidate_patterns(columns.letters)
    chosen: list[_Choice] = []
    assigned: set[int] = set()
    queue = _Queue([headers for pattern in patterns for headers in headers_of(pattern, columns)], scorer)
    while len(chosen) < MAX_LISTS and (best := queue.best(columns, len(assigned))) is not None:
        run = rescue(best.run, columns)
        found = best.found if run is best.run else measure(run, columns)
        units = units_of(run, found, columns)
        own = None
        if not any(choice.own for choice in chosen):
            own = take_own(run, found, units, columns)
            if own is not None and not is_following(run.pattern, units):
                continue
        chosen.append(_Choice(run, found, units, best.odds, own=own))
        assigned.update(*(unit.lines for unit in units), range(*own.header) if own else ())
        columns.mask(assigned)
    if not any(choice.own for choice in chosen):
        chosen += _following_story(patterns, columns)
    chosen += _lone_items(columns)
    return chosen


class _Judged(NamedTuple):
    """A run with its measures and its log-odds, worked out when `assigned` lines of the page were assigned."""

    run: Run
    found: Measures
    odds: float
    assigned: int


class _Queue:
    """The runs of a page, the one with the greatest gain first; a gain is worked out when no other can be greater."""

    def __init__(self, runs: Iterable[Headers], scorer: ListScorer) -> None:
        self._scorer = scorer
        self._heap: list[tuple[float, int, Headers, _Judged | None]] = [
            (-scorer.gain(len(run.headers), len(run.pattern) + 1, MOST_LIKELY), number, run, None)
            for number, run in enumerate(runs)
        ]
        heapify(self._heap)

    def best(self, columns: PageColumns, assigned: int) -> _Judged | None:
        """Return the run of the lines that are left with the greatest gain, None without one; `assigned` lines are not left."""
        while self._heap:
            _, number, headers, judged = heappop(self._heap)
            if judged is not None and judged.assigned == assigned:
                return judged
            pattern = headers.pattern
            left = without_assigned(headers.headers, columns.letters)
            if len(left) < 2 or is_above_text(pattern, headers.headers, columns):
                continue
            title = title_place(pattern)
            if is_menu([columns.lines[first + title] for first, _ in headers.headers]):
                continue
            run = make_run(pattern, left, columns, headers.skipped)
            found = measure_form(run, columns)
            if not is_list(pattern, found):
                continue
            odds = self._scorer.log_odds(pattern, found)
            if needs_words(pattern, found):
                if self._gain(run, found, odds + self._scorer.most_by_words) <= 0:
                    continue
                add_cohesion(found, run, columns)
                odds = self._scorer.log_odds(pattern, found)
            gain = self._gain(run, found, odds)
            if gain > 0:
                left_over = Headers(pattern, left, headers.skipped)
                heappush(self._heap, (-gain, number, left_over, _Judged(run, found, odds, assigned)))
        return None

    def _gain(self, run: Run, found: Measures, odds: float) -> float:
        return self._scorer.gain(len(run.headers), len(run.pattern) + found.bodied, likelihood(odds))


def _following_story(patterns: Sequence[str], columns: PageColumns) -> list[_Choice]:
    """Return a full story after the page's own, found by the header that both have; the longest header decides."""
    best: list[_Choice] = []
    for pattern in patterns:
        if len(pattern) < 2 or ("T" not in pattern and "B" not in pattern):
            continue
        if best and len(pattern) <= len(best[0].run.pattern):
            continue
        found = _follows(pattern, columns)
        if found is not None:
            best = [found]
    return best


def _follows(pattern: str, columns: PageColumns) -> _Choice | None:
    letters = columns.letters
    matches = [match.span() for match in matcher(pattern).finditer(letters)]
    first_text = letters.find("P")
    if len(matches) < 2 or matches[0][0] > first_text >= 0:
        return None
    own = matches[0]
    own_body = _full_body(own, columns)
    if not own_body:
        return None
    for header in matches[1:]:
        title = header[0] + title_place(pattern)
        alike = len(pattern) >= 3 or letters[own[0] : own[1]].replace("a", "H") == letters[slice(*header)].replace("a", "H")
        is_title = columns.lines[title].width >= MIN_OWN_TITLE and letters[title] != "S"
        is_below = header[0] > own_body[-1] and not is_inside_text(header, columns)
        if is_below and alike and is_title and (body := _full_body(header, columns)):
            run = make_run(pattern, [own, header], columns)
            return _Choice(run, measure(run, columns), [Unit(header, body)], 1.0, own=Unit(own, []))
    return None


def _full_body(header: LineSpan, columns: PageColumns) -> list[int]:
    """Return the body of a full story after its header, empty when it is too short or too far away."""
    body = full_story(header[1], columns)
    paragraphs = sum(columns.letters[i] == "P" for i in body)
    return body if paragraphs >= MIN_FULL_PARAGRAPHS and body[0] - header[1] <= MAX_HEADER_GAP else []


def _lone_items(columns: PageColumns) -> list[_Choice]:
    """Return the stories that stand alone under the label of a list, with a time in their header."""
    found = []
    letters = columns.letters
    at = letters.find("R")
    while at >= 0:
        for size in range(MAX_LINES, 1, -1):
            header = (at + 1, at + 1 + size)
            pattern = _lone_pattern(header, columns)
            body = list(range(header[1], end_of_text(header[1], columns)))
            if pattern and body and len(columns.prose) - columns.prose_before(body[-1] + 1) >= MAX_PROSE_AFTER_LONE:
                break
            if pattern and body:
                run = Run(pattern, [header], [body])
                found.append(_Choice(run, _lone_measures(columns, run), [Unit(header, body)], 1.0))
                break
        at = letters.find("R", at + 1)
    return found


def _lone_pattern(header: LineSpan, columns: PageColumns) -> str:
    """Return the pattern of a header with one title and one time, of several the one with the longest title."""
    window = columns.letters[slice(*header)]
    if len(window) < header[1] - header[0] or any(letter not in "HaqsltuTBDd" for letter in window):
        return ""
    if header[1] < len(columns.letters) and columns.letters[header[1]] not in "PqSR":
        return ""
    best, longest = "", MIN_LONE_TITLE - 1
    for pattern in map("".join, product(*(FIELDS_OF[letter] for letter in window))):
        if pattern.count("H") == 1 and pattern.count("T") == 1 and pattern.count("s") <= 2:
            width = columns.lines[header[0] + title_place(pattern)].width
            if width > longest:
                best, longest = pattern, width
    return best


def _lone_measures(columns: PageColumns, run: Run) -> Measures:
    return measure(Run(run.pattern, run.headers * 2, run.bodies * 2), columns)


def _embedded(choice: _Choice, columns: PageColumns, ruleset: Ruleset, menu: Callable[[], Menu]) -> EmbeddedList:
    """Return a chosen run as a list of items with their fields."""
    run, found, units = choice.run, choice.found, choice.units
    everything = [choice.own, *units] if choice.own else units
    reader = FieldReader(run.pattern, everything, columns, ruleset, menu)
    end = len(columns.letters)
    ends = [*(unit.header[0] for unit in units[1:]), end]
    items = [reader.item(unit, until, truncated=unit.last == end - 1) for unit, until in zip(units, ends, strict=True)]
    comments = is_comments(run.pattern, found)
    label = _label_above(units[0].header[0], columns.letters) if units else None
    return EmbeddedList(
        items,
        reader.form(found.bodied),
        own=reader.item(choice.own, choice.own.header[1], truncated=False) if choice.own else None,
        is_comments=comments,
        label_index=columns.index[label] if label is not None else None,
        reasons={"items": float(len(units)), "score": choice.score, "unexplained": float(found.unexplained)},
        between=_lines_between(units, items, columns, "" if comments else "PS"),
    )


def _lines_between(units: Sequence[Unit], items: Sequence[Item], columns: PageColumns, texts: str) -> list[int]:
    """Return the lines of the page between the items that belong to none of them, but those with the letters of texts."""
    index, letters = columns.index, columns.letters
    inside = {index[i] for unit in units for i in unit.lines}
    inside.update(item.time.line for item in items if item.time is not None)  # may stand behind its text
    for unit, following in pairwise(units):
        inside.update([index[i] for i in range(unit.header[1], following.header[0]) if letters[i] in texts])
    spans = [(index[unit.header[0]], index[following.header[0]]) for unit, following in pairwise(units)]
    return [i for start, end in spans for i in range(start, end) if i not in inside]


def _label_above(first: int, letters: str) -> int | None:
    """Return the line of the label of a list above its first line."""
    return next((i for i in (first - 1, first - 2) if i >= 0 and letters[i] == "R"), None)
