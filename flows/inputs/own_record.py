"""Recognise a record of dehusk in a row, so that its text can be kept as it is.

Called by `flows.inputs.jsonl`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from cleaners.document.controls import without_controls
from cleaners.document.page import Metadata, split_lines
from cleaners.output.record import FLAGS
from flows.inputs.row_names import FieldNames

KEYS = ("flags", "rules", "text_sha256")  # those that are used beside its title and text


def rules_of_record(row: Mapping[str, object]) -> str:
    """Return the digest of the rules that made a record of dehusk, "" for any other row, and for a record that was edited.

    Its text has the digest that the record names, and the form of all texts of records: lines with signs in them, without white
    space around them and without control characters.
    """
    text, rules = row.get("text"), row.get("rules")
    if not isinstance(text, str) or not isinstance(rules, str) or not isinstance(row.get("title"), str):
        return ""
    try:
        is_whole = hashlib.sha256(text.encode()).hexdigest() == row.get("text_sha256")
    except UnicodeEncodeError:
        return ""
    has_form = text == without_controls(text) and text == "\n".join(line.text for line in split_lines(text))
    return rules if is_whole and has_form else ""


def flags_of_record(row: Mapping[str, object]) -> tuple[str, ...]:
    """Return the flags of a record that dehusk knows: they say as much of its text when it is read again."""
    flags = row.get("flags")
    return tuple(flag for flag in FLAGS if flag in flags) if isinstance(flags, list) else ()


def metadata_of_record(row: Mapping[str, object], metadata: Metadata) -> Metadata:
    """Return the `metadata` of a row with the title of a record as it is: what looks like an escape or a tag in it is text."""
    return metadata._replace(title=" ".join(str(row["title"]).split()))


def names_of_record(names: FieldNames) -> FieldNames:
    """Return the names of the fields of a record: those by which it is recognised are used."""
    return names._replace(unused=tuple(name for name in names.unused if name not in KEYS))
