"""Make texts on their own that hold lists: their paragraphs are cut into the lines of meals, rankings, schedules and the like.

Called by `tests.fit`. Nearly no gold text on its own holds a long list, but many texts that users clean do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random

from cleaners import Library, Page
from cleaners.text.line_shape import word_chars
from tests.fit.labels import paragraphs
from tests.fit.sets import LISTED, LabelledPage, features_of_page

MIN_PARAGRAPHS = 4
MIN_ITEMS, MAX_ITEMS = 3, 12
MAX_LISTS = 3
MIN_SENTENCE_CHARS, SHORT_SHARE = 40, 0.6  # of the texts of items that are cut at the end of a sentence
MONTHS = "January February March April May June July August September October November December".split()
HOURS, MINUTES = range(1, 24), ("00", "15", "30", "45")
MARKS = ("- ", "• ", "* ", "– ", "")
Item = list[str]  # its lines


class _Words:
    """The words of some paragraphs, handed out in pieces that begin with a capital."""

    def __init__(self, texts: Sequence[str], rng: Random) -> None:
        self._rng = rng
        joined = " ".join(texts)
        size = word_chars(joined)
        self._between = "" if size else " "
        self._words = [joined[i : i + size] for i in range(0, len(joined), size)] if size else joined.split()
        self._at, self._next = 0, 0
        self._sentences = texts

    def piece(self, least: int, most: int, *, title: bool = False) -> str:
        """Return the next few words, without signs at their ends."""
        count = self._rng.randint(least, most)
        words = [self._words[(self._at + i) % len(self._words)] for i in range(count)]
        self._at += count
        text = self._between.join(words).strip(" .,;:!?\"'“”‘’()[]-–—。，、")
        text = text or words[0]
        return " ".join(word[:1].upper() + word[1:] for word in text.split()) if title else text[:1].upper() + text[1:]

    def sentence(self) -> str:
        """Return the next paragraph, cut short at the end of a sentence at times; some words when all have been returned."""
        if self._next == len(self._sentences):
            return f"{self.piece(6, 25)}."
        text = self._sentences[self._next]
        self._next += 1
        end = text.find(". ", MIN_SENTENCE_CHARS)
        return text[: end + 1] if end > 0 and self._rng.random() < SHORT_SHARE else text


def _clock(rng: Random) -> str:
    hour, minute, half = rng.choice(HOURS), rng.choice(MINUTES), rng.choice(("am", "p.m.", "PM"))
    return rng.choice((f"{hour}:{minute}", f"{hour:02}.{minute}", f"{hour % 12 + 1}:{minute} {half}"))


def _date(rng: Random) -> str:
    day, month, year = rng.randint(1, 28), rng.choice(MONTHS), rng.randint(1998, 2026)
    number = MONTHS.index(month) + 1
    return rng.choice((
        f"{month} {day}, {year}", f"{day} {month} {year}", f"{month} {day}-{day + 3}, {year}", f"{month[:3]}. {day}",
        f"{day:02}.{number:02}.{year}", f"{year}-{number:02}-{day:02}", f"{day} {month}", f"{day:02}/{number:02}/{year}",
    ))  # fmt: skip


def _meals(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield counted sub-headings over short lines, as in a plan of meals or days."""
    name, per_day = words.piece(1, 1), rng.randint(2, 5)
    is_timed, with_parts = rng.random() < 0.4, rng.random() < 0.3
    for i in range(size):
        head = [f"{words.piece(1, 2)} {i // per_day + 1}"] if with_parts and i % per_day == 0 else []
        label = f"{name} {i % per_day + 1 if with_parts else i + 1}"
        time = [_clock(rng)] if is_timed else []
        yield [*head, label, *time, words.piece(3, 16)]


