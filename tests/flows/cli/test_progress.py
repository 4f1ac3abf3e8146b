"""Progress of a run: a bar on a terminal, lines in a log, nothing with --quiet."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys

import pytest

from flows.cli import progress
from flows.cli.live_bar import Bar
from flows.cli.pace import Meter, Pace, long_text, short_text, stopping_text
from flows.cli.progress import BAR, LINES, SILENCE, Lines, display_for, watch_with
from flows.execution.progress import ProgressSnapshot, SharedProgress
from flows.inputs.discovery import Source
from flows.planning.shards import Shard
from flows.signals import is_stopping
from tests.chaos import make_pages
from tests.support import processes
from tests.support.command import dehusk
from tests.support.terminal import env, in_terminal
from tests.support.waiting import wait_until

READING = ProgressSnapshot(12, 40, 412_000_000, 960_000_000, 8_200, 3)
PACE = Pace(310.4, 14_200_000, 118.0)
EAGER_RUN = """
from flows.cli import progress
from tests.chaos import small_run
progress.LOOK_SECONDS = 0.02
progress.BAR, progress.LINES = (kind._replace(after=0.0, every=0.05) for kind in (progress.BAR, progress.LINES))
if __name__ == "__main__":
    small_run()
"""
# After its first shard, this one goes on only when it has shown three times how far it is.
SHOWN_RUN = (
    """
import sys
from pathlib import Path
from flows.cli.live_bar import Bar
from flows.cli.progress import Lines
from flows.execution import engines
from tests.support import ended
engines.clean_shard = ended.wait_to_go_on
go_on, drawn = Path(sys.argv[-1]).with_name(ended.GO_ON), []
for view in (Bar, Lines):
    def draw(self, snapshot, pace, draw=view.draw):
        draw(self, snapshot, pace)
        drawn.append(snapshot)
        if len(drawn) == 3:
            go_on.touch()
    view.draw = draw
