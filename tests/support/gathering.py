"""Pages of several sites to gather, and what workers do in tests instead of gathering."""

from __future__ import annotations

import json
import time
from pathlib import Path
from random import Random

from flows.learning import shard as shards
from flows.learning.gather import Gathered
from flows.learning.shard import GatheredShard, GatherSettings
from flows.planning.shards import Shard
from tests.support.ended import MARK, VICTIM
from tests.support.waiting import PATIENCE_SECONDS
from tests.support.warcs import page

WORDS = "ferry island crane harbour quay sails night morning captain board council storm light bridge market".split()
SITES = ("quaypost.example", "www.quaypost.example", "ferrytimes.example", "")
SHARD_BYTES = 4_000


def make_site_pages(folder: Path, number: int = 60) -> Path:
    """Write rows of several sites, one in five a near-duplicate of an earlier one, with text, HTML, an archive and bad rows."""
    folder.mkdir(parents=True)
    random = Random(1)
    stories = [". ".join(" ".join(random.choices(WORDS, k=14)) for _ in range(3)) for _ in range(number)]
    rows = []
    for i in range(number):
        text = f"{i} minutes ago\n{stories[i - i % 5 if i % 5 == 1 else i]}\nShare"
        host = SITES[i % 7 % len(SITES)]
        rows.append({"text": text, "url": f"https://{host}/{i}" if host else "", "date": f"2025-{1 + i % 3:02}-05T12:00:00Z"})
    lines = [json.dumps(row) for row in rows]
    (folder / "rows.jsonl").write_text("\n".join([*lines[: number // 2], "no row", *lines[number // 2 :], ""]))
    (folder / "bad.txt").write_bytes(b"\0" * 100)
    (folder / VICTIM).write_text(stories[0])
    (folder / "latin.txt").write_bytes(f"Schöne Fähre\n{stories[1]}".encode("latin-1"))
    link = '<link rel="canonical" href="https://m.ferrytimes.example/own">'
    (folder / "own.html").write_text(f"<html><head><title>Own</title>{link}</head><body><p>{stories[2]}</p></body></html>")
    (folder / "crawl.warc").write_bytes(page(1) + page(2))
    return folder


def contents(gathered: Gathered) -> bytes:
    """Return all that was gathered, as bytes."""
    counts = json.dumps(gathered.counts.as_dict()).encode()
    parts = [counts, repr(gathered.rows).encode(), repr(gathered.dropped).encode(), repr(gathered.failed).encode()]
    for name, site in gathered.sites.items():
        parts += [name.encode(), site.as_json(), *(repr(page).encode() for page in gathered.pages_of(name))]
    return b"\n".join(parts)


def end_once(shard: Shard, settings: GatherSettings) -> GatheredShard:
    """Gather a shard, but end the process in the midst of the victim's when it is met for the first time."""
    import os
    import signal

    if VICTIM in [source.name for source in shard.sources] and not (mark := Path(settings.reading.out, MARK)).exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return shards.gather_shard(shard, settings)


def stall(shard: Shard, settings: GatherSettings) -> GatheredShard:
    """Note that a shard is begun, and wait."""
    Path(settings.reading.out, f"{shard.name}.begun").touch()
    time.sleep(PATIENCE_SECONDS)
    raise AssertionError(shard)


def take_a_moment(shard: Shard, settings: GatherSettings) -> GatheredShard:
    """Note that a shard is begun, and gather it when the test has given a sign."""
    from tests.support.waiting import wait_until

    work = Path(settings.reading.out)
    (work / f"{shard.name}.begun").touch()
    wait_until((work / "go on").exists, "a sign to go on")
    return shards.gather_shard(shard, settings)
