"""The header of a story by an order of fields: its lines, the fields in each, the glue between them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.invented.line import Line, Look, Story
from tests.invented.prose import Writer

PARTS_TITLE_BY = " - "  # where the site's glue would make a title and the field beside it one phrase


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a story as a site words them; an empty one is missing."""

    title: str
    source: str = ""
    time: str = ""
    time_label: str = ""
    author: str = ""
    category: str = ""
    number: str = ""


def author_line(writer: Writer, person: str) -> str:
    """Return a byline."""
    return writer.fill(writer.rng.choice(writer.language.bylines[:2]), P=person)


def header(order: str, fields: Fields, story: Story, glue: str) -> list[Line]:
    """Return the lines of a header; `text` and `lead` in the order are for the caller, as lines without text."""
    lines = []
    for row in order.split(" / "):
        if row in {"text", "lead"}:
            lines.append(Line("", "prose", "text", story, (row,)))
            continue
        names = [name for name in row.split() if getattr(fields, name)]
        if names:
            lines.append(_row(names, fields, story, glue))
    return lines


def _row(names: list[str], fields: Fields, story: Story, glue: str) -> Line:
    text = ""
    for before, name in zip(["", *names], names, strict=False):
        value = getattr(fields, name)
        if name == "time":
            # A label glued in the middle of a line would belong to neither field.
            value = (fields.time_label if len(names) == 1 else "") + value
            story.time = fields.time
        elif name in {"source", "category"}:
            setattr(story, name, value)
        text += (_glue(before, name, glue) if before else "") + value
    look: Look = "title" if "title" in names else "meta"
    only_number = names == ["number"]
    return Line(text, look, "clutter" if only_number else "field", story, tuple(names))


def _glue(before: str, name: str, glue: str) -> str:
    if before == "number":
        return " "
    if "title" in {before, name}:
        return glue if glue.strip(" ,") or "\t" in glue else " " if before == "time" else PARTS_TITLE_BY
    return glue
