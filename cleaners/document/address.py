"""Addresses of the web: no other scheme, and nothing that a terminal or a browser would obey, reaches a record.

Called by `cleaners.document.page`, `cleaners.html.metadata`, `cleaners.segmentation.by_links`, `flows.inputs` and
`flows.execution.single_file`.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def web_address(text: str) -> str:
    r"""Return an address of http or https, "" for any other text; control characters in it are percent-encoded.

    >>> web_address(" https://quaypost.example/crane\x1b "), web_address("javascript:alert(1)//https://quaypost.example")
    ('https://quaypost.example/crane%1B', '')
    """
    address = text.strip()
    if not _WEB.match(address):
        return ""
    return _CONTROL.sub(lambda found: quote(found[0]), address)
