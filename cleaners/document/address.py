"""Addresses of the web: no other scheme, and nothing that a terminal or a browser would obey, reaches a record.

Called by `cleaners.document.page`, `cleaners.html.metadata`, `cleaners.segmentation.by_links`, `flows.inputs` and
`flows.execution.single_file`.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
# Controls, halves of surrogate pairs, and the marks that turn around what is shown beside them or are not shown at all.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
MAX_CHARS = 8_192  # of an address; servers and browsers take few as long


def web_address(text: str) -> str:
    r"""Return an address of http or https, "" for any other text and for one over MAX_CHARS.

    Control characters in it, and others that are not shown, are percent-encoded.

    >>> web_address(" https://quaypost.example/crane\x1b "), web_address("javascript:alert(1)//https://quaypost.example")
    ('https://quaypost.example/crane%1B', '')
    """
    address = text.strip()
    if len(address) > MAX_CHARS or not _WEB.match(address):
        return ""
    return _CONTROL.sub(lambda found: quote(found[0], errors="replace"), address)
