"""The commands that meet faults: the folders that each begins with, and all that it must leave."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.chaos import ROOT
from tests.support.old_state import make_old

# Runs, with the folders of a lab; `--workers 1` keeps all calls in one process, in the same order each time.
RUN = ("run", "{pages}", "--out", "{out}", "--no-prefect", "--quiet", "--settle", "0", "--workers", "1")
Dehusk = Callable[..., None]


@dataclass(frozen=True)
class Scenario:
    """A command that meets faults, and the one that is called after it.

    `before` makes the folders that it begins with. `result` is a pattern of the files that must be right in the end. `is_run`
    says of a command that it writes the output folder itself, `has_workers` that it starts processes, so that faults are tried
    more rarely.
    """

    name: str
    command: tuple[str, ...]
    before: Callable[[Path, Dehusk], None]
    again: tuple[str, ...] = ()
    result: str = "out/*/*.jsonl"
    stdin: str = ""
    is_run: bool = True
    has_workers: bool = False


def write_pages(folder: Path) -> None:
    """Write pages of one story each, one that is none, and rows."""
    (folder / "b").mkdir(parents=True)
    for number, name in enumerate(("a.txt", "b/c.txt", "d.txt", "e.txt")):
        (folder / name).write_text(page(number), encoding="utf-8")
    (folder / "b" / "bad.txt").write_bytes(b"\0" * 100)
    rows = (
        f'{{"url": "https://quaypost.example/{n}", "text": "Ferry {n} returns\\nThe ferry was back on Monday."}}'
        for n in (1, 2)
    )
    (folder / "rows.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def page(number: int) -> str:
    seed = sorted((ROOT / "seeds").glob("*.txt"))[number % 2].read_text(encoding="utf-8").split("\n")
    head = [f"Page {number} of the harbour board", f"The board met for the {number}th time on Monday."]
    return "\n".join([*head, *seed[number : number + 12]])


def change_pages(folder: Path) -> None:
    """Change a page, add one, and take two away, one of them the only bad one."""
    (folder / "a.txt").write_text(page(11), encoding="utf-8")
    (folder / "f.txt").write_text(page(12), encoding="utf-8")
    (folder / "e.txt").unlink()
    (folder / "b" / "bad.txt").unlink()


def nothing(work: Path, dehusk: Dehusk) -> None:
    write_pages(work / "pages")


def changed(work: Path, dehusk: Dehusk) -> None:
    write_pages(work / "pages")
    dehusk(*RUN)
    change_pages(work / "pages")


def done(work: Path, dehusk: Dehusk) -> None:
    write_pages(work / "pages")
    dehusk(*RUN)


def old(work: Path, dehusk: Dehusk) -> None:
    done(work, dehusk)
    make_old(work / "out")


def damaged(work: Path, dehusk: Dehusk) -> None:
    done(work, dehusk)
    file = min((work / "out" / "records").iterdir())
    file.write_bytes(file.read_bytes() + b"{}\n")


def lost_state(work: Path, dehusk: Dehusk) -> None:
    done(work, dehusk)
    (work / "out" / "state.db").unlink()


def exported(work: Path, dehusk: Dehusk) -> None:
    done(work, dehusk)
    dehusk(*EXPORT)
    change_pages(work / "pages")
    dehusk(*RUN)


EXPORT = ("export", "{out}", "{dataset}", "--format", "jsonl", "--partition-by", "kind")
SCENARIOS = (
    Scenario("first run", RUN, nothing),
    Scenario("run in a new place", (*RUN[:3], "{out}/new/place", *RUN[4:]), nothing, result="out/new/place/*/*.jsonl"),
    Scenario("second run", RUN, changed),
    Scenario("prune", (*RUN, "--prune"), changed),
    Scenario("fresh", (*RUN, "--fresh"), changed, again=RUN),
    Scenario("standard input", ("run", "-", *RUN[2:]), nothing, stdin="rows.jsonl"),
    Scenario("damaged shard", RUN, damaged),
    Scenario("migration", RUN, old),
    Scenario("repair", ("repair", "{out}"), lost_state, is_run=False),
    Scenario("two workers", (*RUN[:-1], "2"), changed, has_workers=True),
    Scenario("verify", ("verify", "{out}", "{pages}"), done, is_run=False),
    Scenario("export", EXPORT, exported, result="dataset/**/*", is_run=False),
    Scenario("report", ("report", "{out}"), done, result="out/report.html", is_run=False),
)


def copied(source: Path, target: Path) -> None:
    """Replace a folder by a copy of another, if there is one."""
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target, symlinks=True)
