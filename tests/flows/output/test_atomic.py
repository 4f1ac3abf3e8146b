from __future__ import annotations

import hashlib
import os

import pytest

from flows.output.atomic import LinesFile, make_folder, remove_files, write_whole


def test_a_file_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "a.jsonl"
    with LinesFile(path) as file:
        file.write([b"1", b"2"])
        assert not path.exists()
        assert list(tmp_path.glob("*.jsonl")) == []
    assert path.read_bytes() == b"1\n2\n"
    assert (file.lines, file.sha256) == (2, hashlib.sha256(b"1\n2\n").hexdigest())
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_file_is_on_the_disk_before_it_is_seen(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr("os.fsync", lambda handle: flushed.append(sorted(entry.suffix for entry in tmp_path.iterdir())))
    with LinesFile(tmp_path / "a.jsonl") as file:
        file.write([b"1"])
    write_whole(tmp_path / "b.json", b"{}")
    assert flushed == [[".part"], [".jsonl"], [".jsonl", ".part"], [".json", ".jsonl"]]


def test_two_writers_do_not_mix(tmp_path):
    with LinesFile(tmp_path / "a.jsonl") as one:
        one.write([b"1"])
        with LinesFile(tmp_path / "a.jsonl") as other:
            other.write([b"2"])
    assert (tmp_path / "a.jsonl").read_bytes() == b"1\n"


def test_an_error_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"old\n")
    with pytest.raises(ZeroDivisionError), LinesFile(path) as file:
        file.write([b"new"])
        raise ZeroDivisionError
    assert path.read_bytes() == b"old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.jsonl"]


def test_a_file_without_lines_does_not_stay(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"old\n")
    with LinesFile(path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_small_file_is_written_whole(tmp_path):
    write_whole(tmp_path / "a.json", b"{}")
    write_whole(tmp_path / "a.json", b"[]")
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("a.json", b"[]")]


@pytest.mark.parametrize("write", [lambda path: write_whole(path, b"new\n"), lambda path: LinesFile(path).__enter__()])
def test_a_link_in_place_of_a_part_file_is_not_followed(write, tmp_path, monkeypatch):
    monkeypatch.setattr("flows.output.part_file.secrets.token_hex", lambda _: "0000")
    (tmp_path / "precious").write_text("precious")
    (tmp_path / f"a.jsonl.{os.getpid()}-0000.part").symlink_to("precious")
    with pytest.raises(FileExistsError):
        write(tmp_path / "a.jsonl")
    assert (tmp_path / "precious").read_text() == "precious"


def flushed_folders(monkeypatch):
    """Return a list to which each folder goes as it is flushed."""
    flushed = []
    monkeypatch.setattr("flows.output.atomic.flush_folder", flushed.append)
    return flushed


def test_the_names_of_new_folders_are_flushed(tmp_path, monkeypatch):
    flushed = flushed_folders(monkeypatch)
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert sorted(flushed) == [tmp_path, tmp_path / "a"]
    make_folder(tmp_path / "a" / "b")
    assert len(flushed) == 2


def test_the_removal_of_files_is_flushed(tmp_path, monkeypatch):
    flushed = flushed_folders(monkeypatch)
    files = [tmp_path / "1", tmp_path / "2"]
    files[0].touch()
    remove_files(files)
    assert not files[0].exists()
    assert flushed == [tmp_path]


def test_a_file_that_goes_for_lack_of_lines_is_gone_from_the_disk(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("of an earlier run")
    flushed = flushed_folders(monkeypatch)
    monkeypatch.setattr("flows.output.atomic.flush_folder", lambda folder: flushed.append(sorted(folder.iterdir())))
    with LinesFile(tmp_path / "a"):
        pass
    assert flushed == [[]]
