"""Find the marks of Markdown on a page that html2text or a like program wrote.

Called by `cleaners.text.flattened.read`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator

from cleaners.document.page import Hint, split_lines
from cleaners.text.flattened.edited import LINE_ENDS, MARK, Edit, EditedText

MIN_LINKS = 2  # on a page written in Markdown; one may be quoted in any text
MIN_MARKS = 3  # of at least two kinds, on a page without links
MAX_LINK_CHARS = 4_000  # from the opening bracket of a link to its closing one; links may hold several lines

_ADDRESS = r"\((?:<[^<>\n]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,300}\)[^()\s]{0,2000}){0,3})(?:\s{1,3}\"[^\"\n]{0,500}\")?\)"
_IMAGE = rf"!\[(?:\\.|[^\[\]\\\n]|\[[^\[\]\n]{{0,200}}\]){{0,400}}+\]{_ADDRESS}"
_LINK_END = re.compile(rf"\]{_ADDRESS}")
_BRACKET = re.compile(rf"(?P<image>{_IMAGE})|(?P<end>\]{_ADDRESS})|(?<!\\)(?P<bracket>[\[\]])")
_HEADING = re.compile(r"^[ \t]{0,8}(?:[*+-][ \t]+)?#{1,6}[ \t]+(?=\S)", re.MULTILINE)
_QUOTE = re.compile(r"^[ \t]{0,8}(?:>[ \t]?){1,5}(?=\S)", re.MULTILINE)
_RULE_LINE = re.compile(r"^[ \t]*(?:(?:\*[ \t]*){3,}|-{3,}(?:\|-{3,})*)[ \t]*$", re.MULTILINE)
_BOLD = re.compile(r"\*\*(?=[^\s*])[^*\n]{1,1000}?(?<=[^\s*])\*\*")
_EMPHASIS = re.compile(r"(?<![\w_])_(?=[^\s_])[^_\n]{1,1000}?(?<=[^\s_])_(?![\w_])")
_LIST_ITEM = re.compile(r"^  +\* (?=\S)", re.MULTILINE)
_ESCAPE = re.compile(r"\\(?=[-+.*_#()\[\]`!>|~{}\\])")
_LONE_ADDRESS = re.compile(r"<(?=https?://)([^<>\s]{1,2000})>")

# The marks of a page, each with signs of which it holds one, as most pages have none.
_MARKS = (
    (("#",), _HEADING), (("**",), _BOLD), (("_",), _EMPHASIS), (("*", "---"), _RULE_LINE), (("* ",), _LIST_ITEM),
)  # fmt: skip


def is_markdown(text: str) -> bool:
    """Return whether a page is written in Markdown: it has several links, or marks of several kinds."""
    if "](" not in text and "**" not in text and "# " not in text:
        return False
    links = sum(1 for _ in _first(_LINK_END, text, MIN_LINKS))
    if links >= MIN_LINKS:
        return True
    marks = [mark for signs, mark in _MARKS if any(sign in text for sign in signs)]
    counts = [sum(1 for _ in _first(mark, text, MIN_MARKS)) for mark in marks]
    counts.append(links)
    return sum(counts) >= MIN_MARKS and sum(count > 0 for count in counts) >= 2


def _first(mark: re.Pattern[str], text: str, number: int) -> Iterator[re.Match[str]]:
    """Yield the first matches of a mark, as many as `number`."""
    for i, found in enumerate(mark.finditer(text), 1):
        yield found
        if i == number:
            return


def marks(text: str) -> Iterator[Edit]:
    """Yield the marks of a page written in Markdown, each with the blanks around it, for which one is left inside a line.

    Marks are those of links, images, headings, quotes, emphasis and rules.
    """
    at, is_parted = 0, True  # the end of the mark before, and whether a blank or the start of a line is left there
    for start, end in _joined(sorted(_mark_spans(text))):
        first, last = start, end
        while first > at and text[first - 1].isspace() and text[first - 1] not in LINE_ENDS:
            first -= 1
        while last < len(text) and text[last].isspace() and text[last] not in LINE_ENDS:
            last += 1
        is_parted = is_parted and first == at
        is_inside = first > 0 and text[first - 1] not in LINE_ENDS and last < len(text) and text[last] not in LINE_ENDS
        put = " " if is_inside and not is_parted and last - first > end - start else ""
        yield Edit(first, last, MARK, put)
        at, is_parted = last, is_parted or not is_inside or put != ""


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans, which are in order, with those that touch or overlap as one."""
    start = end = 0
    for next_start, next_end in spans:
        if next_start > end:
            if end > start:
                yield start, end
            start = next_start
        end = max(end, next_end)
    if end > start:
        yield start, end


def _mark_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of all marks."""
    yield from _links_and_images(text)
    for mark in (_HEADING, _QUOTE, _RULE_LINE, _ESCAPE):
        yield from (found.span() for found in mark.finditer(text))
    for mark, width in ((_BOLD, 2), (_EMPHASIS, 1), (_LONE_ADDRESS, 1)):
        for found in mark.finditer(text):
            yield found.start(), found.start() + width
            yield found.end() - width, found.end()


def _links_and_images(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of images, and of what encloses the text of links: a bracket before it, the address after it."""
    for start, end, address_end in _brackets(text):
        if start >= 0:
            yield start, start + 1
        yield end, address_end


def _brackets(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield the offsets of the opening bracket, the closing bracket and the end of each link.

    The first is -1 for an image, followed by its start and end, and for a link without an opening bracket.
    """
    opened: list[int] = []
    for found in _BRACKET.finditer(text):
        if found.lastgroup == "image":
            yield -1, *found.span()
        elif found.lastgroup == "end":
            is_whole = bool(opened) and found.start() - opened[-1] <= MAX_LINK_CHARS
            yield opened.pop() if is_whole else -1, *found.span()
        elif found[0] == "[":
            opened.append(found.start())
        elif opened:
            opened.pop()


def hints_of(text: str, step: EditedText) -> dict[int, Hint]:
    """Return what the marks of a page say about lines of its edited text, by their starts: headings and links.

    `step` are the marks' edits of `text`.
    """
    lines = split_lines(step.text)
    starts = [line.start for line in lines]
    tags: dict[int, str] = {}
    linked: Counter[int] = Counter()
    links: dict[int, str] = {}
    for found in _HEADING.finditer(text):
        i = bisect_right(starts, step.edited(found.end())) - 1
        tags[i] = f"h{found[0].count('#')}"
    for start, end, address_end in _brackets(text):
        if start < 0:
            continue
        first, last = step.edited(start), step.edited(end)
        for i in range(max(0, bisect_right(starts, first) - 1), bisect_left(starts, last)):
            linked[i] += max(0, min(last, lines[i].end) - max(first, lines[i].start))
            links.setdefault(i, text[end + 2 : address_end - 1].split(None, 1)[0].strip("<>") if address_end > end + 3 else "")
    return {
        lines[i].start: Hint(tags.get(i, ""), linked[i] / len(lines[i].text), link=links.get(i, ""))
        for i in sorted({*tags, *linked}) if i >= 0
    }  # fmt: skip
