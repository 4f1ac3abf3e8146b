"""Make copies of stories as pages show them, and texts that look like copies and are none.

The stories are the texts of labelled sets of pages (folders with `gold.jsonl`, see `tests/fit/sets.py`), and invented ones in
languages that such sets lack: those of `tests/invented` are sentences put together from few words. The negatives are made of
texts that papers print again and again (`cases/stories/templates.toml`), and of the second halves of stories, which no other
record has.
Called by `tests.fit.story_copies`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any, Literal, get_args

from cleaners.stories.sighting import Sighting
from cleaners.stories.sketch import RecordText
from cleaners.stories.units import units_of
from cleaners.text.language import language_of
from tests.invented.language import Language, languages
from tests.invented.prose import Writer
from tests.support.labelled import CASES

Full = Literal["copy", "other-case", "publisher", "caption", "byline", "joined", "reworded"]
Cut = Literal["cut-2000", "cut-500", "cut-caption"]
Teaser = Literal["teaser-dots", "teaser-sentences", "teaser-byline"]
Negative = Literal["numbers", "names", "same-title", "same-opening", "quoted", "digest", "updated"]
FULL, CUTS, TEASERS, NEGATIVES = map(get_args, (Full, Cut, Teaser, Negative))
HEADLINE = "headline"
INVENTED = ("ar", "ja", "th", "zh")
LEAST_CHARS = {"ja": 300, "zh": 300, "th": 500}
LEAST_CHARS_ELSEWHERE = 900
LONGER = 1.5  # than a cut is the text that is cut
TEASER_CHARS = {"ja": 60, "zh": 60, "th": 160}
TEASER_CHARS_ELSEWHERE = 180
QUOTED_CHARS = {"ja": 90, "zh": 90, "th": 200}
QUOTED_CHARS_ELSEWHERE = 300
MARK_LINES, MARK_CHARS = 5, 60  # at the beginning of a text and of a line, by which a text is known again
REWORDED = 0.05  # of the words
DIGEST = 5  # teasers
LEAST_NUMBERS = 5  # in the first sentences of a text that is told with other numbers
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SENTENCE = re.compile(r"[^.!?。！？؟]+[.!?。！？؟]+\W*|[^.!?。！？؟]+$")


@dataclass(frozen=True, slots=True)
class Source:
    """A story that variants are made of."""

    name: str
    language: str
    title: str
    publisher: str
    text: str


@dataclass(frozen=True, slots=True)
class Made:
    """A record that was made of a story: its kind, and the name of the story that it tells."""

    given: RecordText
    sighting: Sighting
    story: str
    kind: str
    language: str


def sources_of(folder: Path) -> Iterator[Source]:
    """Yield the stories of a labelled set that are long enough and have a title."""
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        text, title = row["gold"].strip(), (row.get("title") or "").strip()
        language = language_of(text)
        if title and len(text) >= LEAST_CHARS.get(language, LEAST_CHARS_ELSEWHERE):
            yield Source(f"{folder.name}/{row['page']}", language, title, row.get("domain") or "The Post", text)


def invented_stories(code: str, count: int) -> Iterator[Source]:
    """Yield invented stories in a language."""
    for number in range(count):
        rng = Random(f"{code} {number}")
        writer = Writer(language(code), rng)
        topic = writer.topic()
        text = "\n".join(writer.body(topic, rng.randrange(6, 14)))
        yield Source(f"invented/{code}-{number}", code, topic.title, writer.paper(), text)


def unlike(stories: Iterable[Source]) -> Iterator[Source]:
    """Yield each story once, where sets hold the same page or text."""
    known: set[str] = set()
    for story in stories:
        lines = (line[:MARK_CHARS] for line in story.text.split("\n")[:MARK_LINES])
        marks = {story.name.partition("/")[2], story.title.casefold(), *(line for line in lines if len(line) == MARK_CHARS)}
        if not marks & known:
            yield story
        known |= marks


@cache
def language(code: str) -> Language:
    """Return the words of a language of invented sites."""
    return next(one for part in ("train", "held-out") for one in languages(part) if one.code == code)


@cache
def templates(code: str) -> dict[str, Any]:
    """Return the texts of a language that are printed again and again, those of English where it has none."""
    every = tomllib.loads((CASES / "stories" / "templates.toml").read_text(encoding="utf-8"))
    return every.get(code, every["en"])


def writer_of(code: str, rng: Random) -> Writer:
    """Return a writer of the words of templates."""
    return Writer(language(code if code in INVENTED else "en"), rng)


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text, up to a blank where there is one near."""
    head = text[:most]
    blank = head.rfind(" ")
    return head[:blank] if blank > most * 0.8 else head


def sentences_of(text: str, most: int) -> str:
    """Return the first whole sentences of a text, at least one; a part of it, where a script ends no sentence by a sign."""
    taken = ""
    for sentence in SENTENCE.findall(text.replace("\n", " ")):
        if taken and len(taken) + len(sentence) > most:
            break
        taken += sentence
    return (taken if len(taken) < LONGER * most else shortened(text, most)).strip()


