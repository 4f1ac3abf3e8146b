"""A pack as TOML, with one key a line.

Called by `cleaners.learning.choice`, and by `flows.learning` to write it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cleaners.rules.model import Pack

PARTS = ("template", "time", "source", "layout", "rule")  # tables of their own
MAX_INLINE = 100  # characters of a list on one line


def pack_toml(pack: Pack) -> str:
    """Return a pack as TOML; keys with the value that they have by default are left out."""
    values: dict[str, Any] = msgspec.to_builtins(pack)
    top = {name: value for name, value in values.items() if name not in PARTS}
    tables = ["\n".join(_lines(top, Pack))]
    for name in PARTS:
        for part, item in zip(values[name], getattr(pack, name), strict=True):
            tables.append("\n".join((f"[[{name}]]", *_lines(part, type(item)))))
    return "\n\n".join(tables) + "\n"


def _lines(values: Mapping[str, Any], of: type[msgspec.Struct]) -> Iterator[str]:
    """Yield a line for each key with another value than the default."""
    defaults = {field.name: field.default for field in msgspec.structs.fields(of)}
    for name, value in values.items():
        default = defaults.get(name, msgspec.NODEFAULT)
        if value is None or value == msgspec.to_builtins(default if default is not msgspec.NODEFAULT else None):
            continue
        yield f"{name} = {_value(value)}"


def _value(value: object) -> str:
    """Return a value as TOML: a string, a number, a truth value, a list, or a table on one line."""
    if isinstance(value, str):
        return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_value(item)}" for name, item in value.items() if item != "") + " }"
    if isinstance(value, list | tuple):
        items = [_value(item) for item in value]
        line = f"[{', '.join(items)}]"
        return line if len(line) <= MAX_INLINE else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
