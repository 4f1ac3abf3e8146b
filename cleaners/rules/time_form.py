"""A form of time that only one site has, with its examples: its TOML model and its checks.

A part of packs, in `cleaners.rules.model`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from cleaners.dates.site_times import Part, check_form
from cleaners.grammar.template import pieces, spell
from cleaners.rules.page_template import Evidence, Id, Sureness, Texts

# A text, and the time that a form reads in it: `2025-07-05T14:30`, `2025-07-05`, or `--07-05T14:30` for one without a year.
TimeExample = tuple[str, str]


class TimeForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A form of time of one site, such as `{day}/{month}/{year} {hour}h{minute}`, in one or more wordings.

    `read` and `keep` are its own examples: texts with the time that is read in each, and look-alikes in which none is.
    `evidence` and `sureness` are told by a learner.
    """

    id: Id
    form: Annotated[Texts, msgspec.Meta(min_length=1)]
    evidence: Evidence | None = None
    sureness: Sureness | None = None
    read: Annotated[tuple[TimeExample, ...], msgspec.Meta(min_length=1)]
    keep: Annotated[Texts, msgspec.Meta(min_length=1)]

    def check(self) -> None:
        """Raise ValueError when the form is not sound."""
        check_forms(self.id, self.form)
        if self.evidence is not None:
            self.evidence.check(self.id)


def check_forms(where: str, templates: Iterable[str]) -> None:
    """Raise ValueError when one of the wordings of forms of time is not sound."""
    for spelling in (spelling for template in templates for spelling in spell(template)):
        try:
            check_form(pieces(spelling))
        except ValueError as error:
            raise ValueError(f"{where}: {spelling!r} {error}") from None


def form_parts(templates: Iterable[str]) -> Iterator[tuple[Part, ...]]:
    """Yield the parts of each wording of forms of time, in the order to try them."""
    return (pieces(spelling) for template in templates for spelling in spell(template))
