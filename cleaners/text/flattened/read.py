"""Read a flattened page: resolve its escapes, join its broken lines, and take its marks out.

Called by `cleaners.pipeline` and `tests.fit` for every page.
"""

from __future__ import annotations

from dataclasses import replace

from cleaners.document.page import Page, split_lines
from cleaners.text.flattened.edited import MARK, EditedText, edited
from cleaners.text.flattened.escapes import escaped_line_ends, references
from cleaners.text.flattened.line_breaks import cut_at_tags, may_be_cut, may_be_wrapped, wrapped
from cleaners.text.flattened.markdown import hints_of, is_markdown, marks
from cleaners.text.flattened.running_heads import running_heads


def plain_page(page: Page, *, has_escapes: bool = True) -> tuple[Page, list[EditedText]]:
    """Return a page as plain text, and the edits that made it so; the page itself and no edits for most.

    Without `has_escapes`, escapes are text.
    """
    steps = [] if page.hints else read_flattened(page.text, has_escapes=has_escapes)
    if not steps:
        return page, []
    before = [page.text, *(step.text for step in steps)]
    last = len(steps) - 1
    marked = hints_of(before[last], steps[last]) if steps[last].edits[0].rule == MARK else {}
    return replace(page, text=steps[last].text, original=page.text, marked=marked), steps


def read_flattened(text: str, *, has_escapes: bool = True) -> list[EditedText]:
    """Return the edits that make a flattened page plain, each step made on the text of the step before; none for most."""
    steps: list[EditedText] = []
    for find_escapes in (escaped_line_ends, references) if has_escapes else ():
        if edits := find_escapes(text):
            steps.append(edited(text, edits))
            text = steps[-1].text
    if may_be_wrapped(text):
        steps += _joined(text)
        text = steps[-1].text if steps else text
    if is_markdown(text) and (edits := list(marks(text))):
        steps.append(edited(text, edits))
        text = steps[-1].text
    if may_be_cut(text) and (edits := list(cut_at_tags(text, split_lines(text)))):
        steps.append(edited(text, edits))
    return steps


def _joined(text: str) -> list[EditedText]:
    """Return the edits that make whole paragraphs of a text that is wrapped to a width, none for another."""
    heads = running_heads(text, split_lines(text))
    steps = [edited(text, heads)] if heads else []
    text = steps[-1].text if steps else text
    edits = list(wrapped(text, split_lines(text)))
    return [*steps, edited(text, edits)] if edits else []
