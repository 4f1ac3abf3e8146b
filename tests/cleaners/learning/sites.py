"""Invented sites for the tests of learning: pages with marked readings, and whole sites that dehusk reads itself.

A marked page says what a reading made of it. `[[own.title:Ferry returns]]` is the title of the record `own`, and so on for
other fields and records; `own` is the page's own story, and text without marks belongs to no record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from random import Random

from msgspec.structs import replace

from cleaners import Cleaned, Library, Page, Record, Segment, shipped_packs
from cleaners.learning.agreement import SiteWords
from cleaners.learning.settings import LearningSettings, shipped_settings
from cleaners.learning.site_pages import PageReading, Role, SitePages, read_with, site_page
from cleaners.output.record import PageInfo
from cleaners.text.normalize import lookup_key

# The packs for any site that the tests need: a library is made of them many times.
PACKS = [(name, toml) for name, toml in shipped_packs() if name in ("generic.toml", "en.toml")]
_MARK = re.compile(r"\[\[(\w+)\.(\w+):(.*?)\]\]")
_INFO = PageInfo("", "", "", "", "", "article", "")
WHO = "purser harbour-master mayor pilot keeper teacher baker fisher doctor ranger sailor clerk".split()
DID = "praised opposed measured painted closed mended counted visited ordered refused opened sketched".split()
WHAT = "ferry lighthouse market bridge orchard library railway theatre reservoir museum stadium quarry".split()
WHERE = "Northmere Quenby Ashford Sallow Pellham Thornby Wickle Marlow Hexby Cranleigh Dunmore Ostley".split()
MENU = ("Home of the Quay Post", "Latest bulletins", "Harbour notices", "Tides and weather", "Readers write")
FOOTER = ("All notices are printed by the Quay Press", "Write to the editor", "How the Quay Post is made")


def settings(**changed: float) -> LearningSettings:
    return replace(shipped_settings(), **changed)


def marked(pages: Sequence[str], captured: Mapping[int, datetime] | None = None) -> SitePages:
    """Return pages with the readings that their marks describe."""
    made = [_marked(text, (captured or {}).get(number)) for number, text in enumerate(pages)]
    return SitePages([page for page, _ in made], [reading for _, reading in made])


def _marked(text: str, captured_at: datetime | None) -> tuple:
    plain, at, segments = "", 0, []
    fields: dict[str, dict[str, list[str]]] = {}
    for found in _MARK.finditer(text):
        plain += text[at : found.start()]
        name, field, value = found.groups()
        segments.append(Segment(len(plain), len(plain) + len(value), name, field, None))
        fields.setdefault(name, {}).setdefault(field, []).append(value)
        plain, at = plain + value, found.end()
    page = site_page(Page(plain + text[at:], captured_at=captured_at))
    cleaned = Cleaned(_INFO, [record(name, of) for name, of in fields.items()], segments, {})
    return page, PageReading(cleaned, [_role(segments, line.start, line.end) for line in page.lines])


def _role(segments: Iterable[Segment], start: int, end: int) -> Role:
    inside = [one for one in segments if one.start < end and one.end > start]
    roles = {"story" if one.record != "own" else one.field if one.field in ("title", "text") else "field" for one in inside}
    return next((role for role in ("title", "text", "field", "story") if role in roles), "")


def record(name: str, fields: Mapping[str, Sequence[str]]) -> Record:
    text = "\n".join(fields.get("text", ()))
    kind = "article" if name == "own" else "story" if text else "headline"
    said = {field: "".join(fields.get(field, ())) for field in ("title", "source")}
    return Record(
        id=name, kind=kind, **said, text=text, published="", published_raw="",
        published_precision="", category="", authors=[], tags=[], language="en", url="", attribution="", confidence=1.0,
        flags=[], parent_id="", position=0, page=_INFO, text_sha256="", duplicate_of="", rules="",
    )  # fmt: skip


def words_of_site(pages: SitePages) -> SiteWords:
    return SiteWords(pages, shipped_settings())


def keys(*texts: str) -> frozenset[str]:
    return frozenset(map(lookup_key, texts))


def title(number: int) -> str:
    """Return a title of its own for each number up to 12 * 12."""
    who, did, what = WHO[number % 12], DID[number // 12 % 12], WHAT[(5 * number + number // 12) % 12]
    return f"{who.capitalize()} {did} the old {what} at {WHERE[7 * number % 12]}"


def paragraphs(number: int, count: int = 4) -> list[str]:
    """Return the text of a story, which says the words of its title again."""
    random = Random(number)
    subject = title(number)
    lines = []
    for i in range(count):
        who, did, what, where = (random.choice(words) for words in (WHO, DID, WHAT, WHERE))
        lines.append(
            f"{subject}, and the {who} of {where} who {did} the {what} said on day {number} that it took {i + 2} weeks."
        )
    return lines


def plain_page(number: int, extra: Sequence[str] = ()) -> str:
    """Return a page with a menu, a header, a text and a footer."""
    head = [*MENU, "You are reading", title(number), f"By Ada Marsh, {number % 27 + 1} May 2026"]
    return "\n".join([*head, *paragraphs(number), *extra, *FOOTER])


def plain_site(size: int, extra: Sequence[str] = ()) -> list[Page]:
    """Return the pages of a site, captured on successive days."""
    return [
        Page(plain_page(number, extra), path=f"{number}.txt", captured_at=datetime(2026, 5, number % 27 + 1, tzinfo=UTC))
        for number in range(size)
    ]


def read(pages: Iterable[Page]) -> SitePages:
    """Return pages as dehusk reads them without a pack of their site."""
    library = Library(PACKS)
    made = [site_page(page) for page in pages]
    return SitePages(made, [read_with(page, library) for page in made])
