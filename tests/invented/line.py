"""A line of a page with its label, and the story that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Look = Literal["title", "meta", "prose", "heading", "label", "link", "picture", "cell"]
Fate = Literal["field", "text", "clutter", "either"]
Kind = Literal["main", "story", "teaser", "headline"]


@dataclass(eq=False, slots=True)
class Story:
    """A story of the page, its own or an embedded one, with the fields that its lines may show."""

    kind: Kind
    title: str
    source: str = ""
    time: str = ""
    category: str = ""


@dataclass(eq=False, slots=True)
class Line:
    """A line: its text, its look in the page, its right fate."""

    text: str
    look: Look
    fate: Fate
    story: Story | None = None
    shows: tuple[str, ...] = ()  # fields of the story that stand in the line
    keep: bool = False  # looks like clutter, must stay
    continues: bool = False  # stands directly below the line before, without a blank line between
    spoilt: bool = False  # holds damage, so its wording is not asked for


@dataclass(slots=True)
class Page:
    """A page while it is made: its lines from top to bottom."""

    lines: list[Line] = field(default_factory=list)

    def clutter(self, *texts: str, look: Look = "label") -> None:
        """Add lines that must go."""
        self.lines += [Line(text, look, "clutter") for text in texts if text]
