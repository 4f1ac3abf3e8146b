"""An invented site: its words, the form of its stories and lists, its flattener, the same on all its pages."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal, TypeVar

from tests.invented.language import Language, Part, languages, shapes
from tests.invented.prose import Writer

ListKind = Literal["story", "teaser", "headline", "bare", "post", "digest", "scroll"]
Place = Literal["before", "inside", "after"]
Picture = Literal["", "title", "caption"]
Form = Literal["article", "front", "live", "digest", "scroll", "alone"]
Flattener = Literal["plain", "bullets", "marks", "wrapped", "broken"]

FORMS: dict[Form, float] = {"article": 11, "front": 1.5, "live": 1.5, "digest": 1, "scroll": 2, "alone": 3}
FLATTENERS: dict[Flattener, float] = {"plain": 7, "bullets": 4, "marks": 3, "wrapped": 2, "broken": 3}
Drawn = TypeVar("Drawn")
KINDS: dict[ListKind, float] = {"story": 4, "teaser": 4, "headline": 3, "bare": 2}


def weighted(rng: Random, weights: dict[Drawn, float]) -> Drawn:
    """Return one of the keys, drawn by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


@dataclass(frozen=True, slots=True)
class ListForm:
    """The form of a list of embedded stories, the same on all pages of a site."""

    kind: ListKind
    order: str
    place: Place
    label: str
    glue: str
    time_style: str
    time_label: str
    counts: tuple[int, int]
    paragraphs: int
    one_line: bool
    double_title: Literal["", "above", "glued"]  # the second mention: a line above, or behind it in the same line
    double_source: str  # prefix of the second mention, "" for none
    picture: Picture
    credit: bool
    ellipsis: str
    more: str
    counter: str
    ad: str
    paid: str
    number_end: str


def list_form(rng: Random, language: Language, part: Part, kind: ListKind, place: Place, label: str) -> ListForm:
    """Return the form of a list, drawn."""
    forms, draw = shapes(part), rng.choice
    orders = {
        "post": forms.posts,
        "headline": forms.headlines,
        "bare": forms.bares,
        "digest": ("title / text",),
        "scroll": forms.heads,
    }

    def maybe(share: float, words: tuple[str, ...]) -> str:
        return draw(words) if rng.random() < share else ""

    has_text = kind in {"story", "teaser"}
    picture: Picture = draw(["", "", "", "title", "caption"]) if has_text else ""
    style = draw(["ago", "ago", "days", draw(forms.clocks), draw(language.stamps), draw(language.stamps)])
    return ListForm(
        kind=kind,
        order=draw(orders.get(kind, forms.stories)),
        place=place,
        label=label,
        glue=draw(forms.glue),
        time_style="%H:%M" if kind == "post" and rng.random() < 0.7 else style,
        time_label=maybe(0.25, language.time_labels),
        counts=draw([(2, 4), (3, 6), (4, 9), (6, 14)]),
        paragraphs=1 if kind == "teaser" else draw([1, 2, 3, 5]),
        one_line=rng.random() < 0.5,
        double_title="" if picture == "title" else draw(["above", "above", "glued", "", "", "", "", "", "", "", "", ""]),
        double_source=draw(["- ", "", "", "", "", " ", ""]),
        picture=picture,
        credit=has_text and rng.random() < 0.15,
        ellipsis=draw(["...", "…", " […]", "…"]) if kind == "teaser" and rng.random() < 0.3 else "",
        more=maybe(0.3, language.more) if has_text else "",
        counter=maybe(0.2, language.counters) if kind in {"story", "teaser", "headline"} else "",
        ad=maybe(0.35, language.ads),
        paid=maybe(0.2, language.paid),
        number_end=draw([".", "", ")"]),
    )


