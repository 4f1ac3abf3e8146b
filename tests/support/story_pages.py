"""An output folder with stories that repeat."""

from __future__ import annotations

import json
from pathlib import Path

from flows.execution.run import run
from flows.options import RunOptions

CRANE = """The harbour board said on Monday that the old crane would be taken down within the month, as nobody had used it.
The master of the quay told reporters on Tuesday that the work would cost 40,000 pounds and that the money was set aside.
Residents who had asked for the crane to be kept as a monument said that they would bring their petition to the council.
The crane was built in 1912 and lifted its last load in 1987, when the yard behind it closed and the ships went elsewhere."""
FERRY = """The night ferry to the islands will sail again from the first of June, the shipping company said on Wednesday.
Two ships are to share the route, each with room for 300 passengers and 60 cars, and tickets go on sale this week.
The route had been closed since the storm of last autumn damaged the pier, and farmers on the islands had asked for help."""


def write_rows(file: Path, *rows: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def crane(day: int, **more: str) -> dict[str, str]:
    """Return a page with a copy of one story."""
    seen = {"url": f"https://q{day}.example/crane", "date": f"2025-07-{day:02d}T12:00:00Z"}
    return {"title": "Old crane to go", "text": CRANE, "source": "The Quay Post", **seen, **more}


def ferry(day: int) -> dict[str, str]:
    """Return a page with another story."""
    seen = {"url": "https://f.example/ferry", "date": f"2025-07-{day:02d}T12:00:00Z"}
    return {"title": "Night ferry back", "text": FERRY, **seen}


def make_stories(folder: Path) -> Path:
    """Write three pages of one story and one of another, clean them, and return the output folder."""
    write_rows(folder / "pages" / "a.jsonl", crane(1), crane(2), ferry(2))
    write_rows(folder / "pages" / "b.jsonl", crane(3))
    clean(folder / "out")
    return folder / "out"


def clean(out: Path, *, stories: bool = True, prune: bool = False) -> None:
    """Clean the pages beside an output folder that are new or have changed."""
    run(RunOptions((str(out.parent / "pages"),), str(out), workers=1, stories=stories, prune=prune))
