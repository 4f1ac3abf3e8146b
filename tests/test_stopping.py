"""Runs that are stopped by Ctrl-C or by what manages services: a sentence, nothing left behind, and the next run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from flows.stopping import STOPPED
from tests.chaos import MARK, digest, make_pages, processes
from tests.conftest import ROOT
from tests.services import wait_until


@pytest.mark.parametrize(
    ("engine", "to_all"),
    [(["--no-prefect"], False), (["--no-prefect"], True), ([], True)],
    ids=["the run", "all its processes", "all its processes and Prefect's server"],
)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_run_that_is_stopped_says_so_and_the_next_one_goes_on(number, to_all, engine, tmp_path):
    make_pages(tmp_path / "pages", 300)
    out = tmp_path / "out"
    code = "from tests.chaos import small_run; small_run()"
    command = [sys.executable, "-c", code, str(tmp_path / "pages"), "--workers", "2", "--out", str(out)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(tmp_path / "home"), MARK: str(tmp_path)}
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, *engine], env=env, stdout=pipe, stderr=pipe, text=True, start_new_session=True) as process:
        wait_until(lambda: list(out.glob("records/*.jsonl")), "the first shard", 120)
        (os.killpg if to_all else os.kill)(process.pid, number)
        begun = time.monotonic()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert f"dehusk: {STOPPED}" in said.splitlines()
    if not (to_all and number == signal.SIGTERM):  # which may end a worker while it is starting, and that says so
        assert "Traceback" not in said
    assert time.monotonic() - begun < 25
    wait_until(lambda: not processes(str(tmp_path)), "the end of all processes", 20)
    subprocess.run([*command, "--no-prefect", "--quiet"], env=env, check=True, stderr=pipe)
    subprocess.run([*command[:-1], str(tmp_path / "undisturbed"), "--no-prefect", "--quiet"], env=env, check=True, stderr=pipe)
    assert digest(out) == digest(tmp_path / "undisturbed")
    assert list(out.rglob("*.part")) == []
