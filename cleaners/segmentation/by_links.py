"""Find embedded stories on HTML pages that no text layout finds: headlines that are links, with the teasers below them.

Called by `read_page`.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

from cleaners.document.address import web_address
from cleaners.document.page import PagePart
from cleaners.segmentation.by_layout import Story
from cleaners.segmentation.line_features import LINKED, LineFeatures

MIN_WORDS = 4  # a link of fewer words is a menu item
MIN_IN_LIST = 2
MAX_APART = 3  # lines between two links of one list
PARTS: tuple[PagePart, ...] = ("", "list")  # no menus and no comments


def find_links(features: list[LineFeatures], layout: str, inserted: Collection[int] = ()) -> list[Story]:
    """Return a story for each headline outside the page's own story that is a link close to another one.

    Its lines are marked as assigned. `inserted` are the links between the lines of the page's own story.
    """
    links = [i for i, feature in enumerate(features) if _is_link(feature)]
    found: list[Story] = []
    for position, i in enumerate(links):
        near = (*links[max(0, position - MIN_IN_LIST + 1) : position], *links[position + 1 : position + MIN_IN_LIST])
        if i not in inserted and not any(abs(other - i) <= MAX_APART for other in near):
            continue
        story = Story("story", layout, {"title": features[i].line}, is_headline=i in inserted)
        features[i].assigned = True
        below = features[i + 1] if i + 1 < len(features) else None
        if below is not None and below.is_text_beside and not below.selected:
            story.body.append(below.line)
            below.assigned = True
        found.append(story)
    return found


def _is_link(feature: LineFeatures) -> bool:
    return (
        feature.shape == "headline"
        and feature.tag != "h1"
        and not feature.assigned
        and not feature.selected
        and feature.linked >= LINKED
        and feature.page_part in PARTS
        and len(feature.line.text.split()) >= MIN_WORDS
    )


def address_of(link: str, page: str, base: str = "") -> str:
    """Return the web address of a link, "" for none; `page` is the page's own address, `base` its <base href>.

    >>> address_of("/crane", "https://quaypost.example/news/ferry")
    'https://quaypost.example/crane'
    """
    try:
        address = urljoin(urljoin(page, base), link)
        is_web = urlsplit(address).scheme in ("http", "https") and bool(urlsplit(address).hostname)
    except ValueError:
        return ""
    return web_address(address) if is_web and not link.startswith("#") else ""
