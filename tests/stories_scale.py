"""Measure the stories of very many records: seconds, memory, disk, and what a further shard costs.

python -m tests.stories_scale [--records N] [--a-shard N] [--keep DIR]

The records tell a quarter as many stories, some of them hundreds of times: in full, cut, with a caption or the publisher
glued on, as a teaser, as a headline alone. A process of its own makes the sketches of all shards, which the workers of a run do
beside cleaning; another one brings all shards but the last into the tables and writes the files of stories; and a third one the
last shard. Memory is the most that each process held. A second of the CPU is a better measure on a busy machine.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import msgspec

from cleaners import Record
from cleaners.document.page import stable_id
from cleaners.output.record import PageInfo
from flows.inputs.fingerprint import file_digest
from flows.layout import RECORDS, SKETCHES, STORIES, STORIES_FILE
from flows.output.atomic import LinesFile
from flows.output.written import Files, WrittenFile
from flows.stories.sketches import last_line, sketch_lines, sketches_file
from flows.stories.update import update_stories
from tests.bench.corpora import sentences_of
from tests.support.labelled import load_cases

WORDS = 300  # of a text
STOCK = "The ministry said in a statement on Monday that it would look into the matter as soon as it could".split()
RECORDS_A_STORY = 4
RULES = "0" * 16


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a step: seconds, those of the CPU, and the most bytes in memory."""

    seconds: float
    cpu: float
    memory: int

    def in_words(self, step: str, records: int) -> str:
        rate = f"{records / self.seconds:,.0f} records a second, {records / self.cpu:,.0f} a CPU second"
        return f"{step}: {self.seconds:.1f} s, {rate}, {self.memory / 1e6:,.0f} MB in memory"


def record(number: int, records: int, words: Sequence[str]) -> Record:
    """Return a record, the same one every time."""
    chance = Random(number)
    story = int(records / RECORDS_A_STORY * chance.random() ** 2)  # of the first ones many
    teller = Random(-1 - story)
    body = teller.choices(words, k=WORDS)
    if teller.random() < 0.2:
        body[teller.randrange(40) :][: len(STOCK)] = STOCK
    text = "\n".join(" ".join(body[i : i + 40]) + "." for i in range(0, WORDS, 40))
    title = " ".join(teller.choices(words, k=9))
    variant = chance.randrange(10)
    if variant == 1:
        text = text[:900]
    elif variant == 2:
        text = f"{' '.join(chance.choices(words, k=12))}. {text}"
    elif variant == 3:
        title = f"{title} | Quay {story % 90}"
    elif variant == 4:
        text = text[:180] + "…"
    elif variant == 5:
        text = ""
    path = f"{number // 4:08}.html"
    captured = f"2025-{1 + number * 12 // records:02}-{1 + number % 28:02}T08:00:00Z"
    page = PageInfo(stable_id(path), path, f"https://news-{number // 4 % 50}.example/{path}", "", "", "article", captured)
    kind = "story" if text else "headline"
    return Record(
        id=stable_id(path, str(number)), kind=kind, title=title, text=text, source=f"Quay {story % 90}", published="",
        published_raw="", published_precision="", category="", authors=[], tags=[], language="en", url="", attribution="",
        confidence=0.9, flags=[], parent_id="", position=number % 4, page=page,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(), duplicate_of="", rules=RULES,
    )  # fmt: skip


def vocabulary() -> list[str]:
    """Return the words of labelled pages."""
    sentences = sentences_of(case["text"] for case in load_cases("daily8").values())
    return sorted({word for sentence in sentences for word in sentence.split() if word.isalpha()})


def write_records(out: Path, records: int, a_shard: int) -> dict[str, Files]:
    """Write the files of records of all shards, and return these."""
    words, encode = vocabulary(), msgspec.json.Encoder().encode
    (out / RECORDS).mkdir(parents=True, exist_ok=True)
    shards: dict[str, Files] = {}
    for first in range(0, records, a_shard):
        name = f"{len(shards):05}-{first:012x}"
        file = out / RECORDS / f"{name}.jsonl"
        if not file.exists():
            with LinesFile(file) as lines:
                lines.write([encode(record(number, records, words)) for number in range(first, min(first + a_shard, records))])
        shards[name] = {f"{RECORDS}/{name}.jsonl": WrittenFile(file_digest(file))}
    return shards


def write_sketches(out: Path, shards: dict[str, Files]) -> None:
    """Write the sketches of all shards."""
    (out / SKETCHES).mkdir(exist_ok=True)
    decode = msgspec.json.Decoder(Record).decode
    for name, files in shards.items():
        path = out / RECORDS / f"{name}.jsonl"
        with path.open("rb") as lines, LinesFile(sketches_file(out, name)) as sketches:
            sketches.write(sketch_lines(map(decode, lines)))
            sketches.write([last_line(files[f"{RECORDS}/{name}.jsonl"].sha256, sketches.sha256)])


def cost_of(step: partial[object]) -> Cost:
    """Return the cost of a step in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (step,))


def _measured(step: partial[object]) -> Cost:
    begun, cpu = time.monotonic(), time.process_time()
    step()
    return Cost(time.monotonic() - begun, time.process_time() - cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def lines_of(out: Path, records: int, a_shard: int) -> Iterator[str]:
    """Yield the lines of the report."""
    shards = write_records(out, records, a_shard)
    held = sum(file.stat().st_size for file in (out / RECORDS).iterdir())
    yield f"{records:,} records in {len(shards):,} shards, {held / 1e6:,.0f} MB"
    cost = cost_of(partial(write_sketches, out, shards))
    yield cost.in_words("sketches", records)
    last = [*shards][-1]
    before = {name: files for name, files in shards.items() if name != last}
    for step, part in (("update", before), ("a further shard", shards)):
        cost = cost_of(partial(update_stories, out, "", part))
        yield cost.in_words(step, a_shard if part is shards else records - a_shard)
    kept = (out / STORIES_FILE).stat().st_size
    written = sum(file.stat().st_size for file in (out / STORIES).iterdir())
    yield f"{STORIES_FILE}: {kept / records:,.0f} bytes a record; stories/: {written / records:,.0f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.stories_scale", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many")
    parser.add_argument("--a-shard", type=int, default=10_000, help="records in a shard")
    parser.add_argument("--keep", type=Path, help="an output folder to keep, with records to be used again")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        out = options.keep or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        (out / STORIES).mkdir(exist_ok=True)
        for line in lines_of(out, options.records, options.a_shard):
            print(line, flush=True)


if __name__ == "__main__":
    main()
