"""Call commands beside others at work in the same output folder, and judge each call: right, a sentence, or a problem.

    python -m tests.support.beside COMMAND OUT PAGES DEST STOP

calls one command again and again until the file STOP is there, and prints a line of JSON for each call.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from subprocess import Popen

from click.testing import CliRunner

from flows.cli import main
from flows.planning import shards
from tests.support.processes import end
from tests.support.waiting import ASK_SECONDS, PATIENCE_SECONDS, wait_until

ROOT = Path(__file__).parents[2]
PAUSE_SECONDS = 0.1  # between two calls, so that one that has to wait leaves the machine to others
NO_RUN = r"no run has been made in .*; name the folder that was given to dehusk run as --out"
# The sentences by which a command may end beside another one, and its exit code then.
SENTENCES: dict[str, tuple[tuple[int, str], ...]] = {
    "status": ((2, NO_RUN),),
    "verify": (
        (2, NO_RUN),
        (1, r"a run is at work in .*; try again when it is over"),
        (1, r"a run has begun in .* and changes what is verified; try again when it is over"),
    ),
    "repair": ((2, NO_RUN), (1, r"a run is at work in .*; try again when it is over")),
    "report": ((2, r"no run has left a manifest in .*; name the folder that was given to dehusk run as --out"),),
    "export": (
        (2, NO_RUN),
        (1, r".* holds no record; nothing was written(; a run is at work there)?"),
        (1, r"files in .* changed while they were read; try again when the run there is over"),
        (1, r".* is being written by another dehusk; wait for it, or name another folder"),
    ),
    "clean": (),
    "explain": (),
    "run": (),
}
COMMANDS = tuple(SENTENCES)
WAITING = ("verify", "repair")  # these do nothing while a run is at work


@dataclass(frozen=True)
class Call:
    """A call of a command: its exit code, its words on standard error, and the problem with it, "" for none."""

    command: str
    code: int
    words: str
    problem: str

    @property
    def has_done_its_work(self) -> bool:
        return self.code == 0 and "skipped" not in self.words


def call(command: str, out: Path, pages: Path, exported: Path, number: int = 0) -> Call:
    """Call a command in this process and judge it; a run first changes the pages, for the time of this `number`."""
    page = str(out.parent / "page.txt")
    if command in ("clean", "explain") and not Path(page).exists():
        Path(page).write_text("Ferry returns\nThe ferry is back.\nAdvertisement\n")
    if command == "run":
        change(pages, number)
    arguments = {
        "status": ["status", str(out), str(pages), "--json"],
        "verify": ["verify", str(out), str(pages)],
        "report": ["report", str(out)],
        "repair": ["repair", str(out)],
        "export": ["export", str(out), str(exported), "--format", "jsonl"],
        "clean": ["clean", page],
        "explain": ["explain", page, "--json"],
        "run": ["run", str(pages), "--out", str(out), "--no-prefect", "--json", "--settle", "0", *_run_options(number)],
    }[command]
    result = CliRunner().invoke(main, arguments)
    crash = result.exception if not isinstance(result.exception, SystemExit | None) else None
    problem = repr(crash) if crash else _problem(command, result.exit_code, result.stderr, result.stdout, out)
    return Call(command, result.exit_code, result.stderr, problem)


def _run_options(number: int) -> list[str]:
    prune, fresh = ["--prune"] * (number % 3 == 0), ["--fresh"] * (number % 7 == 6)
    return [*prune, *fresh, "--workers", "2" if number % 9 == 8 else "1"]


def change(pages: Path, number: int) -> None:
    """Write all pages anew, with one more and, after some time, one less."""
    for name in ("0", "1", f"{number}-new"):
        (pages / f"{name}.txt").write_text(
            f"Title {name}\nThe ferry is back, version {number}.\nAdvertisement\n" * (1 + number % 2)
        )
    (pages / f"{number - 3}-new.txt").unlink(missing_ok=True)


def _problem(command: str, code: int, words: str, printed: str, out: Path) -> str:
    if code:
        is_known = any(code == known and re.fullmatch(f"dehusk: {text}\n", words) for known, text in SENTENCES[command])
        return "" if is_known and not printed else f"exit code {code}: {words}{printed}"
    if command == "status":
        return "" if {"is_running", "totals", "runs"} <= json.loads(printed).keys() else f"no status: {printed}"
    if command == "report":
        return _report_problem((out / "report.html").read_text(encoding="utf-8"))
    if command == "run":
        is_skipped = re.fullmatch("dehusk: skipped: another run is at work in .*\n", words) and not printed
        return "" if is_skipped or json.loads(printed)["failed"] == 0 else f"the run was not whole: {words}{printed}"
    return f"verify prints {printed}" if command == "verify" and printed else ""


def _report_problem(html: str) -> str:
    """Return the problem of a report, "" for none: it is whole, and each kept piece of a page is of one of its records."""
    found = re.search('<script type="application/json" id="pages-data">(.*?)</script>', html, re.DOTALL)
    if found is None or not html.rstrip().endswith("</html>"):
        return "the report is cut off"
    for page in json.loads(found[1]):
        positions = {record["position"] for record in page["records"]}
        if not positions or not {piece[1] for piece in page["pieces"] if len(piece) == 3} <= positions:
            return f"the report shows {page}"
    return ""


def export_problem(exported: Path) -> str:
    """Return the problem of an export that nobody is writing, "" for none: files, digests, and no record twice."""
    manifest = json.loads((exported / "export.json").read_bytes())
    held = {path.relative_to(exported).as_posix() for path in exported.rglob("*") if path.is_file()} - {"export.json"}
    if held != manifest["files"].keys():
        return f"the export holds {sorted(held)}"
    changed = [
        name
        for name, digest in manifest["files"].items()
        if hashlib.sha256((exported / name).read_bytes()).hexdigest() != digest
    ]
    return f"the export has other bytes in {changed}" if changed else ""


@dataclass
class Tally:
    """The calls of commands that have gone on beside something else."""

    calls: list[Call] = field(default_factory=list)

    @property
    def problems(self) -> list[Call]:
        return [call for call in self.calls if call.problem]

    def table(self) -> dict[str, dict[str, int]]:
        """Return for each command how often it was called, ended with a sentence, and had a problem."""
        table: dict[str, Counter[str]] = {}
        for call in self.calls:
            table.setdefault(call.command, Counter()).update(
                {"calls": 1, "did their work": call.has_done_its_work, "problems": bool(call.problem)}
            )
        return {name: dict(counts) for name, counts in sorted(table.items())}


@contextmanager
def called_beside(commands: Sequence[str], out: Path, pages: Path, folder: Path, least: int = 0) -> Iterator[Tally]:
    """Call each command again and again in a process of its own, until the block ends and each was called `least` times."""
    stop, tally = folder / "stop", Tally()
    logs = [folder / f"{number}-{command}.log" for number, command in enumerate(commands)]
    with ExitStack() as stack:
        processes = []
        for number, command in enumerate(commands):
            arguments = [command, str(out), str(pages), str(folder / "exported"), str(stop)]
            log = stack.enter_context(logs[number].open("wb"))
            process = Popen([sys.executable, "-m", "tests.support.beside", *arguments], stdout=log, stderr=log, cwd=ROOT)
            processes.append(stack.enter_context(process))
            stack.callback(end, process)

        def are_called() -> bool:
            assert all(process.poll() is None for process in processes), [log.read_text()[-2_000:] for log in logs]
            tally.calls = [call for log in logs for call in _calls_in(log)]
            done = Counter(call.command for call in tally.calls if call.has_done_its_work or call.command in WAITING)
            return all(done[command] >= least for command in commands)

        yield tally
        wait_until(are_called, f"{least} calls of each command", pause=ASK_SECONDS)
        stop.touch()
        codes = [process.wait(PATIENCE_SECONDS) for process in processes]
    assert not any(codes), [log.read_text()[-2_000:] for log in logs]
    tally.calls = [call for log in logs for call in _calls_in(log)]


def _calls_in(log: Path) -> list[Call]:
    """Return the calls in a log, but for a line that is being written."""
    return [Call(**json.loads(line)) for line in log.read_text().splitlines(keepends=True) if line.endswith("\n")]


def main_loop() -> None:
    shards.SHARD_BYTES, shards.MIN_SOURCE_BYTES = 1, 0
    command, out, pages, exported, stop = sys.argv[1], *map(Path, sys.argv[2:])
    for number in count():
        if stop.exists():
            return
        print(json.dumps(asdict(call(command, out, pages, exported, number))), flush=True)
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main_loop()
