"""Scraped text and file names, made safe to print or to write.

Called by `flows.cli`, `flows.execution.scheduling`, `flows.inputs.discovery` and `flows.output.manifest`.
"""

from __future__ import annotations

import os
import re

_CONTROL = re.compile(r"[^\x09\x0a\x20-\x7e\xa0-\U0010ffff]")
_CONTROL_IN_JSON = re.compile(rb"\x7f|\xc2[\x80-\x9f]")


def printable(text: str) -> str:
    """Return `text` as one line without control characters, which a terminal would obey."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "�" for char in text)


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
    """Return JSON in UTF-8 with the control characters escaped that JSON allows in a string: DEL, and U+0080 to U+009F."""
    return _CONTROL_IN_JSON.sub(lambda found: b"\\u%04x" % ord(found[0].decode()), encoded)
