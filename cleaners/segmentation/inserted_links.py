"""Tell the links to other stories of a site, set between the paragraphs of a story, from the headings of its own sections.

Called by `read_page` for HTML pages. Both are headings that are links. Those of sections are many, or lead to other sites.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from cleaners.document.page import Page
from cleaners.segmentation.line_features import HEADINGS, LINKED, LIST_KINDS, LineFeatures

MIN_WORDS = 5  # of a title of another story; names of products are shorter
MAX_INSERTED = 3  # in a story that is selected; more are its sections


def unselect_inserted(features: Sequence[LineFeatures], page: Page) -> list[int]:
    """Return the indices of the links to other stories between the lines of the page's own; they are no longer selected."""
    own = [feature.index for feature in features if feature.selected]
    if not own:
        return []
    found = [i for i in range(own[0] + 1, own[-1]) if _is_title(features, i) and _is_of_site(features[i], page)]
    if sum(bool(features[i].selected) for i in found) > MAX_INSERTED:
        return []
    for i in found:
        features[i].selected = False
    return found


def _is_title(features: Sequence[LineFeatures], i: int) -> bool:
    """Return whether a line may be the title of another story: a heading that is a link, or a link in a list of stories."""
    feature = features[i]
    if feature.assigned or feature.linked < LINKED or feature.shape != "headline" or feature.page_part not in ("", "list"):
        return False
    label = features[i - 1].rule
    is_listed = feature.page_part == "list" or (label is not None and label.kind in (*LIST_KINDS, "read-more"))
    is_name = len(feature.line.text.split()) < MIN_WORDS or feature.line.text[0].isdigit()
    return not is_name and (feature.tag in HEADINGS or (is_listed and not feature.selected))


def _is_of_site(feature: LineFeatures, page: Page) -> bool:
    """Return whether the link of a line leads to another page of the same site."""
    hint = page.hint(feature.line.start)
    if hint is None or not hint.link or hint.link.startswith("#"):
        return False
    try:
        own, other = urlsplit(page.url), urlsplit(urljoin(urljoin(page.url, page.metadata.base), hint.link))
    except ValueError:
        return False
    is_own_host = other.netloc.removeprefix("www.") == own.netloc.removeprefix("www.")
    return other.scheme in ("http", "https", "") and is_own_host and other.path.rstrip("/") != own.path.rstrip("/")
