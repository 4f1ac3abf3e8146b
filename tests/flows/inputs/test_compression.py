from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random

import pytest

from flows.inputs import compression
from flows.inputs.compression import PIECE_BYTES, TrailingBytes, decompressed, problem_of, without_suffix, zstd
from tests.flows.cli.test_cli import dehusk

PAGE = b"Old crane to go\nThe harbour board said on Monday that the old crane would be taken down.\n"
PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd.compress}


@pytest.mark.parametrize("pack", PACKERS.values())
def test_compressed_bytes_are_what_they_hold(pack):
    for content in (PAGE, PAGE * 50_000):
        stream = decompressed(io.BytesIO(pack(content) + pack(content)))
        assert stream.read() == content + content
        assert problem_of(stream) is None
    plain = io.BytesIO(PAGE)
    assert decompressed(plain) is plain


@pytest.mark.parametrize("pack", PACKERS.values())
def test_a_bomb_is_read_as_far_as_is_asked_for(pack):
    assert len(decompressed(io.BytesIO(pack(b"\0" * 10_000_000))).read(1_000)) == 1_000


@pytest.mark.parametrize("pack", PACKERS.values())
def test_a_file_without_end_is_read_as_far_as_pages_shrink(pack, monkeypatch):
    monkeypatch.setattr("flows.inputs.compression.MIN_MAX_BYTES", 1_000_000)
    monkeypatch.setattr("flows.inputs.compression.READ_BYTES", 512)
    stored = pack(bytes(30_000_000))
    stream = decompressed(io.BytesIO(stored))
    length = len(stream.read())
    assert 1_000_000 < length <= max(1_000_000, 200 * len(stored)) + PIECE_BYTES
    assert "it unpacks to over 200 times its size" in str(problem_of(stream))
    stream.seek(0)
    assert problem_of(stream) is None
    monkeypatch.setattr("flows.inputs.compression.MIN_MAX_BYTES", 30_000_000)
    stream = decompressed(io.BytesIO(stored))
    assert (len(stream.read()), problem_of(stream)) == (30_000_000, None)


def test_a_large_file_of_pages_is_read_to_its_end(monkeypatch):
    monkeypatch.setattr("flows.inputs.compression.MIN_MAX_BYTES", 1_000)
    content = b"".join(b"%d is the number of this row\n" % (number * number) for number in range(60_000))
    stream = decompressed(io.BytesIO(gzip.compress(content)))
    assert (stream.read(), problem_of(stream)) == (content, None)


@pytest.mark.parametrize(("window", "is_read"), [(64, True), (128, True), (256, False)])
def test_no_file_gets_all_the_memory_that_it_asks_for(window, is_read, tmp_path):
    of_xz = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": window << 20}]
    (tmp_path / "a.jsonl.xz").write_bytes(lzma.compress(PAGE, filters=of_xz))
    with (tmp_path / "a.jsonl.xz").open("rb") as file:
        stream = decompressed(file)
        assert stream.read() == (PAGE if is_read else b"")
        assert (problem_of(stream) is None) is is_read
    if not is_read:
        done = dehusk("run", str(tmp_path / "a.jsonl.xz"), "--out", str(tmp_path / "out"), "--no-prefect", "--json")
        assert json.loads(done.stdout)["quarantined"] == {"compressed": 1}
        assert "Memory usage limit exceeded" in next((tmp_path / "out" / "quarantine").iterdir()).read_text()


@pytest.mark.parametrize("pack", PACKERS.values())
def test_what_is_cut_off_or_broken_is_read_as_far_as_it_goes(pack):
    content = b"".join(b"%d is the number of this row\n" % (number * number) for number in range(60_000))
    half = len(content) // 2
    first, second = pack(content[:half]), pack(content[half:])
    broken = bytearray(second)
    broken[20] ^= 0xFF
    for stored, least in ((first[:-9], half - 900_000), (first + second[:20], half), (first + bytes(broken), half)):
        stream = decompressed(io.BytesIO(stored))
        found = stream.read()
        assert content.startswith(found)
        assert len(found) >= least
        assert problem_of(stream) is not None


