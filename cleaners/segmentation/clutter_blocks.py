"""Remove lines that are clutter wherever they stand: invisible ones, those in HTML elements that rules name, blocks and boxes.

Called by `cleaners.pipeline`, `read_page` and `cleaners.examples`; `cleaners.output.body_rules` removes blocks inside a text.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cleaners.document.page import Line, Page
from cleaners.grammar.fields import FieldContext
from cleaners.grammar.match import Match, match_lines
from cleaners.rules.compiled import PAGE_ROLES, Ruleset
from cleaners.rules.line_grammar import LineGrammar
from cleaners.rules.memo import remembered
from cleaners.rules.model import ANYWHERE, Rule
from cleaners.rules.whole_lines import line_rule
from cleaners.segmentation.line_features import LIST_KINDS, MAX_REMEMBERED, MAX_REMEMBERED_CHARS
from cleaners.text.normalize import line_key, lookup_key

MAX_INVISIBLE_CHARS = 16
# Clutter may lie inside clutter; only an adversary nests it deeper than this, and then it stays in the text.
MAX_PASSES = 8


class PrunedLines(msgspec.Struct, frozen=True, gc=False):
    """The lines left of a page, and the removed ones, each with the id of its rule.

    `article_end` is the offset at which the page's own story ends, None when no removed block marks it.
    """

    lines: list[Line]
    removed: list[tuple[Line, str]]
    article_end: int | None


def drop_invisible(lines: Sequence[Line], ruleset: Ruleset) -> PrunedLines:
    """Remove the lines without a visible character, such as a lone zero-width space."""
    rule = ruleset.line_rule("", ANYWHERE)
    empty = {i for i, line in enumerate(lines) if not line.text[0].isalnum() and _is_invisible(line.text)} if rule else set()
    removed = [(lines[i], rule.id) for i in sorted(empty)] if rule else []
    return PrunedLines([line for i, line in enumerate(lines) if i not in empty], removed, None)


def drop_boxes(lines: Sequence[Line], ruleset: Ruleset) -> PrunedLines:
    """Remove the boxes of a page's site: neighbouring lines that are clutter wherever they stand, such as a wall in a story.

    Labels of lists stay, and so does a line without such a neighbour.
    """
    rules = ruleset.site.rule if ruleset.site is not None else ()
    known = frozenset(rule.id for rule in rules if rule.line and rule.where == "any" and rule.kind not in LIST_KINDS)
    if not known:
        return PrunedLines(list(lines), [], None)
    found = [(_rule_of if len(line.text) <= MAX_REMEMBERED_CHARS else line_rule)(line.text, ruleset) for line in lines]
    ids = ["", *(rule.id if rule is not None and rule.id in known else "" for rule in found), ""]
    boxed = [bool(ids[i] and (ids[i - 1] or ids[i + 1])) for i in range(1, len(ids) - 1)]
    removed = [(line, rule) for line, rule, is_boxed in zip(lines, ids[1:], boxed, strict=False) if is_boxed]
    return PrunedLines([line for line, is_boxed in zip(lines, boxed, strict=True) if not is_boxed], removed, None)


@remembered(MAX_REMEMBERED)
def _rule_of(text: str, ruleset: Ruleset) -> Rule | None:
    """Return the rule that removes a line wherever it stands; cached, because menus recur on every page of a site."""
    return line_rule(text, ruleset)


def _is_invisible(text: str) -> bool:
    return len(text) <= MAX_INVISIBLE_CHARS and not lookup_key(text)


def drop_elements(lines: Sequence[Line], page: Page, ruleset: Ruleset) -> PrunedLines:
    """Remove the lines of an HTML page that are in elements selected by rules."""
    kept: list[Line] = []
    removed: list[tuple[Line, str]] = []
    for line in lines:
        hint = page.hints.get(line.start)
        rule = next((rule for rule in hint.rules if rule in ruleset.rules), None) if hint and hint.rules else None
        if rule is None:
            kept.append(line)
        else:
            removed.append((line, rule))
    return PrunedLines(kept, removed, None)


def drop_blocks(lines: Sequence[Line], ruleset: Ruleset, *, final: bool) -> PrunedLines:
    """Remove every block of clutter; with `final`, `lines` end where the page ends."""
    left = list(lines)
    removed: list[tuple[Line, str]] = []
    article_end: int | None = None
    for _ in range(MAX_PASSES):
        found = _find_blocks(left, ruleset, final)
        if not found:
            break
        kept: list[Line] = []
        start = 0
        for block, match in found:
            kept += left[start : match.first]
            removed += [(line, block.id) for line in left[match.first : match.last]]
            if article_end is None and _ends_article(block, left[match.last - 1]):
                article_end = left[match.first].start
            start = match.last
        left = kept + left[start:]
    return PrunedLines(left, removed, article_end)


def _ends_article(block: LineGrammar, last: Line) -> bool:
    """Return whether the page's own story ends at a block: its rule ends articles, and the block has its last line, a label."""
    return block.rule is not None and block.rule.ends_article and line_key(last.text) in block.patterns[-1].keys


def _find_blocks(lines: Sequence[Line], ruleset: Ruleset, final: bool) -> list[tuple[LineGrammar, Match]]:
    """Return the blocks in `lines` in page order, none overlapping another."""
    found: list[tuple[LineGrammar, Match]] = []
    free_from = 0
    blocks = ruleset.block_rules_by_key
    anchors = [(i, blocks[key]) for i, line in enumerate(lines) if (key := line_key(line.text)) in blocks]
    for i, anchored in anchors:
        for block in anchored:
            match = match_around(block, lines, i, ruleset.context, final=final, free_from=free_from)
            if match is not None and _is_evident(block, match, ruleset):
                found.append((block, match))
                free_from = match.last
                break
    if final and lines and free_from < len(lines):
        cut = _find_cut_block(lines, ruleset, free_from)
        found += [cut] if cut else []
    return found


def _find_cut_block(lines: Sequence[Line], ruleset: Ruleset, free_from: int) -> tuple[LineGrammar, Match] | None:
    """Return the block that the end of the page cuts off before its anchor line."""
    for block in ruleset.block_rules:
        for start in range(max(free_from, len(lines) - len(block.patterns)), len(lines)):
            match = match_lines(block.patterns, lines, start, ruleset.context, final=True)
            if match is not None and match.last == len(lines) and _is_evident(block, match, ruleset):
                return block, match
    return None


def _is_evident(block: LineGrammar, match: Match, ruleset: Ruleset) -> bool:
    """Return whether a match is complete, or long enough when the end of the page cuts it off.

    One line is enough on pages of the site that the block belongs to; elsewhere two are needed.
    """
    is_own = ruleset.site is not None and block.id.startswith(f"{ruleset.site.name}.")
    lines = match.last - match.first
    return not match.cut or (lines >= (1 if is_own else 2) and match.firm == lines)


def match_around(
    block: LineGrammar, lines: Sequence[Line], i: int, context: FieldContext, *, final: bool, free_from: int = 0
) -> Match | None:
    """Return the longest match of a grammar with its anchor in line `i`, or None."""
    is_page = block.layout is not None and block.layout.role in PAGE_ROLES
    for start in range(max(free_from, i - block.anchor), 1 if is_page else i + 1):
        match = match_lines(block.patterns, lines, start, context, final=final)
        if match is not None and match.last > i:
            return match
    return None