class Site:
    """A site: everything that its pages share is drawn once, from its part, its number and the seed."""

    def __init__(self, part: Part, number: int, seed: int) -> None:
        rng = Random(f"{seed} {part} site {number}")
        self.part, self.number = part, number
        self.language = rng.choice(languages(part))
        self.title_case = self.language.title_case and rng.random() < 0.5
        self.name = Writer(self.language, rng).paper()
        self.host = f"paper{number}.example"
        self.form: Form = weighted(rng, FORMS)
        self.flattener: Flattener = weighted(rng, FLATTENERS)
        self._draw_furniture(rng)
        self._draw_story(rng)
        self.lists = self._lists(rng)

    def label(self, text: str) -> str:
        """Return a label of a list or a box as this site writes it."""
        return text.upper() if self.upper else text

    def _draw_furniture(self, rng: Random) -> None:
        language = self.language

        def some(words: tuple[str, ...], *counts: int) -> list[str]:
            return rng.sample(words, min(rng.choice(counts), len(words)))

        self.upper = language.capitals and rng.random() < 0.2
        self.digits = language.digits if rng.random() < 0.5 else ""
        self.top, self.menu = some(language.top, 0, 1, 2, 4), some(language.menu, 0, 4, 6, 10, 16, 24)
        self.menu_twice = rng.random() < 0.15
        self.menu_joiner = rng.choice(["", "", "", " | ", " ", " / "])
        self.crumbs = rng.choice(["", "", " > ", " / ", " » "])
        self.document_title = rng.choice(["", "", "", " - ", " | "])
        self.share, self.share_below = some(language.share, 0, 1, 3, 5), rng.random() < 0.3
        self.cookies, self.app = some(language.cookies, 0, 0, 3), some(language.app, 0, 0, 2)
        self.signup = language.signup if rng.random() < 0.35 else ()
        self.paywall = language.paywall if rng.random() < 0.12 else ()
        self.comments = list(language.comments[: rng.choice([0, 0, 1, 2, 4])])
        self.readers = rng.choice([0, 0, 2, 5, 9]) if self.comments else 0
        self.tags, self.tags_joined = rng.random() < 0.3, rng.random() < 0.5
        self.foot, self.foot_joiner = some(language.foot, 0, 3, 5, 8), rng.choice(["", "", " | ", " · "])
        self.blank = 1 if self.flattener in {"marks", "wrapped"} else rng.choice([0, 0, 1, 1, 2])
        self.bullet = rng.choice(["• ", "  • ", "* ", "  * ", "- ", "    + "])
        self.width = rng.choice([64, 72, 78, 100])
        is_short = self.form in {"article", "alone", "front"}
        self.cut = rng.choice([0, 0, 0, 0, 0, 2000 if is_short else 0, 4000 if is_short else 8000, 8000])

    def _draw_story(self, rng: Random) -> None:
        forms = shapes(self.part)
        self.head, self.head_glue = rng.choice(forms.heads), rng.choice(forms.glue)
        self.head_time = rng.choice([*self.language.stamps, rng.choice(forms.clocks), "ago", "days"])
        self.head_label = rng.choice(self.language.time_labels) if rng.random() < 0.35 else ""
        self.double_title, self.caption = rng.random() < 0.25, rng.choice(["", "", "above", "inside", "inside"])
        self.credit, self.note = rng.random() < 0.4, rng.random() < 0.25
        self.ad = rng.choice(self.language.ads) if rng.random() < 0.4 else ""
        self.inline = rng.choice(self.language.inline) if rng.random() < 0.3 else ""
        self.pull_quotes, self.correction = rng.random() < 0.15, rng.random() < 0.08
        self.damage = rng.random() < 0.35

    def _lists(self, rng: Random) -> list[ListForm]:
        """Return the lists of a page from top to bottom."""
        language = self.language
        related, latest = list(rng.sample(language.related, 3)), list(rng.sample(language.latest, 3))
        lists = []
        if self.form in {"live", "digest", "scroll"}:
            kinds: dict[Form, ListKind] = {"live": "post", "digest": "digest", "scroll": "scroll"}
            lists.append(list_form(rng, language, self.part, kinds[self.form], "after", ""))
        for i in range({"alone": 0, "front": rng.choice([2, 3, 4])}.get(self.form, rng.choice([1, 1, 2, 3]))):
            place: Place = weighted(rng, {"after": 6, "inside": 1.5, "before": 1.0})
            place = "after" if self.form != "article" else place
            kind = weighted(rng, KINDS)
            kind = "headline" if place == "before" and kind == "story" else kind
            kind = "teaser" if (place == "inside" and kind == "story") or (self.form == "front" and kind == "bare") else kind
            labelled = kind in {"bare", "headline"} or place != "after" or i > 0 or rng.random() < 0.8
            label = latest[i % 3] if place == "before" or i > 1 else related[i % 3]
            label = rng.choice(language.menu[1:]) if self.form == "front" else label
            lists.append(list_form(rng, language, self.part, kind, place, self.label(label) if labelled else ""))
        return lists
