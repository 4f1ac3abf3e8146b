"""Packs: the rules and layouts of one language or one site, read from TOML and refused when they are not sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from cleaners.dates.resolve import UNITS
from cleaners.grammar.template import MIN_OPENING, check_fields, opening, pieces, spell
from cleaners.rules.layout import Id, Layout, Texts, check_lines

RuleKind = Literal[
    "app-promo", "ai-promo", "comment-stub", "newsletter", "share-bar", "login", "cookie", "ad-marker", "read-more",
    "related-label", "most-read", "tags", "photo-credit", "video-player", "copyright", "disclaimer", "reprint",
    "contributor", "paywall", "poll", "ticker", "navigation", "author-bio", "correction", "script-leak", "duplicate",
    "structure",
]  # fmt: skip
Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]
Examples = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
MATCHES = ("line", "start", "end", "sentence", "fence", "lines", "characters", "css")
# The only characters that a rule may take from the middle of a word: the control and format characters of Unicode.
CHARACTERS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
                                 *range(0x2060, 0x2070), 0xFEFF)))  # fmt: skip


def check_line_index(where: str, spelling: str) -> None:
    """Raise ValueError when a whole line cannot be looked up: it is no fixed text, nor has a fixed word at either end."""
    parts = pieces(spelling)
    if all(piece.text or piece.field == "n" for piece in parts):
        return
    if not f"{parts[0].text}|".split()[:-1] and not f"|{parts[-1].text}".split()[1:]:
        raise ValueError(f"{where}: {spelling!r} needs a fixed word at its start or end, a blank away from the field")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a piece of clutter looks like and what becomes of it.

    Exactly one of the matches is given: `line` a whole line, `start` and `end` a part of a line at its start or end,
    `sentence` whole sentences, `fence` from a phrase to a phrase of the same line, `lines` neighbouring lines,
    `characters` single characters, `css` the lines in elements of an HTML page; the examples of those are HTML. There is no
    way to say "anywhere in a line".

    `where` says where a whole line of these words is clutter: `any` wherever it stands, `outside` only before, after and
    between the prose of a story, for words that may also be a sub-heading or a list item in it.

    `open_end` lets a fence run to the end of a story in whose last line it begins; a `sentence` or `start` is none before
    one of the words `not_before`. `remove` and `keep` are the rule's own examples: `<<` and `>>` bound what goes from a
    `remove` example, none means all of it; a `keep` example stays whole.
    """

    id: Id
    kind: RuleKind
    line: Texts = ()
    start: Texts = ()
    end: Texts = ()
    sentence: Texts = ()
    fence: tuple[tuple[str, str], ...] = ()
    lines: Texts = ()
    characters: str = ""
    css: Texts = ()
    where: Literal["any", "outside"] = "any"
    sure: Literal["safe", "ambiguous"] = "safe"
    to: Literal["", "attribution"] = ""
    flag: Literal["", "syndicated", "ai-assisted", "truncated"] = ""
    ends_article: bool = False
    open_end: bool = False
    not_before: Texts = ()
    remove: Examples
    keep: Examples

    @property
    def match(self) -> str:
        """Return how the rule is laid on a page: the name of the match that is given."""
        return next((name for name in MATCHES if getattr(self, name)), "")

    def check(self) -> None:
        """Raise ValueError when it is not sound."""
        given = [name for name in MATCHES if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(f"{self.id} needs exactly one of {', '.join(MATCHES)}")
        if not all(char in CHARACTERS for char in self.characters):
            raise ValueError(f"{self.id}: characters may only be control characters and invisible ones")
        if self.css:
            from cleaners.html.selectors import Selectors  # few packs need it

            Selectors((selector, self.id) for selector in self.css)
        check_lines(self.id, self.lines)
        for end in (spelling for _, template in self.fence for spelling in spell(template)):
            check_fields(end)
        for spelling in self.spellings():
            check_fields(spelling)
            if given[0] == "line":
                check_line_index(self.id, spelling)
            if given[0] != "line" and len(opening(spelling)) < MIN_OPENING:
                raise ValueError(f"{self.id}: {spelling!r} must begin with {MIN_OPENING} characters that stand as written")

    def spellings(self) -> list[str]:
        """Return the wordings, alternatives spelled out, by which the rule is looked for inside lines or as a line."""
        templates = (*self.line, *self.start, *self.end, *self.sentence, *(first for first, _ in self.fence))
        return [spelling for template in templates for spelling in spell(template)]


class LanguageWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words by which times and bylines of one language are known; all are compared caselessly.

    `months` and `weekdays` list the forms of each, full, bent and short. `ago` are the words that make a count of units
    relative ("ago", "vor", "il y a"), before or after it; `one` those that stand for 1. `said` are labels beside times
    ("published", "updated on"), `by` what opens a byline, `order` how a numeric date is read,
    `openers` small words with which sentences open and headlines do not end.
    """

    order: Literal["dmy", "mdy", "ymd"]
    months: Annotated[tuple[Texts, ...], msgspec.Meta(min_length=12, max_length=12)]
    weekdays: Annotated[tuple[Texts, ...], msgspec.Meta(min_length=7, max_length=7)]
    second: Texts
    minute: Texts
    hour: Texts
    day: Texts
    week: Texts
    month: Texts
    year: Texts
    one: Texts
    ago: Texts
    now: Texts
    today: Texts
    yesterday: Texts
    clock: Texts = ()
    said: Texts = ()
    by: Texts = ()
    openers: Texts = ()
    dual: dict[str, Unit] = {}

    def rows(self) -> Iterator[tuple[str, str, int]]:
        """Yield every word as (word, kind, value), as the time table takes them."""
        for kind, forms in (("month", self.months), ("weekday", self.weekdays)):
            for value, words in enumerate(forms, 1):
                yield from ((word, kind, value) for word in words)
        for value, unit in enumerate(UNITS):
            yield from ((word, "unit", value) for word in getattr(self, unit))
        for kind in ("one", "ago", "now", "today", "yesterday", "clock", "said"):
            yield from ((word, kind, 0) for word in getattr(self, kind))
        # "3 de mayo", "12 av 13": the small words of bylines stand inside dates, too.
        yield from ((word, "said", 0) for word in self.by)
        for word, unit in self.dual.items():
            yield word, "dual", UNITS.index(unit)


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules, layouts and wordings of one language or one site.

    `claims` names the rules and layouts by which a page of the site is known when its address is not, `signs` whole lines
    that stand on its pages only; a pack with none of `hosts`, `claims` and `signs` is for every page. `sources` are
    publishers' names that a glued byline may hold; `date_order` says how the site writes dates in numbers.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    title: str
    hosts: Texts = ()
    claims: Texts = ()
    signs: Texts = ()
    sources: Texts = ()
    date_order: Literal["", "dmy", "mdy", "ymd"] = ""
    words: LanguageWords | None = None
    rule: tuple[Rule, ...] = ()
    layout: tuple[Layout, ...] = ()

    def check(self) -> None:
        """Raise ValueError when it is not sound."""
        if self.words is not None and not self.words.ago:
            raise ValueError("words: `ago` is empty")
        ids: set[str] = set()
        parts: tuple[Rule | Layout, ...] = (*self.rule, *self.layout)
        for part in parts:
            if not part.id.startswith(f"{self.name}."):
                raise ValueError(f"{part.id}: an id begins with its pack's name, as in {self.name}.{part.id}")
            if part.id in ids:
                raise ValueError(f"{part.id} is there twice")
            ids.add(part.id)
            part.check()
        for claim in self.claims:
            if claim not in ids:
                raise ValueError(f"claims {claim}, which is no rule or layout of this pack")

    @property
    def is_site(self) -> bool:
        """Say whether the pack is for one site only."""
        return bool(self.hosts or self.claims or self.signs)
