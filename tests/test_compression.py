from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma

import pytest

from flows.compression import BROKEN, decompressed, without_suffix, zstd
from tests.test_cli import dehusk

PAGE = b"Old crane to go\nThe harbour board said on Monday that the old crane would be taken down.\n"
PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd.compress}


@pytest.mark.parametrize("pack", PACKERS.values())
def test_compressed_bytes_are_what_they_hold(pack):
    assert decompressed(io.BytesIO(pack(PAGE) + pack(PAGE))).read() == PAGE + PAGE
    plain = io.BytesIO(PAGE)
    assert decompressed(plain) is plain


@pytest.mark.parametrize("pack", PACKERS.values())
def test_a_bomb_is_read_as_far_as_is_asked_for_and_a_cut_off_file_is_broken(pack):
    assert len(decompressed(io.BytesIO(pack(b"\0" * 10_000_000))).read(1_000)) == 1_000
    with pytest.raises(BROKEN):
        decompressed(io.BytesIO(pack(PAGE)[:-9])).read()


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