def reworded(text: str, rng: Random) -> str:
    """Return a text with a few of its words, or letters of a script without blanks, in the place of others; no numbers."""
    size = units_of(text).to_a_word
    parts = re.split(r"(\s+)", text) if size == 1 else [text[i : i + size] for i in range(0, len(text), size)]
    words = [part for part in parts if part.strip().isalpha()]
    return "".join(rng.choice(words) if part.strip().isalpha() and rng.random() < REWORDED else part for part in parts)


def variants(story: Source) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, the title and the text of each variant of a story."""
    rng = Random(story.name)
    words, fixed = writer_of(story.language, rng), templates(story.language)
    title, text = story.title, story.text
    yield "copy", title, text
    yield "other-case", title.upper(), text
    yield "publisher", f"{title} | {story.publisher}", text
    yield "caption", title, words.fill(fixed["caption"]) + " " + text
    yield "byline", title, words.fill(fixed["byline"]) + "\n" + text
    yield "joined", title, " ".join(text.split("\n"))
    yield "reworded", title, reworded(text, rng)
    for most in (2_000, 500):
        if len(text) > LONGER * most:
            yield f"cut-{most}", title, text[:most]
    if len(text) > LONGER * 1_000:
        yield "cut-caption", title, (words.fill(fixed["caption"]) + " " + text)[:1_000]
    most = TEASER_CHARS.get(story.language, TEASER_CHARS_ELSEWHERE)
    yield "teaser-dots", title, shortened(text, rng.randrange(most * 2 // 3, most * 4 // 3)) + "…"
    yield "teaser-sentences", title, sentences_of(text, most)
    yield "teaser-byline", title, words.fill(fixed["byline"]) + " " + shortened(text, most) + "..."
    yield HEADLINE, title, ""


def negatives(stories: list[Source]) -> Iterator[tuple[Source, str]]:
    """Yield texts that look like copies and are none, each with its kind."""
    for i, story in enumerate(stories):
        rng = Random(f"negative {story.name}")
        words, fixed = writer_of(story.language, rng), templates(story.language)
        for kind in ("numbers", "names"):
            filled = words.fill(with_numbers(rng.choice(fixed[kind]), rng), **names(words))
            title, _, text = filled.partition("\n")
            yield made_source(story, kind, title, text), kind
        # Each half of a text and each teaser is used once, so that no two negatives are copies of each other.
        half = story.text[len(story.text) // 2 :]
        other = stories[(i + 1) % len(stories)]
        if i % 3 == 0:
            yield made_source(story, "same-title", fixed["briefing"], half), "same-title"
        elif i % 3 == 1:
            yield made_source(story, "same-opening", half[:40], fixed["opening"] + " " + half), "same-opening"
        elif other.language == story.language:
            quote = sentences_of(other.text, QUOTED_CHARS.get(story.language, QUOTED_CHARS_ELSEWHERE))
            at = len(quote)
            yield made_source(story, "quoted", half[:40], f"{half[:at]} {quote} {half[at:]}"), "quoted"
        group = [one for one in stories[i : i + DIGEST] if one.language == story.language]
        if i % DIGEST == 0 and len(group) > 2:
            digest = [sentences_of(one.text, TEASER_CHARS.get(story.language, TEASER_CHARS_ELSEWHERE)) for one in group]
            yield made_source(story, "digest", fixed["briefing"], "\n".join(digest)), "digest"
        if len(NUMBER.findall(sentences_of(story.text, 1_000))) >= LEAST_NUMBERS:
            changed = NUMBER.sub(partial(other_number, rng), story.text)
            yield made_source(story, "updated", f"{story.title} ({rng.randrange(2, 9)})", changed), "updated"


def made_source(story: Source, kind: str, title: str, text: str) -> Source:
    """Return a negative of a story."""
    return Source(f"{kind}/{story.name}", story.language, title, story.publisher, text)


def names(words: Writer) -> dict[str, str]:
    """Return a town and a person for a template, the same wherever it has them."""
    return {"town": words.fill("{town}"), "P": words.person()}


def with_numbers(template: str, rng: Random) -> str:
    """Return a template with its numbers filled in."""
    text = re.sub(r"\{d\}", lambda _: str(rng.randrange(1, 100)), template)
    return re.sub(r"\{D\}", lambda _: f"{rng.randrange(1_000, 40_000):,}", text)


def other_number(rng: Random, number: re.Match[str]) -> str:
    """Return another number of the same form."""
    return "".join(str((int(digit) + rng.randrange(1, 10)) % 10) if digit.isdigit() else digit for digit in number[0])


def made_set(stories: Iterable[Source]) -> list[Made]:
    """Return the variants and the negatives of stories."""
    stories = list(stories)
    made = [_made(story, kind, story.name, title, text) for story in stories for kind, title, text in variants(story)]
    # A text that is printed again as it was is the same story.
    return made + [
        _made(source, kind, source.text if kind in ("numbers", "names") else source.name, source.title, source.text)
        for source, kind in negatives(stories)
    ]


def _made(source: Source, kind: str, story: str, title: str, text: str) -> Made:
    given = RecordText(title=title, text=text, source=source.publisher)
    name = f"{source.name} {kind}"
    return Made(given, Sighting(record=name, path=name, position=0 if kind == "copy" else 1), story, kind, source.language)
