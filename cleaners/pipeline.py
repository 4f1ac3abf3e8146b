"""Clean one page: text in, records and ledger out.

Public in `cleaners`; called by `flows.execution` for each page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from heapq import nlargest
from typing import NamedTuple

from msgspec import structs

from cleaners.document.encoding import refuse_surrogates
from cleaners.document.page import Line, Page, refuse_many_lines, refuse_many_pieces, split_lines
from cleaners.output.assemble import assemble
from cleaners.output.body_rules import BodyFindings, RemovedSpan, clean_body
from cleaners.output.evidence import evidence_of
from cleaners.output.record import Cleaned, SiteMarks
from cleaners.output.restore import restore
from cleaners.rules.compiled import Ruleset
from cleaners.rules.load import shipped_languages, shipped_packs
from cleaners.rules.model import Pack
from cleaners.rules.phrases import PhraseScanner, find_phrases
from cleaners.rules.registry import PACKS_OF, Library
from cleaners.segmentation.between_labels import drop_between
from cleaners.segmentation.by_layout import Stories, find_stories, return_title_to_text
from cleaners.segmentation.clutter_blocks import drop_blocks, drop_elements, drop_invisible
from cleaners.segmentation.kept_text import kept_text
from cleaners.segmentation.page_type import type_of_layout
from cleaners.segmentation.read_page import read_page
from cleaners.segmentation.refused import refuse_no_page
from cleaners.segmentation.site import find_site, has_signs
from cleaners.segmentation.sureness import PageMeasures
from cleaners.text.flattened.edited import ESCAPE
from cleaners.text.flattened.read import plain_page
from cleaners.text.language import language_of


@cache
def default_library() -> Library:
    """Return a library of the packs that come with dehusk, with safe rules only."""
    return Library(shipped_packs())


def read_html(
    html: bytes | str, *, path: str = "", url: str = "", captured_at: datetime | None = None, library: Library | None = None
) -> Page:
    """Return the visible page of HTML, to be cleaned with the same library; raises BadPage when nothing is visible.

    Bytes are decoded as UTF-8, by their declared encoding, else by a guess. Nothing is fetched.
    """
    from cleaners.html.reader import html_page  # takes a tenth of a second to import

    return html_page(html, path, url, captured_at, selectors=(library or default_library()).selectors)


def clean_page(page: Page | str, library: Library | None = None, *, why: bool = False) -> Cleaned:
    r"""Return the records and the ledger of a page; with `why`, also the evidence for each line.

    Raises BadPage when the text holds lone surrogates (`undecodable`) or over 250,000 lines (`too-large`), when the page says
    that it is none (`not-a-page`), or when the ledger would not be complete (`ledger`), a defect of dehusk or of a pack.

    >>> cleaned = clean_page("Ferry returns\nThe ferry is back.\nAdvertisement\nIt sails at nine.")
    >>> cleaned.records[0].title, cleaned.records[0].text
    ('Ferry returns', 'The ferry is back.\nIt sails at nine.')
    >>> [(s.start, s.end, s.field, s.rule) for s in cleaned.segments]
    [(0, 13, 'title', None), (14, 32, 'text', None), (33, 46, None, 'en.ad-line'), (47, 64, 'text', None)]
    """
    page = Page(page) if isinstance(page, str) else page
    library = library or default_library()
    refuse_surrogates(page.text)
    refuse_many_lines(page.text)
    if page.made_by == library.digest:
        return _kept(page, library, why=why)
    for has_escapes in (True, False):  # a page with escapes that cannot be read back is read with them
        plain, steps = plain_page(page, has_escapes=has_escapes)
        refuse_many_pieces(sum(len(step.edits) for step in steps))
        cleaned = restore(_clean_plain(plain, library, why=why), steps, page.text) if steps else None
        if cleaned is not None:
            return cleaned
        if not steps or steps[0].edits[0].rule != ESCAPE:
            break
    return _clean_plain(page, library, why=why)


def _kept(page: Page, library: Library, *, why: bool) -> Cleaned:
    """Return the record of a page whose text these very rules made, with the whole of it."""
    lines = split_lines(page.text)
    ruleset = library.ruleset(language=_language(lines, page))
    stories = kept_text(page, lines, ruleset)
    cleaned = assemble(page, stories, [BodyFindings()], [], ruleset, library.digest)
    return _with_evidence(page, stories, cleaned, ruleset, why=why)


def _clean_plain(page: Page, library: Library, *, why: bool) -> Cleaned:
    """Return the records and the ledger of a page whose text has no marks of a flattener."""
    refuse_many_lines(page.text)
    found = page_lines(page, library)
    lines, ruleset = found.lines, found.ruleset
    refuse_no_page(page, split_lines(page.text), ruleset)
    scanner = PhraseScanner(page.text, ruleset)
    stories = _read_stories(page, found, why=why)
    bodies = _clean_bodies(scanner, stories, ruleset, lines[-1].end if lines else 0)
    removed = [*found.removed, *(RemovedSpan(line.start, line.end, rule) for line, rule in stories.structure)]
    cleaned = structs.replace(assemble(page, stories, bodies, removed, ruleset, library.digest), marks=found.marks)
    return _with_evidence(page, stories, cleaned, ruleset, why=why)


def _read_stories(page: Page, found: PageLines, *, why: bool) -> Stories:
    """Return the stories of a page; the measures of its lines, as large as the lines, are free when it returns."""
    lines, ruleset = found.lines, found.ruleset
    # The layouts of a site are for its text pages. HTML pages hold more lines, and elements are better evidence.
    use_site_layout = ruleset.has_site_layout and not page.hints
    read = None if use_site_layout else read_page(page, lines, ruleset.fallback_layout.id, ruleset, why=why)
    stories = read if isinstance(read, Stories) else find_stories(lines, found.article_end, ruleset)
    stories.by_site = use_site_layout
    if not isinstance(read, Stories):
        return_title_to_text(stories, lines, page.metadata.title)
        stories.type = type_of_layout(stories)
    if isinstance(read, PageMeasures):
        read.add_to(stories, page, alone=True)
    return stories


def _with_evidence(page: Page, stories: Stories, cleaned: Cleaned, ruleset: Ruleset, *, why: bool) -> Cleaned:
    """Return the result for a page; with `why`, also the evidence for each line."""
    if not why:
        return cleaned
    evidence = evidence_of(page.text, cleaned, stories, ruleset, stories.scores, stories.noted)
    return structs.replace(cleaned, evidence=evidence)


class PageLines(NamedTuple):
    """The lines of a page that are read, the rules for it, and the spans removed before.

    `article_end` is the offset where the page's own story ends, None when no removed block marks it. `marks` are those of the
    page's site.
    """

    lines: list[Line]
    ruleset: Ruleset
    removed: list[RemovedSpan]
    article_end: int | None
    marks: SiteMarks | None


def page_lines(page: Page, library: Library) -> PageLines:
    """Return the lines of a page but those that are clutter wherever they stand, with the rules of its site and language."""
    visible = drop_invisible(split_lines(page.text), library.ruleset())
    stamp, lines = _drop_stamp(visible.lines, library.ruleset())
    site = find_site(lines, page.url, library)
    templates = library.templates_on(lines, site)
    ruleset = library.ruleset(site, _language(lines, page), templates)
    ruleset.context.times.begin_page(len(lines))
    elements = drop_elements(lines, page, ruleset)
    between = drop_between(elements.lines, ruleset)
    blocks = drop_blocks(between.lines, ruleset, final=True)
    removed = (*visible.removed, *elements.removed, *between.removed, *blocks.removed)
    spans = [*stamp, *(RemovedSpan(line.start, line.end, rule) for line, rule in removed)]
    ends = [end for end in (between.article_end, blocks.article_end) if end is not None]
    marks = _site_marks(lines, page, site, templates, library) if site is not None else None
    return PageLines(blocks.lines, ruleset, spans, min(ends, default=None), marks)


def _site_marks(lines: list[Line], page: Page, site: Pack, templates: frozenset[str], library: Library) -> SiteMarks:
    """Return the marks of a page's site; signs are looked for again only where an address may have been enough."""
    own = sorted(template.id for template in site.template if template.id in templates)
    lacks_signs = bool(page.url) and not own and not has_signs(lines, site, library)
    return SiteMarks(lacks_signs, tuple(own or [""][: len(site.template)]))


