"""Find the clutter in the body of one story: whole lines first, then phrases that are anchored inside their line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cleaners.blocks import MAX_PASSES, drop_blocks
from cleaners.key import MAX_KEY_CHARS, composed, key
from cleaners.pack import Rule
from cleaners.page import Line
from cleaners.phrases import Found, Scan, find_phrases
from cleaners.ruleset import Ruleset
from cleaners.template import pattern

MAX_LINE_PATTERN_CHARS = 3_000  # a whole-line rule with fields is not tried on longer lines


class Cut(msgspec.Struct, frozen=True, gc=False):
    """The characters from `start` to `end` of a page are what `rule` is about."""

    start: int
    end: int
    rule: str


class Body(msgspec.Struct, gc=False):
    """What is found in a body: characters to remove, to lift into a field (by the rule that says so), and flags."""

    removed: list[Cut] = []
    lifted: list[tuple[Cut, str]] = []
    flags: set[str] = set()

    def take(self, rule: Rule, spans: Sequence[tuple[int, int]]) -> None:
        """Note that `rule` takes the characters of `spans`."""
        cuts = [Cut(start, end, rule.id) for start, end in spans]
        if rule.to:
            self.lifted += [(cut, rule.to) for cut in cuts]
        else:
            self.removed += cuts
        if rule.flag:
            self.flags.add(rule.flag)


def clean_body(scan: Scan, lines: Sequence[Line], ruleset: Ruleset, *, final: bool) -> Body:
    """Find the clutter in the `lines` of one story's body; `final` when they end where the page ends."""
    body = Body()
    left: list[Line] = []
    for i, line in enumerate(lines):
        rest = _clean_line(scan, line, ruleset, body, is_last=i == len(lines) - 1)
        if rest:
            left.append(line if rest == line.text else Line(line.start, line.end, rest))
    if len(left) < len(lines):  # what stood between the lines of a block may be gone now
        taken = sorted((cut.start, cut.end) for cut in (*body.removed, *(cut for cut, _ in body.lifted)))
        for line, rule_id in drop_blocks(left, ruleset, final=final).removed:
            inside = taken[bisect_left(taken, (line.start,)) : bisect_left(taken, (line.end,))]
            body.removed += [Cut(start, end, rule_id) for start, end in subtract((line.start, line.end), inside)]
    return body


def subtract(whole: tuple[int, int], holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what is left of `whole` without `holes`, which are in order and do not overlap."""
    at, end = whole
    for hole_start, hole_end in holes:
        if hole_start > at:
            yield at, hole_start
        at = max(at, hole_end)
    if at < end:
        yield at, end


class Joined(msgspec.Struct, frozen=True, gc=False):
    """How the `spans` of one line read without what stood between them; `pieces` say where each part of it stands.

    A piece is (place in the joined text, place in the page, length).
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the spans of the page that the joined characters from `start` to `end` are."""
        found = []
        for at, place, length in self.pieces[max(0, bisect_right(self.pieces, (start + 1,)) - 1) :]:
            if at >= end:
                break
            first, last = max(start, at), min(end, at + length)
            if first < last:
                found.append((place + first - at, place + last - at))
        return found


def join(text: str, spans: Iterable[tuple[int, int]]) -> Joined:
    """Return the `spans` of one line joined: by one blank where white space parts them, else by nothing."""
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    at = 0
    last_end = 0
    for start, end in spans:
        piece = text[start:end]
        kept = piece.strip()
        if not kept:
            continue
        first = start + piece.index(kept[0])
        if parts and (text[last_end].isspace() or text[first - 1].isspace()):
            parts.append(" ")
            at += 1
        parts.append(kept)
        pieces.append((at, first, len(kept)))
        at += len(kept)
        last_end = first + len(kept)
    return Joined("".join(parts), tuple(pieces))


def _clean_line(scan: Scan, line: Line, ruleset: Ruleset, body: Body, *, is_last: bool) -> str:
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


def line_rule(text: str, ruleset: Ruleset, *, outside: bool = False) -> Rule | None:
    """Return the rule that takes a line as a whole, or None; with `outside`, also one that holds only beside the prose."""
    is_short = len(text) <= MAX_KEY_CHARS
    if is_short:
        folded = key(text)
        rule = ruleset.line_rule(folded, outside=outside) or _patterned(text, folded, folded, ruleset, outside=outside)
    else:
        rule = _long_line_rule(text, ruleset, outside=outside)
    if rule is not None:
        return rule
    half = len(text) // 2
    if is_short and (text[-half] == text[0] or text[-half].isspace()) and text[:half].rstrip() == text[-half:].lstrip() != "":
        return line_rule(text[:half].rstrip(), ruleset, outside=outside)  # a label said twice
    return None


def _long_line_rule(text: str, ruleset: Ruleset, *, outside: bool) -> Rule | None:
    """Return the rule that takes a line longer than any fixed one: only a pattern can."""
    if len(text) > MAX_LINE_PATTERN_CHARS:
        return None
    first, last = text[:MAX_KEY_CHARS], text[-MAX_KEY_CHARS:]
    words = key(first.split(None, 1)[0]), key(last.rsplit(None, 1)[-1])
    # A word may show nothing, such as a lone zero-width space; then its neighbour is the first or last.
    if all(words) and not ruleset.may_follow_pattern(*words):
        return None
    return _patterned(text, key(first), key(last), ruleset, outside=outside)


def _patterned(text: str, start: str, end: str, ruleset: Ruleset, *, outside: bool) -> Rule | None:
    """Return the rule that takes a line by a pattern; `start` and `end` are the keys of the two ends of the line."""
    for wording in ruleset.patterns_of(start, end):
        if (outside or wording.rule.where == "any") and pattern(wording.spelling, caseless=True).fullmatch(composed(text)):
            return wording.rule
    return None
