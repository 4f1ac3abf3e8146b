"""Read an HTML page: bytes in, a page of lines with their hints out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from lxml import etree
from msgspec.structs import replace

from cleaners.charset import decode_html
from cleaners.extract import by_readability, by_resiliparse, by_trafilatura
from cleaners.main_text import are_in
from cleaners.markup import opens_again_and_again
from cleaners.metadata import metadata
from cleaners.mojibake import FLAG, repair
from cleaners.page import BadPage, Hint, Page
from cleaners.render import parse_html, render

if TYPE_CHECKING:
    from cleaners.selectors import Selectors

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
    flags = () if repaired == whole else (FLAG,)
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
