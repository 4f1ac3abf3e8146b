"""The furniture around the stories of a page: menus, boxes, readers' comments, footers. All of it must go."""

from __future__ import annotations

from tests.invented.line import Line, Page
from tests.invented.prose import NOW, Writer
from tests.invented.site import Site


def add_top(page: Page, site: Site, writer: Writer, title: str) -> None:
    """Add all that stands above the first story."""
    if site.document_title and title:
        page.lines.append(Line(f"{title}{site.document_title}{site.name}", "meta", "either"))
    page.clutter(*site.cookies)
    page.clutter(*site.top, look="link")
    for _ in range(1 + site.menu_twice):
        menu = [site.label(name) for name in site.menu]
        _add_links(page, menu, site.menu_joiner)
    if writer.rng.random() < 0.4:
        page.clutter(site.name)
    if site.crumbs and title:
        crumbs = [writer.language.menu[0], writer.rng.choice(writer.language.menu[1:])]
        page.clutter(site.crumbs.join(crumbs), look="meta")


def add_below(page: Page, site: Site, writer: Writer) -> None:
    """Add the part between the story and the lists: sign-up box and readers' comments."""
    if writer.rng.random() < 0.5:
        page.clutter(*site.signup)
    page.clutter(*site.comments)
    language, rng = writer.language, writer.rng
    for _ in range(site.readers):
        reader = rng.choice(
            [rng.choice(language.given), f"{rng.choice(language.given)}{rng.randrange(60, 99)}", writer.person()]
        )
        when = writer.time(rng.choice(["ago", "ago", language.stamps[0]]), site.digits)
        texts = rng.sample(language.opinions, rng.choice([1, 1, 2]))
        page.clutter(reader, when, writer.joined(texts))
        page.clutter(*(writer.fill(text) for text in language.reply[: rng.choice([0, 1, 2])]), look="link")


def add_foot(page: Page, site: Site, writer: Writer) -> None:
    """Add the end of the page."""
    page.clutter(*site.app)
    year = str(NOW.year + writer.language.year_shift)
    foot = [writer.fill(text, site=site.name, year=year) for text in site.foot]
    _add_links(page, foot, site.foot_joiner)


def _add_links(page: Page, texts: list[str], joiner: str) -> None:
    if joiner:
        page.clutter(joiner.join(texts))
    else:
        page.clutter(*texts, look="link")