def _drop_stamp(lines: list[Line], ruleset: Ruleset) -> tuple[list[RemovedSpan], list[Line]]:
    """Remove an archive's stamp before the first line of a page, by the rules for the start of a line."""
    for line in lines[:1]:
        for rule, start, end in find_phrases(line.text, ruleset):
            rest = line.text[end:].lstrip()
            if start == 0 and rule.start and rest:
                stamp = RemovedSpan(line.start, line.start + end, rule.id)
                return [stamp], [Line(line.end - len(rest), line.end, rest), *lines[1:]]
    return [], lines


def _language(lines: Sequence[Line], page: Page) -> str:
    """Return the language of a page: that of its longest lines, or what its head says where that one has no pack."""
    found = language_of(_sample(lines))
    has_pack = not shipped_languages().isdisjoint(PACKS_OF.get(found, (found,)))
    return found if has_pack else page.metadata.language or found


def _sample(lines: Sequence[Line]) -> str:
    """Return the longest lines of a page for language detection; menus are often in another language."""
    return "\n".join(line.text[:400] for line in nlargest(5, lines, key=lambda line: len(line.text)))


def _clean_bodies(scanner: PhraseScanner, stories: Stories, ruleset: Ruleset, page_end: int) -> list[BodyFindings]:
    """Return the findings in the body of each story."""
    return [
        clean_body(
            scanner, story.body, ruleset, final=bool(story.body) and story.body[-1].end == page_end, own=story.role == "article"
        )
        for story in stories.found
    ]  # fmt: skip
