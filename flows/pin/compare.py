"""Compare the records of a pin with those that dehusk makes of its page now, field by field.

Called by `flows.pin.check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from flows.display import printable

Records = Sequence[Mapping[str, Any]]
MAX_CHARS = 60  # of a value that is shown
CONTEXT_CHARS = 20  # before the place where two values begin to differ
MAX_TITLE_CHARS = 40
DIGEST = "text_sha256"


class Difference(NamedTuple):
    """A difference between the pinned records of a page and the present ones: its place, and both values in short.

    A record that there was not before has "" for `pinned`, one that is gone has "" for `now`.
    """

    place: str
    pinned: str
    now: str


def differences(pinned: Records, now: Records) -> Iterator[Difference]:
    """Yield each difference between the records of a page, which are matched by their ids, else by their positions."""
    if pinned == now:
        return
    partners = _partners(pinned, now)
    found = False
    for number, record in enumerate(pinned):
        other = now[partners[number]] if number in partners else None
        if other is None:
            yield Difference(_name(record), "pinned", "")
            found = True
            continue
        for field, before, after in _fields(record, other):
            yield Difference(f"{_name(record)}, {printable(field)}", *shown(before, after))
            found = True
    for number in sorted(set(range(len(now))) - set(partners.values())):
        yield Difference(_name(now[number]), "", "new")
        found = True
    if not found:
        yield Difference("all records", *shown([record.get("id") for record in pinned], [record.get("id") for record in now]))


def _partners(pinned: Records, now: Records) -> dict[int, int]:
    """Return for the number of a pinned record that of the present one to compare it with."""
    partners: dict[int, int] = {}
    left = dict.fromkeys(range(len(now)))
    for key in ("id", "position"):
        for number, record in enumerate(pinned):
            if number not in partners:
                same = next((other for other in left if now[other].get(key) == record.get(key)), None)
                if same is not None:
                    partners[number] = same
                    del left[same]
    return partners


def _fields(pinned: Mapping[str, Any], now: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield the fields with different values, those of `page` as `page.site`; the value of a missing field is None.

    The digest of a text differs with the text, and is not named beside it.
    """
    for field in dict.fromkeys((*pinned, *now)):
        before, after = pinned.get(field), now.get(field)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _fields(before, after, f"{above}{field}.")
        elif field == DIGEST and pinned.get("text") != now.get("text"):
            continue
        elif before != after or (field in pinned) != (field in now):
            yield f"{above}{field}", before, after


def _name(record: Mapping[str, Any]) -> str:
    """Return the name of a record in messages: its kind, its position and the beginning of its title."""
    title = printable(str(record.get("title", "")))
    shortened = f"{title[:MAX_TITLE_CHARS]}…" if len(title) > MAX_TITLE_CHARS else title
    return f"{printable(str(record.get('kind')))} {printable(str(record.get('position')))} ({shortened or 'no title'})"


def shown(pinned: object, now: object) -> tuple[str, str]:
    """Return two values from the place on where they differ, in short.

    >>> shown("The ferry to the islands is back.", "The ferry to the islands is late.")
    ('…y to the islands is back."', '…y to the islands is late."')
    """
    before, after = _in_words(pinned), _in_words(now)
    same = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, same - CONTEXT_CHARS)
    return _piece(before, start), _piece(after, start)


def _in_words(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list) and all(isinstance(item, str) for item in value) and len(value) > 1:
        return printable(" / ".join(value))
    return printable(msgspec.json.encode(value).decode())


def _piece(text: str, start: int) -> str:
    end = start + MAX_CHARS
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
