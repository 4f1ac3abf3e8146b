"""The labels of rules with `between`: whole lines, by look-up key or by pattern.

Checked by `cleaners.rules.model`; looked up by `cleaners.segmentation.between_labels`.
"""

from __future__ import annotations

from functools import cache

import msgspec

from cleaners.grammar.template import check_fields, fixed_text, is_fixed, pattern, pieces, spell
from cleaners.text.normalize import MAX_KEY_CHARS, NO_KEY, composed, line_key, lookup_key

PAGE_END = ""  # the last label that stands for the end of the page


class Label(msgspec.Struct, frozen=True, gc=False):
    """A label: the look-up keys of its spellings of fixed text, and its other spellings, each with the keys of its ends."""

    keys: frozenset[str]
    patterns: tuple[tuple[str, str, str], ...]

    def is_in(self, key: str, text: str) -> bool:
        """Return whether a line with a look-up key is this label."""
        if key in self.keys:
            return True
        return key != NO_KEY and any(
            key.startswith(starts) and key.endswith(ends) and pattern(spelling, caseless=True).fullmatch(composed(text))
            for starts, ends, spelling in self.patterns
        )


@cache
def label(template: str) -> Label:
    """Return the label of a template; compiled once, at first use."""
    spellings = {spelling: pieces(spelling) for spelling in spell(template)}
    fixed = [parts for parts in spellings.values() if is_fixed(parts)]
    others = [(parts, spelling) for spelling, parts in spellings.items() if parts not in fixed]
    return Label(
        frozenset(lookup_key(fixed_text(parts)) for parts in fixed),
        tuple((lookup_key(parts[0].text), lookup_key(parts[-1].text), spelling) for parts, spelling in others),
    )


def check_label(where: str, template: str) -> None:
    """Raise ValueError when a template is no label: it must have a visible character, and fixed text at its start or end."""
    for spelling in spell(template):
        check_fields(spelling)
        if len(spelling) > MAX_KEY_CHARS or (is_fixed(pieces(spelling)) and not line_key(spelling)):
            raise ValueError(f"{where}: the label {spelling[:80]!r} has no visible character, or over {MAX_KEY_CHARS}")
