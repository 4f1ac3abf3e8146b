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
