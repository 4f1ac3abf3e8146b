"""The library that is loaded before libc and lets a call fail: build it, give it to a process, arm it, read its records."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CODE = Path(__file__).with_name("shim.c")
CONTROL = "DEHUSK_FAULTS_CONTROL"  # in the environment: the file in which a process and its children are told what to do
COMPILER = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)

# Kinds of calls, by their numbers; the last two are sums.
KINDS = (
    "create", "open", "read", "write", "flush", "flush folder", "rename", "unlink", "mkdir", "rmdir", "truncate", "close",
    "list", "stat", "change", "space",
)  # fmt: skip
MODES = ("off", "fail", "fail on", "tear", "kill", "torn kill")
# The errors of a fault, by the kind of the call.
FULL, BROKEN = errno.ENOSPC, errno.EIO
_ENTRY = struct.Struct("=IIIIQQ")


class _Control(ctypes.Structure):
    _fields_ = (
        ("counts", ctypes.c_uint64 * len(KINDS)),
        ("at", ctypes.c_uint64),
        ("fired", ctypes.c_uint64),
        ("kind", ctypes.c_uint32),
        ("mode", ctypes.c_uint32),
        ("error", ctypes.c_uint32),
        ("is_recording", ctypes.c_uint32),
        ("root", ctypes.c_char * 512),
        ("record", ctypes.c_char * 512),
    )


@dataclass(frozen=True)
class Fault:
    """The call to meet with a fault: the n-th of a kind; `mode` is one of MODES."""

    kind: str
    mode: str
    at: int
    error: int = BROKEN

    def __str__(self) -> str:
        return f"{self.mode} at {self.kind} {self.at} ({errno.errorcode[self.error]})"


@dataclass(frozen=True)
class Change:
    """A recorded call: `to` is the new path of a renamed file, `offset` the place of a write or the size of a cut file."""

    kind: str
    path: str
    inode: int
    offset: int
    data: bytes

    @property
    def to(self) -> str:
        return os.fsdecode(self.data)


def build(folder: Path) -> Path:
    """Compile the library into a folder."""
    library = folder / "shim.so"
    command = [str(COMPILER), "-shared", "-fPIC", "-O1", "-o", str(library), str(CODE), "-ldl"]
    subprocess.run(command, check=True)
    return library


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a process that has the library, with a control file in `folder`."""
    control = folder / "control"
    control.write_bytes(bytes(ctypes.sizeof(_Control)))
    return {**os.environ, "LD_PRELOAD": str(build(folder)), CONTROL: str(control)}


class Shim:
    """The library in this process and its children."""

    def __init__(self) -> None:
        with open(os.environ[CONTROL], "r+b") as file:
            self._control = _Control.from_buffer(mmap.mmap(file.fileno(), 0))

    def watch(self, root: Path, fault: Fault | None = None, record: Path | None = None) -> None:
        """Count the calls below `root` from now on; let one fail, or record those that change files."""
        self.leave()
        control = self._control
        control.counts[:] = [0] * len(KINDS)
        control.fired = 0
        if fault is not None:
            control.kind, control.at, control.error = KINDS.index(fault.kind), fault.at, fault.error
            control.mode = MODES.index(fault.mode)
        control.record = os.fsencode(record or "")
        control.is_recording = record is not None
        control.root = os.fsencode(root)

    def leave(self) -> None:
        """Let all calls go on, uncounted."""
        self._control.root, self._control.mode, self._control.is_recording = b"", 0, 0

    def counts(self) -> dict[str, int]:
        """Return how many calls of each kind there were."""
        return dict(zip(KINDS, self._control.counts, strict=True))

    def has_fired(self) -> bool:
        """Return whether a call met the fault."""
        return self._control.fired > 0


def read_record(file: Path) -> Iterator[Change]:
    """Yield the calls in a record, in their order."""
    content = memoryview(file.read_bytes())
    at = 0
    while at < len(content):
        kind, path, data, _, inode, offset = _ENTRY.unpack_from(content, at)
        at += _ENTRY.size
        name = os.fsdecode(bytes(content[at : at + path]))
        yield Change(KINDS[kind], name, inode, offset, bytes(content[at + path : at + path + data]))
        at += path + data
