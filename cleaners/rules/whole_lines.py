"""Find the rule that removes a whole line. Called by `cleaners.segmentation`, `cleaners.output.body_rules` and `examples`."""

from __future__ import annotations

from cleaners.grammar.template import pattern
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import Rule
from cleaners.text.normalize import MAX_KEY_CHARS, composed, lookup_key

MAX_LINE_PATTERN_CHARS = 3_000  # a whole-line rule with fields is not tried on longer lines


def line_rule(text: str, ruleset: Ruleset, *, outside: bool = False) -> Rule | None:
    """Return the rule that removes a whole line, or None; with `outside`, also a rule for lines beside the prose only."""
    is_short = len(text) <= MAX_KEY_CHARS
    if is_short:
        folded = lookup_key(text)
        rule = ruleset.line_rule(folded, outside=outside) or _patterned(text, folded, folded, ruleset, outside=outside)
    else:
        rule = _long_line_rule(text, ruleset, outside=outside)
    if rule is not None:
        return rule
    half = len(text) // 2
    may_repeat = is_short and (text[-half] == text[0] or text[-half].isspace())
    if may_repeat and text[:half].rstrip() == text[-half:].lstrip() != "":  # a label printed twice
        return line_rule(text[:half].rstrip(), ruleset, outside=outside)
    return None


def _long_line_rule(text: str, ruleset: Ruleset, *, outside: bool) -> Rule | None:
    """Return the rule that removes a line longer than any fixed text, by a pattern."""
    if len(text) > MAX_LINE_PATTERN_CHARS:
        return None
    first, last = text[:MAX_KEY_CHARS], text[-MAX_KEY_CHARS:]
    words = lookup_key(first.split(None, 1)[0]), lookup_key(last.rsplit(None, 1)[-1])
    # A word may have an empty key, such as a lone zero-width space; then its neighbour is the first or last word.
    if all(words) and not ruleset.may_follow_pattern(*words):
        return None
    return _patterned(text, lookup_key(first), lookup_key(last), ruleset, outside=outside)


def _patterned(text: str, start: str, end: str, ruleset: Ruleset, *, outside: bool) -> Rule | None:
    """Return the rule that removes a line by a pattern; `start` and `end` are the look-up keys of the line's two ends."""
    for wording in ruleset.patterns_of(start, end):
        if (outside or wording.rule.where == "any") and pattern(wording.spelling, caseless=True).fullmatch(composed(text)):
            return wording.rule
    return None
