"""Read an HTML page: bytes in, a page of lines with their hints out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lxml import etree
from msgspec.structs import replace

from cleaners.document.encoding import decode_html
from cleaners.document.mojibake import MOJIBAKE_FLAG, repair
from cleaners.document.page import Hint, Page
from cleaners.errors import BadPage
from cleaners.html.extractors import by_readability, by_resiliparse, by_trafilatura
from cleaners.html.metadata import metadata
from cleaners.html.parse import opens_again_and_again, parse_html
from cleaners.html.render import render

if TYPE_CHECKING:
    from cleaners.html.selectors import Selectors

# Extractors take many seconds for larger pages; without them the stretch with most prose decides.
MAX_LINES = 4_000
MAX_CHARS = 2_000_000


def html_page(
    html: bytes | str,
    path: str = "",
    url: str = "",
    captured_at: datetime | None = None,
    charset: str = "",
    selectors: Selectors | None = None,
) -> Page:
    """Return the page that HTML shows.

    `charset` is the encoding that it was sent with, where that is known, `selectors` are those of the packs. Raises BadPage
    with the reason `empty`, `binary` or `html`.
    """
    markup = decode_html(html, charset) if isinstance(html, bytes) else html.encode("utf-8", "replace").decode()
    tree = parse_html(markup)
    lines = render(tree, selectors)
    whole = "\n".join(text for text, _ in lines)
    repaired = repair(whole)
    flags = () if repaired == whole else (MOJIBAKE_FLAG,)
    if flags:  # what is repaired may turn out to hold white space, or nothing else; `render` has left none
        folded = [" ".join(text.split()) for text in repaired.split("\n")]
        lines = [(text, hint) for text, (_, hint) in zip(folded, lines, strict=True) if text]
        whole = "\n".join(text for text, _ in lines)
    if not lines:
        raise BadPage("empty", "the page shows no visible character")
    texts = [text for text, _ in lines]
    is_large = len(lines) > MAX_LINES or len(whole) > MAX_CHARS

    trees = [tree]  # an extractor takes a tree apart; the next one waits for another

    def asking(extract: Callable[[etree._Element], str]) -> Callable[[], list[bool]]:
        return lambda: are_in(texts, extract(trees.pop() if trees else parse_html(markup)))

    said = metadata(tree)
    main = are_in(texts, "" if is_large or opens_again_and_again(markup, tree) else by_resiliparse(markup))
    hints: dict[int, Hint] = {}
    at = 0
    for text, (_, hint), is_main in zip(texts, lines, main, strict=True):
        hints[at] = replace(hint, main=True) if is_main else hint
        at += len(text) + 1
    others = () if is_large else (asking(by_readability), asking(by_trafilatura))
    return Page(whole, path, url or said.url, captured_at, hints, said, flags, others)


# All set by hand on pages with known texts.
_WORD = re.compile(r"\w+")
IN_TEXT = 0.8  # of a line's shingles of three words
MIN_REPEAT_CHARS = 20  # a longer line is in a text once


def are_in(lines: Sequence[str], text: str) -> list[bool]:
    """Say for each line whether it is in a text; a line that is there twice counts once."""
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
    """Say whether most shingles of a line are among those of a text."""
    parts = len(words) - 2
    missed, most = 0, parts - IN_TEXT * parts
    for part in zip(words, words[1:], words[2:], strict=False):
        missed += part not in shingles
        if missed > most:
            return False
    return parts > 0
