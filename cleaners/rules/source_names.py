"""Names of publishers with their examples: their TOML model and its checks. A part of packs, in `cleaners.rules.model`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from cleaners.rules.page_template import Evidence, Id, Sureness, Texts

MAX_NAME_CHARS = 80
SourceExample = tuple[str, str]  # a text, and the publisher that it names


class SourceNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names of publishers, each of which is the source of a story where it is all of a text, or its part before a sign.

    `read` and `keep` are their own examples: texts with the publisher that is read in each, and look-alikes that name none.
    `evidence` and `sureness` are told by a learner.
    """

    id: Id
    names: Annotated[Texts, msgspec.Meta(min_length=1)]
    evidence: Evidence | None = None
    sureness: Sureness | None = None
    read: Annotated[tuple[SourceExample, ...], msgspec.Meta(min_length=1)]
    keep: Annotated[Texts, msgspec.Meta(min_length=1)]

    def check(self) -> None:
        """Raise ValueError when the names are not sound."""
        for name in self.names:
            if not name.strip() or name != name.strip() or len(name) > MAX_NAME_CHARS:
                raise ValueError(f"{self.id}: {name[:MAX_NAME_CHARS]!r} is no name of {MAX_NAME_CHARS} characters at most")
        if self.evidence is not None:
            self.evidence.check(self.id)
