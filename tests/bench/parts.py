"""The parts of the benchmark: each measures dehusk beside something else, in the same rounds, and yields figures."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaners.document.page import stable_id
from tests.bench import corpora
from tests.bench.growth import growth
from tests.bench.hostile import hostile
from tests.bench.peers import html_peers, look_up, pass_through, rate, read_html, text_peers, texts_of
from tests.bench.trials import DEHUSK, Figure, beside, figure, in_turn, run_dehusk, run_file, run_process, seconds
from tests.conftest import ROOT

MB = 1_000_000
PEER_BYTES = 4 * MB  # of the same file, for the peers that take a second for a megabyte
SEED = str(ROOT / "seeds" / "002_f7065e8dbd06d821.txt")
SEED_LIKE, SHORT_LINE = KINDS = ("seed-like", "short-line")
CRAWL = "crawl"  # of the sites that are given
FLOOR = "orjson pass-through"


@dataclass(frozen=True)
class Asked:
    """What the benchmark is asked for: where its corpora are kept, how large they are, and how often all is measured."""

    folder: Path
    size: int
    rounds: int
    html: tuple[str, ...] = ()
    crawl: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of pages of text."""
        return (*KINDS, CRAWL) if self.crawl else KINDS

    def jsonl(self, kind: str, size: int = 0) -> Path:
        """Return a file of JSON Lines of unique pages of a kind, made when it is not there.

        Pages of short lines take seven times as long, so a fifth of the size is enough of them.
        """
        size = size or (self.size if kind == SEED_LIKE else self.size // 5)
        if kind == CRAWL:
            pages, name = corpora.crawl([*map(Path, self.crawl)]), f"{kind}-{stable_id(*self.crawl)}"
        else:
            pages, name = (corpora.seed_like() if kind == SEED_LIKE else corpora.short_lines()), kind
        return corpora.write_jsonl(pages, size, self.folder / f"{name}-{size // MB}mb.jsonl")


def text(asked: Asked) -> Iterator[Figure]:
    """Yield whole runs over JSON Lines, and the peers that take text on the same pages, beside passing the rows through."""
    for kind in asked.kinds:
        path = asked.jsonl(kind)
        jobs: dict[str, Callable[[], float]] = {
            FLOOR: lambda path=path: pass_through(path),
            "dehusk run, 1 worker": lambda path=path: run_file(path),
            "dehusk's contract alone": lambda path=path: look_up(path),
        }
        sample = texts_of(path, PEER_BYTES)
        jobs |= {name: lambda one=one, sample=sample: rate(sample, one) for name, one in text_peers().items()}
        yield from beside(f"text, {kind}", in_turn(jobs, asked.rounds), FLOOR, "MB/s")


def html(asked: Asked) -> Iterator[Figure]:
    """Yield dehusk and its peers on each set of HTML pages, in one process, beside trafilatura's default extraction."""
    logging.disable(logging.CRITICAL)
    for folder in asked.html:
        pages = read_html([folder])
        jobs = {name: lambda one=one, pages=pages: len(pages) / seconds(pages, one) for name, one in html_peers().items()}
        for job in jobs.values():  # compiles patterns; what that takes is told under start-up
            job()
        part = f"html, {len(pages)} pages of {'/'.join(Path(folder).parts[-2:])}"
        yield from beside(part, in_turn(jobs, asked.rounds), "trafilatura", "pages/s")


def scale(asked: Asked) -> Iterator[Figure]:
    """Yield two workers beside one, larger inputs beside a small one, and the memory of both."""
    for kind in asked.kinds:
        path = asked.jsonl(kind, asked.size)  # of many shards: two workers share them
        jobs = {f"{n} worker{'s' * (n > 1)}": lambda n=n, path=path: run_file(path, "--workers", str(n)) for n in (1, 2)}
        yield from beside(f"workers, {kind}", in_turn(jobs, asked.rounds), "1 worker", "MB/s")[1:]
    sizes = [10 * MB, asked.size, *([5 * asked.size] if asked.size >= 1_000 * MB else [])]
    words = ("--out", "{out}", "--no-prefect", "--quiet", "--workers", "1")
    first = None
    for size in sizes:
        path = asked.jsonl(SEED_LIKE, size)
        ended = run_dehusk("run", str(path), *words)
        per_byte, peak = ended.seconds / path.stat().st_size, ended.peak
        first = first or (per_byte, peak)
        name = f"{size // MB:,} MB"
        yield figure("size", f"time a byte, {name}", [1 / per_byte], "MB/s", [per_byte / first[0]], "10 MB", "lower")
        yield figure("size", f"memory, {name}", [peak], "MB", [peak / first[1]], "10 MB", "lower")
    pages = corpora.write_files(corpora.seed_like(), 20_000, asked.folder / "20000-files")
    archive = corpora.write_wet(corpora.seed_like(), asked.size, asked.folder / f"seed-like-{asked.size // MB}mb.wet.gz")
    rows = asked.jsonl(SEED_LIKE)
    for name, path in (("20,000 single files", pages), (f"WET, {asked.size // MB:,} MB unpacked", archive)):
        kinds = {"rows": lambda: page_rate(rows), name: lambda path=path: page_rate(path)}
        yield from beside("containers", in_turn(kinds, 1), "rows", "pages/s")[1:]


def page_rate(path: Path) -> float:
    """Return the pages a second of a whole run with one worker."""
    with tempfile.TemporaryDirectory() as out:
        words = [DEHUSK, "run", str(path), "--out", out, "--no-prefect", "--json", "--workers", "1"]
        begun = time.perf_counter()
        done = subprocess.run(words, capture_output=True, check=True)
        return json.loads(done.stdout)["pages"] / (time.perf_counter() - begun)


def start(asked: Asked) -> Iterator[Figure]:
    """Yield how long whole processes take that have little to do, beside an empty Python process."""
    run = ("run", str(ROOT / "seeds"), "--out", "{out}", "--quiet")
    commands = {
        "python -c pass": lambda: run_process(sys.executable, "-c", "pass"),
        "dehusk --help": lambda: run_dehusk("--help"),
        "dehusk clean SEED": lambda: run_dehusk("clean", SEED),
        "dehusk run --no-prefect seeds": lambda: run_dehusk(*run, "--no-prefect"),
        "dehusk run seeds, with Prefect": lambda: run_dehusk(*run),
    }
    for warm_up in commands.values():
        warm_up()
    told = in_turn({name: lambda one=one: one().seconds for name, one in commands.items()}, asked.rounds)
    base = told["python -c pass"]
    for name, times in told.items():
        ratios = [value / other for value, other in zip(times, base, strict=True)]
        yield figure("start-up", name, times, "s", ratios, "python -c pass", "lower")


def rules(asked: Asked) -> Iterator[Figure]:
    """Yield what ten times the rules cost."""
    yield from growth({kind: texts_of(asked.jsonl(kind), PEER_BYTES) for kind in asked.kinds}, asked.rounds)


def pages(asked: Asked) -> Iterator[Figure]:
    """Yield what a byte of a hostile page costs beside one of ordinary pages."""
    yield from hostile(1_000_000 if asked.size >= 1_000 * MB else 100_000)


PARTS: dict[str, Callable[[Asked], Iterator[Figure]]] = {
    "text": text, "html": html, "scale": scale, "start": start, "rules": rules, "pages": pages,
}  # fmt: skip
