"""The words of a language, read from its data file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

Part = Literal["train", "held-out"]
Words = tuple[str, ...]
PARTS: tuple[Part, ...] = get_args(Part)
FOLDER = Path(__file__).parent / "languages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language: its script, its prose with slots (`{S}` subject, `{V}` verb, `{O}` object), the labels of its sites."""

    code: str
    part: Part
    spaced: bool = True
    capitals: bool = True
    title_case: bool = False
    digits: str = ""
    year_shift: int = 0
    person: str = "{given} {family}"
    towns: Words
    papers: Words
    given: Words
    family: Words
    subjects: Words
    verbs: Words
    objects: Words
    openers: Words
    tails: Words
    sentences: Words
    plain: Words
    facts: Words
    quotes: Words
    roles: Words
    sayings: Words
    titles: Words
    subheads: Words
    questions: Words
    months: Words
    ago: Words
    days: Words
    stamps: Words
    time_labels: Words
    menu: Words
    top: Words
    related: Words
    latest: Words
    share: Words
    comments: Words
    signup: Words
    paywall: Words
    cookies: Words
    app: Words
    foot: Words
    ads: Words
    inline: Words
    more: Words
    counters: Words
    bylines: Words
    captions: Words
    credits: Words
    paid: Words
    brands: Words
    tags: Words
    notes: Words
    corrections: Words
    opinions: Words
    reply: Words
    live: Words
    table: Words

    def lists(self) -> dict[str, Words]:
        """Return the word lists by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, tuple)}


@dataclass(frozen=True, slots=True)
class Shapes:
    """The forms of pages of a part: orders of fields, separators, formats of dates."""

    stories: Words
    headlines: Words
    bares: Words
    posts: Words
    heads: Words
    glue: Words
    clocks: Words


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}


@cache
def languages(part: Part) -> tuple[Language, ...]:
    """Return the languages of a part in the order of their codes."""
    every = (Language(code=path.stem, **_tuples(_read(path))) for path in sorted(FOLDER.glob("*.toml")))
    return tuple(language for language in every if language.part == part)


@cache
def shapes(part: Part) -> Shapes:
    """Return the forms of pages of a part."""
    return Shapes(**_tuples(_read(FOLDER.parent / "shapes.toml")[part]))
