"""The wordings of pages that are none: a page that is missing, a request for consent, a test for robots.

A part of packs, in `cleaners.rules.model`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from cleaners.grammar.template import pieces, spell
from cleaners.rules.page_template import Id, Texts
from cleaners.text.normalize import lookup_key

RefusedPage = Literal["missing", "consent", "challenge"]
Pages = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Refusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wordings of one kind of such pages in one language.

    `line` are whole lines, one of which such a page has as its title or beside its text; `words` are parts of sentences, one
    of which stands in each paragraph of its text. `refuse` are pages that are refused by these wordings alone, `keep` pages
    that are not; a line end is written as such.
    """

    id: Id
    page: RefusedPage
    line: Texts
    words: Texts
    refuse: Pages
    keep: Pages

    def check(self) -> None:
        """Raise ValueError when the wordings are not sound."""
        if not self.line or not self.words:
            raise ValueError(f"{self.id} needs `line` and `words`")
        for spelling in (spelling for template in self.line for spelling in spell(template)):
            if any(not piece.text for piece in pieces(spelling)):
                raise ValueError(f"{self.id}: {spelling!r} has a field; lines of refusals are fixed texts")
            if not any(map(str.isalpha, spelling)):
                raise ValueError(f"{self.id}: {spelling!r} has no letter, and so equals many lines")

    @property
    def line_keys(self) -> list[str]:
        """Return the look-up keys of the lines."""
        return [lookup_key(spelling) for template in self.line for spelling in spell(template)]
