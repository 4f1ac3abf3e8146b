"""The fields that stories gain or lose by a group of rules, which the agreement of a reading does not see.

Called by `cleaners.learning.choice`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from cleaners.learning.example_pages import Read
from cleaners.learning.line_changes import LineChange, line_changes, line_fates
from cleaners.learning.site_pages import PageReading
from cleaners.segmentation.source_parts import source_parts
from cleaners.text.line_shape import is_prose

LOSSES: tuple[LineChange, ...] = ("removed", "record", "field")


class FieldGain(NamedTuple):
    """The pages with a story that has a time or a source only with a group of rules, and those that lose something by it."""

    gained: int
    lost: int

    @property
    def helps(self) -> bool:
        """Return whether a page gains a field, and none loses anything."""
        return self.gained > 0 and not self.lost


def time_gain(read: Iterable[Read]) -> FieldGain:
    """Return the gain by forms of time: pages whose own story has a time only with them."""
    return _gain((one, one[2].has_time and not one[1].has_time, False) for one in read)


def source_gain(read: Iterable[Read]) -> FieldGain:
    """Return the gain by names of publishers: pages with a story that has a source only with them, or one without a category.

    A story that gets another source loses its own.
    """
    return _gain((one, *_source_changes(*map(_sources, one[1:]))) for one in read)


def _gain(changes: Iterable[tuple[Read, bool, bool]]) -> FieldGain:
    """Return the sum over pages, each with whether it gains the field, and whether a story gets another value of it."""
    gained = lost = 0
    for read, gains, loses in changes:
        _, without, with_it = read
        gained += gains
        lost += loses or bool(_fields(without) - _fields(with_it)) or _loses_prose(read)
    return FieldGain(gained, lost)


def _sources(reading: PageReading) -> dict[str, str]:
    """Return the sources of the stories of a page by their titles."""
    return {record.title: record.source for record in (reading.cleaned.records if reading.cleaned is not None else ())}


def _source_changes(without: dict[str, str], with_it: dict[str, str]) -> tuple[bool, bool]:
    """Return whether a story gains a source or loses a category in it, and whether one gets another source."""
    changed = [(source, with_it[title]) for title, source in without.items() if with_it.get(title, source) != source]
    are_gains = [source_parts(source)[0] in ("", new) for source, new in changed]
    return any(are_gains), not all(are_gains)


def _fields(reading: PageReading) -> Counter[str]:
    """Return the titles of the records of a page, and how many records have a source, a time and authors."""
    found: Counter[str] = Counter()
    for record in reading.cleaned.records if reading.cleaned is not None else ():
        found.update({f"title {record.title}": record.title != "", "source": record.source != ""})
        found.update({"published": record.published != "", "authors": bool(record.authors)})
    return found


def _loses_prose(read: Read) -> bool:
    """Return whether a line of prose is removed, or becomes another field, or a part of another record."""
    page, without, with_it = read
    before, after = line_fates(page.lines, without.cleaned), line_fates(page.lines, with_it.cleaned)
    changes = line_changes(before, after)
    return any(change in LOSSES and is_prose(line.text) for line, change in zip(page.lines, changes, strict=True))
