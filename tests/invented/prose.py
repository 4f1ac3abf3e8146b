"""Prose about nothing: titles, sentences, paragraphs, names and times in a language, out of its slots."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.invented.language import Language

SLOT = re.compile(r"\{(\w+)\}")
FULL_WIDTH_ENDS = "。？！」"
NOW = datetime(2025, 9, 14, 17, 30)


@dataclass(frozen=True, slots=True)
class Topic:
    """The subject of a story: its title shares these words with its text."""

    subject: str
    verb: str
    object: str
    title: str


def capitalised(text: str) -> str:
    """Return a text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def title_cased(text: str) -> str:
    """Return a title with all words but the shortest in capitals."""
    return " ".join(capitalised(word) if len(word) > 2 else word for word in text.split(" "))


class Writer:
    """A writer of prose in one language, who gives no two stories of a page the same title."""

    def __init__(self, language: Language, rng: Random, *, title_case: bool = False) -> None:
        self.language, self.rng, self.title_case = language, rng, title_case
        self.titles: set[str] = set()
        self.said: set[str] = set()  # sentences and templates of the story at hand

    def fill(self, template: str, **given: str) -> str:
        """Return a template with its slots filled: those given, all others drawn."""
        text = template
        while SLOT.search(text):
            text = SLOT.sub(lambda slot: given[slot[1]] if slot[1] in given else self._draw(slot[1], given), text)
        return text.strip()

    def _draw(self, slot: str, given: dict[str, str]) -> str:
        language = self.language
        if slot in {"n", "m"}:
            n = int(given.get("n") or self.rng.randrange(12, 96))
            given.setdefault("n", str(n))
            return given["n"] if slot == "n" else str(self.rng.randrange(2, n))
        if slot == "P":
            return self.person()
        lists = {"S": language.subjects, "V": language.verbs, "O": language.objects, "L": language.openers, "T": language.tails}
        lists |= {"Q": language.quotes, "R": language.roles, "town": language.towns, "paper": language.papers}
        lists |= {"given": language.given, "family": language.family, "brand": language.brands}
        return self.rng.choice(lists[slot.rstrip("2")])

    def person(self) -> str:
        """Return a name."""
        return self.fill(self.language.person)

    def paper(self) -> str:
        """Return the name of a publisher."""
        return self.fill("{paper}")

    def topic(self) -> Topic:
        """Return a topic with a title that no story of this page has."""
        language, draw = self.language, self.rng.choice
        while True:
            subject, verb, thing = draw(language.subjects), draw(language.verbs), draw(language.objects)
            title = capitalised(self.fill(draw(language.titles), S=subject, V=verb, O=thing))
            title = title_cased(title) if self.title_case else title
            if title.casefold() not in self.titles:
                self.titles.add(title.casefold())
                self.said.clear()
                return Topic(subject, verb, thing, title)

    def sentence(self, topic: Topic, *, opening: bool = False) -> str:
        """Return a sentence about a topic; an opening one holds all of the title's facts."""
        draw, language = self.rng.choice, self.language
        share = 0.0 if opening else self.rng.random()
        if share > 0.5:
            template = draw(language.plain if share > 0.8 else language.facts if share > 0.65 else language.quotes)
            if template not in self.said:
                self.said.add(template)
                return self.saying(template) if template in language.quotes else self.fill(template)
        about = {"S": topic.subject, "V": topic.verb, "O": topic.object}
        other = {"S": draw(language.subjects), "V": draw(language.verbs), "O": draw(language.objects)}
        kept = "SVO" if opening else draw(["S", "S", "O", "O", "SO", "VO", "SV"])
        about = {slot: about[slot] if slot in kept else other[slot] for slot in about}
        return capitalised(self.fill(draw(language.sentences), **about))

    def saying(self, first: str) -> str:
        """Return a quotation with its speaker."""
        second = self.rng.choice([quote for quote in self.language.quotes if quote != first])
        return capitalised(self.fill(self.rng.choice(self.language.sayings), Q=first, Q2=second))

    def paragraph(self, topic: Topic, sentences: int, *, opening: bool = False) -> str:
        """Return a paragraph."""
        texts: list[str] = []
        while len(texts) < sentences:
            text = self.sentence(topic, opening=opening and not texts)
            if text not in self.said:
                self.said.add(text)
                texts.append(text)
        return self.joined(texts)

    def joined(self, texts: list[str]) -> str:
        """Return sentences as one text; those that end in a mark of full width need no blank between."""
        return "".join(text if text[-1] in FULL_WIDTH_ENDS else text + " " for text in texts).strip()

    def body(self, topic: Topic, paragraphs: int) -> list[str]:
        """Return the paragraphs of a story."""
        return [self.paragraph(topic, self.rng.choice([1, 2, 2, 3, 4]), opening=i == 0) for i in range(paragraphs)]

    def time(self, style: str, digits: str = "") -> str:
        """Return a time of the last weeks in a style: `ago`, `days`, a stamp of the language, or a format of strftime."""
        at = NOW - timedelta(minutes=self.rng.randrange(5, 60 * 24 * 25))
        if "%" in style:
            text = at.strftime(style)
        else:
            template = self.rng.choice(getattr(self.language, style)) if style in {"ago", "days"} else style
            month, year = self.language.months[at.month - 1], str(at.year + self.language.year_shift)
            day = f"{at.day:02}" if month.isdigit() else str(at.day)
            number = str(self.rng.randrange(2, 23))
            text = self.fill(template, n=number, month=month, y=year, d=day, time=at.strftime("%H:%M"))
        return text.translate(str.maketrans("0123456789", digits)) if digits else text
