"""Find the rule that removes a whole line. Called by `cleaners.segmentation`, `cleaners.output.body_rules` and `examples`."""

from __future__ import annotations

import re

from cleaners.grammar.template import pattern
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import ANYWHERE, IN_OWN_TEXT, Rule, Wheres
from cleaners.text.line_shape import count_words
from cleaners.text.normalize import MAX_KEY_CHARS, composed, lookup_key

MAX_LINE_PATTERN_CHARS = 3_000  # a whole-line rule with fields is not tried on longer lines
_BULLET = re.compile(r"[-+*\u00b7\u00bb\u2013-\u2015\u2022\u2023\u203a\u2043\u25a0-\u25ff\u27a4]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?](?=\s+\S)|[。！？](?=.)")
MIN_NOTICE_WORDS = 3  # of the sentence that opens a notice
MAX_NOTICE_CHARS = 1_500
_NUMBER = re.compile(r"\d{1,3}[.)]\s+(?=\S)")


def after_bullet(text: str, *, numbered: bool = True) -> str:
    """Return a line without the bullet, or the number of a list item, before its first word.

    >>> after_bullet("• Log in"), after_bullet("3. Most read"), after_bullet("3.5 million")
    ('Log in', 'Most read', '3.5 million')
    """
    if text[:1].isalpha():
        return text
    bullet = _BULLET.match(text) or (_NUMBER.match(text) if numbered else None)
    return text[bullet.end() :] if bullet else text


def line_rule(text: str, ruleset: Ruleset, wheres: Wheres = ANYWHERE) -> Rule | None:
    """Return the rule that removes a whole line in some places, or None; by default a rule that holds in any place.

    The rule of a list item is that of its words, without bullet and number.
    """
    is_short = len(text) <= MAX_KEY_CHARS
    if is_short:
        folded = lookup_key(text)
        rule = ruleset.line_rule(folded, wheres) or _patterned(text, folded, folded, ruleset, wheres)
    else:
        rule = _long_line_rule(text, ruleset, wheres)
    if rule is not None:
        return rule
    half = len(text) // 2
    may_repeat = is_short and (text[-half] == text[0] or text[-half].isspace())
    if may_repeat and text[:half].rstrip() == text[-half:].lstrip() != "":  # a label printed twice
        return line_rule(text[:half].rstrip(), ruleset, wheres)
    is_text = wheres in (ANYWHERE, IN_OWN_TEXT)
    item = after_bullet(text, numbered=not is_text)  # numbers inside a text are sub-headings rather than menus
    if item != text:
        return line_rule(item, ruleset, wheres)
    return _opening_rule(text, ruleset, wheres) if len(text) <= MAX_NOTICE_CHARS else None


def _opening_rule(text: str, ruleset: Ruleset, wheres: Wheres) -> Rule | None:
    """Return the rule for the first sentence of a notice that goes on in the same line: of a paywall, or about cookies.

    The offer of a paywall is short.
    """
    end = _SENTENCE_END.search(text, 0, MAX_KEY_CHARS)
    if end is None or count_words(text[: end.start()]) < MIN_NOTICE_WORDS:
        return None
    for notice in (text[: end.end()].rstrip(), text[: end.start()]):
        folded = lookup_key(notice)
        rule = ruleset.line_rule(folded, wheres) or _patterned(notice, folded, folded, ruleset, wheres)
        if rule is not None and (rule.kind == "cookie" or (rule.flag == "paywalled" and len(text) <= MAX_KEY_CHARS)):
            return rule
    return None


def _long_line_rule(text: str, ruleset: Ruleset, wheres: Wheres) -> Rule | None:
    """Return the rule that removes a line longer than any fixed text, by a pattern."""
    if len(text) > MAX_LINE_PATTERN_CHARS:
        return None
    first, last = text[:MAX_KEY_CHARS], text[-MAX_KEY_CHARS:]
    words = lookup_key(first.split(None, 1)[0]), lookup_key(last.rsplit(None, 1)[-1])
    # A word may have an empty key, such as a lone zero-width space; then its neighbour is the first or last word.
    if all(words) and not ruleset.may_follow_pattern(*words):
        return None
    return _patterned(text, lookup_key(first), lookup_key(last), ruleset, wheres)


def _patterned(text: str, start: str, end: str, ruleset: Ruleset, wheres: Wheres) -> Rule | None:
    """Return the rule that removes a line by a pattern; `start` and `end` are the look-up keys of the line's two ends."""
    for wording in ruleset.patterns_of(start, end):
        if wording.rule.where in wheres and pattern(wording.spelling, caseless=True).fullmatch(composed(text)):
            return wording.rule
    return None
