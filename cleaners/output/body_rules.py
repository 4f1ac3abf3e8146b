"""Find the clutter in the body of one story: whole lines first, then phrases that are anchored inside their line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import Rule
from cleaners.rules.phrases import Found, Scan, find_phrases
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.clutter_blocks import MAX_PASSES, drop_blocks
from cleaners.text.spans import join, subtract


class RemovedSpan(msgspec.Struct, frozen=True, gc=False):
    """The characters from `start` to `end` of a page are what `rule` is about."""

    start: int
    end: int
    rule: str


class BodyFindings(msgspec.Struct, gc=False):
    """What is found in a body: characters to remove, to lift into a field (by the rule that says so), and flags."""

    removed: list[RemovedSpan] = []
    lifted: list[tuple[RemovedSpan, str]] = []
    flags: set[str] = set()

    def take(self, rule: Rule, spans: Sequence[tuple[int, int]]) -> None:
        """Note that `rule` takes the characters of `spans`."""
        cuts = [RemovedSpan(start, end, rule.id) for start, end in spans]
        if rule.to:
            self.lifted += [(cut, rule.to) for cut in cuts]
        else:
            self.removed += cuts
        if rule.flag:
            self.flags.add(rule.flag)


def clean_body(scan: Scan, lines: Sequence[Line], ruleset: Ruleset, *, final: bool) -> BodyFindings:
    """Find the clutter in the `lines` of one story's body; `final` when they end where the page ends."""
    body = BodyFindings()
    left: list[Line] = []
    for i, line in enumerate(lines):
        rest = _clean_line(scan, line, ruleset, body, is_last=i == len(lines) - 1)
        if rest:
            left.append(line if rest == line.text else Line(line.start, line.end, rest))
    if len(left) < len(lines):  # what stood between the lines of a block may be gone now
        taken = sorted((cut.start, cut.end) for cut in (*body.removed, *(cut for cut, _ in body.lifted)))
        for line, rule_id in drop_blocks(left, ruleset, final=final).removed:
            inside = taken[bisect_left(taken, (line.start,)) : bisect_left(taken, (line.end,))]
            body.removed += [RemovedSpan(start, end, rule_id) for start, end in subtract((line.start, line.end), inside)]
    return body


def _clean_line(scan: Scan, line: Line, ruleset: Ruleset, body: BodyFindings, *, is_last: bool) -> str:
    """Note in `body` what goes from one line, and return what is left of it to read.

    Cutting one phrase may bring the next to light, so the rest of the line is looked at again; a line in which clutter
    lies nested deeper than MAX_PASSES is left alone, so that cleaning the result again changes nothing.
    """
    taken = [(rule, [(start, end)]) for rule, start, end in scan.characters(line)]
    found = None if taken else _find(line.text, ruleset, scan.phrases(line, is_last=is_last))
    if not taken and not found:
        return line.text  # as most lines are
    for _ in range(MAX_PASSES):
        rest = join(scan.text, subtract((line.start, line.end), sorted(span for _, spans in taken for span in spans)))
        if found is None:
            found = _find(rest.text, ruleset, find_phrases(rest.text, ruleset, is_last=is_last)) if rest.text else []
        if not found:
            break
        taken += [(rule, rest.spans(start, end)) for rule, start, end in found]
        found = None
    else:
        return line.text
    for rule, spans in taken:
        body.take(rule, spans)
    return rest.text


def _find(text: str, ruleset: Ruleset, phrases: Iterator[Found]) -> list[Found]:
    """Return the rule that takes a line as a whole, else the phrases in it."""
    rule = line_rule(text, ruleset)
    return [(rule, 0, len(text))] if rule else list(phrases)
