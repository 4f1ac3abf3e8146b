"""Refuse pages that are none, by their wording: missing pages, requests for consent, tests for robots.

Called by `cleaners.pipeline` and `cleaners.examples`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cleaners.document.page import Line, Page
from cleaners.errors import BadPage
from cleaners.rules.compiled import Ruleset
from cleaners.rules.memo import remembered
from cleaners.rules.model import BESIDE
from cleaners.rules.refusal import Refusal, RefusedPage
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.line_features import HEADINGS, LINKED, MAX_REMEMBERED
from cleaners.text.line_shape import is_prose, is_sentence
from cleaners.text.normalize import fold, lookup_key

MAX_LINE_CHARS = 100  # of a line that is compared with whole lines
MAX_LINES = 60  # of a page without a heading that says so
MAX_WORDINGS = 256  # of refusals, kept folded
MAX_OTHER_LINES = 15  # beside the text of a request for consent or a test
DETAILS: dict[RefusedPage, str] = {
    "missing": "the page says that there is no such page",
    "consent": "the page holds a request for consent alone",
    "challenge": "the page holds a test for robots alone, or asks for another browser",
}
_PARTS = re.compile(r"(?: [–—·-]| ?[|:»]) ")


def refuse_no_page(page: Page, lines: Sequence[Line], ruleset: Ruleset) -> None:
    """Raise BadPage when a page is none by its wording, and has no text beside."""
    if not ruleset.refusals:
        return
    for refusal, wording, is_title in _candidates(page, lines, ruleset):
        if _is_alone(refusal, page, lines, ruleset, is_title=is_title):
            raise BadPage("not-a-page", f"{DETAILS[refusal.page]}: {wording!r}")


def _candidates(page: Page, lines: Sequence[Line], ruleset: Ruleset) -> Iterator[tuple[Refusal, str, bool]]:
    """Yield the refusals that a page has a line of, with the line, and whether it is the title of the page."""
    if refusal := _refusal_of(page.metadata.title, ruleset):
        yield refusal, page.metadata.title, True
    for line in lines:
        if len(line.text) <= MAX_LINE_CHARS and (refusal := _known_refusal(line.text, ruleset)):
            hint = page.hint(line.start)
            yield refusal, line.text, hint is not None and hint.tag == "h1"


def _refusal_of(text: str, ruleset: Ruleset) -> Refusal | None:
    """Return the refusal with a line that a text is, or that is a part of the text before or after a sign."""
    if not text or len(text) > MAX_LINE_CHARS:
        return None
    found = ruleset.refusals.get(lookup_key(text))
    if found is not None or not _has_parts(text):
        return found
    return next((refusal for part in _PARTS.split(text) if (refusal := ruleset.refusals.get(lookup_key(part)))), None)


def _has_parts(text: str) -> bool:
    """Return whether a sign parts a text; most texts have none, which is seen sooner than a pattern finds it."""
    if " - " in text or "| " in text or ": " in text:
        return True
    return not text.isascii() and ("» " in text or " – " in text or " — " in text or " · " in text)


# The lines of menus stand on many pages of a site.
_known_refusal = remembered(MAX_REMEMBERED)(_refusal_of)


def _is_alone(refusal: Refusal, page: Page, lines: Sequence[Line], ruleset: Ruleset, *, is_title: bool) -> bool:
    """Return whether all paragraphs of a page have words of a refusal, and few other lines stand beside them."""
    others = texts = 0
    is_teaser = False
    parts = _folded(refusal.words)
    for line in lines:
        hint = page.hint(line.start)
        is_link = hint is not None and hint.linked >= LINKED
        is_text = (is_prose(line.text) or is_sentence(line.text)) and not is_link and not is_teaser
        # Below a heading that is a link stands a line of another page; a list of stories behind another wall is kept.
        is_teaser = refusal.page == "missing" and is_link and hint is not None and hint.tag in HEADINGS
        if _has_words(parts, line.text) or _refusal_of(line.text, ruleset) is not None:
            texts += is_text
        elif line_rule(line.text, ruleset, BESIDE) is None:
            if is_text:
                return False
            others += 1
    if refusal.page == "missing" and (is_title or len(lines) <= MAX_LINES):
        return True
    return texts > 0 and others <= MAX_OTHER_LINES


def _has_words(parts: Sequence[str], text: str) -> bool:
    folded = fold(text)
    return any(part in folded for part in parts)


@lru_cache(maxsize=MAX_WORDINGS)
def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold, words))
