"""Tell the format of a pack, and refuse keys that are newer than the format it names.

Called by `cleaners.rules.load`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from cleaners.grammar.template import has_optional_part

NEWEST = 2
# The keys of format 2, by the table that they stand in; and the values of `where`.
PACK_KEYS = frozenset(("source", "template", "time", "times"))
PART_KEYS = frozenset(("evidence", "sureness", "template"))  # of rules and layouts
RULE_KEYS = PART_KEYS | {"between", "most", "with_last", "prose"}
LAYOUT_KEYS = PART_KEYS | {"below_text", "paragraphs"}
WHERES = frozenset(("before", "inside", "after"))
TEMPLATE_KEYS = ("line", "start", "end", "sentence", "fence", "lines")  # all but examples, which are plain texts


def check_format(raw: Mapping[str, object]) -> None:
    """Raise ValueError when a pack is of an unknown format, or uses a key of format 2 without naming that format."""
    number = raw.get("format", 1)
    if type(number) is not int or number < 1:
        raise ValueError(f"`format` is the number of a format of packs, such as {NEWEST}")
    if number > NEWEST:
        raise ValueError(f"it is of format {number}, which this dehusk does not know; use a newer dehusk, or format {NEWEST}")
    newer = next(_newer_keys(raw), None) if number == 1 else None
    if newer is not None:
        raise ValueError(f"{newer} needs `format = 2` at the top of the pack")


def _newer_keys(raw: Mapping[str, object]) -> Iterator[str]:
    """Yield the keys and values of format 2 in a pack, in words."""
    yield from (f"`{key}`" for key in raw if key in PACK_KEYS)
    for table, keys in (("rule", RULE_KEYS), ("layout", LAYOUT_KEYS)):
        for part in _tables(raw.get(table)):
            where = part.get("id", table)
            yield from (f"{where}: `{key}`" for key in part if key in keys)
            if table == "rule" and part.get("where") in WHERES:
                yield f'{where}: `where = "{part["where"]}"`'
            if any(has_optional_part(text) for text in _texts([part.get(key) for key in TEMPLATE_KEYS])):
                yield f"{where}: a part in {{?...}}"


def _tables(value: object) -> Iterator[Mapping[str, object]]:
    return (part for part in value if isinstance(part, dict)) if isinstance(value, list) else iter(())


def _texts(value: object) -> Iterator[str]:
    """Return all texts in lists, however deep."""
    if isinstance(value, list):
        return chain.from_iterable(map(_texts, value))
    return iter((value,) if isinstance(value, str) else ())
