"""The values of the fields of rows, in the forms that crawlers, feeds, databases and schema.org give them.

Called by `flows.inputs.row_fields` and `flows.inputs.feed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cleaners.dates.timestamps import iso_utc, published_time
from cleaners.document.page import MAX_NAMES, Precision
from cleaners.text.flattened.escapes import unescaped
from flows.inputs.capture_time import parse_capture_time

MAX_VALUE_CHARS = 2_000  # of a field other than text or HTML
MAX_DEPTH = 3  # of lists and objects in a value
# Where an object has its text: an object of schema.org, JSON-LD, WordPress, XML as JSON, or MongoDB.
TEXT_KEYS = ("name", "rendered", "@value", "#text", "$date", "$numberLong", "value", "text", "term", "label", "title", "@id")
CONTENT_KEYS = ("rendered", "@value", "#text", "value", "text", "html", "content")
GIVEN_NAMES = ("givenName", "given_name", "firstName", "first_name", "first")
FAMILY_NAMES = ("familyName", "family_name", "lastName", "last_name", "last")
NULLS = frozenset(("none", "null", "nan", "n/a", "undefined"))  # texts that programs write for no value
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|cite|em|font|i|mark|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_BLOCK_TAG = re.compile(r"</?(?:br|p|div|h[1-6]|li|ul)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_DAY_DIGITS = len("20250705")


def texts_of(value: object, depth: int = 0) -> Iterator[str]:
    """Yield the texts of a value, each as one line: the value itself, the name in an object, and those of a list.

    >>> list(texts_of([{"@type": "Person", "name": "Ina Varr"}, "Ole &amp;amp; <b>Brandt</b>", None, "null"]))
    ['Ina Varr', 'Ole & Brandt']
    """
    for item in value[:MAX_NAMES] if isinstance(value, list) else (value,):
        if isinstance(item, list | dict) and depth < MAX_DEPTH:
            yield from texts_of(_inner(item) if isinstance(item, dict) else item, depth + 1)
        elif isinstance(item, str):
            text = _as_line(item)
            if 0 < len(text) <= MAX_VALUE_CHARS and text.lower() not in NULLS:
                yield text


def _inner(item: Mapping[str, object]) -> object:
    """Return the value in an object that is its text: its name, or a given and a family name."""
    for key in TEXT_KEYS:
        if item.get(key) is not None:
            return item[key]
    names = [next((item[key] for key in keys if isinstance(item.get(key), str)), "") for keys in (GIVEN_NAMES, FAMILY_NAMES)]
    return " ".join(str(name) for name in names if name)


def _as_line(text: str) -> str:
    """Return a text as one line of valid Unicode, without escapes and tags."""
    line = unescaped(text.encode("utf-8", "replace").decode())
    if "<" in line:
        line = _BLOCK_TAG.sub(" ", _INLINE_TAG.sub("", line))
    return " ".join(line.split())


def content_in(name: str, value: object) -> tuple[str, str] | None:
    r"""Return the text in a field for text or HTML with the field's name, None without one: lines of a list are joined.

    >>> content_in("content", {"rendered": "<p>One.</p>"}), content_in("body", ["One.", None, "Two."]), content_in("body", [1])
    (('content.rendered', '<p>One.</p>'), ('body', 'One.\nTwo.'), None)
    """
    if isinstance(value, Mapping):
        return next(((f"{name}.{key}", value[key]) for key in CONTENT_KEYS if isinstance(value.get(key), str)), None)
    if isinstance(value, list) and all(item is None or isinstance(item, str) for item in value):
        return name, "\n".join(item for item in value if item)
    return (name, value) if isinstance(value, str) else None


def time_of(value: object) -> tuple[str, Precision]:
    """Return the time in a value with its precision: ISO 8601, or a number of seconds or their thousandths since 1970."""
    if isinstance(value, Mapping):
        value = _inner(value)
        if isinstance(value, Mapping):
            value = _inner(value)
    if isinstance(value, int | float) or (isinstance(value, str) and value.isascii() and value.isdigit()):
        moment = parse_capture_time(value, accept_date=True)
        return (iso_utc(moment), "day" if len(str(value)) == _DAY_DIGITS else "second") if moment is not None else ("", "")
    return published_time(next(texts_of(value), ""))


def language_in(text: str) -> str:
    """Return the ISO 639-1 code in the name of a locale, "" without one.

    >>> language_in("en_US.UTF-8"), language_in("__label__de"), language_in("Deutsch")
    ('en', 'de', '')
    """
    code = re.split(r"[-_.,;]", text.lower().removeprefix("__label__"), maxsplit=1)[0]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def tags_in(texts: list[str]) -> list[str]:
    """Return the tags in the texts of a field: a single text holds several ones between commas or strokes.

    >>> tags_in(["harbour, crane"]), tags_in(["#harbour #crane"]), tags_in(["Rust, Ohio", "crane"])
    (['harbour', 'crane'], ['harbour', 'crane'], ['Rust, Ohio', 'crane'])
    """
    if len(texts) == 1:
        words = texts[0].split()
        texts = words if len(words) > 1 and all(word.startswith("#") for word in words) else re.split(r"[,|]", texts[0])
    return [text.strip().removeprefix("#") for text in texts]
