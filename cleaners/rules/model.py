"""The TOML model of packs, the rules and layouts of one language or one site, and its checks.

Read by `cleaners.rules.load`.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec

from cleaners.dates.resolve import DateOrder
from cleaners.dates.site_times import Part
from cleaners.grammar.template import MIN_OPENING, check_fields, is_fixed, opening, pieces, spell
from cleaners.rules.label_span import PAGE_END, check_label
from cleaners.rules.language_words import LanguageWords
from cleaners.rules.layout import Layout, check_lines
from cleaners.rules.page_template import MAX_TEMPLATES, Evidence, Id, PageTemplate, Sureness, Texts
from cleaners.rules.refusal import Refusal
from cleaners.rules.source_names import SourceNames
from cleaners.rules.time_form import TimeForm, check_forms, form_parts
from cleaners.text.normalize import lookup_key

RuleKind = Literal[
    "app-promo", "ai-promo", "comment-stub", "newsletter", "share-bar", "login", "cookie", "ad-marker", "read-more",
    "related-label", "most-read", "tags", "photo-credit", "video-player", "copyright", "disclaimer", "reprint",
    "contributor", "paywall", "poll", "ticker", "navigation", "author-bio", "correction", "script-leak", "duplicate",
    "structure",
]  # fmt: skip
Examples = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
# The ways in which a rule is matched, each a key of Rule.
RuleMatch = Literal["line", "start", "end", "sentence", "fence", "lines", "between", "characters", "css"]
# Where a whole line is clutter: anywhere, beside the prose of stories, or before, in or after the text of the page's own story.
Where = Literal["any", "outside", "before", "inside", "after"]
Wheres = tuple[Where, ...]
ANYWHERE: Wheres = ("any",)
IN_OWN_TEXT: Wheres = ("any", "inside")
BESIDE: Wheres = ("any", "outside", "before", "after")
EVERYWHERE: Wheres = get_args(Where)
MOST_BETWEEN = 40  # lines between two labels, unless a rule says otherwise
MATCHES: tuple[RuleMatch, ...] = get_args(RuleMatch)
# The only characters that a rule may remove inside a word: the control and format characters of Unicode.
CHARACTERS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
                                 *range(0x2060, 0x2070), 0xFEFF)))  # fmt: skip


def check_line_index(where: str, spelling: str) -> None:
    """Raise ValueError when a whole line cannot be indexed: it is not fixed text and has no fixed word at either end."""
    parts = pieces(spelling)
    if is_fixed(parts):
        return
    if not f"{parts[0].text}|".split()[:-1] and not f"|{parts[-1].text}".split()[1:]:
        raise ValueError(f"{where}: {spelling!r} needs a fixed word at its start or end, a blank away from the field")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of clutter: its wording and its treatment.

    Exactly one of the matches is given: `line` a whole line, `start` and `end` a part of a line at its start or end, `sentence`
    whole sentences, `fence` from a phrase to a phrase of the same line, `lines` neighbouring lines, `between` the lines from
    a label to a label, `characters` single characters, `css` the lines in elements of an HTML page, with examples in HTML. No
    match means "anywhere in a line".

    A whole line with `where` = `any` is clutter in any place; with `outside` only before, after and between the prose of a
    story, for words that may also be a sub-heading or a list item; with `before`, `inside` or `after` only before, in or
    after the text of the page's own story.

    Between two labels stand `most` lines at most, and no prose unless `prose`; the last label goes `with_last` only.

    `open_end` lets a fence that begins in the last line of a story run to its end; a `sentence` or `start` does not match
    before one of the words `not_before`. `remove` and `keep` are the rule's own examples: `<<` and `>>` bound the removed
    part of a `remove` example, none means all of it; a `keep` example stays whole. `template` names the templates of pages
    to which the rule is confined; `evidence` and `sureness` are told by a learner.
    """

    id: Id
    kind: RuleKind
    line: Texts = ()
    start: Texts = ()
    end: Texts = ()
    sentence: Texts = ()
    fence: tuple[tuple[str, str], ...] = ()
    lines: Texts = ()
    between: tuple[tuple[str, str], ...] = ()
    characters: str = ""
    css: Texts = ()
    where: Where = "any"
    most: Annotated[int, msgspec.Meta(ge=1, le=200)] = MOST_BETWEEN
    with_last: bool = False
    prose: bool = False
    sure: Literal["safe", "ambiguous"] = "safe"
    to: Literal["", "attribution"] = ""
    flag: Literal["", "syndicated", "ai-assisted", "truncated", "paywalled"] = ""
    ends_article: bool = False
    open_end: bool = False
    not_before: Texts = ()
    template: Texts = ()
    evidence: Evidence | None = None
    sureness: Sureness | None = None
    remove: Examples
    keep: Examples

    @property
    def opens_notice(self) -> bool:
        """Return whether a line of this rule may open a notice that goes on in the same line."""
        return self.kind == "cookie" or self.flag == "paywalled"

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
        if self.evidence is not None:
            self.evidence.check(self.id)
        self._check_place(given[0])
        for end in (spelling for _, template in self.fence for spelling in spell(template)):
            check_fields(end)
        for spelling in self.spellings():
            check_fields(spelling)
            if given[0] == "line":
                check_line_index(self.id, spelling)
            if given[0] != "line" and len(opening(spelling)) < MIN_OPENING:
                raise ValueError(f"{self.id}: {spelling!r} must begin with {MIN_OPENING} characters that stand as written")

    def _check_place(self, match: str) -> None:
        """Raise ValueError when a key is given that its match has no use for, or when a label is none."""
        if self.where in ("before", "inside", "after") and match != "line":
            raise ValueError(f"{self.id}: `where` is {self.where} for a whole line (`line`) only")
        if not self.between and (self.with_last or self.prose or self.most != MOST_BETWEEN):
            raise ValueError(f"{self.id}: `most`, `with_last` and `prose` need `between`")
        for first, last in self.between:
            for template in (first, *([last] if last != PAGE_END else ())):
                check_label(self.id, template)
                for spelling in spell(template):
                    check_line_index(self.id, spelling)

    def spellings(self) -> list[str]:
        """Return the spellings of the rule's whole lines and phrases, one for each combination of alternatives."""
        templates = (*self.line, *self.start, *self.end, *self.sentence, *(first for first, _ in self.fence))
        return [spelling for template in templates for spelling in spell(template)]


