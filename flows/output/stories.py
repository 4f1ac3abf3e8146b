"""The lines of files in `stories/`, read one by one.

Called by `flows.export.story_places`. A run replaces a file of stories in one step, as it does with one of records. All lines
of a story are in one file, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from flows.errors import Failed, Stale
from flows.layout import CONTRACT, STORIES, STORIES_NAME
from flows.output.story_line import StoryLine


def story_files(out: Path) -> list[Path]:
    """Return the files of stories in an output folder, none for one in which no run has looked for stories."""
    return sorted(file for file in (out / STORIES).glob("*.jsonl") if STORIES_NAME.fullmatch(file.stem))


def story_lines(file: Path, out: Path) -> Iterator[StoryLine]:
    """Yield the lines of a file of stories; raises Failed for one that is no story, and Stale where the file has gone."""
    decode = msgspec.json.Decoder(StoryLine).decode
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Stale(file.name) from None
    with opened:
        for number, line in enumerate(opened, 1):
            try:
                story = decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                problem = f"line {number} of {file} is no story of contract {CONTRACT} ({error})"
                raise Failed(f"{problem}; dehusk repair {out} makes stories again") from None
            yield story
