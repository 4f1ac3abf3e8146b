"""Call `dehusk`: in this process, which costs next to nothing, or in one of its own where the process is the point."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner

from flows.cli import main
from tests.support import processes

ROOT = Path(__file__).parents[2]
SEED = str(ROOT / "seeds" / "002_f7065e8dbd06d821.txt")


PROGRESS = re.compile(r"^dehusk: (?:\d+ of \d+ (?:shards|sites), .* quarantined|waiting for Prefect to start).*\n", re.M)


def without_progress(complained: str) -> str:
    """Return what came to stderr without the lines that show how far a run is; only one that takes long prints them."""
    return PROGRESS.sub("", complained)


def dehusk(*arguments: str, stdin: bytes = b"", cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    """Call the command in this process, and return its exit code and what it printed."""
    with chdir(cwd):
        result = CliRunner().invoke(main, arguments, input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout_bytes, result.stderr_bytes)


def dehusk_process(
    *arguments: str, stdin: bytes = b"", cwd: Path = ROOT, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Call the command as a user does, in a process of its own."""
    command = [sys.executable, "-m", "flows.cli", *arguments]
    return processes.run(command, input=stdin, cwd=cwd, env=env, text=False)  # type: ignore[return-value]