PackPart = Rule | Layout | TimeForm | SourceNames


class Pack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules, layouts, refusals and wordings of one language or one site.

    `claims` names the rules and layouts that identify a page of the site without an address, `signs` whole lines of its
    pages. A sign that holds one of `names`, which are names of the site or wordings of its own, is enough to identify a
    page; of other signs, and of the lines of `claims`, it takes `signs_needed` different ones. A pack with none of `hosts`,
    `claims` and `signs` is for every page. `sources` are names of publishers, `date_order` is the order of numeric dates on the
    site, and `times` are forms of time that only this site has; those of `source` and `time` have examples. `template` are the
    templates of its pages. `format` is the format of the pack.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+$")]
    title: str
    hosts: Texts = ()
    names: Texts = ()
    format: Annotated[int, msgspec.Meta(ge=1)] = 1
    claims: Texts = ()
    signs: Texts = ()
    signs_needed: Annotated[int, msgspec.Meta(ge=2)] = 2
    sources: Texts = ()
    date_order: DateOrder = ""
    times: Texts = ()
    words: LanguageWords | None = None
    rule: tuple[Rule, ...] = ()
    layout: tuple[Layout, ...] = ()
    time: tuple[TimeForm, ...] = ()
    source: tuple[SourceNames, ...] = ()
    template: tuple[PageTemplate, ...] = ()
    refusal: tuple[Refusal, ...] = ()

    def check(self) -> None:
        """Raise ValueError when the pack is not sound."""
        if self.words is not None and not self.words.ago:
            raise ValueError("words: `ago` is empty")
        ids: set[str] = set()
        parts: tuple[PackPart | Refusal | PageTemplate, ...] = (*self.parts, *self.refusal, *self.template)
        for part in parts:
            if not part.id.startswith(f"{self.name}."):
                raise ValueError(f"{part.id}: an id begins with its pack's name, as in {self.name}.{part.id}")
            if part.id in ids:
                raise ValueError(f"{part.id} is there twice")
            ids.add(part.id)
            part.check()
        unclaimed = {rule.id for rule in self.rule if not rule.lines}
        for claim in self.claims:
            if claim not in ids:
                raise ValueError(f"claims {claim}, which is no rule or layout of this pack")
            if claim in unclaimed:
                raise ValueError(f"claims {claim}, which has no `lines`; name its line among the `signs`")
        self._check_templates()
        self._check_times()
        common = [sign for sign in self.signs if not self.is_named_in(sign)]
        if common and not self.claims and len(self.signs) < self.signs_needed:
            raise ValueError(f"signs: {common[0]!r} holds none of `names`, so it takes {self.signs_needed} signs")

    def _check_templates(self) -> None:
        """Raise ValueError when there are too many templates, or a rule or layout is confined to one that is not there."""
        if len(self.template) > MAX_TEMPLATES:
            raise ValueError(f"there are {len(self.template)} templates; a pack may have {MAX_TEMPLATES}")
        known = {template.id for template in self.template}
        parts: tuple[Rule | Layout, ...] = (*self.rule, *self.layout)
        for part in parts:
            unknown = next((name for name in part.template if name not in known), None)
            if unknown is not None:
                raise ValueError(f"{part.id}: there is no template {unknown} in this pack")

    def _check_times(self) -> None:
        """Raise ValueError when a form of time is not sound, or the pack is for every page."""
        if (self.times or self.time) and not self.is_site:
            raise ValueError("`times` are forms of one site; the pack needs `hosts`, `signs` or `claims`")
        check_forms("times", self.times)

    @property
    def parts(self) -> tuple[PackPart, ...]:
        """Return the parts that a person accepts or drops one by one: rules, layouts, forms of time and names of publishers."""
        return (*self.rule, *self.layout, *self.time, *self.source)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Return the names of publishers of the pack."""
        return (*self.sources, *(name for one in self.source for name in one.names))

    @property
    def time_forms(self) -> list[tuple[Part, ...]]:
        """Return the parts of the forms of time of the site, in the order to try them."""
        return list(form_parts((*self.times, *(form for one in self.time for form in one.form))))

    def is_named_in(self, text: str) -> bool:
        """Return whether a line holds one of the names of the site."""
        folded = lookup_key(text)
        return any(lookup_key(name) in folded for name in self.names)

    @property
    def is_site(self) -> bool:
        """Return whether the pack is for one site only."""
        return bool(self.hosts or self.claims or self.signs)
