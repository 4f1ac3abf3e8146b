"""Scraped text and file names, made safe to print or to write.

Called by `flows.cli`, `flows.execution`, `flows.export`, `flows.inputs.discovery` and `flows.output.manifest`.
"""

from __future__ import annotations

import os
import re

_CONTROL = re.compile(r"[^\x09\x0a\x20-\x7e\xa0-\U0010ffff]")
_C1_IN_JSON = re.compile(rb"\xc2[\x80-\x9f]")
_DEL, _LINE_SEPARATOR, _PARAGRAPH_SEPARATOR = b"\x7f", "\u2028".encode(), "\u2029".encode()


def printable(text: str) -> str:
    """Return `text` as one line without control characters, which a terminal would obey."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "�" for char in text)


def without_controls(text: str) -> str:
    r"""Return text without the control characters that a terminal would obey; line ends and tabs stay.

    >>> without_controls("a\x1b[2J\nb")
    'a[2J\nb'
    """
    return _CONTROL.sub("", text)


def os_error_text(error: OSError) -> str:
    """Return the reason of an OSError, and the file if it names one."""
    return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"


def escaped_name(name: str) -> str:
    r"""Return a file's name as valid Unicode: bytes that are not UTF-8 become escapes, a backslash two.

    So do control characters but tabs and line ends, as a name goes to records and terminals.

    >>> escaped_name("a\x1b[2J\x9b.txt")
    'a\\x1b[2J\\u009b.txt'
    """
    if name.isascii() and name.isprintable() and "\\" not in name:
        return name
    valid = os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}" if found[0] > "\x7f" else f"\\x{ord(found[0]):02x}", valid)


def printable_json(encoded: bytes) -> bytes:
    """Return JSON in UTF-8 with escapes for the controls and line ends that it allows in a string; its value stays the same.

    They are DEL and U+0080 to U+009F, which a terminal would obey, and U+2028 and U+2029, at which some programs end a line.
    """
    for char in (_DEL, _LINE_SEPARATOR, _PARAGRAPH_SEPARATOR):
        if char in encoded:  # a search for bytes costs next to nothing beside a pattern
            encoded = encoded.replace(char, _escape(char))
    return _C1_IN_JSON.sub(lambda found: _escape(found[0]), encoded)


def _escape(char: bytes) -> bytes:
    return b"\\u%04x" % ord(char.decode())
