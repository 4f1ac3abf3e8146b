"""The text of a page by which near-duplicates are known, and its address.

Called by `flows.learning.shard`. The text of HTML is that of its blocks, without the hints of `page_of`, with which a page
takes twice as long or longer.
"""

from __future__ import annotations

from lxml import etree

from cleaners.document.encoding import decode_html, refuse_surrogates
from cleaners.document.page import refuse_many_lines
from cleaners.errors import BadPage
from flows.inputs.raw_page import RawPage, is_html_page, page_of, plain_text


def text_and_address(page: RawPage) -> tuple[str, str]:
    """Return the text of a page and its address, "" without one; raises BadPage for what is no page."""
    if page.made_by and page.text:
        text, url = page.text, page.url
    elif is_html_page(page):
        text, url = _of_html(page) or _of_whole_page(page)
    else:
        text, url = plain_text(page)[0], page.url
    refuse_surrogates(text)
    refuse_many_lines(text)
    return text, url


def _of_whole_page(page: RawPage) -> tuple[str, str]:
    whole = page_of(page)
    return whole.text, page.url or whole.metadata.url


def _of_html(page: RawPage) -> tuple[str, str] | None:
    """Return the text of an HTML page, a line for each block, and its address or that in its head; None without any text."""
    from cleaners.html.metadata import metadata  # a tenth of a second to import
    from cleaners.html.parse import parse_html

    try:
        markup = page.text.encode("utf-8", "replace").decode() if page.text is not None else decode_html(page.raw, page.charset)
        tree = parse_html(markup.replace("\n", " ").replace("\r", " "))  # which are white space in HTML
    except BadPage:
        return None
    url = page.url or metadata(tree).url
    text = _text_of(tree)
    return (text, url) if text and not text.isspace() else None


def _text_of(tree: etree._Element) -> str:
    """Return the text in a tree, a line for each block; invisible elements are taken out of it."""
    from cleaners.html.looks import INLINE
    from cleaners.html.render import DRAWINGS, UNSEEN

    etree.strip_elements(tree, *UNSEEN, *DRAWINGS, with_tail=False)
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if element.tag not in INLINE:
            pieces.append("\n")
        pieces.append((element.text if event == "start" else element.tail) or "")
    return "".join(pieces)
