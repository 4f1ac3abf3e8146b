"""Find the clutter in the body of one story: whole lines first, then phrases that are anchored inside their line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from cleaners.blocks import MAX_PASSES, drop_blocks
from cleaners.key import MAX_KEY_CHARS, composed, key
from cleaners.pack import Rule
from cleaners.page import Line
from cleaners.rule_index import MAX_LEADING_WORDS, Phrase
from cleaners.ruleset import Opening, Ruleset
from cleaners.scan import Scan, may_begin
from cleaners.sentence import ends_sentence
from cleaners.template import pattern, spell

MAX_LINE_PATTERN_CHARS = 3_000  # a whole-line rule with fields is not tried on longer lines
MAX_PHRASE_CHARS = 2_500  # a phrase inside a line, and each end of a fence, is shorter
MAX_FENCE_CHARS = 8_000  # between the two ends of a fence, such as the dump of a video player


class Cut(NamedTuple):
    """The characters from `start` to `end` of a page are what `rule` is about."""

    start: int
    end: int
    rule: str


@dataclass(slots=True)
class Body:
    """What is found in a body: characters to remove, to lift into a field (by the rule that says so), and flags."""

    removed: list[Cut] = field(default_factory=list)
    lifted: list[tuple[Cut, str]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

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


@dataclass(frozen=True, slots=True)
class Joined:
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
    has_characters = scan.has_characters(line)
    found = [] if has_characters else _find(line.text, scan.openings(line), ruleset, offset=line.start, is_last=is_last)
    if not found and not has_characters:
        return line.text  # as most lines are
    whole_line = (line.start, line.end)
    taken = [(rule, [(start, end)]) for rule, start, end in find_characters(line, ruleset)]
    for _ in range(MAX_PASSES):
        rest = join(scan.text, subtract(whole_line, sorted(span for _, spans in taken for span in spans)))
        found = _find(rest.text, ruleset.find_openings(rest.text), ruleset, is_last=is_last) if rest.text else []
        if not found:
            break
        taken += [(rule, rest.spans(start, end)) for rule, start, end in found]
    else:
        return line.text
    for rule, spans in taken:
        body.take(rule, spans)
    return rest.text


def _find(
    text: str, openings: Sequence[Opening], ruleset: Ruleset, *, offset: int = 0, is_last: bool
) -> list[tuple[Rule, int, int]]:
    """Return the rule that takes a line as a whole, else the phrases that rules take in it, as (rule, start, end)."""
    rule = line_rule(text, ruleset)
    return [(rule, 0, len(text))] if rule else list(find_phrases(text, openings, offset=offset, is_last=is_last))


def find_characters(line: Line, ruleset: Ruleset) -> Iterator[tuple[Rule, int, int]]:
    """Yield the single characters of a line that rules take wherever they stand, as (rule, start, end)."""
    char_class, rule_of = ruleset.characters
    if char_class is not None:
        for found in char_class.finditer(line.text):
            yield rule_of[found[0]], line.start + found.start(), line.start + found.end()


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
    words = key(" ".join(first.split(None, MAX_LEADING_WORDS)[:MAX_LEADING_WORDS])), key(last.rsplit(None, 1)[-1])
    # A word may show nothing, such as a lone zero-width space; then its neighbour is the first or last.
    is_plain = words[0].count(" ") == MAX_LEADING_WORDS - 1 and words[1]
    if is_plain and not ruleset.may_follow_pattern(*words):
        return None
    return _patterned(text, key(first), key(last), ruleset, outside=outside)


def _patterned(text: str, start: str, end: str, ruleset: Ruleset, *, outside: bool) -> Rule | None:
    """Return the rule that takes a line by a pattern; `start` and `end` are the keys of the two ends of the line."""
    for wording in ruleset.patterns_of(start, end):
        if (outside or wording.rule.where == "any") and pattern(wording.spelling, caseless=True).fullmatch(composed(text)):
            return wording.rule
    return None


def find_phrases(
    text: str, openings: Sequence[Opening], *, offset: int = 0, is_last: bool = False
) -> Iterator[tuple[Rule, int, int]]:
    """Yield the phrases of rules that stand in a line, as (rule, start, end), from left to right, none overlapping.

    `openings` are their opening words in the line, whose own places count from `offset` before the line. `is_last` says that
    the line is the last of its story: there the far end of an open fence may be missing.
    """
    free_from = 0
    for place, group in groupby(openings, key=itemgetter(0)):
        start = place - offset
        if start < free_from:
            continue
        found = [opening.phrase for opening in group]
        ends = [(_phrase_end(phrase, text, start, is_last), phrase.rule) for phrase in found]
        end, rule = max(ends, key=itemgetter(0))
        if end > start:
            yield rule, start, end
            free_from = end


def _phrase_end(phrase: Phrase, text: str, start: int, is_last: bool) -> int:
    """Return where a phrase that begins at `start` ends when it stands as its rule demands, else -1."""
    if not may_begin(phrase.where, text, start):
        return -1
    window = text[start : start + MAX_PHRASE_CHARS]
    if phrase.where == "end":
        is_end = len(text) - start <= MAX_PHRASE_CHARS and pattern(phrase.spelling, caseless=False).fullmatch(window)
        return len(text) if is_end else -1
    found = pattern(phrase.spelling, caseless=False).match(window)
    if found is None:
        return -1
    end = start + int(found.end())
    if not phrase.until:
        return end if ends_sentence(text, end, phrase.rule.not_before) else -1
    rest = text[end : end + MAX_FENCE_CHARS]
    ends = [found.end() for last in spell(phrase.until) if (found := pattern(last, caseless=False).search(rest))]
    if ends:
        return end + int(min(ends))
    return len(text) if phrase.rule.open_end and is_last else -1
