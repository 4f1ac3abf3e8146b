"""The looks of elements, told by words that are looked up, are those that plain patterns over classes and ids tell."""

from __future__ import annotations

import re
import sys

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from cleaners.html import boxes
from cleaners.html.hidden import hides
from cleaners.html.looks import INLINE, look_of
from cleaners.html.names import known_names, words_of
from cleaners.html.page_parts import BESIDE_TAGS, PART_WORDS, WHOLE_TAGS

WORDS = (
    *PART_WORDS["comments"], *PART_WORDS["list"], "nav", "share", "ads", "cookie", *boxes.BOX_WORDS, *boxes.CONSENT, "banner",
    *boxes.CONSENT_FORMS[:4], *boxes.OFFERS, *boxes.OFFER_FORMS, *boxes.THREAD_WORDS, "visually", "hidden", "sr", "only",
    "text", "screen", "reader", "Story", "PHOTO", "x9", "\u017fhare", "coo\u212aie", "SIDEBAR", "sidebar\u0130", "soc\u0131al",
    "été",
)  # fmt: skip
SIGNS = (" ", "-", "_", "--", "", "\n", "\xa0", "\t", "9")
letters = st.characters(exclude_categories=["Cc", "Cs", "Cn"])  # lxml takes no controls
names = st.lists(st.sampled_from(WORDS + SIGNS) | st.text(letters, max_size=3), max_size=6).map("".join)
tags = st.sampled_from(["div", "p", "span", "a", "aside", "nav", "form", "figure", "body", "article", "dialog"])
styles = st.sampled_from(["", "display: none", "color:red;VISIBILITY : hidden", "x-display:none", "clip:rect(0 0 0 0)"])


def pattern(words: object, glue: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s_-]))(?:{glue or '|'.join(words)})(?=$|[\s_-])", re.IGNORECASE)


PARTS = {part: pattern(words) for part, words in PART_WORDS.items()}
PAIRS = "|".join(
    f"(?:{'|'.join(subjects)})[_-]?(?:{'|'.join(forms)})"
    for subjects, forms in ((boxes.CONSENT, boxes.CONSENT_FORMS), (boxes.OFFERS, boxes.OFFER_FORMS))
)
DIALOG, THREAD = pattern((), f"{'|'.join(boxes.BOX_WORDS)}|{PAIRS}"), pattern(boxes.THREAD_WORDS)
FOR_READERS = re.compile(r"(?:^|\s)(?:visually-?hidden|sr-only|screen-reader(?:-text|-only)?)(?:$|\s)", re.IGNORECASE)
KNOWN = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")


def plain_look(tag: str, classes: str, own_id: str, style: str, given: dict[str, str]) -> tuple[object, ...]:
    """Return the look of an element by patterns alone, each laid over its classes and its id."""
    both = f"{classes} {own_id}"
    part = BESIDE_TAGS.get(tag) or next((part for part, words in PARTS.items() if words.search(both)), "")
    box = "frame" if DIALOG.search(both) else "comments" if THREAD.search(both) else ""
    if (given and tag == "dialog") or given.get("role") in boxes.DIALOG_ROLES or given.get("aria-modal") == "true":
        box = "frame"
    hidden = hides(style) or FOR_READERS.search(classes) is not None
    hidden = hidden or "hidden" in given or (tag == "dialog" and "open" not in given)
    known = {word.lower() for word in KNOWN.findall(f"{classes[:200]} {own_id[:200]}")} | {f"<{tag}>"}
    known = {name for name in known if name in known_names()} if tag != "body" else set()
    is_block = tag not in INLINE
    if not is_block or tag in WHOLE_TAGS:
        part = box = ""
    return is_block, hidden, tuple(sorted(known)), part, box


@given(tags, names, names, styles, st.sets(st.sampled_from(["hidden", "open", "role", "aria-modal"])))
def test_a_look_is_that_of_plain_patterns(tag, classes, own_id, style, rare):
    values = {"hidden": "", "open": "", "role": "dialog", "aria-modal": "true"}
    given = {"class": classes, "id": own_id, "style": style, **{name: values[name] for name in rare}}
    look = look_of(html.Element(tag, given))
    assert (look.is_block, look.is_hidden, look.names, look.part, look.box) == plain_look(tag, classes, own_id, style, given)


def test_words_are_those_that_patterns_without_regard_to_case_find():
    letters = "".join(map(chr, range(128, sys.maxunicode + 1)))
    for letter in "abcdefghijklmnopqrstuvwxyz":
        for other in re.findall(letter, letters, re.IGNORECASE):
            assert words_of(f"x {other}y") == {"x", f"{letter}y"}
    folded = letters.translate({0x17F: "", 0x212A: "", 0x130: "", 0x131: ""}).lower()
    assert not re.search("[a-z]", folded)
