"""The layouts of embedded stories, from those that a reading was able to find on some pages of a site.

Called by `cleaners.learning.proposal`.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

import msgspec
from msgspec.structs import replace

from cleaners.grammar.fields import FieldContext
from cleaners.grammar.match import line_pattern, match_lines
from cleaners.learning.agreement import SiteWords
from cleaners.learning.bare_stories import bare_stories
from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import SitePages
from cleaners.learning.story_form import BODY, Form, forms_on, is_sure
from cleaners.learning.wording import as_written
from cleaners.rules.layout import MAX_PARAGRAPHS
from cleaners.segmentation.plausible_fields import is_plausible

MIN_PAGES = 2
MAX_LAYOUTS = 8
MAYBE = f"[{BODY}]"


class StoryForm(msgspec.Struct, frozen=True):
    """The lines of embedded stories as templates, the stories of that form, and the pages that have one of how many.

    A text has `paragraphs` at most. `is_sure`: one story alone is known by its form. `below_text`: none stands above the text
    of the page's own story.
    """

    lines: Form
    stories: int
    pages: int
    of: int
    paragraphs: int = 1
    is_sure: bool = False
    below_text: bool = False


def story_forms(
    whole: SitePages, templates: Sequence[SitePages], fixed: Set[str], context: FieldContext, settings: LearningSettings
) -> list[StoryForm]:
    """Return the forms of the stories that a reading found embedded on the pages of a site, the longest first.

    A form is on enough pages of the site, or of one of its templates; `fixed` are the keys of fixed lines, `context` is that of
    layouts for any site.
    """
    seen = _seen_on(whole, fixed)
    frequent: set[Form] = set()
    for part, of_part in ((whole, seen), *((part, _seen_on(part, fixed)) for part in templates)):
        least = max(MIN_PAGES, settings.story_pages * len(part))
        frequent.update(form for form, of in of_part.items() if len(of.pages) >= least)
    found = [
        StoryForm(
            form,
            of.stories,
            len(of.pages),
            len(whole),
            min(of.paragraphs, MAX_PARAGRAPHS),
            is_sure=is_sure(form),
        )
        for form, of in seen.items()
        if form in frequent
    ]
    best = sorted(_joined(found), key=lambda form: (-form.stories, form.lines))[:MAX_LAYOUTS]
    placed = [replace(form, below_text=_is_of_headers(form.lines, whole, context)) for form in best]
    return sorted(placed, key=lambda form: (-len(form.lines), -form.stories, form.lines))


def _joined(found: Sequence[StoryForm]) -> list[StoryForm]:
    """Return forms, those with and without a text as one."""
    by_lines = {form.lines: form for form in found}
    for lines, form in list(by_lines.items()):
        whole = by_lines.get((*lines, BODY))
        if whole is not None:
            pages = max(form.pages, whole.pages)
            by_lines[whole.lines] = replace(whole, lines=(*lines, MAYBE), stories=form.stories + whole.stories, pages=pages)
            del by_lines[lines]
    return list(by_lines.values())


def bare_forms(part: SitePages, words: SiteWords, settings: LearningSettings) -> list[StoryForm]:
    """Return the forms of bare titles above a text, if the pages of a template hold such stories below their own."""
    return [
        StoryForm(
            (f"{as_written(bare.mark)}{{title}}", BODY),
            bare.stories,
            bare.pages,
            len(part),
            bare.paragraphs,
            is_sure=True,
            below_text=True,
        )
        for bare in bare_stories(part, words, settings)
    ]


def _is_of_headers(form: Form, pages: SitePages, context: FieldContext) -> bool:
    """Return whether the headers of the own stories of several pages have a form, too."""
    patterns = tuple(line_pattern(line) for line in form if BODY not in line)
    accepting = replace(context, accepts=is_plausible)
    found = 0
    for page, reading in zip(pages.pages, pages.readings, strict=True):
        if (title := reading.title_index) is None:
            continue
        starts = range(max(0, title - len(patterns) + 1), title + 1)
        matches = (match_lines(patterns, page.lines, start, accepting) for start in starts)
        line = page.lines[title]
        found += any(match is not None and line.start <= match.fields["title"].start < line.end for match in matches)
        if found == MIN_PAGES:
            return True
    return False


class _Seen(msgspec.Struct):
    """The stories of a form: their number, the most paragraphs of one, and the numbers of their pages."""

    stories: int = 0
    paragraphs: int = 1
    pages: set[int] = set()


def _seen_on(part: SitePages, fixed: Set[str]) -> dict[Form, _Seen]:
    """Return the forms of the stories embedded on some pages."""
    seen: dict[Form, _Seen] = {}
    for number, (page, reading) in enumerate(zip(part.pages, part.readings, strict=True)):
        for form, paragraphs in forms_on(page, reading, fixed):
            of_form = seen.setdefault(form, _Seen())
            of_form.stories += 1
            of_form.paragraphs = max(of_form.paragraphs, paragraphs)
            of_form.pages.add(number)
    return seen
