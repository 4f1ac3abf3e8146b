"""The label of a page, worked out from the lines that are left of it: the format of `tests/cases`."""

from __future__ import annotations

import unicodedata
from typing import Any, Literal

from tests.invented.language import Language
from tests.invented.line import Line, Story

SENTENCE = 25  # characters of a line of prose that is asked for
Edge = Literal["first", "last"]
WORDS, LETTERS = 6, 12  # of a body's edge, with and without blanks between words
MARKS = "•*-+–[]()!# "


def squash(text: str) -> str:
    """Return a text in NFC with its white space folded."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def expected(lines: list[Line], language: Language, *, is_cut: bool) -> dict[str, Any]:
    """Return the records that a careful reader would make of the lines."""
    stories: dict[int, Story] = {id(line.story): line.story for line in lines if line.story}
    own = [[place for place, line in enumerate(lines) if line.story is story] for story in stories.values()]
    last = lines[-1].story if is_cut and lines[-1].fate in {"text", "field"} else None
    items = [
        (story, _item(story, lines, places, language, ends=story is last))
        for story, places in zip(stories.values(), own, strict=True)
    ]
    mains = [item for story, item in items if story.kind == "main"]
    return {
        "main": mains[0] if mains else None,
        "related": [item for story, item in items if story.kind != "main" and item["title"]],
        "clutter": _clutter(lines),
        "keep": _keep(lines),
    }


def _item(story: Story, page: list[Line], places: list[int], language: Language, *, ends: bool) -> dict[str, Any]:
    shown = {name for place in places for name in page[place].shows}
    item: dict[str, Any] = {"title": story.title if "title" in shown else ""}
    named = {"source": story.source, "published_raw": story.time, "category": story.category}
    shows = {"source": "source" in shown, "published_raw": "time" in shown, "category": "category" in shown}
    optional = {"source", "category"} if story.kind == "main" else set()
    item |= {name: value if shows[name] else "" for name, value in named.items() if shows[name] or name not in optional}
    texts = [place for place in places if page[place].fate == "text"]
    if texts:
        item |= _edge("first", page, places, texts, language) | _edge("last", page, places, texts, language)
    else:
        item |= {"first_words": "", "last_words": ""}
    if story.kind == "main" and not texts:
        item["empty_body"] = True
    elif story.kind != "main":
        item["kind"] = story.kind if texts else "headline"
        if not texts and not any(shows.values()):
            item["fragment"] = True  # a title alone is a link to a story: a record of it may be made or not
    if ends:
        has_enough = sum(len(page[place].text) for place in texts) > 3 * SENTENCE
        item |= {"truncated": True} if has_enough else {"fragment": True}
    return item


def _edge(edge: Edge, page: list[Line], places: list[int], texts: list[int], language: Language) -> dict[str, str]:
    """Return the wordings of a body's edge; a caption or the like outside of it may be taken for a part of it."""
    step = 1 if edge == "first" else -1
    run = [texts[0 if edge == "first" else -1]]
    while run[-1] + step in texts:  # text behind a line of another kind does not belong to the wording
        run.append(run[-1] + step)
    text = "\n".join(page[place].text for place in sorted(run))
    words = {f"{edge}_words": _words(text, language, first=edge == "first")}
    beside = run[0] - step
    if beside in places and page[beside].fate == "either":
        words[f"{edge}_words_clean"] = _words(page[beside].text, language, first=edge == "first")
    return words


def _words(text: str, language: Language, *, first: bool) -> str:
    text = squash(text)
    if not language.spaced:
        return text[:LETTERS].strip() if first else text[-LETTERS:].strip()
    words = text.split(" ")
    return " ".join(words[:WORDS] if first else words[-WORDS:])


def _clutter(lines: list[Line]) -> list[str]:
    """Return the lines that must go and that stand nowhere as a line of another kind."""
    others = {squash(line.text).strip(MARKS).casefold() for line in lines if line.fate != "clutter"}
    others |= {value.casefold() for line in lines if line.story for value in _values(line.story)}
    texts = dict.fromkeys(squash(line.text) for line in lines if line.fate == "clutter")
    return [text for text in texts if text.strip(MARKS) and text.strip(MARKS).casefold() not in others]


def _values(story: Story) -> tuple[str, ...]:
    return (story.title, story.source, story.time, story.category)


def _keep(lines: list[Line]) -> list[str]:
    """Return lines of prose that must stay: all that look like something else, and some others."""
    prose = [line for line in lines if line.fate == "text" and not line.spoilt]
    plain = [line for line in prose if line.look == "prose" and len(line.text) >= SENTENCE]
    kept = [line for line in prose if line.keep and line.text.strip("#* ") == line.text] + plain[:: max(1, len(plain) // 10)]
    return list(dict.fromkeys(squash(line.text) for line in kept))