"""
    + EAGER_RUN
)
TIME = r"\d+[hms]( \d+[hms])?"
LINE = rf"dehusk: \d+ of \d+ shards, [\d,]+ pages, [\d.,]+ pages/s, [\d.]+ MB/s, \d+ quarantined(, about {TIME} left)?"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    make_pages(folder, 100)
    return folder


def eager_run(pages, folder, *options, code=EAGER_RUN):
    """The command for a run that shows soon and often how far it is."""
    return [sys.executable, "-c", code, str(pages), *options, "--no-prefect", "--workers", "2", "--out", str(folder / "out")]


@pytest.mark.parametrize("asked", [[], ["--json"]])
def test_a_terminal_shows_a_live_bar_and_stdout_has_none_of_it(pages, tmp_path, asked):
    out, shown = in_terminal(eager_run(pages, tmp_path, *asked, code=SHOWN_RUN))
    drawn = shown.split("\r\x1b[2K")  # each time the line is drawn anew
    assert len(drawn) > 2
    assert re.search(rf"\d+% .*━.* [\d.]+/0\.7 MB, ({TIME} left, )?[\d.]+ MB/s, [\d.,]+ pages/s, \d bad", drawn[-2])
    assert shown.endswith("\x1b[2K")  # nothing of it is left
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")  # the cursor is there again
    assert "\x1b" not in out
    assert json.loads(out)["pages"] == 98 if asked else "│ pages" in out


def test_a_bar_may_be_without_colours(pages, tmp_path):
    _, shown = in_terminal(eager_run(pages, tmp_path, code=SHOWN_RUN), NO_COLOR="1")
    assert "MB/s" in shown
    assert not re.search(r"\x1b\[[\d;]*m", shown)


@pytest.mark.parametrize(("asked", "more"), [([], {"TERM": "dumb"}), (["--quiet"], {}), (["--json"], {"TERM": "dumb"})])
def test_a_terminal_that_is_dumb_or_to_be_quiet_has_no_bar(pages, tmp_path, asked, more):
    code = EAGER_RUN if asked else SHOWN_RUN
    _, shown = in_terminal(eager_run(pages, tmp_path, *asked, code=code), **more)
    assert "\x1b" not in shown
    assert all(re.fullmatch(LINE, line) for line in shown.splitlines() if not line.endswith("/quarantine"))
    assert bool(re.search(LINE, shown)) is not bool(asked)


@pytest.mark.parametrize("asked", [[], ["--quiet"], ["--json"]])
def test_a_log_has_plain_lines_unless_it_is_to_be_quiet_or_for_machines(pages, tmp_path, asked):
    command = eager_run(pages, tmp_path, *asked, code=EAGER_RUN if asked else SHOWN_RUN)
    done = processes.run(command, env=env(), check=True)
    lines = [line for line in done.stderr.splitlines() if not line.endswith("/quarantine")]
    assert all(re.fullmatch(LINE, line) for line in lines)
    assert bool(lines) is not bool(asked)


def test_a_short_run_says_nothing(seeds, tmp_path):
    assert dehusk("run", str(seeds), "--no-prefect", "--out", str(tmp_path)).stderr == b""


def test_a_run_whose_stderr_is_closed_is_done_all_the_same(pages, tmp_path):
    command = eager_run(pages, tmp_path)
    subprocess.run(["bash", "-c", 'exec "$@" 2>&-', "-", *command], env=env(), stdout=subprocess.DEVNULL, check=True)
    subprocess.run(
        ["bash", "-c", 'exec "$@" 2> >(true)', "-", *command, "--fresh"], env=env(), stdout=subprocess.DEVNULL, check=True
    )


@pytest.mark.parametrize(
    ("is_terminal", "term", "quiet", "as_json", "kind"),
    [
        (True, "xterm", False, False, BAR),
        (True, "xterm", False, True, BAR),
        (True, "xterm", True, False, SILENCE),
        (True, "dumb", False, False, LINES),
        (True, "dumb", False, True, SILENCE),
        (False, "xterm", False, False, LINES),
        (False, "xterm", False, True, SILENCE),
        (False, "xterm", True, False, SILENCE),
    ],
)
def test_where_stderr_goes_decides_what_is_shown(is_terminal, term, quiet, as_json, kind, monkeypatch):
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal, raising=False)
    assert display_for(quiet=quiet, as_json=as_json) is kind


def test_a_process_without_stderr_is_quiet(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert display_for(quiet=False, as_json=False) is SILENCE


def test_how_many_sites_are_learnt_in_words():
    learning = ProgressSnapshot(12, 40, 412_000, 960_000, 0, 0, "site")
    assert short_text(learning, PACE) == "12 of 40 sites learnt, 2m left"
    assert stopping_text(2, "site") == "stopping; finishing the 2 sites in hand, Ctrl-C again to stop now"


def test_how_far_a_run_is_in_words():
    assert long_text(READING, PACE) == "12 of 40 shards, 8,200 pages, 310 pages/s, 14.2 MB/s, 3 quarantined, about 2m left"
    assert short_text(READING, PACE) == "412.0/960.0 MB, 2m left, 14.2 MB/s, 310 pages/s, 3 bad, 8,200 pages"
    begun = ProgressSnapshot(0, 1, 0, 3_400_000_000, 0, 0)
    assert short_text(begun, Pace(0, 0, None)) == "0.0/3.4 GB, 0.0 MB/s, 0.0 pages/s, 0 bad, 0 pages"
    is_stopping.set()
    try:
        assert long_text(READING, PACE).endswith("3 quarantined, stopping")
    finally:
        is_stopping.clear()


@pytest.mark.parametrize(("in_hand", "what"), [(1, "shard"), (4, "4 shards")])
def test_what_is_said_of_a_run_that_is_being_stopped(in_hand, what):
    assert stopping_text(in_hand) == f"stopping; finishing the {what} in hand, Ctrl-C again to stop now"
    assert stopping_text(0) == "stopping; writing down what is done"


@pytest.mark.parametrize("columns", ["50", "80", "120"])
def test_a_narrow_terminal_shows_how_far_a_large_run_is_and_how_long_it_takes(columns, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", columns)
    bar = Bar()
    try:
        bar.draw(ProgressSnapshot(3, 3_600, 12_300_000_000, 456_700_000_000, 1_234_567, 1_234), Pace(2_345, 21_300_000, 36_300))
    finally:
        bar.close()
    assert re.search(r" 3% .*━.* 12\.3/456\.7 GB, 10h 5m left", capsys.readouterr().err)


def reading(done: int, pages: int = 0) -> ProgressSnapshot:
    return ProgressSnapshot(0, 1, done, 1_000, pages, 0)


def test_a_pace_is_that_of_late():
    meter = Meter(0.0)
    assert meter.pace(reading(100, 10), 10.0) == Pace(1.0, 10.0, 90.0)
    assert meter.pace(reading(100, 10), 30.0).bytes == pytest.approx(100 / 30)
    assert meter.pace(reading(400, 40), 50.0) == Pace(0.75, 7.5, 80.0)  # since the tenth second
    assert meter.pace(reading(400, 40), 81.0) == Pace(0.0, 0.0, None)


def test_a_pace_is_never_backward():
    meter = Meter(0.0)
    meter.pace(reading(100, 10), 1.0)
    assert meter.pace(reading(50, 5), 40.0) == Pace(0.0, 0.0, None)
    assert Meter(5.0).pace(reading(0), 5.0) == Pace(0.0, 0.0, None)


def test_a_stop_is_told_at_once_and_once(capsys):
    board = SharedProgress([Shard("a", (Source("", "1", 10),))])
    board.in_flight = 2
    told = []
    capsys.readouterr()
    try:
        with watch_with(SILENCE)(board):
            is_stopping.set()
            wait_until(lambda: told.append(capsys.readouterr().err) or any(told), "a sentence")
    finally:
        is_stopping.clear()
    assert "".join(told) == "dehusk: stopping; finishing the 2 shards in hand, Ctrl-C again to stop now\n"


def test_what_is_said_and_logged_beside_a_bar_does_not_tear_it(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    log = logging.getLogger("dehusk-test")
    plain, prefects = logging.StreamHandler(sys.stderr), logging.StreamHandler(sys.stderr)
    prefects.console = before = object()
    prefects.emit = lambda record: prefects.console.print(record.getMessage())
    for handler in (plain, prefects):
        log.addHandler(handler)
    stderr = sys.stderr
    try:
        bar = Bar()
        bar.draw(READING, PACE)
        log.warning("a shard is tried again")
        bar.print("stopping")
        bar.close()
    finally:
        log.handlers.clear()
    assert (plain.stream, prefects.console, sys.stderr) == (stderr, before, stderr)
    shown = capsys.readouterr().err
    assert shown.count("a shard is tried again") == 2
    for said in ("a shard is tried again", "dehusk: stopping"):  # each on a line of its own, which was the bar's before
        assert all(part.endswith("\r\x1b[2K") for part in shown.split(said)[:-1])
        assert all(part.startswith("\n") for part in shown.split(said)[1:])


def test_a_bar_of_inputs_of_unknown_size_is_drawn(capsys, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    bar = Bar()
    bar.draw(ProgressSnapshot(0, 1, 0, 0, 5, 0), Pace(5.0, 0.0, None))
    bar.close()
    assert "5 pages" in capsys.readouterr().err


def test_lines_are_plain(capsys):
    Lines().draw(READING, PACE)
    assert re.fullmatch(LINE + "\n", capsys.readouterr().err)
    assert progress.LINES.after >= 5
