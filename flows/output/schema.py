"""The JSON Schema of what is written, and the version of that contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from cleaners import Record
from flows.layout import CONTRACT
from flows.output.lines import AuditLine, QuarantineLine

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LINES: dict[str, type[msgspec.Struct]] = {"record": Record, "audit": AuditLine, "quarantine": QuarantineLine}


def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a line of records/, audit/ or quarantine/, as the types that are written say."""
    line = LINES[name]
    _, parts = msgspec.json.schema_components([line], ref_template="#/$defs/{name}")
    for part in parts.values():
        part["additionalProperties"] = False
    about = {"$schema": DIALECT, "$id": f"urn:dehusk:{name}:{CONTRACT}", "$comment": f"Contract {CONTRACT}."}
    schema = {**about, **parts.pop(line.__name__), "title": f"dehusk {name}"}
    return schema | ({"$defs": parts} if parts else {})


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
    schema = json_schema("record")
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
