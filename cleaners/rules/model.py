"""The TOML model of packs, the rules and layouts of one language or one site, and its checks.

Read by `cleaners.rules.load`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

import msgspec

from cleaners.dates.resolve import UNITS, DateOrder, Unit, WordKind
from cleaners.grammar.template import MIN_OPENING, check_fields, opening, pieces, spell
from cleaners.rules.layout import Id, Layout, Texts, check_lines
from cleaners.rules.refusal import Refusal
from cleaners.text.normalize import lookup_key

RuleKind = Literal[
    "app-promo", "ai-promo", "comment-stub", "newsletter", "share-bar", "login", "cookie", "ad-marker", "read-more",
    "related-label", "most-read", "tags", "photo-credit", "video-player", "copyright", "disclaimer", "reprint",
    "contributor", "paywall", "poll", "ticker", "navigation", "author-bio", "correction", "script-leak", "duplicate",
    "structure",
]  # fmt: skip
Examples = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
# The ways in which a rule is matched, each a key of Rule.
RuleMatch = Literal["line", "start", "end", "sentence", "fence", "lines", "characters", "css"]
MATCHES: tuple[RuleMatch, ...] = get_args(RuleMatch)
# The only characters that a rule may remove inside a word: the control and format characters of Unicode.
CHARACTERS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
                                 *range(0x2060, 0x2070), 0xFEFF)))  # fmt: skip


def check_line_index(where: str, spelling: str) -> None:
    """Raise ValueError when a whole line cannot be indexed: it is not fixed text and has no fixed word at either end."""
    parts = pieces(spelling)
    if all(piece.text or piece.field == "n" for piece in parts):
        return
    if not f"{parts[0].text}|".split()[:-1] and not f"|{parts[-1].text}".split()[1:]:
        raise ValueError(f"{where}: {spelling!r} needs a fixed word at its start or end, a blank away from the field")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of clutter: its wording and its treatment.

    Exactly one of the matches is given: `line` a whole line, `start` and `end` a part of a line at its start or end,
    `sentence` whole sentences, `fence` from a phrase to a phrase of the same line, `lines` neighbouring lines,
    `characters` single characters, `css` the lines in elements of an HTML page, with examples in HTML. No match means
    "anywhere in a line".

    A whole line with `where` = `any` is clutter in any place; with `outside` only before, after and between the prose of a
    story, for words that may also be a sub-heading or a list item.

    `open_end` lets a fence that begins in the last line of a story run to its end; a `sentence` or `start` does not match
    before one of the words `not_before`. `remove` and `keep` are the rule's own examples: `<<` and `>>` bound the removed part
    of a `remove` example, none means all of it; a `keep` example stays whole.
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
    flag: Literal["", "syndicated", "ai-assisted", "truncated", "paywalled"] = ""
    ends_article: bool = False
    open_end: bool = False
    not_before: Texts = ()
    remove: Examples
    keep: Examples

    @property
    def match(self) -> RuleMatch | Literal[""]:
        """Return the name of the match that is given, "" for none."""
        return next((name for name in MATCHES if getattr(self, name)), "")

    def check(self) -> None:
        """Raise ValueError when the rule is not sound."""
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
        """Return the spellings of the rule's whole lines and phrases, one for each combination of alternatives."""
        templates = (*self.line, *self.start, *self.end, *self.sentence, *(first for first, _ in self.fence))
        return [spelling for template in templates for spelling in spell(template)]


class LanguageWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of one language in times and bylines; all are compared caselessly.

    `months` and `weekdays` list the forms of each: full, inflected and short; `solar_months` are those of the Solar Hijri
    calendar. `ago` are the words that make a count of units relative ("ago", "vor", "il y a"), before or after it; `one` are
    words for 1, `dual` words for two of a unit. `said` are labels beside times ("published", "updated on"), `updated` those
    of them for the time of a change, `by` the words that open a byline, `joiners` those between two names ("and"), `roles`
    those for what authors do, `credits` those that introduce others than authors ("photos by"), `companies` words in the
    names of companies and teams, `order` the order of a numeric date, "" where it is not the same everywhere, `openers`
    lower-case words that open sentences and do not end headlines.
    """

    order: DateOrder
    months: Annotated[tuple[Texts, ...], msgspec.Meta(min_length=12, max_length=12)]
    solar_months: Annotated[tuple[Texts, ...], msgspec.Meta(min_length=12, max_length=12)] | None = None
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
    updated: Texts = ()
    by: Texts = ()
    joiners: Texts = ()
    roles: Texts = ()
    credits: Texts = ()
    companies: Texts = ()
    openers: Texts = ()
    dual: dict[str, Unit] = {}

    def rows(self) -> Iterator[tuple[str, WordKind, int]]:
        """Yield every word as (word, kind, value), for a DateFinder."""
        for value, words in enumerate(self.months, 1):
            yield from ((word, "month", value) for word in words)
        for value, words in enumerate(self.solar_months or (), 1):
            yield from ((word, "solar month", value) for word in words)
        for value, words in enumerate(self.weekdays, 1):
            yield from ((word, "weekday", value) for word in words)
        for value, unit in enumerate(UNITS):
            yield from ((word, "unit", value) for word in getattr(self, unit))
        kinds: tuple[WordKind, ...] = ("one", "ago", "now", "today", "yesterday", "clock")
        for kind in kinds:
            yield from ((word, kind, 0) for word in getattr(self, kind))
        # The short words of bylines stand inside dates, too: "3 de mayo", "12 av 13".
        yield from ((word, "label", 0) for word in (*self.said, *self.by))
        for word, unit in self.dual.items():
            yield word, "dual", UNITS.index(unit)


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules, layouts, refusals and wordings of one language or one site.

    `claims` names the rules and layouts that identify a page of the site without an address, `signs` whole lines of its
    pages. A sign that holds one of `names`, which are names of the site or wordings of its own, is enough to identify a
    page; of other signs, and of the lines of `claims`, it takes `signs_needed` different ones. A pack with none of `hosts`,
    `claims` and `signs` is for every page. `sources` are publishers' names that a glued byline may hold; `date_order` is the
    order of numeric dates on the site.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    title: str
    hosts: Texts = ()
    names: Texts = ()
    claims: Texts = ()
    signs: Texts = ()
    signs_needed: Annotated[int, msgspec.Meta(ge=2)] = 2
    sources: Texts = ()
    date_order: DateOrder = ""
    words: LanguageWords | None = None
    rule: tuple[Rule, ...] = ()
    layout: tuple[Layout, ...] = ()
    refusal: tuple[Refusal, ...] = ()

    def check(self) -> None:
        """Raise ValueError when the pack is not sound."""
        if self.words is not None and not self.words.ago:
            raise ValueError("words: `ago` is empty")
        ids: set[str] = set()
        parts: tuple[Rule | Layout | Refusal, ...] = (*self.rule, *self.layout, *self.refusal)
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
        common = [sign for sign in self.signs if not self.is_named_in(sign)]
        if common and not self.claims and len(self.signs) < self.signs_needed:
            raise ValueError(f"signs: {common[0]!r} holds none of `names`, so it takes {self.signs_needed} signs")

    def is_named_in(self, text: str) -> bool:
        """Return whether a line holds one of the names of the site."""
        folded = lookup_key(text)
        return any(lookup_key(name) in folded for name in self.names)

    @property
    def is_site(self) -> bool:
        """Return whether the pack is for one site only."""
        return bool(self.hosts or self.claims or self.signs)
