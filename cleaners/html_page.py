"""Read an HTML page: bytes in, a page of lines with their hints out."""

from __future__ import annotations

from datetime import datetime

from cleaners.charset import decode_html
from cleaners.extract import extract
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
    tree = parse_html(decode_html(html, charset) if isinstance(html, bytes) else html)
    lines = render(tree)
    if not lines:
        raise BadPage("empty", "the page shows no visible character")
    was = "\n".join(text for text, _ in lines)
    whole = repair(was)
    if whole != was:
        lines = [(text, hint) for text, (_, hint) in zip(whole.split("\n"), lines, strict=True)]
    said = metadata(tree)  # before the extractor, which takes the tree apart
    texts = [text for text, _ in lines]
    is_large = len(lines) > MAX_LINES or sum(map(len, texts)) > MAX_CHARS
    main = "" if is_large else extract(tree)
    hints: dict[int, Hint] = {}
    at = 0
    for (text, hint), is_main in zip(lines, are_in(texts, main), strict=True):
        hints[at] = hint._replace(main=is_main)
        at += len(text) + 1
    return Page("\n".join(texts), path, url or said.url, captured_at, hints, said, (FLAG,) if whole != was else ())
