"""Mend the markup of a torn page, of which one element without an end hides the rest.

Called by `cleaners.html.reader` for pages that show nothing.
"""

from __future__ import annotations

import re

# Elements whose text holds no elements, and comments: without an end they hold the rest of a page.
_NAMES = "title|script|style|textarea|iframe|noembed|noframes|xmp"
_ENDS = re.compile(rf"</({_NAMES})(?=[\s/>])|--!?>", re.IGNORECASE)
_OPENINGS = re.compile(rf"<(?:({_NAMES})(?=[\s/>])[^<>]*+>?+|!--)", re.IGNORECASE)
_TEXT = re.compile(r"[^<\n]*+")
# To libxml2 these end the page when they end in a slash, as in `<html />`.
_PAGE = re.compile(r"<(html|head|body)(?=[\s/>])[^<>]*+>", re.IGNORECASE)
_COMMENT = "!--"


def mended(markup: str) -> str:
    """Return markup in which each element of code or raw text without an end holds no more than the rest of its line.

    A comment without an end is taken out, and so is the slash of a page's outermost elements. Reads each character a few times.

    >>> mended("<title>Quay reopens<body><p>The quay has reopened.")
    '<title>Quay reopens</title><body><p>The quay has reopened.'
    """
    last = {(end[1] or _COMMENT).lower(): end.start() for end in _ENDS.finditer(markup)}
    parts = []
    start = 0
    for opening in _OPENINGS.finditer(markup):
        name = (opening[1] or _COMMENT).lower()
        if opening.start() < last.get(name, -1):
            continue
        if name == _COMMENT:
            parts.append(markup[start : opening.start()])
            start = opening.end()
        else:
            end = opening.end() if opening[0].endswith("/>") else _text_end(markup, opening.end())
            parts += [markup[start:end], f"</{name}>"]
            start = end
    return _PAGE.sub(_without_slash, "".join([*parts, markup[start:]]))


def _text_end(markup: str, start: int) -> int:
    """Return the offset of the next element or line end, after `start`."""
    text = _TEXT.match(markup, start)
    return text.end() if text is not None else start


def _without_slash(element: re.Match[str]) -> str:
    """Return an opening tag without the slash before its end."""
    return element[0].removesuffix("/>") + ">" if element[0].endswith("/>") else element[0]
