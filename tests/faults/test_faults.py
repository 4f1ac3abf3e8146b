"""Some of the faults and power cuts that `python -m tests.faults` tries, and the shim and the model that it relies on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.power import Recording, Tree
from tests.faults.shim import COMPILER, Change, environment
from tests.support import processes
from tests.support.command import ROOT
from tests.support.waiting import PATIENCE_SECONDS

needs_compiler = pytest.mark.skipif(COMPILER is None or sys.platform != "linux", reason="there is no C compiler")
SCRIPT = """
import os, sys
from pathlib import Path
from tests.faults.shim import Fault, Shim
kind, mode, at = sys.argv[2:]
folder, shim = Path(sys.argv[1]), Shim()
shim.watch(folder, Fault(kind, mode, int(at)))
try:
    (folder / "a").write_bytes(b"1234")
    with (folder / "a").open("ab") as file:
        file.write(b"5678")
        file.flush()
        os.fsync(file.fileno())
    (folder / "a").rename(folder / "b")
    print((folder / "b").read_bytes())
except OSError as error:
    print(error.strerror)
shim.leave()
print(shim.has_fired(), sorted(path.name for path in folder.iterdir()))
"""


@pytest.mark.slow
@pytest.mark.timeout(4 * PATIENCE_SECONDS)
@needs_compiler
@pytest.mark.parametrize("options", [["--every", "199"], ["--power", "--every", "1999"]], ids=["faults", "power"])
def test_the_next_run_mends_what_a_fault_left(options):
    done = processes.run([sys.executable, "-m", "tests.faults", *options], cwd=ROOT, timeout=3 * PATIENCE_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    mended, _, tried = done.stdout.splitlines()[-1].split()[:3]
    assert mended == tried
    assert int(tried) > 30


@needs_compiler
@pytest.mark.parametrize(
    ("kind", "mode", "at", "printed"),
    [
        ("read", "fail", 99, "b'12345678'\nFalse ['b']"),
        ("write", "fail", 2, "Input/output error\nTrue ['a']"),
        ("write", "tear", 1, "Input/output error\nTrue ['a']"),
        ("flush", "fail", 1, "Input/output error\nTrue ['a']"),
        ("rename", "fail", 1, "Input/output error\nTrue ['a']"),
        ("rename", "kill", 1, ""),
        ("read", "tear", 1, "Input/output error\nTrue ['b']"),
        ("space", "fail on", 3, "Input/output error\nTrue ['a']"),
        ("stat", "fail", 1, "b'12345678'\nFalse ['b']"),
    ],
)
def test_the_shim_makes_one_call_fail(tmp_path, kind, mode, at, printed):
    (tmp_path / "files").mkdir()
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "files"), kind, mode, str(at)]
    done = subprocess.run(command, env=environment(tmp_path), cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == (printed, "")
    assert done.returncode == (137 if mode == "kill" else 0)


def changes(*rows: tuple[str, str, bytes]) -> list[Change]:
    """Return changes of one file, inode 7, in the folder /top."""
    return [Change(kind, f"/top/{path}".rstrip("/"), 7, 0, data) for kind, path, data in rows]


WRITTEN = (("create", "a.part", b""), ("write", "a.part", b"text"))
FLUSHED = ("flush", "a.part", b"")
RENAMED = ("rename", "a.part", b"/top/a")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (WRITTEN, [{}, {"a.part": b""}, {"a.part": b"te"}, {"a.part": b"text"}]),
        ((*WRITTEN, FLUSHED), [{}, {"a.part": b"text"}]),
        ((*WRITTEN, FLUSHED, RENAMED), [{}, {"a.part": b"text"}, {"a": b"text"}]),
        ((*WRITTEN, RENAMED, ("flush folder", "", b"")), [{"a": b""}, {"a": b"te"}, {"a": b"text"}]),
        ((*WRITTEN, FLUSHED, RENAMED, ("flush folder", "", b"")), [{"a": b"text"}]),
        ((*WRITTEN, FLUSHED, ("flush folder", "", b""), ("unlink", "a.part", b"")), [{}, {"a.part": b"text"}]),
        ((("mkdir", "new", b""), ("create", "new/a", b""), ("flush folder", "new", b"")), [{}, {"new": None, "new/a": b""}]),
    ],
)
def test_a_power_cut_loses_what_was_not_flushed(rows, expected):
    recording = Recording(Path("/top"), changes(*rows), {})
    moment = [*recording.moments()][-1]
    left: list[Tree] = [
        {path.removeprefix("/top/"): content for path, content in tree.items()} for tree in recording.trees(moment)
    ]
    assert sorted(left, key=repr) == sorted(expected, key=repr)
