from __future__ import annotations

import bz2
import gzip
import json
import lzma

import pytest

from cleaners import BadPage
from flows.compression import decompress, without_suffix
from tests.test_cli import dehusk

PAGE = b"Old crane to go\nThe harbour board said on Monday that the old crane would be taken down.\n"
PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


@pytest.mark.parametrize("pack", PACKERS.values())
def test_compressed_bytes_are_what_they_hold(pack):
    assert decompress(pack(PAGE), 1_000) == PAGE
    assert decompress(PAGE, 1) == PAGE


@pytest.mark.parametrize("pack", PACKERS.values())
def test_a_bomb_is_too_large_and_a_cut_off_file_is_broken(pack):
    with pytest.raises(BadPage, match="too-large"):
        decompress(pack(b"\0" * 10_000_000), 1_000_000)
    with pytest.raises(BadPage, match="compressed"):
        decompress(pack(PAGE)[:-9], 1_000)


def test_the_suffix_of_the_compression_is_no_part_of_the_name():
    assert [without_suffix(name) for name in ("a.html.gz", "a.TXT.XZ", "a.txt")] == ["a.html", "a.TXT", "a.txt"]


def test_a_run_reads_compressed_pages_beside_others(tmp_path):
    (tmp_path / "in").mkdir()
    for suffix, pack in PACKERS.items():
        (tmp_path / "in" / f"page.txt{suffix}").write_bytes(pack(PAGE))
    (tmp_path / "in" / "cut.txt.gz").write_bytes(gzip.compress(PAGE)[:-9])
    done = dehusk("run", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--no-prefect", "--json")
    counts = json.loads(done.stdout)
    assert (counts["pages"], counts["quarantined"]) == (3, {"compressed": 1})
    records = [json.loads(line) for file in (tmp_path / "out" / "records").iterdir() for line in file.read_text().splitlines()]
    assert {record["title"] for record in records} == {"Old crane to go"}
    assert sorted(record["page"]["path"] for record in records) == ["page.txt.bz2", "page.txt.gz", "page.txt.xz"]
