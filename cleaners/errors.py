"""Errors that end the work on a page or a pack, and the reasons for quarantine.

Raised all over `cleaners`; caught by `flows`.
"""

from __future__ import annotations

from typing import Literal

# Why an input goes to quarantine, in one word for counting. `unreadable` and `defect` are for errors other than BadPage.
QuarantineReason = Literal[
    "binary", "compressed", "empty", "html", "ledger", "no-story", "not-a-page", "row", "sidecar", "too-large", "undecodable",
    "warc", "unreadable", "defect",
]  # fmt: skip


class PackError(ValueError):
    """A pack is not sound; the message names the file and the rule."""


class BadPage(ValueError):
    """An input cannot be cleaned: `reason` is one word for counting, `detail` a sentence for people."""

    def __init__(self, reason: QuarantineReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: QuarantineReason = reason
        self.detail = detail
