"""Find clutter that spans several lines, and the site whose grammar a page follows."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cleaners.document.page import Line, Page
from cleaners.grammar.fields import FieldContext
from cleaners.grammar.match import Match, match_lines
from cleaners.rules.compiled import PAGE_ROLES, Block, Ruleset
from cleaners.text.normalize import key, line_key

MAX_INVISIBLE_CHARS = 16
# Clutter may lie inside clutter; what is nested deeper than this only an adversary writes, and it stays in the text.
MAX_PASSES = 8


class Blocks(msgspec.Struct, frozen=True, gc=False):
    """The lines of a page that no block rule takes, what the rules take, and where the page's own story ends."""

    lines: list[Line]
    removed: list[tuple[Line, str]]
    article_end: int | None


def drop_invisible(lines: Sequence[Line], ruleset: Ruleset) -> Blocks:
    """Take the lines that show nothing, such as a lone zero-width space, out of `lines`."""
    rule = ruleset.line_rule("", outside=False)
    empty = {i for i, line in enumerate(lines) if not line.text[0].isalnum() and _is_invisible(line.text)} if rule else set()
    removed = [(lines[i], rule.id) for i in sorted(empty)] if rule else []
    return Blocks([line for i, line in enumerate(lines) if i not in empty], removed, None)


def _is_invisible(text: str) -> bool:
    return len(text) <= MAX_INVISIBLE_CHARS and not key(text)


def drop_elements(lines: Sequence[Line], page: Page, ruleset: Ruleset) -> Blocks:
    """Take the lines of an HTML page out of `lines` that are in elements which rules take."""
    kept: list[Line] = []
    removed: list[tuple[Line, str]] = []
    for line in lines:
        hint = page.hints.get(line.start)
        rule = next((rule for rule in hint.rules if rule in ruleset.rules), None) if hint and hint.rules else None
        if rule is None:
            kept.append(line)
        else:
            removed.append((line, rule))
    return Blocks(kept, removed, None)


def drop_blocks(lines: Sequence[Line], ruleset: Ruleset, *, final: bool) -> Blocks:
    """Take every block of clutter out of `lines`; `final` when the lines end where the page ends."""
    left = list(lines)
    removed: list[tuple[Line, str]] = []
    article_end: int | None = None
    for _ in range(MAX_PASSES):
        found = _find_blocks(left, ruleset, final)
        if not found:
            break
        kept: list[Line] = []
        at = 0
        for block, match in found:
            kept += left[at : match.first]
            removed += [(line, block.id) for line in left[match.first : match.last]]
            if article_end is None and _ends_article(block, left[match.last - 1]):
                article_end = left[match.first].start
            at = match.last
        left = kept + left[at:]
    return Blocks(left, removed, article_end)


def _ends_article(block: Block, last: Line) -> bool:
    """Say whether the page's own story is over at a block: it is where the block's very last line, a label, is there."""
    return block.rule is not None and block.rule.ends_article and line_key(last.text) in block.patterns[-1].keys


def _find_blocks(lines: Sequence[Line], ruleset: Ruleset, final: bool) -> list[tuple[Block, Match]]:
    """Return the blocks in `lines`, first to last, none overlapping another."""
    found: list[tuple[Block, Match]] = []
    free_from = 0
    for i, line in enumerate(lines):
        for block in ruleset.blocks_by_key.get(line_key(line.text), ()):
            match = match_around(block, lines, i, ruleset.words, final=final, free_from=free_from)
            if match is not None and _is_evident(block, match, ruleset):
                found.append((block, match))
                free_from = match.last
                break
    if final and lines and free_from < len(lines):
        cut = _find_cut_block(lines, ruleset, free_from)
        found += [cut] if cut else []
    return found


def _find_cut_block(lines: Sequence[Line], ruleset: Ruleset, free_from: int) -> tuple[Block, Match] | None:
    """Return the block in whose midst the page ends, before the line by which the block would be found."""
    for block in ruleset.blocks:
        for start in range(max(free_from, len(lines) - len(block.patterns)), len(lines)):
            match = match_lines(block.patterns, lines, start, ruleset.words, final=True)
            if match is not None and match.last == len(lines) and _is_evident(block, match, ruleset):
                return block, match
    return None


def _is_evident(block: Block, match: Match, ruleset: Ruleset) -> bool:
    """Say whether enough of a block is there when the page ends inside it.

    One line is enough on the pages of the site whose block it is; elsewhere it takes two.
    """
    is_own = ruleset.site is not None and block.id.startswith(f"{ruleset.site.name}.")
    lines = match.last - match.first
    return not match.cut or (lines >= (1 if is_own else 2) and match.firm == lines)


def match_around(
    block: Block, lines: Sequence[Line], i: int, words: FieldContext, *, final: bool, free_from: int = 0
) -> Match | None:
    """Return the longest way in which the block's grammar holds around its anchor line `i`."""
    is_page = block.layout is not None and block.layout.role in PAGE_ROLES
    for start in range(max(free_from, i - block.anchor), 1 if is_page else i + 1):
        match = match_lines(block.patterns, lines, start, words, final=final)
        if match is not None and match.last > i:
            return match
    return None
