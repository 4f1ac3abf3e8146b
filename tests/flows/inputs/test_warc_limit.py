"""Web archives that unpack without end: they are read up to there, and honest ones to their end."""

from __future__ import annotations

import gzip
import io
from collections import Counter

import pytest

from flows.inputs import compression, warc_limit
from flows.inputs.raw_page import UnreadablePage
from flows.inputs.warc import read_warc
from flows.inputs.warc_limit import beginning, endless_from
from tests.support.warcs import HTML, SAID, http, page, record

ENDLESS = (
    gzip.compress(record("https://quaypost.example/1", http(b"<p>" + b"a" * 1_000_000))),
    gzip.compress(record("https://quaypost.example/1", bytes(1_000_000), "request")),
    gzip.compress(page(1) + b"\r\n" * 500_000),
    gzip.compress(b"\r\n" * 500_000),
)


@pytest.fixture(autouse=True)
def _low_floor(monkeypatch):
    for module in (compression, warc_limit):
        monkeypatch.setattr(module, "MIN_MAX_BYTES", 2_000_000)


def read(content: bytes, start: int = 0) -> tuple[list[int], list[str]]:
    """Return the numbers of the pages in an archive, and what is said of its other parts."""
    found = list(read_warc(io.BytesIO(content), start, None, "a.warc.gz", Counter()))
    bad = [f"{one.name} {one.problem.reason}" for one in found if isinstance(one, UnreadablePage)]
    return [int(one.url.rpartition("/")[2]) for one in found if not isinstance(one, UnreadablePage)], bad


@pytest.mark.parametrize("member", ENDLESS)
@pytest.mark.parametrize("start", [0, 2])
def test_an_archive_without_end_is_read_up_to_there(member, start):
    pages = [gzip.compress(page(number)) for number in range(2, 7)]
    begin = sum(map(len, pages[:start]))
    content = b"".join(pages) + member * 100 + gzip.compress(page(9))
    limit = endless_from(io.BytesIO(content), begin, None)
    numbers, bad = read(content, begin)
    assert [number for number in numbers if number > 1] == [2, 3, 4, 5, 6][start:]
    assert bad[-1] == f"a.warc.gz#{limit} compressed"
    assert (limit - sum(map(len, pages))) % len(member) == 0
    assert 1 <= (limit - sum(map(len, pages))) // len(member) <= 2


def test_bodies_that_unpack_without_end_are_counted():
    body = gzip.compress(b"<p>" + b"a" * 900_000)
    content = b"".join(record(f"https://quaypost.example/{number}", http(body, Content_Encoding="gzip")) for number in range(9))
    numbers, bad = read(content)
    assert numbers == [0, 1]
    assert bad == [f"a.warc.gz#{2 * len(content) // 9} compressed"]


def test_an_archive_as_crawlers_write_it_is_read_to_its_end():
    texts = [HTML.format(f"Crane {number}", f"{SAID} {number} " * 100) for number in range(400)]
    records = [gzip.compress(record(f"https://quaypost.example/{number}", http(text.encode())))
               for number, text in enumerate(texts)]  # fmt: skip
    content = b"".join(records)
    assert sum(map(len, texts)) > 3 * compression.MIN_MAX_BYTES
    assert read(content) == (list(range(400)), [])


def test_the_look_for_an_end_goes_on_after_damage():
    good = gzip.compress(page(2))
    broken = good[:-12] + bytes(12)
    content = good + broken + good + ENDLESS[0] * 100
    assert endless_from(io.BytesIO(content), 0, None) == len(good + broken + good + ENDLESS[0])
    numbers, bad = read(content)
    assert (numbers[:2], bad[-1].split()[1]) == ([2, 2], "compressed")


def test_a_small_archive_is_not_unpacked_to_look_for_its_end(monkeypatch):
    monkeypatch.setattr(warc_limit, "read_member", None)
    assert endless_from(io.BytesIO(bytes(1_900)), 0, None) is None


def test_the_beginning_of_a_file_is_read_as_a_file():
    file = beginning(io.BytesIO(b"0123456789"), 6)
    assert (file.read(4), file.read(4), file.read(), file.seek(0, io.SEEK_END), file.seek(2), file.tell()) == (
        b"0123", b"45", b"", 6, 2, 2,
    )  # fmt: skip
    assert file.read() == b"2345"
