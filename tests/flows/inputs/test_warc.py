"""Web archives: which records are pages, how they are decoded, and that damage costs no more than what is damaged."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import zlib
from collections import Counter

import brotli
import pytest

from flows.inputs import warc
from flows.inputs.compression import zstd
from flows.inputs.containers import pages_in
from flows.inputs.discovery import Source
from flows.inputs.raw_page import UnreadablePage, page_of
from flows.inputs.warc import read_warc
from flows.inputs.warc_index import cut_offsets, magic_of, next_record
from flows.options import USUAL
from tests.support.warcs import HTML, SAID, http, page, record

PACKERS = (bytes, gzip.compress)


def read(content: bytes, start: int = 0, end: int | None = None) -> list:
    return list(read_warc(io.BytesIO(content), start, end, "a.warc", Counter()))


def in_file(content: bytes, name: str = "a.warc.x") -> list:
    return list(pages_in(io.BytesIO(content), Source("", name, len(content)), USUAL, Counter()))


def numbers(found: list) -> list[int]:
    return [int(page.url.rpartition("/")[2]) for page in found if not isinstance(page, UnreadablePage)]


@pytest.mark.parametrize("pack", PACKERS)
def test_the_pages_of_an_archive_are_read(pack):
    records = [pack(page(number)) for number in range(3)]
    found = read(b"".join(records))
    assert numbers(found) == [0, 1, 2]
    assert [one.name for one in found] == [f"a.warc#{sum(map(len, records[:i]))}" for i in range(3)]
    assert {one.captured_at.isoformat() for one in found} == {"2025-07-05T12:00:00+00:00"}
    assert page_of(found[0]).text == f"Crane number 0 to go\n{SAID}\n{SAID} It was late."


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress, bz2.compress])
def test_records_in_one_compressed_stream_are_named_by_their_places_in_it(pack):
    assert [one.name for one in in_file(pack(page(0) + page(1)))] == ["a.warc.x#0", f"a.warc.x#{len(page(0))}"]


def test_text_made_of_pages_is_read():
    (found,) = read(record("https://quaypost.example/1", SAID.encode(), "conversion", "text/plain"))
    assert (page_of(found).text, found.url) == (SAID, "https://quaypost.example/1")


def test_what_is_no_page_is_counted():
    over: Counter[str] = Counter()
    records = [
        record("", b"software: x", "warcinfo", "application/warc-fields"),
        record("https://a.example/", b"GET / HTTP/1.1\r\n\r\n", "request", "application/http; msgtype=request"),
        record("https://a.example/x.png", http(b"\x89PNG", media="image/png")),
        record("https://a.example/gone", http(b"<p>Not here", "404 Not Found")),
        record("dns:a.example", b"20250705120000\na.example. 1 IN A 10.0.0.1", "response", "text/dns"),
        record("https://a.example/", b"", "revisit"),
        page(1),
    ]
    assert numbers(list(read_warc(io.BytesIO(b"".join(records)), 0, None, "a", over))) == [1]
    assert over == {
        "warcinfo record": 1, "request record": 1, "neither HTML nor text": 1, "HTTP status 404": 1,
        "response that is not HTTP": 1, "revisit record": 1,
    }  # fmt: skip


BODY = HTML.format("Crane to go", SAID).encode()
CHUNKED = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:50], BODY[50:])) + b"0\r\n\r\n"
RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (BODY, {}),
        (CHUNKED, {"Transfer_Encoding": "chunked"}),
        (gzip.compress(BODY), {"Content_Encoding": "gzip"}),
        (gzip.compress(BODY[:50]) + gzip.compress(BODY[50:]), {"Content_Encoding": "gzip"}),
        (gzip.compress(BODY), {"Content_Encoding": "deflate"}),
        (zlib.compress(BODY), {"Content_Encoding": "deflate"}),
        (RAW_DEFLATE.compress(BODY) + RAW_DEFLATE.flush(), {"Content_Encoding": "deflate"}),
        (brotli.compress(BODY), {"Content_Encoding": "br"}),
        (zstd.compress(BODY), {"Content_Encoding": "zstd"}),
        (BODY, {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"}),
        (BODY, {"Content_Encoding": "br"}),
        (BODY, {"Content_Encoding": "nonsense"}),
    ],
)
def test_what_a_server_coded_is_decoded_and_what_is_decoded_already_is_left(body, sent):
    (found,) = read(record("https://a.example/", http(body, **sent)))
    assert found.raw == BODY
    assert found.flags == ()


def test_a_text_is_not_taken_for_a_chunk():
    text = b"Dead calm on the Sound\r\nThe ferry stayed in port."
    (found,) = read(record("https://a.example/", http(text, media="text/plain", Transfer_Encoding="chunked")))
    assert found.raw == text


def test_a_body_cut_off_is_read_as_far_as_it_goes():
    for body, sent in (
        (gzip.compress(BODY * 50)[:-20], {"Content_Encoding": "gzip"}),
        (CHUNKED[:-40], {"Transfer_Encoding": "chunked"}),
        (BODY, {"Content_Encoding": "identity"}),
    ):
        more = {"WARC_Truncated": "length"} if body == BODY else {}
        (found,) = read(record("https://a.example/", http(body, **sent), **more))
        assert found.raw.startswith(BODY[:50])
        assert found.flags == ("page-truncated",)


def test_a_bomb_is_too_large(monkeypatch):
    monkeypatch.setattr(warc, "MAX_PAGE_BYTES", 1_000_000)
    for coding, packed in (("gzip", gzip.compress(bytes(9_000_000))), ("br", brotli.compress(bytes(9_000_000)))):
        bomb, after = read(record("https://a.example/", http(packed, Content_Encoding=coding)) + page(1))
        assert (bomb.problem.reason, after.url) == ("too-large", "https://quaypost.example/1")
    large, after = read(record("https://a.example/", http(bytes(2_000_000))) + page(1))
    assert (large.problem.reason, after.url) == ("too-large", "https://quaypost.example/1")


def test_the_encoding_that_a_server_declares_is_believed():
    (found,) = read(
        record("https://a.example/", http("<p>Żółw</p>".encode("iso-8859-2"), media="text/html; charset=ISO-8859-2"))
    )
    assert page_of(found).text == "Żółw"
    (found,) = read(record("https://a.example/", http("Żółw".encode("iso-8859-2"), media="text/plain; charset=ISO-8859-2")))
    assert page_of(found).text == "Żółw"


@pytest.mark.parametrize("length", ["99999999999999999999", "9999999", "-5", "abc", "2", ""])
@pytest.mark.parametrize("pack", PACKERS)
def test_a_wrong_length_costs_no_other_page(pack, length):
    wrong = record("https://quaypost.example/9", http(BODY), Content_Length=length)
    found = read(pack(page(1)) + pack(wrong) + pack(page(2)) + pack(page(3)))
    assert [number for number in numbers(found) if number != 9] == [1, 2, 3]
    assert any(isinstance(one, UnreadablePage) for one in found)
    assert all(one.problem.reason in ("warc", "empty") for one in found if isinstance(one, UnreadablePage))


@pytest.mark.parametrize("pack", PACKERS)
def test_what_is_no_archive_between_records_is_told_and_passed(pack):
    broken, *_ = found = [*read(pack(page(1)) + b"stray bytes\n" * 9 + pack(page(2)))[1:]]
    assert broken.problem.reason == "warc"
    assert numbers(found) == [2]


@pytest.mark.parametrize("pack", PACKERS)
def test_what_is_broken_is_named_by_its_own_place(pack):
    first = pack(page(0)) + pack(page(1))
    long = record("https://quaypost.example/9", http(BODY), X_Long="x" * 400_000)
    for bad in (pack(long), b"stray bytes\n" * 9):
        for more in (pack(page(2)), b""):
            found = read(first + bad + more)
            assert [one.name for one in found if isinstance(one, UnreadablePage)] == [f"a.warc#{len(first)}"]
            assert numbers(found) == ([0, 1, 2] if more else [0, 1])


@pytest.mark.parametrize("pack", PACKERS)
def test_an_archive_that_is_cut_off_is_read_as_far_as_it_goes_and_told(pack):
    first, second = pack(page(1)), pack(page(2))
    whole = {len(first), *(len(first) + len(second) - blank for blank in range(5)), *(len(first) - blank for blank in range(5))}
    for cut in range(1, len(first) + len(second)):
        found = read((first + second)[:cut])
        assert numbers(found) in ([], [1], [1, 2])
        assert len(numbers(found)) >= (cut >= len(first))
        assert cut in whole or isinstance(found[-1], UnreadablePage)


@pytest.mark.parametrize("pack", PACKERS)
def test_an_archive_that_is_broken_at_its_beginning_is_read_from_where_it_is_whole(pack):
    content = pack(page(1))
    for begin, end in ((3, 15), (0, 2), (1, 2), (0, 100)):
        damaged = content[:begin] + b"X" * (end - begin) + content[end:]
        found = in_file(damaged + pack(page(2)) + pack(page(3)), "a.warc")
        assert numbers(found) == [2, 3]
        assert isinstance(found[0], UnreadablePage)


@pytest.mark.parametrize("content", [b"", b"WARC/1.0\r\n", b"no archive at all"])
def test_an_archive_without_records_is_told(content):
    (found,) = in_file(content, "a.warc")
    assert found.problem.reason == "warc"


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress, bz2.compress])
def test_one_that_is_compressed_as_a_whole_too(pack):
    found = in_file(pack(page(1) + b"".join(map(page, range(2, 9_000))))[:-20])
    assert numbers(found)[:1000] == [*range(1, 1001)]
    assert isinstance(found[-1], UnreadablePage)


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress, bz2.compress])
@pytest.mark.parametrize("kind", ["response", "request"])
@pytest.mark.parametrize("length", ["99999999", "2", "-5", ""])
def test_a_wrong_length_in_one_that_is_compressed_as_a_whole_costs_no_other_page(pack, kind, length):
    wrong = record("https://quaypost.example/0", http(BODY), kind, Content_Length=length)
    found = in_file(pack(b"".join([page(1), page(2), wrong, *map(page, range(3, 200))])))
    assert [number for number in numbers(found) if number] == [*range(1, 200)]
    assert [one.name for one in found if isinstance(one, UnreadablePage) and one.problem.reason == "warc"] == [
        f"a.warc.x#{2 * len(page(1))}"
    ]


def test_damage_in_one_that_is_compressed_as_a_whole_takes_no_endless_time(monkeypatch):
    monkeypatch.setattr(warc, "MAX_BYTES_AGAIN", 5_000_000)
    for length, most in (("2", 200), ("99999999", 50)):  # shorter than the record, and longer than all that follows
        wrong = record("https://quaypost.example/9", http(BODY), Content_Length=length)
        found = in_file(gzip.compress(wrong * 500))
        assert 5 < sum(isinstance(one, UnreadablePage) for one in found) < most
    assert "nothing after it is read" in found[-1].problem.detail


def test_records_that_claim_to_hold_all_others_are_given_up(monkeypatch):
    monkeypatch.setattr(warc, "MAX_BYTES_AGAIN", 2_000_000)
    said = record("https://quaypost.example/9", http(BODY))
    content = b"".join(said.replace(b"Content-Length: ", b"Content-Length: 30000\r\nX-Length: ") for _ in range(150))
    found = read(content)
    assert sum(len(page.raw) for page in found if not isinstance(page, UnreadablePage)) < 20 * len(content)
    assert "nothing after it is read" in found[-1].problem.detail


def test_an_archive_of_damage_alone_is_given_up(monkeypatch):
    monkeypatch.setattr(warc, "MAX_BREAKS", 5)
    found = read(record("https://a.example/", b"x", Content_Length="99999999") * 50)
    assert len(found) == 5
    assert "nothing after it is read" in found[-1].problem.detail


@pytest.mark.parametrize("pack", PACKERS)
def test_an_archive_cut_in_pieces_gives_the_same_pages(pack):
    fake = page(77)  # a page that shows another archive
    records = [pack(record(f"https://quaypost.example/{number}", http(BODY + fake))) for number in range(40)]
    content = b"".join(records)
    file = io.BytesIO(content)
    places = cut_offsets(file, len(content) // 7)
    assert len(places) in (6, 7)
    pieces = [read(content, *bounds) for bounds in zip([0, *places], [*places, None], strict=True)]
    assert [one.name for piece in pieces for one in piece] == [one.name for one in read(content)]
    assert all(pieces)


def stored(content: bytes) -> bytes:
    """Return a gzip member that copies what it holds as it is."""
    return gzip.compress(content, 0)


def archive_in_archive(pack) -> list[bytes]:
    """Return the members of an archive with a page that is such an archive itself."""
    held = b"".join(gzip.compress(page(number) + random.Random(number).randbytes(20_000)) for number in range(200, 230))
    inner = record("https://quaypost.example/99", http(held, media="application/gzip"))
    return [
        *(gzip.compress(page(number)) for number in range(9)),
        pack(inner),
        *(gzip.compress(page(n)) for n in range(9, 600)),
    ]


@pytest.mark.parametrize("pack", [gzip.compress, stored])
@pytest.mark.parametrize("damaged", [0, 2, 9, 300])
def test_an_archive_in_an_archive_is_not_cut(pack, damaged):
    members = archive_in_archive(pack)
    if damaged:
        members[damaged] = members[damaged][:100] + b"XXXX" + members[damaged][104:]
    content = b"".join(members)
    begins = {len(b"".join(members[:number])) for number in range(len(members))}
    for step in (5_000, 30_000, 100_000):
        places = cut_offsets(io.BytesIO(content), step)
        assert len(places) > 1
        assert begins.issuperset(places) or damaged == 9
        pieces = [read(content, *bounds) for bounds in zip([0, *places], [*places, None], strict=True)]
        assert [repr(one) for piece in pieces for one in piece] == [repr(one) for one in read(content)]


def test_a_wrong_length_leads_into_no_archive_in_it():
    held = b"".join(gzip.compress(page(number)) for number in range(200, 210))
    inner = stored(record("https://quaypost.example/99", http(held, media="application/gzip"), Content_Length="50"))
    assert numbers(read(gzip.compress(page(1)) + inner + gzip.compress(page(2)))) == [1, 2]


def test_an_archive_compressed_as_a_whole_is_one_piece():
    assert cut_offsets(io.BytesIO(gzip.compress(page(1) * 100)), 50) == []


def test_members_of_several_records_are_read_one_after_the_other():
    content = gzip.compress(page(0) + page(1)) + gzip.compress(page(2) + page(3) + page(4))
    assert cut_offsets(io.BytesIO(content), 50) == []
    assert numbers(in_file(content)) == [0, 1, 2, 3, 4]
    assert len({one.name for one in in_file(content)}) == 5


def test_the_mark_of_a_record_is_found_across_windows(monkeypatch):
    monkeypatch.setattr("flows.inputs.warc_index.SCAN_BYTES", 16)
    for pack in PACKERS:
        first = pack(page(1))
        assert next_record(io.BytesIO(first + pack(page(2))), 1, magic_of(io.BytesIO(first))) == len(first)