@pytest.mark.parametrize("pack", PACKERS.values())
def test_what_follows_the_compressed_content_is_told(pack):
    stream = decompressed(io.BytesIO(pack(PAGE) + b"\0" * 20))
    assert (stream.read(), problem_of(stream)) == (PAGE, None)
    stream = decompressed(io.BytesIO(pack(PAGE) + b"\0<html>"))
    assert stream.read() == PAGE
    assert isinstance(problem_of(stream), TrailingBytes)


@pytest.mark.parametrize("pack", PACKERS.values())
def test_a_compressed_stream_can_be_read_from_any_place(pack):
    stream = decompressed(io.BytesIO(pack(PAGE * 1_000)))
    for place in (50_001, 7, 30_000):
        stream.seek(place)
        assert stream.tell() == place
        assert stream.read(100) == (PAGE * 1_000)[place : place + 100]


@pytest.mark.parametrize("pack", [bytes, zstd.compress])
def test_an_archive_in_zstd_may_begin_with_its_dictionary(pack):
    dictionary = zstd.train_dict([PAGE + b"%d" % number for number in range(5_000)], 4_096)
    stored = pack(dictionary.dict_content)
    frame = b"\x5d\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored
    records = [zstd.compress(PAGE + b"%d" % number, zstd_dict=dictionary) for number in range(100)]
    stream = decompressed(io.BytesIO(frame + b"".join(records)))
    assert stream.read() == b"".join(PAGE + b"%d" % number for number in range(100))
    assert problem_of(stream) is None


def test_frames_without_content_are_passed_over():
    frame = b"\x5a\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"hello"
    assert decompressed(io.BytesIO(frame + zstd.compress(PAGE) + frame + zstd.compress(PAGE))).read() == PAGE + PAGE


@pytest.mark.parametrize("pack", PACKERS.values())
def test_streams_of_any_sizes_follow_each_other(pack):
    contents = [b"", PAGE, random.Random(1).randbytes(200_000), b"", b"a", PAGE * 10_000, b""]
    raw = b"".join(pack(content) + b"\0" * (number * 4_000) for number, content in enumerate(contents))
    for file in (io.BytesIO(raw), _Trickling(raw)):
        stream = decompressed(file)
        assert stream.read() == b"".join(contents)
        assert problem_of(stream) is None


class _Trickling(io.BytesIO):
    """A file that gives few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 7, 7))


def test_a_file_of_tiny_streams_is_given_to_decompressors_once(monkeypatch):
    fed = []

    class Counting(compression._Gzip):
        def decompress(self, data, max_length):
            fed.append(len(data))
            return super().decompress(data, max_length)

    monkeypatch.setitem(compression._MAKERS, compression.GZIP, Counting)
    raw = gzip.compress(b"") * 5_000
    assert decompressed(io.BytesIO(raw)).read() == b""
    assert sum(fed) < 20 * len(raw)


def test_frames_without_content_cost_no_decompressor(monkeypatch):
    made = []
    make = compression._MAKERS[compression.ZSTD]
    monkeypatch.setitem(compression._MAKERS, compression.ZSTD, lambda: made.append(1) or make())
    frame = b"\x50\x2a\x4d\x18" + bytes(4)
    assert decompressed(io.BytesIO(frame * 20_000 + zstd.compress(PAGE) + frame * 20_000)).read() == PAGE
    assert len(made) == 2


def test_the_suffix_of_the_compression_is_no_part_of_the_name():
    assert [without_suffix(name) for name in ("a.html.gz", "a.TXT.XZ", "a.jsonl.zst", "a.txt")] == [
        "a.html", "a.TXT", "a.jsonl", "a.txt",
    ]  # fmt: skip


def test_a_run_reads_compressed_pages_beside_others(tmp_path):
    (tmp_path / "in").mkdir()
    for suffix, pack in PACKERS.items():
        (tmp_path / "in" / f"page.txt{suffix}").write_bytes(pack(PAGE))
    (tmp_path / "in" / "cut.txt.gz").write_bytes(gzip.compress(PAGE)[:-9])
    done = dehusk("run", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--no-prefect", "--json")
    counts = json.loads(done.stdout)
    assert (counts["pages"], counts["quarantined"]) == (4, {"compressed": 1})
    records = [json.loads(line) for file in (tmp_path / "out" / "records").iterdir() for line in file.read_text().splitlines()]
    assert {record["title"] for record in records} == {"Old crane to go"}
    assert sorted(record["page"]["path"] for record in records) == [f"page.txt{suffix}" for suffix in sorted(PACKERS)]
