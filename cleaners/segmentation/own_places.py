"""Hold the rules for lines before or after the text of the page's own story to their places, once that text is known.

Called by `read_page`. While the text is looked for, such lines are labels, as those of rules with `outside` are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter, itemgetter

from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import BESIDE, Where
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.by_layout import Stories, Story

PLACED: tuple[Where, ...] = ("before", "after")


def hold_to_places(stories: Stories, ruleset: Ruleset) -> None:
    """Give each line that a rule removed in a place where it does not hold to its part of the page there.

    Between two lines of the text it is text; elsewhere it is removed by a rule for that place, or as a part of the page.
    """
    if ruleset.wheres.isdisjoint(PLACED):
        return
    own = next((story for story in stories.found if story.role == "article" and story.body), None)
    places = _Places(own, stories.found)
    structure: list[tuple[Line, str]] = []
    for line, rule_id in stories.structure:
        rule = ruleset.rules.get(rule_id)
        place = places.of(line) if rule is not None and rule.where in PLACED else None
        if rule is None or place is None or place == rule.where:
            structure.append((line, rule_id))
        elif place == "inside" and own is not None:
            own.body.append(line)
        else:
            wheres: tuple[Where, ...] = tuple(where for where in BESIDE if where not in PLACED or where == place)
            other = line_rule(line.text, ruleset, wheres)
            structure.append((line, other.id if other is not None else f"{stories.layout}.{_part(place)}"))
    stories.structure = structure
    if own is not None:
        own.body.sort(key=attrgetter("start"))


def _part(place: Where) -> str:
    """Return the part of a page at a place: beside the stories that stand between the lines of the text is a list."""
    return place if place in PLACED else "list"


class _Places:
    """The places of a page: before, in and after the text of its own story, and those of other stories in between."""

    def __init__(self, own: Story | None, stories: Sequence[Story]) -> None:
        starts = [line.start for line in own.body] if own is not None else []
        self._first, self._last = min(starts, default=None), max(starts, default=0)
        lines = [(line.start, story is own) for story in stories for line in (*story.fields.values(), *story.body)]
        self._lines = sorted(lines, key=itemgetter(0))

    def of(self, line: Line) -> Where:
        """Return the place of a line; `outside` is beside other stories, and on a page without a story of its own."""
        if self._first is None:
            return "outside"
        if line.start < self._first:
            return "before"
        if line.start > self._last:
            return "after"
        at = bisect_left(self._lines, line.start, key=itemgetter(0))
        return "inside" if self._lines[at - 1][1] and self._lines[at][1] else "outside"
