"""The lines learnt of a site without a pack, as one rule of that site.

Made by `cleaners.learning.run_lines`; `cleaners.rules.registry` adds the rule to those for a page.
"""

from __future__ import annotations

import hashlib

import msgspec

from cleaners.rules.model import Rule

PREFIX = "learnt-lines"  # of the ids of such rules, in the place of a pack's name


class SiteLines(msgspec.Struct, frozen=True):
    """Lines on many pages of a site: its host, and a wording of each line by its look-up key."""

    host: str
    lines: dict[str, str]

    @property
    def digest(self) -> str:
        """Return a digest of the lines."""
        return hashlib.sha256("\n".join([self.host, *sorted(self.lines)]).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def rule(self) -> Rule:
        """Return the rule that removes the lines beside the prose of stories; its wordings are in the order of their keys."""
        texts = tuple(text.replace("{", "{{").replace("}", "}}") for _, text in sorted(self.lines.items()))
        return Rule(id=f"{PREFIX}.{self.host}.line", kind="navigation", line=texts, where="outside", remove=texts, keep=())
