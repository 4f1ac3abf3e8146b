"""Read feeds (RSS, Atom): each item is a page of its own, with the title, address, authors and time that the feed gives.

Called by `flows.inputs.containers`. feedparser declares no entity that refers to another, fetches nothing and keeps what it can
of a broken feed.
"""

from __future__ import annotations

import html
import io
import re
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal

from cleaners import BadPage
from cleaners.dates.timestamps import published_time
from cleaners.document.address import web_address
from cleaners.document.page import MAX_NAMES, Metadata
from flows.inputs.raw_page import RawPage, UnreadablePage
from flows.inputs.row_values import language_in, texts_of

MAX_TAGS = 1_000_000  # each may be an element in another, at half a kilobyte
_TAG = re.compile(r"<(?:/[a-z]|!--|[a-z][a-z0-9]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_WHOLE_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")
_REFERENCE = re.compile(rb"&#(?:x0*+([0-9a-f]*+)|0*+([0-9]*+));?+", re.IGNORECASE)
_MAX_DIGITS = 7  # of the number of a character
_NO_CHARACTER = b"&#65533;"  # stands for one that does not exist


def read_feed(raw: bytes, name: str) -> Iterator[RawPage | UnreadablePage]:
    """Yield the items of a feed as pages, each named by `name` and its number; one without any text is unreadable."""
    import feedparser  # few runs need it

    if (tags := raw.count(b"<")) > MAX_TAGS:
        problem = BadPage("too-large", f"the feed has {tags:,} tags; a feed may have {MAX_TAGS:,}")
        yield UnreadablePage(name, problem, len(raw), sha256(raw).hexdigest())
        return
    # From a stream it opens no file and no address. Our own reading of HTML drops scripts and resolves links.
    try:
        feed = feedparser.parse(io.BytesIO(_with_characters(raw)), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, OverflowError) as error:  # feedparser ends at a reference to no character, here in UTF-16
        yield UnreadablePage(
            name, BadPage("undecodable", f"the feed cannot be read: {error}"), len(raw), sha256(raw).hexdigest()
        )
        return
    if not feed.entries:
        fault = feed.get("bozo_exception")
        why = f"the feed cannot be read: {fault}"[:300] if fault else "the feed holds no item"
        yield UnreadablePage(name, BadPage("empty", why), len(raw), sha256(raw).hexdigest())
    for number, entry in enumerate(feed.entries):
        yield _page_of(entry, feed.feed, f"{name}#{number}")


def _with_characters(raw: bytes) -> bytes:
    """Return a feed with U+FFFD for each reference to no character: to half of one, or to a number beyond the last."""
    return _REFERENCE.sub(_sound_reference, raw)


def _sound_reference(found: re.Match[bytes]) -> bytes:
    digits = found[1] or found[2] or b"0"
    code = int(digits, 16 if found[1] else 10) if len(digits) <= _MAX_DIGITS else sys.maxunicode + 1
    return found[0] if code < 0xD800 or 0xE000 <= code <= sys.maxunicode else _NO_CHARACTER


def _page_of(entry: Mapping[str, Any], feed: Mapping[str, Any], name: str) -> RawPage | UnreadablePage:
    """Return the page of an item, its content or summary; the title is its text where the feed gives no more."""
    url = entry.get("link") or ""
    title = _line(entry, "title")
    text, media = _content(entry)
    text = text or title
    stored = text.encode("utf-8", "replace")
    if not text:
        return UnreadablePage(
            name, BadPage("empty", "the item of the feed holds no text and no title"), 0, sha256(b"").hexdigest()
        )
    published, precision = published_time(_line(entry, "published"))
    return RawPage(
        name=name,
        raw=stored,
        text=stored.decode(),
        url=web_address(url),
        media=media,
        metadata=Metadata(
            title=title,
            published=published,
            precision=precision,
            worded="" if published else _line(entry, "published"),
            source=_publisher(entry, feed, url),
            authors=_names(entry.get("authors"), "name"),
            tags=_names(entry.get("tags"), "term"),
            language=language_in(_line(feed, "language")),
        ),
    )


def _content(entry: Mapping[str, Any]) -> tuple[str, Literal["", "html"]]:
    """Return the longest content of an item, else its summary, and whether it is HTML."""
    contents = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    texts = [(content.get("value") or "", content.get("type") or "") for content in contents]
    whole, kind = max(texts, key=lambda text: len(text[0].strip()))
    if not whole.strip():
        return "", ""
    is_html = kind != "text/plain" and _TAG.search(whole) is not None
    return (whole, "html") if is_html else (whole if kind == "text/plain" else html.unescape(whole), "")


def _line(values: Mapping[str, Any], key: str) -> str:
    """Return a value of a feed as one line of text without markup."""
    line = next(texts_of(values.get(key)), "")
    return " ".join(_WHOLE_TAG.sub(" ", line).split()) if "<" in line else line


def _names(values: object, key: str) -> tuple[str, ...]:
    """Return the texts under a key of objects in a list, each once."""
    found = [value.get(key) for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []
    return tuple(dict.fromkeys(line for text in found for line in texts_of(text)))[:MAX_NAMES]


def _publisher(entry: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> str:
    """Return the publisher of an item: the feed that it names as its origin, else its own feed where its site bears that name.

    Many feeds are named by a section ("Latest news"); a name is a publisher's when the host of the item's address spells it.
    """
    if origin := _line(entry.get("source") or {}, "title"):
        return origin
    if publisher := _line(feed, "publisher"):
        return publisher
    host = "".join(_WORDS.findall((url or feed.get("link") or "").partition("://")[2].partition("/")[0].lower()))
    for part in re.split(r"\s+[-–—|:»›>·]+\s+|:\s+", _line(feed, "title")):
        spelled = "".join(_WORDS.findall(part.lower()))
        if len(spelled) > 2 and spelled in host:
            return part
    return ""
