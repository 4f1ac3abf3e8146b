"""Files of stories, made of records."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from cleaners import PageInfo, Record, clean_page
from cleaners.stories.relation import Relation
from flows.layout import RECORDS, STORIES
from flows.output.story_line import Seen, SeenPage, StoryLine

(PLAIN,) = clean_page("Ferry returns\nThe ferry is back.").records
SHARD = "00000-000000000000.jsonl"
UNDATED = "undated.jsonl"


def id_of(name: str) -> str:
    """Return an id of the form that ids of records and stories have."""
    return blake2b(name.encode(), digest_size=12).hexdigest()


def record(name: str, path: str = "", text: str = "The ferry is back.", position: int = 0, captured_at: str = "") -> Record:
    """Return a record with the id of this name, on a page at `path`, by default one of its own."""
    path = path or f"{name}.txt"
    page = PageInfo(
        id=id_of(path), path=path, url="", site="", layout=PLAIN.page.layout, type="article", captured_at=captured_at
    )  # fmt: skip
    return msgspec.structs.replace(PLAIN, id=id_of(name), title=name, text=text, position=position, page=page)


def story(*seen: tuple[Record, str], canonical: Record, best: Record | None = None) -> StoryLine:
    """Return the line of a story that is told by these records, each with its relation."""
    records = [told for told, _ in seen]
    times = [told.page.captured_at for told, _ in seen if told.page.captured_at]
    return StoryLine(
        story=id_of(f"story of {seen[0][0].id} {seen[0][0].page.path}"), part=0,
        canonical=canonical.id, canonical_at=records.index(canonical),
        best=best.id if best else "", best_at=records.index(best) if best else -1,
        title=canonical.title, source=canonical.source, published=canonical.published, language=canonical.language,
        first_seen=min(times, default=""), last_seen=max(times, default=""), count=len(seen),
        seen=[_seen(told, Relation(relation)) for told, relation in seen],
    )  # fmt: skip


def _seen(told: Record, relation: Relation) -> Seen:
    page = told.page
    return Seen(told.id, relation, SeenPage(page.id, page.path, page.url, page.captured_at), told.position, told.text_sha256)


def in_parts(line: StoryLine, size: int) -> list[StoryLine]:
    """Return a story in lines of `size` records."""
    pieces = [line.seen[start : start + size] for start in range(0, len(line.seen), size)]
    return [msgspec.structs.replace(line, part=part, seen=seen) for part, seen in enumerate(pieces)]


def write_stories(out: Path, lines: Sequence[StoryLine], name: str = UNDATED) -> Path:
    """Write lines of stories into a file of an output folder, and return the file."""
    (out / STORIES).mkdir(parents=True, exist_ok=True)
    file = out / STORIES / name
    file.write_bytes(
        b"".join(msgspec.json.encode(line) + b"\n" for line in sorted(lines, key=lambda line: (line.story, line.part)))
    )
    return file


def write_records(out: Path, records: Sequence[Record]) -> None:
    """Write records into an output folder of an earlier version, which has no state to hold them to."""
    (out / RECORDS).mkdir(parents=True)
    (out / RECORDS / SHARD).write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in records))
