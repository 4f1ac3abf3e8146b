"""Explain each rule in a sentence, made of its pack, for the report.

Called by `flows.report.build`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from textwrap import shorten

from cleaners.errors import PackError
from cleaners.grammar.template import spell
from cleaners.rules.load import read_pack
from cleaners.rules.model import Pack, Rule
from cleaners.rules.site_lines import PREFIX
from cleaners.text.flattened.edited import JOINED_LINE, JOINED_WORD, MARK, RUNNING_HEAD

MOST_WORDINGS = 3
MAX_WORDING_CHARS = 60
HOW = {
    "line": "It takes whole lines: ",
    "start": "It takes the beginning of a line: ",
    "end": "It takes the end of a line: ",
    "sentence": "It takes whole sentences: ",
    "fence": "It takes what stands in a line between two phrases: ",
    "lines": "It takes lines that follow each other: ",
    "characters": "It takes characters that cannot be seen.",
    "css": "It takes what is in elements of HTML: ",
}
# The lines of a page that its layout does not match, by the end of their rule's id.
UNMATCHED = {
    "before": "It stands before the page's own story.",
    "header": "It stands between the title of the page's own story and its text, and is no field of it.",
    "list": "It belongs to a list of other stories.",
    "after": "It stands after the page's own story.",
    "not-an-article": "It is the text of a page without a story of its own, such as a list, a forum or a shop.",
    "repeat": "It says again what was taken elsewhere for the same story.",
    "repeated-text": "It is a copy of a text above, such as one for small screens.",
}

# The characters that a program added when it made the text of a page from HTML.
FLATTENED = {
    MARK: "It is a mark that a program put into the text when it made it from HTML.",
    JOINED_LINE: "It is a line end inside a sentence, and a blank in the record.",
    JOINED_WORD: "It is a line end inside a sentence, beside a punctuation mark or inside a word, and nothing in the record.",
    RUNNING_HEAD: "It is the head or the foot of a page of print, with the number of the page.",
}

LEARNT = (
    "It takes whole lines that stand on half of the pages of the site or more, outside of the text of stories (--learn-lines)."
)


def reasons_of(rules: Iterable[str], packs: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Return a sentence for each rule of one of the packs, which are (name, TOML), of flattened pages, or of learnt lines."""
    ids = set(rules)
    names = {rule.partition(".")[0] for rule in ids}
    reasons = {rule: reason for rule, reason in FLATTENED.items() if rule in ids}
    reasons |= {rule: LEARNT for rule in ids if rule.startswith(f"{PREFIX}.")}
    for origin, toml in packs:
        is_shipped = len(Path(origin).parts) == 1
        if is_shipped and Path(origin).stem not in names:  # a shipped pack has the name of its file
            continue
        with suppress(PackError):  # a pack that was changed since the run and does not load
            pack = read_pack(toml, origin, is_checked=True)
            reasons |= {rule: reason for rule, reason in _reasons(pack) if rule in ids}
    return reasons


def _reasons(pack: Pack) -> Iterator[tuple[str, str]]:
    for rule in pack.rule:
        yield rule.id, _reason(rule)
    for layout in pack.layout:
        kind = "a paid card, which is no story" if layout.role == "paid" else "fixed text of a layout"
        yield layout.id, f"It is {kind}: {_some(layout.lines)}."
        for part, reason in UNMATCHED.items():
            yield f"{layout.id}.{part}", reason


def _reason(rule: Rule) -> str:
    if rule.match == "characters":
        return HOW["characters"]
    wordings = [" … ".join(pair) for pair in rule.fence] or list(getattr(rule, rule.match))
    outside = ", outside of the text of stories" if rule.where == "outside" else ""
    return f"{HOW[rule.match]}{_some(wordings)}{outside}."


def _some(wordings: Sequence[str]) -> str:
    """Return the first wordings, each with the first of its alternatives."""
    first = (spell(wording.removeprefix("[").removesuffix("]"))[0] for wording in wordings[:MOST_WORDINGS])
    shown = ", ".join(f"“{shorten(wording, MAX_WORDING_CHARS, placeholder='…')}”" for wording in first)
    more = len(wordings) - MOST_WORDINGS
    return f"{shown} and {more} more" if more > 0 else shown
