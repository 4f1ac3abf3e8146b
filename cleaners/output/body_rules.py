"""Find the clutter in the body of one story: whole lines first, then phrases that are anchored inside their line.

Called by `cleaners.pipeline` and `cleaners.examples`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cleaners.document.page import Line
from cleaners.output.record import RecordField
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import ANYWHERE, IN_OWN_TEXT, Rule, Where, Wheres
from cleaners.rules.phrases import PhraseMatch, PhraseScanner, find_phrases
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.clutter_blocks import MAX_PASSES, drop_blocks
from cleaners.text.spans import Joined, join, subtract

# These flags are about the end of a text: a notice that rules remove sets them only where it stands after the text.
END_FLAGS = ("truncated", "paywalled")


class RemovedSpan(msgspec.Struct, frozen=True, gc=False):
    """A span of a page, in code points, that a rule removes or lifts into a field; `rule` is its id."""

    start: int
    end: int
    rule: str


class BodyFindings(msgspec.Struct, gc=False):
    """The findings in the body of a story: spans to remove, spans to lift into a field of the record, and flags.

    The flags are those that hold wherever a rule matches.
    """

    removed: list[RemovedSpan] = []
    lifted: list[tuple[RemovedSpan, RecordField]] = []
    flags: set[str] = set()

    def add(self, rule: Rule, spans: Sequence[tuple[int, int]]) -> None:
        """Add the `spans` that a rule matches, and the flag of the rule."""
        removed = [RemovedSpan(start, end, rule.id) for start, end in spans]
        if rule.to:
            self.lifted += [(span, rule.to) for span in removed]
        else:
            self.removed += removed
        if rule.flag and rule.flag not in END_FLAGS:
            self.flags.add(rule.flag)


def clean_body(scan: PhraseScanner, lines: Sequence[Line], ruleset: Ruleset, *, final: bool, own: bool = False) -> BodyFindings:
    """Find the clutter in the `lines` of one story's body; with `final`, they end where the page ends.

    `own` is true for the page's own story; the rules for lines before, in and after its text apply to it alone.
    """
    body = BodyFindings()
    left: list[Line] = []
    edges = _edges(lines, ruleset) if own else {}
    wheres = IN_OWN_TEXT if own and "inside" in ruleset.wheres else ANYWHERE
    for i, line in enumerate(lines):
        if i in edges:
            body.add(edges[i], [(line.start, line.end)])
            continue
        rest = _clean_line(scan, line, ruleset, body, wheres, is_last=i == len(lines) - 1)
        if rest:
            left.append(line if rest == line.text else Line(line.start, line.end, rest))
    if len(left) < len(lines):  # lines between those of a block may be gone now
        holes = sorted((span.start, span.end) for span in (*body.removed, *(span for span, _ in body.lifted)))
        for line, rule_id in drop_blocks(left, ruleset, final=final).removed:
            inside = holes[bisect_left(holes, (line.start,)) : bisect_left(holes, (line.end,))]
            body.removed += [RemovedSpan(start, end, rule_id) for start, end in subtract((line.start, line.end), inside)]
    return body


def _edges(lines: Sequence[Line], ruleset: Ruleset) -> dict[int, Rule]:
    """Return the lines at the start and the end of a text that rules for lines before and after it remove, by their indices.

    There are none when nothing else would be left.
    """
    edges: dict[int, Rule] = {}
    sides: tuple[tuple[Where, Iterable[int]], ...] = (("before", range(len(lines))), ("after", reversed(range(len(lines)))))
    for where, indices in sides:
        for i in indices if where in ruleset.wheres else ():
            rule = line_rule(lines[i].text, ruleset, ("any", where))
            if rule is None:
                break
            edges[i] = rule
    return edges if len(edges) < len(lines) else {}


def _clean_line(scan: PhraseScanner, line: Line, ruleset: Ruleset, body: BodyFindings, wheres: Wheres, *, is_last: bool) -> str:
    """Add the clutter in one line to `body`, and return the rest of its text.

    The rest of a line is searched again, as removing one phrase may complete another. A line with clutter nested deeper than
    MAX_PASSES stays whole but for its characters, so that cleaning the result again changes nothing.
    """
    matches = [(rule, [(start, end)]) for rule, start, end in scan.characters(line)]
    found = None if matches else _find(line.text, ruleset, wheres, scan.phrases(line, is_last=is_last))
    if not matches and not found:
        return line.text  # as most lines are
    characters = len(matches)
    for _ in range(MAX_PASSES):
        rest = _rest(scan.text, line, matches)
        if found is None:
            phrases = find_phrases(rest.text, ruleset, is_last=is_last)
            found = _find(rest.text, ruleset, wheres, phrases) if rest.text else []
        if not found:
            break
        matches += [(rule, rest.spans(start, end)) for rule, start, end in found]
        found = None
    else:
        matches = matches[:characters]
        rest = _rest(scan.text, line, matches)
    for rule, spans in matches:
        body.add(rule, spans)
    return rest.text


def _rest(text: str, line: Line, matches: Sequence[tuple[Rule, Sequence[tuple[int, int]]]]) -> Joined:
    """Return a line without the spans of its matches."""
    return join(text, subtract((line.start, line.end), sorted(span for _, spans in matches for span in spans)))


def _find(text: str, ruleset: Ruleset, wheres: Wheres, phrases: Iterator[PhraseMatch]) -> list[PhraseMatch]:
    """Return the match of a rule for whole lines, else the phrases in the line."""
    rule = line_rule(text, ruleset, wheres)
    return [(rule, 0, len(text))] if rule else list(phrases)
