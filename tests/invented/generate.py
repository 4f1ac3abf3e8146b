"""Pages of invented sites with their labels: `cases` yields them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.invented.damage import cut, damaged
from tests.invented.embedded import add_list
from tests.invented.flatten import flatten
from tests.invented.furniture import add_below, add_foot, add_top
from tests.invented.label import expected
from tests.invented.language import Part
from tests.invented.line import Line, Page
from tests.invented.own import add_story
from tests.invented.prose import Writer
from tests.invented.site import Place, Site

BARE_PAGES = 0.12  # share of pages of sites with lists that have none


def cases(part: Part, sites: int, pages: int, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the case of every page."""
    for number in range(sites):
        site = Site(part, number, seed)
        for place in range(pages):
            yield f"{part}-{number:04}-{place}", case(site, place, seed)


def case(site: Site, place: int, seed: int) -> dict[str, Any]:
    """Return a page of a site as a case."""
    rng = Random(f"{seed} {site.part} site {site.number} page {place}")
    page = _page(site, rng)
    lines = damaged(flatten(page.lines, site, rng), site, rng)
    is_cut = bool(site.cut) and sum(len(line.text) + 1 for line in lines) > site.cut
    lines = cut(lines, site.cut, rng) if is_cut else lines
    kinds = [f"{form.kind} {form.place}: {form.order}" for form in site.lists]
    return {
        "url": f"https://{site.host}/{place}",
        "site": site.name,
        "lang": site.language.code,
        "text": _text(lines, site),
        "notes": f"{site.form}; head: {site.head}; {'; '.join(kinds)}",
        "traits": _traits(site, is_cut=is_cut),
        "expected": expected(lines, site.language, is_cut=is_cut),
    }


def _page(site: Site, rng: Random) -> Page:
    page, writer = Page(), Writer(site.language, rng, title_case=site.title_case)
    bare = site.form in {"article", "scroll"} and rng.random() < BARE_PAGES

    def add_lists(place: Place) -> None:
        for form in () if bare else site.lists:
            if form.place != place:
                continue
            if form.kind == "scroll":
                add_story(page, site, writer, "story")
            else:
                add_list(page, form, site, writer)

    topic = None if site.form == "front" else writer.topic()
    add_top(page, site, writer, topic.title if topic else "")
    add_lists("before")
    if site.form == "live":
        page.clutter(*site.language.live[: rng.choice([0, 1, 2])])
    if topic:
        inside = not bare and any(form.place == "inside" for form in site.lists)
        add_story(page, site, writer, "main", (lambda: add_lists("inside")) if inside else None, topic)
        add_below(page, site, writer)
    add_lists("after")
    add_foot(page, site, writer)
    return page


def _text(lines: list[Line], site: Site) -> str:
    between = "\n" * (1 + site.blank)
    return "".join(("" if not i else "\n" if line.continues else between) + line.text for i, line in enumerate(lines))


def _traits(site: Site, *, is_cut: bool) -> list[str]:
    """Return the groups of pages to count a page in."""
    lists = [f"list:{form.kind}" for form in site.lists] + [f"place:{form.place}" for form in site.lists]
    labels = ["label:none" for form in site.lists if not form.label and site.form in {"article", "front"}]
    damage = ["damage"] * site.damage + ["cut"] * is_cut
    return sorted({f"form:{site.form}", f"flat:{site.flattener}", f"lang:{site.language.code}", *lists, *labels, *damage})
