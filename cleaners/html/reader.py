"""Read an HTML page: bytes in, a `Page` of lines and hints out.

Called by `cleaners.pipeline.read_html` and `flows.inputs.raw_page`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lxml import etree
from msgspec.structs import replace

from cleaners.document.address import web_address
from cleaners.document.encoding import decode_html
from cleaners.document.mojibake import MOJIBAKE_FLAG, repair
from cleaners.document.page import Hint, Page, refuse_many_lines
from cleaners.errors import BadPage
from cleaners.html.extractors import CACHES, by_htmldate, by_readability, by_resiliparse, by_trafilatura
from cleaners.html.mend import mended
from cleaners.html.metadata import metadata
from cleaners.html.page_signs import page_signs
from cleaners.html.parse import parse_html, reopens_formatting
from cleaners.html.render import render

if TYPE_CHECKING:
    from cleaners.html.page_selectors import PageSelectors

# Extractors take many seconds for larger pages; without them the stretch with most prose decides.
MAX_LINES = 4_000
MAX_CHARS = 2_000_000
# Set by hand on pages with known texts.
MIN_SHINGLES_IN_TEXT = 0.8  # share of a line's shingles of three words
MIN_REPEAT_CHARS = 20  # longer lines are in a text once
_WORD = re.compile(r"\w+")


def html_page(
    html: bytes | str,
    path: str = "",
    url: str = "",
    captured_at: datetime | None = None,
    charset: str = "",
    selectors: PageSelectors | None = None,
) -> Page:
    """Return the visible page of HTML.

    `charset` is its encoding from outside, such as an HTTP header, "" for unknown; `selectors` are those of the packs. Raises
    BadPage with the reason `empty`, `binary`, `too-large` or `html`.
    """
    markup = decode_html(html, charset) if isinstance(html, bytes) else html.encode("utf-8", "replace").decode()
    CACHES.add_page(len(markup))
    markup, tree, lines = _parsed(markup, selectors)
    whole = "\n".join(text for text, _ in lines)
    refuse_many_lines(whole)
    repaired = repair(whole)
    flags = () if repaired == whole else (MOJIBAKE_FLAG,)
    if flags:
        lines = _with_texts(lines, repaired.split("\n"))
        whole = "\n".join(text for text, _ in lines)
    if not lines:
        raise BadPage("empty", "the page shows no visible character")
    texts = [text for text, _ in lines]
    is_large = len(lines) > MAX_LINES or len(whole) > MAX_CHARS

    trees = [tree]  # an extractor changes its tree; the next one parses another

    def with_tree(extract: Callable[[etree._Element], str]) -> Callable[[], list[bool]]:
        return lambda: _unboxed(are_in(texts, extract(trees.pop() if trees else parse_html(markup))), lines)

    head, signs = metadata(tree), page_signs(tree)
    main = _unboxed(are_in(texts, "" if is_large or reopens_formatting(markup, tree) else by_resiliparse(markup)), lines)
    hints: dict[int, Hint] = {}
    offset = 0
    for text, (_, hint), is_main in zip(texts, lines, main, strict=True):
        hints[offset] = replace(hint, main=True) if is_main else hint
        offset += len(text) + 1
    extractors = () if is_large else (with_tree(by_readability), with_tree(by_trafilatura))

    def find_day(latest: datetime | None) -> str:
        return "" if is_large else by_htmldate(trees.pop() if trees else parse_html(markup), latest)

    return Page(whole, path, web_address(url) or head.url, captured_at, hints, head, flags, extractors, find_day, signs=signs)


def _parsed(markup: str, selectors: PageSelectors | None) -> tuple[str, etree._Element, list[tuple[str, Hint]]]:
    """Return the markup of a page, mended when it shows nothing as it is, with its tree and its lines."""

    def parsed(text: str) -> tuple[str, etree._Element, list[tuple[str, Hint]]]:
        tree = parse_html(text)
        return text, tree, render(tree, selectors.match(tree) if selectors else None)

    try:
        found = parsed(markup)
    except BadPage:
        if (whole := mended(markup)) == markup:
            raise
        return parsed(whole)
    return found if found[2] or (whole := mended(markup)) == markup else parsed(whole)


def _with_texts(lines: list[tuple[str, Hint]], texts: list[str]) -> list[tuple[str, Hint]]:
    """Return lines with repaired texts, white space in them or in each of their cells folded, without lines left empty."""
    folded = ["\t".join([" ".join(cell.split()) for cell in text.split("\t")]).strip("\t") for text in texts]
    return [(text, hint) for text, (_, hint) in zip(folded, lines, strict=True) if text]


def _unboxed(main: Sequence[bool], lines: Sequence[tuple[str, Hint]]) -> list[bool]:
    """Return the choice of an extractor without the lines in boxes."""
    return [is_main and not hint.boxed for is_main, (_, hint) in zip(main, lines, strict=True)]


def are_in(lines: Sequence[str], text: str) -> list[bool]:
    """Return for each line whether it is in a text; of equal lines longer than MIN_REPEAT_CHARS the first alone counts."""
    words: list[str] = _WORD.findall(text.casefold())
    shingles = set(zip(words, words[1:], words[2:], strict=False))
    whole = {" ".join(line.split()).removeprefix("- ") for line in text.splitlines()}
    seen: set[str] = set()
    found = []
    for line in lines:
        folded = line.casefold()
        has_shingles = not folded.replace(" ", "", 1).isalnum()  # most lines of menus are of one word or two
        is_in = line in whole or (has_shingles and _holds(shingles, _WORD.findall(folded)))
        found.append(is_in and not (line in seen and len(line) > MIN_REPEAT_CHARS))
        if is_in:
            seen.add(line)
    return found


def _holds(shingles: set[tuple[str, str, str]], words: list[str]) -> bool:
    """Return whether `shingles` holds MIN_SHINGLES_IN_TEXT of the shingles of a line."""
    count = len(words) - 2
    missing, max_missing = 0, count - MIN_SHINGLES_IN_TEXT * count
    for shingle in zip(words, words[1:], words[2:], strict=False):
        missing += shingle not in shingles
        if missing > max_missing:
            return False
    return count > 0
