"""Pages that repeat a few invented stories in full, cut, as teasers and as headlines, for tests of `stories/`."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

STORIES = 36
FILES = 9
PLAIN_FILES = 3  # of one page each, without a time of capture
ROWS = 7  # in each of the files
PLACES = ("harbour", "valley", "old town", "northern district", "airport", "river bank", "market square", "university")
PEOPLE = ("engineers", "teachers", "shopkeepers", "farmers", "pilots", "nurses", "students", "councillors")
DOINGS = ("praised", "rejected", "discussed", "photographed", "postponed", "celebrated", "questioned", "repaired")
THINGS = ("bridge", "timetable", "bakery", "budget", "telescope", "orchard", "ferry", "library", "concert hall", "tunnel")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
SOURCES = ("Quay Post", "Valley Herald", "Yahoo", "CBS News", "Reuters")
FURNITURE = ("Hashtags", "", "Try Our AI Features", "Explore what Daily8 AI can do for you:", "Comments", "No comments yet...")


def write_story_pages(folder: Path, seed: int = 1) -> list[Path]:
    """Write files of pages, those of a site and a day in one, and return them; some pages are captured twice."""
    dice = Random(seed)
    stories = [_story(Random(f"{seed} {number}")) for number in range(STORIES)]
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(FILES):
        file = folder / f"site{number % 3}-{number}.jsonl"
        rows = [_row(dice, stories, f"{number % 3}/{row}", day=number // 3 + row % 2) for row in range(ROWS)]
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        files.append(file)
    for number in range(PLAIN_FILES):
        file = folder / f"page{number}.txt"
        file.write_text(_page(dice, stories), encoding="utf-8")
        files.append(file)
    return files


def _row(dice: Random, stories: list[tuple[str, list[str]]], name: str, day: int) -> dict[str, str]:
    row = {"url": f"https://www.daily8.com/{name}", "text": _page(Random(name) if dice.random() < 0.3 else dice, stories)}
    return row | ({"date": f"2026-03-{day + 1:02}T0{day}:00:00Z"} if dice.random() < 0.9 else {})


def _page(dice: Random, stories: list[tuple[str, list[str]]]) -> str:
    """Return a page with a story of its own, and others beside it in any form."""
    (title, sentences), *others = dice.sample(stories, 4)
    blocks = [title, *sentences, *FURNITURE, "Related Articles"]
    for other, text in others:
        source = dice.choice(SOURCES)
        body = " ".join(text)
        form = dice.choice((body, f"By A. Quill {body}", body[: len(body) * 2 // 3], f"{body[:150]}...", ""))
        blocks.append("\n".join(filter(None, ("", f"{source}\n2 hours ago\n- {source}", other, form))))
    return "\n".join(blocks) + "\n"


def _story(dice: Random) -> tuple[str, list[str]]:
    sentences = []
    for _ in range(8):
        place, people, doing, thing, day = (dice.choice(words) for words in (PLACES, PEOPLE, DOINGS, THINGS, DAYS))
        sentences.append(
            f"On {day} some {dice.randrange(20, 900)} {people} from the {place} {doing} the new {thing}, "
            f"which {dice.choice(PEOPLE)} near the {dice.choice(PLACES)} had {dice.choice(DOINGS)} a week before."
        )
    people, place, doing, thing = (dice.choice(words) for words in (PEOPLE, PLACES, DOINGS, THINGS))
    return f"{people.title()} of the {place} {doing} the {thing}", sentences
