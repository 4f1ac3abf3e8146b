"""Measure `dehusk learn` on very many pages: pages a second, memory, disk, and the same bytes from any engine.

python -m tests.learn_scale [--pages N] [--kind repeated|varied] [--sites N] [--learnt N] [--engines 1,2,dask] [--keep FILE]

`repeated` pages are a few hundred, printed again and again with other times, counters and orders of menus; of `varied` ones
each has prose of its own. Their sites have a menu and a foot of their own. Each engine, a number of workers or a Dask cluster
of two, learns them anew in processes of its own. Pages a second are those of gathering, without the time for the sites that are
learnt then. Memory and disk are looked up many times a second, so a short peak may be missed. The digest is that of all that
`dehusk learn` wrote; the command ends with 1 when it is not the same for all engines.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import psutil

from flows.learning.site_task import SUFFIX
from tests.bench.corpora import sentences_of
from tests.support.labelled import load_cases
from tests.support.services import dask_cluster

KINDS = ("repeated", "varied")
REPEATED = 300  # pages that are printed again and again
SENTENCES, A_PARAGRAPH = 12, 3  # of a page: about 2 KB with all around them
LOOK_SECONDS = 0.05
DASK = "dask"
SECTIONS = "Harbour Weather Letters Council Trade Schools Sport Culture Roads Farming".split()


@dataclass
class Cost:
    """The cost of a command: seconds, those of gathering and of its CPUs, and the most bytes of each process and on disk."""

    seconds: float = 0.0
    gathering: float = 0.0
    cpu: float = 0.0
    memory: dict[int, int] = field(default_factory=dict)
    disk: int = 0
    digest: str = ""

    def in_words(self, engine: str, pages: int) -> str:
        memory = " + ".join(f"{peak / 1e6:.0f}" for peak in self.memory.values())
        return (
            f"{engine:>4}: {self.seconds:.1f} s, {self.gathering:.1f} s to gather: {pages / self.gathering:,.0f} pages/s,"
            f" {pages / self.cpu:,.0f} a CPU second; memory {memory} MB, working folder {self.disk / 1e6:,.1f} MB,"
            f" digest {self.digest}"
        )


def rows(kind: str, pages: int, sites: int) -> Iterator[dict[str, str]]:
    """Yield rows of pages, the same ones every time."""
    sentences = sentences_of(case["text"] for case in load_cases("daily8").values())
    for number in range(pages):
        story = number % REPEATED if kind == "repeated" else number
        site = story % sites
        yield {
            "url": f"https://news-{site}.example/{story}",
            "date": f"2025-{1 + number % 12:02}-{1 + number % 28:02}T08:00:00Z",
            "text": page_text(site, Random(story), Random(number), sentences),
        }


def page_text(site: int, story: Random, print_: Random, sentences: Sequence[str]) -> str:
    """Return a page of a site: a story, and around it times, counters and a menu, which each print has anew."""
    menu = [f"{section} of Quay {site}" for section in print_.sample(SECTIONS, len(SECTIONS))]
    body = story.choices(sentences, k=SENTENCES)
    paragraphs = [" ".join(body[i : i + A_PARAGRAPH]) for i in range(0, SENTENCES, A_PARAGRAPH)]
    title = story.choice(sentences)[:60].rpartition(" ")[0]
    times = [f"{print_.randrange(1, 60)} minutes ago", f"{print_.randrange(9_000)} views"]
    foot = [f"Write to the editors of Quay {site}", f"The Quay {site} is printed on Tuesdays and read all week in the harbour"]
    return "\n".join([*menu, title, *times, *paragraphs, *foot])


def write_rows(file: Path, kind: str, pages: int, sites: int) -> None:
    """Write rows of pages, unless the file is there."""
    if not file.exists():
        part = file.with_suffix(".part")
        with part.open("w", encoding="utf-8") as opened:
            opened.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(kind, pages, sites))
        part.replace(file)


def cost_of(file: Path, engine: str, learnt: int) -> Cost:
    """Return what it costs to learn the pages of a file on an engine."""
    with TemporaryDirectory(dir=file.parent) as folder, ExitStack() as stack:
        to, others = Path(folder, "packs"), []
        options = ["--workers", engine]
        if engine == DASK:
            address, others = stack.enter_context(dask_cluster(Path(folder)))
            options = ["--engine", DASK, "--scheduler", address]
        command = [
            sys.executable,
            "-m",
            "flows.cli",
            "learn",
            str(file.resolve()),
            "--to",
            to.name,
            "--most-sites",
            str(learnt),
        ]
        work = to.with_name(f".{to.name}.pages.part")
        cost, begun = Cost(), time.monotonic()
        with subprocess.Popen([*command, *options], cwd=folder, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None:
                _look(cost, [process.pid, *others], work)
                if not cost.gathering and next(work.glob(f"*{SUFFIX}"), None) is not None:
                    cost.gathering, cost.cpu = time.monotonic() - begun, sum(map(_cpu_seconds, (process.pid, *others)))
                time.sleep(LOOK_SECONDS)
        if process.returncode:
            raise SystemExit(process.returncode)
        cost.seconds, cost.digest = time.monotonic() - begun, _digest(to)
        return cost


def _look(cost: Cost, processes: Sequence[int], folder: Path) -> None:
    """Note the memory of processes and their children, and the bytes in a folder."""
    with suppress(psutil.Error):
        for root in map(psutil.Process, processes):
            for one in (root, *root.children(recursive=True)):
                cost.memory[one.pid] = max(cost.memory.get(one.pid, 0), one.memory_info().rss)
    with suppress(OSError):  # files come and go
        cost.disk = max(cost.disk, sum(file.stat().st_size for file in folder.iterdir()))


def _cpu_seconds(process: int) -> float:
    """Return the CPU seconds of a process and its ended children."""
    return sum(psutil.Process(process).cpu_times()[:4])


def _digest(folder: Path) -> str:
    """Return a digest of all files in a folder."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what it costs on each engine; return 1 when they did not write the same bytes."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.learn_scale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=10_000, help="rows in the file (default: %(default)s)")
    parser.add_argument("--kind", choices=KINDS, default=KINDS[1], help="of the pages (default: %(default)s)")
    parser.add_argument("--sites", type=int, default=2_000, help="hosts (default: %(default)s)")
    parser.add_argument("--learnt", type=int, default=2, help="sites that are learnt (default: %(default)s)")
    parser.add_argument("--engines", default="1,2", help="numbers of workers with commas, and dask (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="the file of pages; it is made only if it is not there")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        file = options.keep or Path(folder, "pages.jsonl")
        write_rows(file, options.kind, options.pages, options.sites)
        print(f"{options.pages:,} {options.kind} pages, {file.stat().st_size / 1e6:,.0f} MB")
        costs = []
        for engine in options.engines.split(","):
            costs.append(cost_of(file, engine, options.learnt))
            print(costs[-1].in_words(engine, options.pages), flush=True)
    return int(len({cost.digest for cost in costs}) > 1)


if __name__ == "__main__":
    sys.exit(main())
