"""Clean one page: text in, records and ledger out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from heapq import nlargest

from cleaners.document.encoding import refuse_surrogates
from cleaners.document.page import Line, Page, split_lines
from cleaners.output.assemble import assemble
from cleaners.output.body_rules import BodyFindings, RemovedSpan, clean_body
from cleaners.output.record import Cleaned
from cleaners.rules.compiled import Ruleset
from cleaners.rules.load import shipped_packs
from cleaners.rules.phrases import Scan, find_phrases
from cleaners.rules.registry import Library
from cleaners.segmentation.by_layout import Stories, find_stories, return_title_to_text
from cleaners.segmentation.by_shape import find_by_shape
from cleaners.segmentation.clutter_blocks import drop_blocks, drop_elements, drop_invisible
from cleaners.segmentation.site import find_site
from cleaners.text.language import language_of


@cache
def default_library() -> Library:
    """Return the packs that come with dehusk, safe rules only."""
    return Library(shipped_packs())


def read_html(
    html: bytes | str, *, path: str = "", url: str = "", captured_at: datetime | None = None, library: Library | None = None
) -> Page:
    """Return the page that HTML shows, to be cleaned with the same library; raises BadPage when it shows none.

    Bytes are decoded as they declare themselves, else as they look. Nothing is fetched.
    """
    from cleaners.html.reader import html_page  # takes a tenth of a second to import

    return html_page(html, path, url, captured_at, selectors=(library or default_library()).selectors)


def clean_page(page: Page | str, library: Library | None = None) -> Cleaned:
    r"""Return the records and the ledger of a page.

    Raises BadPage when the text is none (`undecodable`: it holds lone surrogates), or when the ledger would not be
    complete (`ledger`), which is a defect of dehusk or of a pack.

    >>> cleaned = clean_page("Ferry returns\nThe ferry is back.\nAdvertisement\nIt sails at nine.")
    >>> cleaned.records[0].title, cleaned.records[0].text
    ('Ferry returns', 'The ferry is back.\nIt sails at nine.')
    >>> [(s.start, s.end, s.field, s.rule) for s in cleaned.segments]
    [(0, 13, 'title', None), (14, 32, 'text', None), (33, 46, None, 'en.ad-line'), (47, 64, 'text', None)]
    """
    page = Page(page) if isinstance(page, str) else page
    library = library or default_library()
    refuse_surrogates(page.text)
    seen = drop_invisible(split_lines(page.text), library.ruleset())
    stamp, lines = _drop_stamp(seen.lines, library.ruleset())
    ruleset = library.ruleset(find_site(lines, page.url, library), language_of(_sample(lines)))
    ruleset.words.times.begin_page(len(lines))
    scan = Scan(page.text, ruleset)
    elements = drop_elements(lines, page, ruleset)
    blocks = drop_blocks(elements.lines, ruleset, final=True)
    # The layouts of a site say how its pages look as text; in HTML there is more on them, and elements tell more.
    is_known = ruleset.knows_pages and not page.hints
    stories = None if is_known else find_by_shape(page, blocks.lines, ruleset.any_page.id, ruleset, scan)
    if stories is None:
        stories = find_stories(blocks.lines, blocks.article_end, ruleset)
        if page.metadata.title:
            return_title_to_text(stories, blocks.lines, page.metadata.title)
    bodies = _clean_bodies(scan, stories, ruleset, blocks.lines[-1].end if blocks.lines else 0)
    taken = (*seen.removed, *elements.removed, *blocks.removed, *stories.structure)
    removed = [*stamp, *(RemovedSpan(line.start, line.end, rule) for line, rule in taken)]
    return assemble(page, stories, bodies, removed, ruleset, library.digest)


def _drop_stamp(lines: list[Line], ruleset: Ruleset) -> tuple[list[RemovedSpan], list[Line]]:
    """Take what a store put before the first line of a page out of it, by the rules that hold at a line's start."""
    for line in lines[:1]:
        for rule, start, end in find_phrases(line.text, ruleset):
            rest = line.text[end:].lstrip()
            if start == 0 and rule.start and rest:
                cut_off = RemovedSpan(line.start, line.start + end, rule.id)
                return [cut_off], [Line(line.end - len(rest), line.end, rest), *lines[1:]]
    return [], lines


def _sample(lines: Sequence[Line]) -> str:
    """Return some of the longest lines of a page, by which its language is told; menus are often in another one."""
    return "\n".join(line.text[:400] for line in nlargest(5, lines, key=lambda line: len(line.text)))


def _clean_bodies(scan: Scan, stories: Stories, ruleset: Ruleset, page_end: int) -> list[BodyFindings]:
    """Return what is found in the body of each story."""
    return [
        clean_body(scan, story.body, ruleset, final=bool(story.body) and story.body[-1].end == page_end)
        for story in stories.found
    ]  # fmt: skip
