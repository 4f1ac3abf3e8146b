"""A memo of lines that is bounded by their number and by their characters, as hostile lines are long.

Made by `cleaners.dates.find`.
"""

from __future__ import annotations

from typing import TypeVar

Value = TypeVar("Value")


class LineMemo(dict[str, Value]):
    """Values by line; `fewest` lines are always remembered, and `most_chars` characters of them from page to page.

    >>> memo = LineMemo(2, 10)
    >>> for line in ("a", "b", "c"):
    ...     memo.add(line, line.upper())
    >>> memo
    {'c': 'C'}
    >>> memo.begin_page(1)
    >>> memo.add("a long line", "")
    >>> memo.begin_page(1)
    >>> memo
    {}
    """

    def __init__(self, fewest: int, most_chars: int) -> None:
        self._fewest = self._most = fewest
        self._most_chars, self._chars = most_chars, 0

    def begin_page(self, lines: int) -> None:
        """Make room for two values of each line of a page."""
        self._most = max(self._fewest, 2 * lines)
        if len(self) > self._most or self._chars > self._most_chars:
            self._forget()

    def add(self, line: str, value: Value) -> None:
        """Remember the value of a line; all others are forgotten when there is no room."""
        if len(self) >= self._most:
            self._forget()
        self._chars += len(line)
        self[line] = value

    def _forget(self) -> None:
        self.clear()
        self._chars = 0
