"""What ends the work on a page or a pack with a reason."""

from __future__ import annotations


class PackError(ValueError):
    """Say what is wrong with a pack, naming the file and the rule."""


class BadPage(ValueError):
    """Say why an input cannot be cleaned: `reason` is one word for counting, `detail` a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
