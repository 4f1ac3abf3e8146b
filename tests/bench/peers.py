"""What others do with the same pages. Each peer is a function of a page, made when it is asked for; none writes anything."""

from __future__ import annotations

import contextlib
import html
import json
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
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    from cleaners import BadPage, Library, clean_page, shipped_packs
    from cleaners.html_page import html_page

    library = Library(shipped_packs())

    def clean(raw: bytes) -> None:
        with contextlib.suppress(BadPage):
            clean_page(html_page(raw, selectors=library.selectors), library)

    return {
        "dehusk": clean,
        "trafilatura": trafilatura.extract,
        "trafilatura fast": lambda raw: trafilatura.extract(raw, fast=True),
        "resiliparse": lambda raw: extract_plain_text(bytes_to_str(raw, detect_encoding(raw)), main_content=True),
    }


def read_html(folders: Iterable[str]) -> list[bytes]:
    """Return the bytes of all HTML pages in some folders, compressed or not, at any depth."""
    from collections import Counter

    from flows.containers import read_pages
    from flows.pages import RawPage
    from flows.rows import USUAL
    from flows.sources import find_sources

    sources, _ = find_sources(list(folders), Path())
    found = (page for source in sources for page in read_pages(source, USUAL, "", Counter()))
    return [page.raw for page in found if isinstance(page, RawPage)]
