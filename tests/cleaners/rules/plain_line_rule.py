"""The plain way to find the rule of a whole line: each place and each reading is looked up anew; `whole_lines` remembers."""

from __future__ import annotations

from cleaners.grammar.template import pattern
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import ANYWHERE, IN_OWN_TEXT, Rule, Wheres
from cleaners.rules.whole_lines import _SENTENCE_END, MAX_LINE_PATTERN_CHARS, MAX_NOTICE_CHARS, MIN_NOTICE_WORDS, after_bullet
from cleaners.text.line_shape import count_words
from cleaners.text.normalize import MAX_KEY_CHARS, composed, lookup_key


def plain_line_rule(text: str, ruleset: Ruleset, wheres: Wheres) -> Rule | None:
    """Return the rule that removes a whole line in some places, or None."""
    is_short = len(text) <= MAX_KEY_CHARS
    rule = _short_rule(text, ruleset, wheres) if is_short else _long_rule(text, ruleset, wheres)
    if rule is not None:
        return rule
    half = len(text) // 2
    may_repeat = is_short and (text[-half] == text[0] or text[-half].isspace())
    if may_repeat and text[:half].rstrip() == text[-half:].lstrip() != "":
        return plain_line_rule(text[:half].rstrip(), ruleset, wheres)
    item = after_bullet(text, numbered=wheres not in (ANYWHERE, IN_OWN_TEXT))
    if item != text:
        return plain_line_rule(item, ruleset, wheres)
    return _notice_rule(text, ruleset, wheres) if len(text) <= MAX_NOTICE_CHARS else None


def _short_rule(text: str, ruleset: Ruleset, wheres: Wheres) -> Rule | None:
    key = lookup_key(text)
    return ruleset.line_rule(key, wheres) or _patterned(text, key, key, ruleset, wheres)


def _long_rule(text: str, ruleset: Ruleset, wheres: Wheres) -> Rule | None:
    if len(text) > MAX_LINE_PATTERN_CHARS:
        return None
    return _patterned(text, lookup_key(text[:MAX_KEY_CHARS]), lookup_key(text[-MAX_KEY_CHARS:]), ruleset, wheres)


def _notice_rule(text: str, ruleset: Ruleset, wheres: Wheres) -> Rule | None:
    end = _SENTENCE_END.search(text, 0, MAX_KEY_CHARS)
    if end is None or count_words(text[: end.start()]) < MIN_NOTICE_WORDS:
        return None
    for notice in (text[: end.end()].rstrip(), text[: end.start()]):
        rule = _short_rule(notice, ruleset, wheres)
        if rule is not None and (rule.kind == "cookie" or (rule.flag == "paywalled" and len(text) <= MAX_KEY_CHARS)):
            return rule
    return None


def _patterned(text: str, start: str, end: str, ruleset: Ruleset, wheres: Wheres) -> Rule | None:
    for wording in ruleset.patterns_of(start, end):
        if wording.rule.where in wheres and pattern(wording.spelling, caseless=True).fullmatch(composed(text)):
            return wording.rule
    return None
