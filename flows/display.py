"""Scraped text and file names, made safe to print or to write.

Called by `flows.cli`, `flows.execution.scheduling`, `flows.inputs.discovery` and `flows.output.manifest`.
"""

from __future__ import annotations

import os


def printable(text: str) -> str:
    """Return `text` as one line without control characters, which a terminal would obey."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "�" for char in text)


def os_error_text(error: OSError) -> str:
    """Return the reason of an OSError, and the file if it names one."""
    return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"


def escaped_name(name: str) -> str:
    """Return a file's name as valid Unicode: bytes that are not UTF-8 become escapes, a backslash two."""
    if name.isascii() and "\\" not in name:
        return name
    return os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")
