"""The keys of a record one by one, those of its page too, as its schema tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flows.schema import schema_of


@dataclass(frozen=True, slots=True)
class Column:
    """A key, as in `page.site`: what it says, its type in JSON, the values that it may have (() for any), if it is a time."""

    name: str
    about: str
    type: str
    values: tuple[str, ...]
    is_time: bool


@cache
def columns() -> tuple[Column, ...]:
    """Return the keys of a record in their order, with those of `page` in its place."""
    schema = schema_of("record")
    return tuple(_columns(schema["properties"], schema["$defs"], ""))


def _columns(properties: Mapping[str, Any], parts: Mapping[str, Any], prefix: str) -> Iterator[Column]:
    for name, said in properties.items():
        if "$ref" in said:
            yield from _columns(parts[said["$ref"].rpartition("/")[2]]["properties"], parts, f"{prefix}{name}.")
            continue
        options = said.get("items", said).get("anyOf", ())
        values = said.get("enum") or [option["const"] for option in options if option.get("const")]
        is_time = any(option.get("format") == "date-time" for option in options)
        yield Column(f"{prefix}{name}", said["description"], said.get("type", "string"), tuple(values), is_time)
