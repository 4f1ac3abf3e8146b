"""Make the pages that the benchmarks read: unique ones, of the seeds and the labelled pages, the same bytes every time.

Three kinds of lines are told apart. What is short or labelled as clutter stands as it is. A paragraph is made anew of
sentences that its page or others in its language hold, and a headline of the first words of such a sentence; one that
stands twice on a page is the same both times.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random

from tests.support.labelled import load_cases, squash

MAX_FIXED_CHARS = 24  # menus, labels, times and sources of stories are no longer
MIN_PARAGRAPH_CHARS = 60
SHORT_LINE_BYTES = 37  # on average, as in the visible text of 5,271 pages of portals and newspapers
SENTENCE_ENDS = (".", "?", "!", "。")


@dataclass(frozen=True)
class Template:
    """A page to make others of: its lines, those of them that stand as they are, and sentences in its language.

    Lines of `menu` stand around it, as many as make its lines as short as those of portals on average.
    """

    lines: Sequence[str]
    fixed: frozenset[str]
    sentences: Sequence[str]
    menu: Sequence[str] = ()


def seed_like() -> Iterator[str]:
    """Yield pages like the two seeds without end: 18 KB of long paragraphs and embedded stories each."""
    cases = load_cases("daily8").values()
    seeds = [case for case in cases if case.get("seed")]
    texts = [case["text"] for case in seeds]
    shared = frozenset.intersection(*(frozenset(lines_of(text)) for text in texts))
    sentences = sentences_of(case["text"] for case in cases)
    templates = [
        Template(text.splitlines(), shared | clutter_of(case), sentences) for text, case in zip(texts, seeds, strict=True)
    ]
    return (make_page(template, number) for number, template in enumerate(cycle(templates)))


def short_lines() -> Iterator[str]:
    """Yield pages like those of portals without end: pages of many sites and languages among menus, 37 bytes a line."""
    cases = load_cases("aggregators").values()
    templates = []
    for case in cases:
        same = [other["text"] for other in cases if other["lang"] == case["lang"]]
        menu = sorted({line for text in same for line in lines_of(text) if len(line) <= MAX_FIXED_CHARS})
        template = Template(lines_of(case["text"]), clutter_of(case), sentences_of([case["text"]]), menu)
        templates += [template] if len(template.sentences) > 1 and len(menu) > 1 else []
    return (make_page(template, number) for number, template in enumerate(cycle(templates)))


def crawl(folders: Sequence[Path]) -> Iterator[str]:
    """Yield pages like those of some sites without end; each folder holds pages of one site as text files.

    A line that stands on two pages of its site stands as it is, as menus do; of the others those long enough are made anew, so
    that lines repeat from page to page as often as on the site.
    """
    templates = [template for folder in folders for template in _of_site(folder)]
    if not templates:
        raise ValueError(f"no .txt files with sentences in {', '.join(map(str, folders))}")
    return (make_page(template, number) for number, template in enumerate(cycle(templates)))


def _of_site(folder: Path) -> Iterator[Template]:
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.txt"))]
    pages = Counter(line for text in texts for line in set(lines_of(text)))
    fixed = frozenset(line for line, count in pages.items() if count > 1)
    sentences = sentences_of(texts)
    return (Template(lines_of(text), fixed, sentences) for text in texts if sentences)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def clutter_of(case: dict) -> frozenset[str]:
    wanted = {squash(line) for line in case["expected"]["clutter"]}
    return frozenset(line for line in lines_of(case["text"]) if squash(line) in wanted)


def sentences_of(texts: Iterable[str]) -> list[str]:
    """Return the sentences of paragraphs, in the order of the pages."""
    paragraphs = (line for text in texts for line in lines_of(text) if len(line) > MIN_PARAGRAPH_CHARS)
    found = (f"{sentence.strip()}." for line in paragraphs for sentence in line.replace("。", ". ").split(". "))
    return list(dict.fromkeys(sentence.replace("..", ".") for sentence in found if len(sentence) > MAX_FIXED_CHARS))


def make_page(template: Template, number: int) -> str:
    random = Random(number)
    made: dict[str, str] = {}
    for line in template.lines:
        if len(line) > MAX_FIXED_CHARS and line.strip() not in template.fixed and line not in made:
            made[line] = renewed(line, template.sentences, random)
    lines = [made.get(line, line) for line in template.lines]
    if template.menu:
        too_long = int(sum(len(line.encode()) for line in lines) - SHORT_LINE_BYTES * len(lines))
        around = []
        while too_long > 0:
            around.append(random.choice(template.menu))
            too_long -= SHORT_LINE_BYTES - len(around[-1].encode())
        half = len(around) // 2
        lines = [*around[:half], *lines, *around[half:]]
    return "\n".join(lines)


def renewed(line: str, sentences: Sequence[str], random: Random) -> str:
    """Return another line of about the same length and kind."""
    made = random.choice(sentences)
    while len(made) < len(line):
        made = f"{made} {random.choice(sentences)}"
    made = made[: len(line)].rpartition(" ")[0] or made[: len(line)]
    return f"{made}." if line.endswith(SENTENCE_ENDS) else made


def write_jsonl(pages: Iterable[str], size: int, path: Path) -> Path:
    """Write rows of pages until they have `size` bytes, unless the file is there; return its path."""
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            for page in pages:
                file.write(json.dumps({"text": page}, ensure_ascii=False).encode() + b"\n")
                if file.tell() >= size:
                    break
        part.replace(path)
    return path


def write_files(pages: Iterable[str], count: int, folder: Path) -> Path:
    """Write single files into a folder, a thousand in each folder in it, unless it is there; return its path."""
    if not folder.exists():
        part = folder.with_suffix(".part")
        for number, page in enumerate(islice(pages, count)):
            path = part / f"{number // 1000:03}" / f"{number:06}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page, encoding="utf-8")
        part.rename(folder)
    return folder


def write_wet(pages: Iterable[str], size: int, path: Path) -> Path:
    """Write a WET archive as Common Crawl has them, `size` bytes unpacked, unless it is there; return its path."""
    if not path.exists():
        import gzip

        part = path.with_suffix(".part")
        with part.open("wb") as file:
            left = size
            for number, page in enumerate(pages):
                record = _wet_record(page.encode(), number)
                file.write(gzip.compress(record, compresslevel=6, mtime=0))
                left -= len(record)
                if left <= 0:
                    break
        part.replace(path)
    return path


def _wet_record(body: bytes, number: int) -> bytes:
    head = (
        "WARC/1.0\r\nWARC-Type: conversion\r\n"
        f"WARC-Target-URI: https://news.example/{number}\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012x}>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"
