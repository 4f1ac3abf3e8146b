"""Pages of an invented site: a menu and a foot around a title and prose of its own, with an advertisement in it."""

from __future__ import annotations

from cleaners import shipped_packs
from cleaners.document.page import Page
from cleaners.learning.choice import LearntSite, learn_site
from tests.support.hostile import HOSTILE

NOUNS = "ferry crane bridge harbour school library market tower garden station theatre museum".split()
MENU = ("Home", "Harbour news", "Sport and leisure", "Write to the editors of the Quaypost")
INSIDE = "Harbour briefing: the stories of the day in one place"  # a line in the text, for an advertisement
FOOT = ("Most read in the harbour today", "All rights of the Quaypost are reserved", "Terms of the Quaypost")


def site_page(number: int, extra: str = "") -> Page:
    """Return a page of the site; `extra` is a line after its text."""
    noun = f"{NOUNS[number % len(NOUNS)]}{'abcdefgh'[number // len(NOUNS)]}"
    lines = (
        *MENU,
        f"The {noun} opens again after a long repair",
        f"The {noun} opened again on Monday, and the people who live beside the {noun} came to see it work.",
        INSIDE,
        f"Nobody had thought that the repair of the {noun} would take {number + 3} years, the council said in a letter.",
        *([extra] if extra else []),
        *FOOT,
    )
    return Page("\n".join(lines), f"{number:03}.txt", f"https://quaypost.example/{number}")


def site_pages(count: int, extra: str = "") -> list[Page]:
    """Return the first pages of the site."""
    return [site_page(number, extra) for number in range(count)]


def hostile_site() -> dict[str, LearntSite]:
    """Return what a site of hostile pages teaches, under a hostile name, and a site of too few pages."""
    packs = [pack for pack in shipped_packs() if pack[0] in ("generic.toml", "en.toml")]
    pages = [
        Page(
            "\n".join((page.text.replace(INSIDE, f"{INSIDE} {HOSTILE[0]}"), *HOSTILE, "x" * 5_000, "y " * 10_000)),
            f"{HOSTILE[number % len(HOSTILE)]}{number:02}",
        )
        for number, page in enumerate(site_pages(12))
    ]
    learnt = learn_site("quaypost", pages, packs)
    return {"quaypost": learnt, f"{HOSTILE[1]} \u202e": learnt, "small": learn_site("small", pages[:3], packs)}
