"""The JSON Schema of the lines of an output folder, and the keys of a record.

Called by `flows.cli.consume` and `flows.export`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from cleaners import Record
from flows.layout import CONTRACT, LineName
from flows.output.lines import AuditLine, QuarantineLine
from flows.output.story_line import StoryLine

DIALECT = "https://json-schema.org/draft/2020-12/schema"
LINE_TYPES: dict[LineName, type[msgspec.Struct]] = {
    "record": Record,
    "audit": AuditLine,
    "quarantine": QuarantineLine,
    "story": StoryLine,
}


def json_schema(name: LineName) -> dict[str, Any]:
    """Return the JSON Schema of a line of records/, audit/, quarantine/ or stories/, made from its type."""
    line = LINE_TYPES[name]
    _, definitions = msgspec.json.schema_components([line], ref_template="#/$defs/{name}")
    for definition in definitions.values():
        if "properties" in definition:  # and no list of values
            definition["additionalProperties"] = False
    header = {"$schema": DIALECT, "$id": f"urn:dehusk:{name}:{CONTRACT}", "$comment": f"Contract {CONTRACT}."}
    schema = {**header, **definitions.pop(line.__name__), "title": f"dehusk {name}"}
    return schema | ({"$defs": definitions} if definitions else {})


@dataclass(frozen=True, slots=True)
class Column:
    """A key of a record, such as `page.site`; `type` is its type in JSON, `values` are those allowed, () for any."""

    name: str
    description: str
    type: str
    values: tuple[str, ...]
    is_time: bool


@cache
def columns() -> tuple[Column, ...]:
    """Return the keys of a record in order, with the keys of `page` in its place."""
    schema = json_schema("record")
    return tuple(_columns(schema["properties"], schema["$defs"], ""))


def _columns(properties: Mapping[str, Any], definitions: Mapping[str, Any], prefix: str) -> Iterator[Column]:
    for name, schema in properties.items():
        if "$ref" in schema:
            nested = definitions[schema["$ref"].rpartition("/")[2]]["properties"]
            yield from _columns(nested, definitions, f"{prefix}{name}.")
            continue
        options = schema.get("items", schema).get("anyOf", ())
        values = schema.get("enum") or [option["const"] for option in options if option.get("const")]
        is_time = any(option.get("format") == "date-time" for option in options)
        yield Column(f"{prefix}{name}", schema["description"], schema.get("type", "string"), tuple(values), is_time)
