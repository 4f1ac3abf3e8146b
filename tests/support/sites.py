"""Pages of an invented site: a menu and a foot around a title and prose of its own, with an advertisement in it."""

from __future__ import annotations

from cleaners.document.page import Page

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
