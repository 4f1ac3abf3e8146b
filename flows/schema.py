"""The JSON Schema of what is written, and the version of that contract."""

from __future__ import annotations

from typing import Any

import msgspec

from cleaners import Record
from flows.shard import AuditLine, QuarantineLine

# What readers of an output folder may count on: its folders, and the keys of their lines. MAJOR is raised when a key goes,
# is renamed, moved, or changes its type or meaning, or when a closed list such as the kinds gets a value; MINOR when a key
# or a flag is added. What was made for 1.2 reads 1.2 and any later 1.x; a schema is that of its own version alone.
CONTRACT = "1.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
LINES: dict[str, type[msgspec.Struct]] = {"record": Record, "audit": AuditLine, "quarantine": QuarantineLine}


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a line of records/, audit/ or quarantine/, as the types that are written say."""
    line = LINES[name]
    _, parts = msgspec.json.schema_components([line], ref_template="#/$defs/{name}")
    for part in parts.values():
        part["additionalProperties"] = False
    about = {"$schema": DIALECT, "$id": f"urn:dehusk:{name}:{CONTRACT}", "$comment": f"Contract {CONTRACT}."}
    schema = {**about, **parts.pop(line.__name__), "title": f"dehusk {name}"}
    return schema | ({"$defs": parts} if parts else {})
