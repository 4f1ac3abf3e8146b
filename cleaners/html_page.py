"""Read an HTML page: bytes in, a page of lines with their hints out."""

from __future__ import annotations

from datetime import datetime

from cleaners.charset import decode_html
from cleaners.extract import extract, extract_quickly
from cleaners.main_text import are_in
from cleaners.metadata import metadata
from cleaners.mojibake import FLAG, repair
from cleaners.page import BadPage, Hint, Page
from cleaners.render import parse_html, render

# Trafilatura takes many seconds for larger pages; without it the stretch with most prose decides.
MAX_LINES = 4_000
MAX_CHARS = 2_000_000


def html_page(html: bytes | str, path: str = "", url: str = "", captured_at: datetime | None = None, charset: str = "") -> Page:
    """Return the page that HTML shows; `charset` is the encoding that it was sent with, where that is known.

    Raises BadPage with the reason `empty`, `binary` or `html`.
    """
    markup = decode_html(html, charset) if isinstance(html, bytes) else html.encode("utf-8", "replace").decode()
    tree = parse_html(markup)
    lines = render(tree)
    if not lines:
        raise BadPage("empty", "the page shows no visible character")
    was = "\n".join(text for text, _ in lines)
    whole = repair(was)
    texts = whole.split("\n")
    is_large = len(lines) > MAX_LINES or len(whole) > MAX_CHARS

    trees = [tree]  # the extractor takes a tree apart; whoever asks a second time waits for another

    def ask_again() -> list[bool]:
        return are_in(texts, extract(trees.pop() if trees else parse_html(markup)))

    said = metadata(tree)
    main = are_in(texts, "" if is_large else extract_quickly(markup))
    hints: dict[int, Hint] = {}
    at = 0
    for text, (_, hint), is_main in zip(texts, lines, main, strict=True):
        hints[at] = hint._replace(main=is_main)
        at += len(text) + 1
    flags = (FLAG,) if whole != was else ()
    return Page(whole, path, url or said.url, captured_at, hints, said, flags, None if is_large else ask_again)
