"""The text of a manifest in pieces, so that very many shards need not be in memory at once.

Called by `flows.output.manifest`. A manifest is written with an indent of one: each of its own keys begins a line. Manifests of
any other form are read, too, as a whole.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from io import BufferedReader

import msgspec

from flows.display import printable_json

_KEY = b' "'  # at the beginning of a line
_SHARDS = b' "shards": [\n'
_NO_SHARDS = b'\n "shards": []'


def written(values: object, shards: Iterable[object]) -> Iterator[bytes]:
    """Yield the text of a manifest that has no shards among its values, with these shards."""
    head, found, tail = formatted(values).partition(_NO_SHARDS)
    yield head + found.removesuffix(b"]")
    separator = b"\n  "
    is_empty = True
    for shard in shards:
        yield separator + formatted(shard).replace(b"\n", b"\n  ")
        separator, is_empty = b",\n  ", False
    yield (b"]" if is_empty else b"\n ]") + tail + b"\n"


def formatted(value: object) -> bytes:
    """Return a value as the JSON of a manifest, without a line end behind it."""
    return printable_json(msgspec.json.format(msgspec.json.encode(value), indent=1))


def without(lines: Iterable[bytes], keys: Container[str]) -> bytes:
    """Return the text of a manifest without the lines of lists with these keys; one of another form may keep them."""
    kept = []
    is_left_out = False
    for line in lines:
        if line.startswith(_KEY):
            key, _, value = line.removeprefix(_KEY).partition(b'": ')
            is_left_out = value == b"[\n" and key.decode("utf-8", "replace") in keys
        is_left_out = is_left_out and not line.startswith(b"}")
        if not is_left_out:
            kept.append(line)
    text = b"".join(kept).rstrip()
    body = text.removesuffix(b"}").rstrip()
    return body.removesuffix(b",") + b"}" if text.endswith(b"}") and body.endswith(b",") else text


def shards_in(file: BufferedReader) -> Iterator[bytes]:
    """Yield the text of each shard of a manifest in this form, nothing for one of another form or without shards.

    Raises ValidationError for one that is cut off.
    """
    shard: list[bytes] = []
    is_inside = False
    for line in file:
        if not is_inside:
            is_inside = line == _SHARDS
        elif line.startswith(b" ]"):
            return
        else:
            shard.append(line)
            if line.rstrip() in (b"  }", b"  },"):
                yield b"".join(shard).rstrip().removesuffix(b",")
                shard = []
    if is_inside:
        raise msgspec.ValidationError("it ends among its shards")
