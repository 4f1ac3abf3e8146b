"""Text of pages as the wording of a rule.

Called by the modules of `cleaners.learning` that write templates.
"""

from __future__ import annotations


def as_written(text: str) -> str:
    """Return a template that matches a text as it is written: its braces are doubled.

    >>> as_written("{more}")
    '{{more}}'
    """
    return text.replace("{", "{{").replace("}", "}}")


def may_be_missing(line: str) -> bool:
    """Return whether a layout would take a line of a page for one that may be missing: it stands in square brackets.

    >>> may_be_missing("[Share]")
    True
    """
    return line.startswith("[") and line.endswith("]")
