"""The names of the fields that rows offer, by their use: counted row by row, added up over shards, and put into words.

Filled by `flows.execution.shard` and `flows.execution.single_file`; shown by `flows.cli` and the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

import msgspec

# The parts of a record that the fields of a row fill.
Use = Literal["text", "html", "url", "title", "authors", "published", "source", "language", "tags", "captured_at"]
USES: tuple[Use, ...] = get_args(Use)
MAX_NAMES = 100  # of one use, and of the fields that are not used
MAX_NAME_CHARS = 60
NAMES_IN_WORDS = {True: 3, False: 20}  # in a sentence: of one use, and of the fields that are not used


class FieldNames(NamedTuple):
    """The names of the fields of one row: by their use, and of those that are not used."""

    used: Mapping[Use, str]
    unused: tuple[str, ...]


class RowNames(msgspec.Struct):
    """The names of the fields of rows, each with the number of its rows: by their use, and of those without any.

    Of very many names the shortest are kept, so that the sum over shards is the same in any order.
    """

    rows: int = 0
    used: dict[str, dict[str, int]] = {}
    unused: dict[str, int] = {}

    def add(self, names: FieldNames) -> None:
        """Count the names of a row."""
        self.rows += 1
        for use, name in names.used.items():
            _count(self.used.setdefault(use, {}), {name: 1})
        _count(self.unused, dict.fromkeys(names.unused, 1))

    def __add__(self, other: RowNames) -> RowNames:
        total = RowNames(self.rows + other.rows)
        for part in (self, other):
            for use, names in part.used.items():
                _count(total.used.setdefault(use, {}), names)
            _count(total.unused, part.unused)
        return total

    def in_order(self) -> RowNames:
        """Return the same with uses in their usual order and the most frequent names first; a used name is never unused."""
        used: dict[str, dict[str, int]] = {use: _most_first(self.used[use]) for use in USES if self.used.get(use)}
        any_use = {name for names in used.values() for name in names}
        unused = {name: rows for name, rows in self.unused.items() if name not in any_use}
        return RowNames(self.rows, used, _most_first(unused))


def _count(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for name, rows in more.items():
        shown = name.encode("utf-8", "backslashreplace").decode()[:MAX_NAME_CHARS]
        counts[shown] = counts.get(shown, 0) + rows
    for name in sorted(counts, key=_length_first)[MAX_NAMES:] if len(counts) > MAX_NAMES else ():
        del counts[name]


def _length_first(name: str) -> tuple[int, str]:
    return len(name), name


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def in_words(names: RowNames) -> list[str]:
    """Return sentences on the fields of rows: the used ones with their use, and the others; none without rows.

    >>> names = RowNames()
    >>> names.add(FieldNames({"text": "content", "title": "headline"}, ("id",)))
    >>> names.add(FieldNames({"text": "body", "title": "headline"}, ("id",)))
    >>> for sentence in in_words(names):
    ...     print(sentence)
    fields of 2 rows: text from 'body' (1) and 'content' (1); title from 'headline'
    fields of the rows that are not used: 'id'
    """
    if not names.rows:
        return []
    names = names.in_order()
    used = "; ".join(f"{use} from {_listed(found, names.rows, is_used=True)}" for use, found in names.used.items())
    rows = "the only row" if names.rows == 1 else f"{names.rows:,} rows"
    sentences = [f"fields of {rows}: {used or 'none is used'}"]
    if names.unused:
        sentences.append(f"fields of the rows that are not used: {_listed(names.unused, names.rows, is_used=False)}")
    return sentences


def _listed(names: Mapping[str, int], rows: int, *, is_used: bool) -> str:
    """Return the first names as a list, with the number of rows for used ones that not all rows have."""
    most = NAMES_IN_WORDS[is_used]
    shown = [f"{name!r} ({number:,})" if is_used and number < rows else repr(name) for name, number in names.items()][:most]
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
