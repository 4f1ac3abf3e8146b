"""Digests of the code and the settings of a run: when one changes, its inputs are cleaned anew.

Called by `flows.execution`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

import cleaners
from flows.options import WorkerSettings
from flows.packs import library_of

# The packages and modules of `flows` that decide the pages of an input and the lines written for them.
DECIDING = (
    "inputs", "display.py", "options.py", "packs.py", "installed_packs.py", "regular_file.py", "output/lines.py",
    "planning/carry_over.py", "execution/shard.py", "execution/site_lines.py",
)  # fmt: skip


@cache
def code_digest() -> str:
    """Return a digest of the code that decides the output of an input's bytes."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in code_files())).hexdigest()[:16]


def code_files() -> list[Path]:
    """Return the modules that decide the output of an input, in order: of `cleaners` and those in DECIDING.

    Those of stories make no line of a page; what depends on them has a digest of its own.
    """
    flows = Path(__file__).parents[1]
    files = [file for part in DECIDING for file in ([flows / part] if part.endswith(".py") else (flows / part).rglob("*.py"))]
    core = Path(cleaners.__file__).parent
    return sorted([*(file for file in core.rglob("*.py") if not file.is_relative_to(core / "stories")), *files])


def settings_digest(settings: WorkerSettings) -> str:
    """Return a digest of everything that decides the output of an input's bytes."""
    deciding = msgspec.json.encode([library_of(settings).digest, code_digest(), settings.captured_at, settings.fields])
    return hashlib.sha256(deciding).hexdigest()[:16]