def _ranking(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield numbered names, some over a text, as in rankings and listicles."""
    sign, with_text, from_last = rng.choice((". ", ") ", " ", ": ")), rng.random() < 0.6, rng.random() < 0.2
    notes = rng.choice(("", "", "{date}", "{words} | {date}", "Photo: {words}"))
    for i in range(size):
        number = size - i if from_last else i + 1
        note = [notes.format(date=_date(rng), words=words.piece(1, 3))] if notes else []
        yield [
            f"{number}{sign}{words.piece(1, 7, title=rng.random() < 0.5)}",
            *note,
            *([words.sentence()] if with_text else []),
        ]


def _schedule(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield times beside or above short lines."""
    make = rng.choice((_clock, _date))
    form = rng.choice(("two", "two", "back", "one", "after"))
    place = rng.random() < 0.4
    for _ in range(size):
        what, when = words.piece(2, 9), make(rng)
        where = [words.piece(1, 3, title=True)] if place else []
        if form == "one":
            yield [f"{when}{rng.choice((' – ', ': ', ' '))}{what}", *where]
        elif form == "after":
            yield [f"{what}, {when}", *where]
        else:
            yield [when, what, *where] if form == "two" else [what, when, *where]


def _cards(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield names over fields with labels, as of events, products and offers."""
    fields = [(words.piece(1, 2), rng.choice(("date", "words", "number", "address"))) for _ in range(rng.randint(2, 5))]
    is_numbered, has_text = rng.random() < 0.5, rng.random() < 0.5
    for i in range(size):
        made = {
            "date": _date(rng), "words": words.piece(1, 5), "number": f"${rng.randint(2, 900)}",
            "address": f"https://www.{words.piece(1, 1).lower()}.example/",
        }  # fmt: skip
        lines = [f"{label}: {made[kind]}" for label, kind in fields]
        yield [f"{i + 1}. " * is_numbered + words.piece(2, 6, title=True), *lines, *([words.sentence()] if has_text else [])]


def _results(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield results of games, in a line each or cell by cell."""
    by_cell, is_dated = rng.random() < 0.4, rng.random() < 0.4
    for _ in range(size):
        one, other = words.piece(1, 2, title=True), words.piece(1, 2, title=True)
        goals, against = rng.randint(0, 9), rng.randint(0, 9)
        date = [_date(rng)] if is_dated else []
        yield [*date, one, str(goals), other, str(against)] if by_cell else [*date, f"{one} {goals}-{against} {other}"]


def _table(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield the rows of a table, cell by cell or with its cells in a line."""
    columns = [rng.choice(("words", "number", "share", "date")) for _ in range(rng.randint(1, 3))]
    sign = rng.choice(("", "", " | ", " – ", "  "))
    yield _row([words.piece(1, 3), *(words.piece(1, 2) for _ in columns)], sign)
    for _ in range(size):
        made = {
            "words": words.piece(1, 4), "number": f"{rng.randint(1, 9999):,}", "share": f"{rng.randint(1, 99)} %",
            "date": _date(rng),
        }  # fmt: skip
        yield _row([words.piece(1, 4), *[made[kind] for kind in columns]], sign)


def _row(cells: Item, sign: str) -> Item:
    return [sign.join(cells)] if sign else cells


def _questions(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield questions over their answers."""
    asks, answers = rng.choice((("", ""), ("Q: ", "A: "), ("", "")))
    for _ in range(size):
        yield [f"{asks}{words.piece(4, 11)}?", f"{answers}{words.sentence()}"]


def _steps(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield counted steps, each a sub-heading over a text or a text alone."""
    name, is_alone = words.piece(1, 1), rng.random() < 0.5
    for i in range(size):
        text = words.sentence()
        yield [f"{name} {i + 1}: {text}"] if is_alone else [f"{name} {i + 1}: {words.piece(2, 6)}", text]


def _glossary(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield terms over or before their texts, with sub-headings of the whole text's look."""
    sign = rng.choice((": ", " – ", "", ""))
    for _ in range(size):
        term, text = words.piece(1, 4), words.sentence()
        yield [f"{term}{sign}{text}"] if sign else [term, text]


def _bullets(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield short lines with or without a mark, some under sub-headings."""
    mark, longest = rng.choice(MARKS), rng.choice((4, 9, 18))
    is_title, is_grouped = rng.random() < 0.3, rng.random() < 0.3
    for i in range(size):
        head = [words.piece(1, 4)] if is_grouped and i % 3 == 0 else []
        yield [*head, mark + words.piece(1, longest, title=is_title)]


def _references(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield titles of works beside their authors, their houses and years."""
    form, sign = rng.randrange(3), rng.choice((", ", "; ", " & "))
    for i in range(size):
        title = words.piece(4, 14, title=rng.random() < 0.7)
        names = sign.join(words.piece(2, 2, title=True) for _ in range(rng.randint(1, 4)))
        year = rng.randint(1990, 2026)
        works = ([title, names], [title, names, f"{year}"], [f"[{i + 1}] {names} ({year}). {title}."])
        yield works[form]


def _contacts(words: _Words, rng: Random, size: int) -> Iterator[Item]:
    """Yield the lines of an address, as at the end of a release and at the head of a paper."""
    house = words.piece(1, 1).lower()
    for _ in range(max(1, size // 3)):
        lines = [words.piece(2, 3, title=True), words.piece(2, 6, title=True)]
        lines.append(f"Tel: +1-{rng.randint(200, 999)}-555-{rng.randint(1000, 9999)}")
        lines.append(f"{words.piece(1, 1).lower()}@{house}.example")
        lines += [f"https://www.{house}.example/", f"{rng.randint(1, 400)} {words.piece(1, 2)}"]
        yield lines[: rng.randint(3, len(lines))]


KINDS: tuple[Callable[[_Words, Random, int], Iterator[Item]], ...] = (
    _meals, _ranking, _schedule, _cards, _results, _table, _questions, _steps, _glossary, _bullets, _references, _contacts,
)  # fmt: skip


def listed_pages(pages: Iterable[LabelledPage], library: Library, seed: int = 8) -> Iterator[LabelledPage]:
    """Yield every second gold text on its own with lists of its own words among its paragraphs."""
    rng = Random(seed)
    for page in pages:
        texts = [text for text in paragraphs(page.gold) if len(text) > 1]
        if rng.randrange(2) or len(texts) < MIN_PARAGRAPHS:
            continue
        text = Page("\n".join(listed_lines(texts, page.row.get("title") or "", rng)))
        features, ruleset = features_of_page(text, library)
        own = [True] * len(features)
        if features:
            yield LabelledPage(LISTED, page.name, page.site, text, text.text, features, own, list(own), ruleset, page.row)


def listed_lines(texts: Sequence[str], title: str, rng: Random) -> list[str]:
    """Return the lines of a text of these paragraphs with some lists, whose words are those of its last paragraphs."""
    kept = rng.randint(1, max(1, len(texts) // 2))
    lines = list(texts[:kept])
    words = _Words(texts[kept:], rng)
    for _ in range(rng.randint(1, MAX_LISTS)):
        size = round(MIN_ITEMS * (MAX_ITEMS / MIN_ITEMS) ** rng.random())
        made = [line for item in rng.choice(KINDS)(words, rng, size) for line in item]
        head = [words.piece(2, 6)] if rng.random() < 0.6 else []
        at = rng.randint(1, len(lines))
        lines[at:at] = [*head, *made, *([words.sentence()] if rng.random() < 0.5 else [])]
    return [title, *lines] if title and rng.random() < 0.7 else lines
