"""Find the rule that takes a line as a whole."""

from __future__ import annotations

from cleaners.grammar.template import pattern
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import Rule
from cleaners.text.normalize import MAX_KEY_CHARS, composed, key

MAX_LINE_PATTERN_CHARS = 3_000  # a whole-line rule with fields is not tried on longer lines


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
