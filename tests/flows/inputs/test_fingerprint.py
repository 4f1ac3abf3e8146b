"""Whether an input has changed, by its stamp and by its fingerprint."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

import pytest

from cleaners import BadPage
from flows.inputs import fingerprint
from flows.inputs.capture_time import provenance
from flows.inputs.discovery import Source
from flows.inputs.fingerprint import current_stamp, input_digest
from flows.inputs.listing import find_sources
from flows.options import RunOptions
from flows.planning.planner import RunRequest, _unsettled


@pytest.fixture
def source(tmp_path) -> Source:
    (tmp_path / "a.txt").write_bytes(b"0123456789")
    return listed(tmp_path)


def listed(folder: Path) -> Source:
    (source,) = find_sources([str(folder / "a.txt")], folder / "out")[0]
    return source


@pytest.mark.parametrize(
    ("start", "end", "same"),
    [(0, None, b"0123456789"), (4, None, b"456789"), (0, 4, b"0123"), (3, 5, b"34"), (3, 3, b""), (8, 20, b"89")],
)
def test_the_digest_is_that_of_the_bytes_of_the_piece(source, tmp_path, start, end, same, monkeypatch):
    monkeypatch.setattr(fingerprint, "READ_BYTES", 3)
    found = input_digest(Source(source.file, source.name, 0, start, end), "")
    Path(source.file).write_bytes(same)
    assert found == input_digest(source, "")


def test_the_time_of_a_file_counts_where_it_dates_pages(source):
    plain, timed = input_digest(source, ""), input_digest(source, "file-time")
    os.utime(source.file, (1, 1))
    assert input_digest(source, "") == plain
    assert input_digest(source, "file-time") != timed


def test_a_sidecar_counts_where_it_dates_pages(source):
    digests, stamps = set(), set()
    for sidecar in (None, "{}", '{"url": ""}'):
        if sidecar is not None:
            Path(source.file + ".json").write_text(sidecar)
        digests.add(input_digest(source, "sidecar"))
        stamps.add(current_stamp(source, "sidecar"))
        assert current_stamp(source, "") == current_stamp(source, "file-time") == source.stamp
    assert (len(digests), len(stamps)) == (3, 3)
    assert input_digest(source, "") not in digests - {input_digest(source, "")}


def odd_sidecars(path):
    """Put things that are no regular files in the place of a sidecar, one after the other, and at last nothing."""
    path.symlink_to(path.name)
    yield "Too many levels of symbolic links"
    path.unlink()
    os.mkfifo(path)
    yield "not a regular file"
    path.unlink()
    path.mkdir()
    yield "not a regular file"
    path.rmdir()
    path.symlink_to("/dev/zero")
    yield "not a regular file"
    path.unlink()
    with socket.socket(socket.AF_UNIX) as server, contextlib.chdir(path.parent):
        server.bind(path.name)
        yield "No such device or address"
    path.unlink()


def test_a_sidecar_that_is_no_regular_file_counts_as_one(source):
    absent = current_stamp(source, "sidecar"), input_digest(source, "sidecar")
    sidecar = Path(source.file + ".json")
    for reason in odd_sidecars(sidecar):
        assert current_stamp(source, "sidecar") != absent[0]
        assert input_digest(source, "sidecar") != absent[1]
        with pytest.raises(BadPage, match=f"its sidecar cannot be read: a.txt.json: {reason}"):
            provenance("sidecar", source.file)
    assert (current_stamp(source, "sidecar"), input_digest(source, "sidecar")) == absent
    assert provenance("sidecar", source.file) == (None, "")


def test_a_stamp_changes_with_the_file(source):
    assert current_stamp(source, "") == source.stamp != ""
    os.utime(source.file, ns=(1, 1))
    touched = current_stamp(source, "")
    Path(source.file).write_bytes(b"9876543210")
    os.utime(source.file, ns=(1, 1))  # its size and time are as before
    assert len({source.stamp, touched, current_stamp(source, "")}) == 3


def test_what_is_gone_has_no_stamp_and_no_digest(source):
    Path(source.file).unlink()
    assert current_stamp(source, "") == ""
    with pytest.raises(FileNotFoundError):
        input_digest(source, "")


def test_what_stands_at_an_address_is_not_looked_at():
    source = Source("https://nowhere.invalid/a.txt", "a.txt", 1)
    assert current_stamp(source, "sidecar") == ""


@pytest.mark.parametrize("mtime", [-(10**9), 0, 10**9, 4 * 10**18])
def test_a_file_of_any_time_can_be_looked_at(tmp_path, source, mtime, monkeypatch):
    os.utime(source.file, ns=(mtime, mtime))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert _unsettled([listed(tmp_path)], RunRequest("", "", RunOptions(settle=1))) == set()
