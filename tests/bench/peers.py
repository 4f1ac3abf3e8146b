"""What others do with the same pages. Each peer is a function of a page, made when it is asked for; none writes anything."""

from __future__ import annotations

import contextlib
import hashlib
import html
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.bench.trials import seconds

Peer = Callable[[str], object]


def pass_through(path: Path) -> float:
    """Return the bytes a second of reading a file of JSON Lines and making each row anew: the floor of every tool."""
    import orjson

    begun = time.perf_counter()
    with path.open("rb") as file:
        for row in file:
            orjson.dumps(orjson.loads(row))
    return path.stat().st_size / (time.perf_counter() - begun)


def look_up(path: Path) -> float:
    """Return the bytes a second of the least that dehusk's own contract asks: what its cleaning is added to.

    Each line is looked up once by its key, in no rules; each page is one record, with its digest and language, and one segment,
    encoded and written.
    """
    import msgspec

    from cleaners.document.page import split_lines, stable_id
    from cleaners.output.record import PageInfo, Record, Segment
    from cleaners.text.language import language_of
    from cleaners.text.normalize import line_key

    encode, rules = msgspec.json.Encoder().encode, frozenset[str]()
    begun = time.perf_counter()
    with path.open("rb") as file, tempfile.TemporaryFile() as out:
        for row in file:
            raw = msgspec.json.decode(row)["text"]
            lines = [line for line in split_lines(raw) if line_key(line.text) not in rules]  # all of them
            text = "\n".join(line.text for line in lines)
            info = PageInfo(stable_id(raw), "", "", "", "", "article", "")
            record = Record(
                id=stable_id(info.id), kind="article", title="", text=text, source="", published="", published_raw="",
                published_precision="", category="", authors=[], tags=[], language=language_of(text), url="", attribution="",
                confidence=0.0, flags=[], parent_id="", position=0, page=info,
                text_sha256=hashlib.sha256(text.encode()).hexdigest(), duplicate_of="", rules="",
            )  # fmt: skip
            segment = Segment(lines[0].start, lines[-1].end, record.id, "text", None)
            out.write(encode(record) + b"\n" + encode([info, segment]) + b"\n")
    return path.stat().st_size / (time.perf_counter() - begun)


def texts_of(path: Path, size: int) -> list[str]:
    """Return the first pages of a file of JSON Lines, `size` bytes of them at least."""
    texts: list[str] = []
    with path.open("rb") as file:
        for row in file:
            texts.append(json.loads(row)["text"])
            if file.tell() >= size:
                break
    return texts


def rate(texts: Sequence[str], one: Peer) -> float:
    """Return the bytes a second at which a peer takes pages."""
    return sum(len(text.encode()) for text in texts) / seconds(texts, one)


def text_peers() -> dict[str, Peer]:
    """Return the peers that take plain text."""
    import justext
    import trafilatura
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter

    c4, fineweb, stoplist = C4QualityFilter(), FineWebQualityFilter(), justext.get_stoplist("English")
    return {
        "datatrove C4QualityFilter": lambda text: c4.filter(Document(text=text, id="")),
        "datatrove FineWebQualityFilter": lambda text: fineweb.filter(Document(text=text, id="")),
        "jusText on <p>": lambda text: justext.justext(paragraphs(text), stoplist),
        "trafilatura on <p>": lambda text: trafilatura.extract(paragraphs(text)),
    }


def paragraphs(text: str) -> str:
    """Return a text as HTML, each line of it a paragraph."""
    return f"<html><body>{''.join(f'<p>{html.escape(line)}</p>' for line in text.splitlines())}</body></html>"


def html_peers() -> dict[str, Callable[[bytes], object]]:
    """Return dehusk and the peers that take HTML pages."""
    import trafilatura
    import turbohtml
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    from cleaners import BadPage, Library, clean_page, shipped_packs
    from cleaners.html.reader import html_page

    library = Library(shipped_packs())

    def clean(raw: bytes) -> None:
        with contextlib.suppress(BadPage):
            clean_page(html_page(raw, selectors=library.selectors), library)

    return {
        "dehusk": clean,
        "trafilatura": trafilatura.extract,
        "trafilatura fast": lambda raw: trafilatura.extract(raw, fast=True),
        "resiliparse": lambda raw: extract_plain_text(bytes_to_str(raw, detect_encoding(raw)), main_content=True),
        "turbohtml": lambda raw: turbohtml.parse(raw).main_text(),
    }


def read_html(folders: Iterable[str]) -> list[bytes]:
    """Return the bytes of all HTML pages in some folders, compressed or not, at any depth."""
    from collections import Counter

    from flows.inputs.containers import read_pages
    from flows.inputs.listing import find_sources
    from flows.inputs.raw_page import RawPage
    from flows.options import USUAL

    sources, _ = find_sources(list(folders), Path())
    found = (page for source in sources for page in read_pages(source, USUAL, "", Counter()))
    return [page.raw for page in found if isinstance(page, RawPage)]
