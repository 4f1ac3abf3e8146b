"""One run at a time in an output folder."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import threading

import pytest

from flows.errors import Busy, Superseded, UsageError
from flows.layout import LOCK
from flows.output.lock import check_holder, held_file, holder_of, is_held, locked
from tests.conftest import ROOT

HOLD = """
import sys
from pathlib import Path
from flows.output.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
CHILD = "print(input(), flush=True); input()"


def test_a_second_holder_is_told_and_the_first_undisturbed(tmp_path):
    with locked(tmp_path) as token:
        with pytest.raises(Busy, match=f"another run is at work in {tmp_path}"), locked(tmp_path):
            pass
        assert is_held(tmp_path)
        check_holder(tmp_path, token)


def test_a_lock_is_free_when_its_holder_is_done_or_fails(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    assert not is_held(tmp_path)
    with locked(tmp_path):
        pass
    assert not is_held(tmp_path)


def test_two_folders_are_held_apart(tmp_path):
    (tmp_path / "a").mkdir()
    with locked(tmp_path), locked(tmp_path / "a"):
        pass


def test_a_lock_is_free_when_its_holder_is_killed(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert is_held(tmp_path)
        with pytest.raises(Busy), locked(tmp_path):
            pass
        process.kill()
        process.wait()
    assert (tmp_path / LOCK).exists()
    with locked(tmp_path):
        pass


def test_a_process_that_a_run_starts_does_not_hold_its_lock(tmp_path):
    with locked(tmp_path):
        pipe = subprocess.PIPE
        child = subprocess.Popen([sys.executable, "-c", CHILD], stdin=pipe, stdout=pipe, close_fds=False)
        child.stdin.write(b"at work\n")
        child.stdin.flush()
        assert child.stdout.readline() == b"at work\n"
    assert child.poll() is None
    assert not is_held(tmp_path)
    child.communicate(b"\n")


def test_an_earlier_holder_is_superseded(tmp_path):
    with locked(tmp_path) as first:
        check_holder(tmp_path, first)
    with pytest.raises(Superseded, match="another run has begun in .*, or this one is over"):
        check_holder(tmp_path, first)
    with locked(tmp_path) as second:
        check_holder(tmp_path, second)
        with pytest.raises(Superseded):
            check_holder(tmp_path, first)
    with pytest.raises(Superseded):
        check_holder(tmp_path, "")


def test_each_run_leaves_another_token(tmp_path):
    seen = set()
    for _ in range(2):
        with locked(tmp_path) as token:
            assert holder_of(tmp_path) == token
            seen.add(token)
        seen.add(holder_of(tmp_path))
    assert len(seen) == 4


def test_looking_at_a_lock_makes_none(tmp_path):
    assert not is_held(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with locked(tmp_path) as token:
        assert is_held(tmp_path)
        check_holder(tmp_path, token)
    assert not is_held(tmp_path)


def test_who_looks_costs_no_run(tmp_path):
    with locked(tmp_path):
        pass
    looking = (tmp_path / LOCK).open("rb")
    fcntl.flock(looking, fcntl.LOCK_SH)
    threading.Timer(0.5, looking.close).start()
    with locked(tmp_path):
        assert looking.closed


def test_a_run_does_not_wait_for_ever_for_one_who_looks(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.output.lock.PATIENCE_SECONDS", 0)
    (tmp_path / LOCK).touch()
    with (tmp_path / LOCK).open("rb") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        with pytest.raises(Busy), locked(tmp_path):
            pass


def test_a_lock_file_is_there_while_it_is_held(tmp_path):
    lock = tmp_path / ".a.lock"
    with held_file(lock):
        assert lock.exists()
        with pytest.raises(Busy), held_file(lock):
            pass
        assert lock.exists()
    with pytest.raises(ZeroDivisionError), held_file(lock):
        raise ZeroDivisionError
    assert not lock.exists()
    lock.touch()  # of a process that was killed
    with held_file(lock):
        pass
    assert not lock.exists()


def test_a_lock_file_that_its_holder_has_just_removed_is_not_held(tmp_path, monkeypatch):
    lock = tmp_path / ".a.lock"
    flock, removed = fcntl.flock, []

    def after_its_holder(handle: int, operation: int) -> None:
        if not removed:
            lock.unlink()
            removed.append(handle)
        flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", after_its_holder)
    with held_file(lock):
        assert lock.exists()
        with pytest.raises(Busy), held_file(lock):
            pass
    assert removed and not lock.exists()


def _link(path):
    path.with_name("target").write_text("precious")
    path.symlink_to("target")


def _socket(path):
    with socket.socket(socket.AF_UNIX) as listening:
        folder = os.open(path.parent, os.O_RDONLY)  # the name of a socket is limited to 108 bytes
        listening.bind(f"/proc/self/fd/{folder}/{path.name}")
        os.close(folder)


MAKERS = [
    _link,
    lambda path: path.symlink_to("missing"),
    lambda path: path.symlink_to(path),
    lambda path: path.mkdir(),
    os.mkfifo,
]


@pytest.mark.parametrize("make", [*MAKERS, _socket], ids=["link", "dangling", "loop", "folder", "pipe", "socket"])
def test_what_is_no_file_is_no_lock(make, tmp_path):
    make(tmp_path / LOCK)
    for use in (is_held, lambda out: check_holder(out, "a"), lambda out: locked(out).__enter__()):
        with pytest.raises(UsageError, match=r"\.lock is no file of dehusk's"):
            use(tmp_path)
    assert not (tmp_path / "missing").exists()
    assert not (tmp_path / "target").exists() or (tmp_path / "target").read_text() == "precious"
