"""Find the rule that removes a whole line. Called by `cleaners.segmentation`, `cleaners.output.body_rules` and `examples`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from cleaners.grammar.template import pattern
from cleaners.rules.compiled import Ruleset
from cleaners.rules.memo import remembered
from cleaners.rules.model import ANYWHERE, IN_OWN_TEXT, Rule, Wheres
from cleaners.text.line_shape import count_words
from cleaners.text.normalize import MAX_KEY_CHARS, NO_KEY, composed, lookup_key, new_key

MAX_REMEMBERED, MAX_SHORT_CHARS = 8_192, 140  # lines, and the length of each
MAX_REMEMBERED_LONG = 512  # longer lines, so that one is looked up once a page
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
    bullet = _bullet(text, 0, numbered=numbered)
    return text[bullet.end() :] if bullet else text


def _bullet(text: str, start: int, *, numbered: bool) -> re.Match[str] | None:
    if text[start : start + 1].isalpha():
        return None
    return _BULLET.match(text, start) or (_NUMBER.match(text, start) if numbered else None)


class _Try(NamedTuple):
    """One reading of a line that a rule may have: by its look-up `key`, else by patterns, whose rules come in their order.

    A reading as a notice counts only for rules of some kinds.
    """

    key: str
    patterned: tuple[Rule, ...]
    notice: Literal["", "cookie", "cookie or paywall"] = ""


def line_rule(text: str, ruleset: Ruleset, wheres: Wheres = ANYWHERE) -> Rule | None:
    """Return the rule that removes a whole line in some places, or None; by default a rule that holds in any place.

    The rule of a list item is that of its words, without bullet and number.
    """
    # Numbers inside a text are sub-headings rather than menus.
    numbered = not text[:1].isalpha() and wheres not in (ANYWHERE, IN_OWN_TEXT)
    for key, patterned, notice in (_tries if len(text) <= MAX_SHORT_CHARS else _tries_of_long)(text, ruleset, numbered):
        rule = ruleset.line_rule(key, wheres) or next((rule for rule in patterned if rule.where in wheres), None)
        if rule is not None and (not notice or (rule.opens_notice and (notice != "cookie" or rule.kind == "cookie"))):
            return rule
    return None


@remembered(MAX_REMEMBERED)
def _tries(text: str, ruleset: Ruleset, numbered: bool) -> tuple[_Try, ...]:
    """Return the readings of a line that some rule has in some place, in the order to try; most lines have none.

    Cached, because a line is looked up for each part of a page it may belong to, and menus recur on every page of a site.
    """
    tries: list[_Try | None] = []
    text = _pattern_sized(text, numbered=numbered)
    while True:
        tries.append(_short_try(text, ruleset) if len(text) <= MAX_KEY_CHARS else _long_try(text, ruleset))
        half = len(text) // 2
        may_repeat = len(text) <= MAX_KEY_CHARS and (text[-half] == text[0] or text[-half].isspace())
        if may_repeat and text[:half].rstrip() == text[-half:].lstrip() != "":  # a label printed twice
            text = text[:half].rstrip()
        elif (item := after_bullet(text, numbered=numbered)) != text:
            text = item
        else:
            return (*filter(None, tries), *(_notices(text, ruleset) if len(text) <= MAX_NOTICE_CHARS else ()))


def _pattern_sized(text: str, *, numbered: bool) -> str:
    """Return a line without the first of its bullets, as long as it is too long for any rule: it may begin with thousands."""
    start = 0
    while len(text) - start > MAX_LINE_PATTERN_CHARS and (bullet := _bullet(text, start, numbered=numbered)):
        start = bullet.end()
    return text[start:]


_tries_of_long = remembered(MAX_REMEMBERED_LONG)(_tries.__wrapped__)


def _notices(text: str, ruleset: Ruleset) -> Iterator[_Try]:
    """Yield the first sentence of a notice that goes on in the same line: of a paywall, or about cookies.

    The offer of a paywall is short.
    """
    has_end = "." in text or "?" in text or "!" in text or not text.isascii()
    end = _SENTENCE_END.search(text, 0, MAX_KEY_CHARS) if has_end else None
    if end is None or count_words(text[: end.start()]) < MIN_NOTICE_WORDS:
        return
    for notice in (text[: end.end()].rstrip(), text[: end.start()]):
        words = new_key(notice.split(None, 1)[0]), new_key(notice.rsplit(None, 1)[-1])
        if all(words) and not ruleset.may_be_notice(*words):
            continue
        if found := _short_try(notice, ruleset):
            yield found._replace(notice="cookie or paywall" if len(text) <= MAX_KEY_CHARS else "cookie")


def _short_try(text: str, ruleset: Ruleset) -> _Try | None:
    """Return the reading of a line no longer than fixed texts, None when no rule has it."""
    key = lookup_key(text)
    patterned = _patterned(text, key, key, ruleset)
    return _Try(key, patterned) if patterned or ruleset.has_key(key) else None


def _long_try(text: str, ruleset: Ruleset) -> _Try | None:
    """Return the reading of a line longer than any fixed text, None when no rule has it."""
    if len(text) > MAX_LINE_PATTERN_CHARS:
        return None
    first, last = text[:MAX_KEY_CHARS], text[-MAX_KEY_CHARS:]
    words = new_key(first.split(None, 1)[0]), new_key(last.rsplit(None, 1)[-1])
    # A word may have an empty key, such as a lone zero-width space; then its neighbour is the first or last word.
    if all(words) and not ruleset.may_follow_pattern(*words):
        return None
    patterned = _patterned(text, lookup_key(first), lookup_key(last), ruleset)
    return _Try(NO_KEY, patterned) if patterned else None


def _patterned(text: str, start: str, end: str, ruleset: Ruleset) -> tuple[Rule, ...]:
    """Return the rules with a pattern that a line follows; `start` and `end` are the look-up keys of the line's two ends."""
    wordings = ruleset.patterns_of(start, end)
    return tuple(it.rule for it in wordings if pattern(it.spelling, caseless=True).fullmatch(composed(text)))
