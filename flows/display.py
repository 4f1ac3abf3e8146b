"""Text from outside, made safe to show: scraped text and file names may hold anything."""

from __future__ import annotations

import os


def printable(text: str) -> str:
    """Return `text` as one line without the control characters that a terminal would obey."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "�" for char in text)


def escaped_name(name: str) -> str:
    """Return a file's name as text that can be written anywhere, whatever bytes it is made of."""
    if name.isascii() and "\\" not in name:
        return name
    return os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")
