"""Containers and bytes: rows, archives, feeds, pages saved by browsers, odd encodings, compressed files."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from email.message import EmailMessage
from html import escape
from random import Random

from flows.inputs.compression import zstd
from flows.inputs.row_fields import NAMES
from tests.fuzz.html import URLS, html_page, json_ld, odd_value
from tests.fuzz.text import text_page
from tests.fuzz.words import CHARACTERS, MARKS, TITLES, pick, time
from tests.support import warcs

ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp1251", "koi8-r",
    "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp", "cp1256", "iso-8859-8", "tis-620", "mac-roman",
    "utf-7", "cp437", "cp037",
)  # fmt: skip
ROW_NAMES = tuple(name for names in NAMES.values() for name in names)


def page(rng: Random) -> str:
    return (html_page if rng.random() < 0.4 else text_page)(rng)


def rows(rng: Random) -> bytes:
    """Return rows of JSON with usual and odd fields and values of all types, some lines torn."""
    lines = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        row: dict[str, object] = {rng.choice(("text", "html", "content", "body", "raw_html", "article")): page(rng)}
        for name in rng.sample(ROW_NAMES, rng.randint(0, 6)):
            row[name] = rng.choice((odd_value(rng), odd_value(rng), time(rng), rng.choice(URLS), json_ld(rng, 2)))
        if rng.random() < 0.15:
            row = {
                rng.choice(("metadata", "article", "data", "_source", "articles", "x")): rng.choice((row, [row, row], [row, 7]))
            }
        line = json.dumps(row, ensure_ascii=rng.random() < 0.5)
        if rng.random() < 0.1:
            at = rng.randint(0, len(line))
            line = (
                line[:at]
                + rng.choice(("", "\n", "\\ud800", "\x00", pick(rng, CHARACTERS, MARKS)))
                + line[at + rng.randint(0, 3) :]
            )
        lines.append(line)
    text = rng.choice(("\n", "\n", "\n", "\r\n", "\n\n", ",\n")).join(lines)
    if rng.random() < 0.1:
        text = f"[{text}]"
    return text.encode("utf-8", "surrogatepass")


def archive(rng: Random) -> bytes:
    """Return a web archive of responses and texts, now and then with a wrong length or a torn head."""
    found = b""
    for number in range(rng.choice((1, 1, 2))):
        body = page(rng).encode(rng.choice(("utf-8", "utf-8", "utf-16", "cp1252")), "replace")
        media = rng.choice(
            ("text/html", "text/html; charset=utf-8", "text/html; charset=x-unknown", "text/plain", "application/pdf", "x")
        )
        if rng.random() < 0.2:
            found += warcs.record(rng.choice(URLS), body, "conversion", "text/plain")
            continue
        more = rng.choice(({}, {}, {"Content_Encoding": "gzip"}, {"Transfer_Encoding": "chunked"}, {"Set_Cookie": "\x1b[31m"}))
        if "Content_Encoding" in more and rng.random() < 0.7:
            body = gzip.compress(body, mtime=0)
        status = rng.choice(("200 OK", "200 OK", "200 OK", "404 Not Found", "x"))
        url = rng.choice((f"https://quaypost.example/{number}", rng.choice(URLS)))
        one = warcs.record(url, warcs.http(body, status, media, **more))
        if rng.random() < 0.15:
            one = one.replace(b"Content-Length: ", rng.choice((b"Content-Length: 9", b"Content-Length: -", b"Content-Length")))
        if rng.random() < 0.15:
            one = one.replace(b"2025-07-05T12:00:00Z", odd_value(rng).encode("utf-8", "replace").replace(b"\n", b" "))
        found += one
    return gzip.compress(found, mtime=0) if rng.random() < 0.3 else found


def feed(rng: Random) -> bytes:
    """Return a feed whose items hold text or HTML, escaped or as they are."""
    items = []
    for _ in range(rng.choice((1, 1, 2))):
        text = rng.choice((escape(page(rng)), f"<![CDATA[{page(rng)}]]>", page(rng)))
        items.append(
            f"<item><title>{escape(odd_value(rng))}</title><link>{escape(rng.choice(URLS))}</link><pubDate>{escape(time(rng))}</pubDate>"
            f"<author>{escape(odd_value(rng))}</author><description>{text}</description></item>"
        )
    whole = (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>{rng.choice(TITLES)}</title>{''.join(items)}</channel></rss>"
    )
    raw = whole.encode(rng.choice(("utf-8", "utf-8", "utf-8", "utf-16", "cp1252")), "replace")
    return flipped(rng, raw) if rng.random() < 0.2 else raw


def saved(rng: Random) -> bytes:
    """Return a page as browsers save it, in one e-mail."""
    message = EmailMessage()
    message["Snapshot-Content-Location"] = rng.choice(URLS[:5])
    message["Date"] = rng.choice(("Tue, 6 Feb 2024 19:00:00 -0000", "x", "Tue, 99 Feb 99999 19:00:00 +9999"))
    message["MIME-Version"] = "1.0"
    cte = rng.choice(("quoted-printable", "base64"))
    message.set_content(html_page(rng).encode("utf-8", "replace").decode(), subtype="html", charset="utf-8", cte=cte)
    raw = message.as_bytes()
    return flipped(rng, raw) if rng.random() < 0.3 else raw


def encoded(rng: Random) -> bytes:
    """Return a page in one of many encodings, its bytes damaged now and then."""
    raw = page(rng).encode(rng.choice(ENCODINGS), rng.choice(("replace", "xmlcharrefreplace", "ignore")))
    return flipped(rng, raw) if rng.random() < 0.4 else raw


def compressed(rng: Random) -> bytes:
    """Return a compressed page, cut off or damaged now and then."""
    raw = rng.choice((rows, encoded, lambda r: page(r).encode("utf-8", "replace")))(rng)
    packed = rng.choice((
        lambda: gzip.compress(raw, mtime=0), lambda: bz2.compress(raw), lambda: lzma.compress(raw),
        lambda: zstd.compress(raw), lambda: gzip.compress(raw, mtime=0) * 2,
    ))()  # fmt: skip
    if rng.random() < 0.2:
        packed = packed[: rng.randint(1, len(packed))]
    return flipped(rng, packed) if rng.random() < 0.2 else packed


def flipped(rng: Random, raw: bytes) -> bytes:
    """Return bytes with a few of them changed, lost or doubled."""
    found = bytearray(raw)
    for _ in range(rng.randint(1, 8)):
        at = rng.randint(0, len(found))
        found[at : at + rng.randint(0, 2)] = bytes(
            rng.choice((0, 0x1B, 0x80, 0xC2, 0xED, 0xFF, rng.randint(0, 255))) for _ in range(rng.randint(0, 2))
        )
    return bytes(found)
