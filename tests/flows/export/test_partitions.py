"""Partitions: whatever the sizes, every record is in one file, in order, in the folder of its value."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import clean_page
from flows.errors import UsageError
from flows.export import partitions as parts
from flows.export.partitions import PartitionedWriter

(RECORD,) = clean_page("Ferry returns\nThe ferry is back.").records


def replaced(site: str = "", **values: object):
    return msgspec.structs.replace(RECORD, page=msgspec.structs.replace(RECORD.page, site=site), **values)


def written(folder) -> dict[str, list[str]]:
    return {
        path.relative_to(folder).as_posix(): [msgspec.json.decode(line)["title"] for line in path.read_bytes().splitlines()]
        for path in sorted(folder.rglob("*.jsonl"))
    }


@given(lot=st.integers(1, 50), held=st.integers(1, 100), file=st.integers(1, 200), sites=st.lists(st.sampled_from("abc")))
def test_every_record_is_written_once_in_order(tmp_path_factory, lot, held, file, sites):
    folder = tmp_path_factory.mktemp("parts") / "data"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("BATCH_BYTES", lot), ("BUFFER_BYTES", held), ("FILE_BYTES", file)):
            patch.setattr(parts, name, value)
        with PartitionedWriter(folder, "jsonl", ["site"]) as out:
            for number, site in enumerate(sites):
                out.add(replaced(site, title=str(number)), 10)
    found = written(folder)
    for site in set(sites):
        titles = [title for name, rows in found.items() if name.startswith(f"site={site}/") for title in rows]
        assert titles == [str(number) for number, one in enumerate(sites) if one == site]
    assert sum(map(len, found.values())) == len(sites)


def test_what_waits_is_bounded_for_all_folders_together(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "BUFFER_BYTES", 100)
    with PartitionedWriter(tmp_path / "data", "jsonl", ["site"]) as out:
        for number in range(100):
            out.add(replaced(f"site{number}"), 10)
            assert out._buffered < 100


def test_a_file_that_is_full_is_followed_by_another(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "BATCH_BYTES", 10)
    monkeypatch.setattr(parts, "FILE_BYTES", 20)
    with PartitionedWriter(tmp_path / "data", "jsonl", []) as out:
        for number in range(3):
            out.add(replaced(title=str(number)), 10)
    assert written(tmp_path / "data") == {"part-00000.jsonl": ["0", "1"], "part-00001.jsonl": ["2"]}


@pytest.mark.parametrize("hostile", ["../../x", "..", "/etc", "a/b", "a=b", "\x00\n\x1b[31m", "ü"])
def test_a_value_names_one_folder_whatever_it_is(hostile, tmp_path):
    with PartitionedWriter(tmp_path / "data", "jsonl", ["site", "kind"]) as out:
        out.add(replaced(hostile, kind="story"), 10)
    (file,) = tmp_path.rglob("*.jsonl")
    data, site, kind, name = file.relative_to(tmp_path).parts
    assert (data, kind, name) == ("data", "kind=story", "part-00000.jsonl")
    assert site.startswith("site=")
    assert site.isascii()
    assert site.isprintable()


def test_too_many_folders_are_a_mistake(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "MAX_FOLDERS", 2)
    with (
        pytest.raises(UsageError, match="more than 2 folders; name fewer keys"),
        PartitionedWriter(tmp_path / "data", "csv", ["site"]) as out,
    ):
        for site in "aabc":
            out.add(replaced(site), 10)
