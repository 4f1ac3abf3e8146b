"""The JSON Schema of packs, for editors that check TOML and complete its keys.

Called by `flows.cli.consume`. It is of draft 7, which taplo and the editors built on it read. What depends on more than one
key, but for the matches of a rule, is checked when a pack is loaded.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from cleaners.rules.language_words import LanguageWords
from cleaners.rules.layout import Layout
from cleaners.rules.model import MATCHES, Pack, Rule
from cleaners.rules.page_template import Evidence, PageTemplate
from cleaners.rules.refusal import Refusal
from cleaners.rules.source_names import SourceNames
from cleaners.rules.time_form import TimeForm

DIALECT = "http://json-schema.org/draft-07/schema#"
KEYS = Path(__file__).with_name("keys.toml")
TABLES: dict[str, type[msgspec.Struct]] = {
    "pack": Pack, "rule": Rule, "layout": Layout, "time": TimeForm, "source": SourceNames,
    "template": PageTemplate, "evidence": Evidence, "refusal": Refusal, "words": LanguageWords,
}  # fmt: skip


def meanings() -> dict[str, dict[str, str]]:
    """Return the meaning of each key of a pack, by the name of its table and its own."""
    return tomllib.loads(KEYS.read_text(encoding="utf-8"))


def pack_schema() -> dict[str, Any]:
    """Return the JSON Schema of a pack, made from its type and the meanings of its keys."""
    _, definitions = msgspec.json.schema_components([Pack], ref_template="#/definitions/{name}")
    for table, keys in meanings().items():
        definition = definitions[TABLES[table].__name__]
        definition["description"] = definition["description"].partition("\n")[0]
        for key, meaning in keys.items():
            definition["properties"][key] = {**_as_toml(definition["properties"][key]), "description": meaning}
    definitions[Rule.__name__]["oneOf"] = [{"required": [match]} for match in MATCHES]
    pack = definitions.pop(Pack.__name__)
    return {"$schema": DIALECT, "$id": "urn:dehusk:pack", **pack, "title": "dehusk pack", "definitions": definitions}


def _as_toml(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a value as draft 7 and TOML have it: no null, no list with a type for each place."""
    if "$ref" in schema:
        return {"allOf": [schema]}
    if options := [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]:
        (schema,) = options
        return _as_toml(schema)
    if "prefixItems" in schema:
        kinds = schema["prefixItems"]
        return {key: value for key, value in schema.items() if key != "prefixItems"} | {"items": kinds[0]}
    if isinstance(schema.get("items"), dict) and "$ref" not in schema["items"]:
        return {**schema, "items": _as_toml(schema["items"])}
    return schema
