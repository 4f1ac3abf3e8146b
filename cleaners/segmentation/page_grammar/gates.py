"""Gates: forms that repeat on a page and are no list of other stories, each a named rule.

Called by `find` for each run, before its score counts. A gate uses no number that the fit could choose: only majorities, and
the sign of the log-odds that lines are the page's own text.
"""

from __future__ import annotations

from collections.abc import Sequence, Sized

from cleaners.segmentation.line_features import LineSpan
from cleaners.segmentation.page_grammar.line_classes import PageColumns
from cleaners.segmentation.page_grammar.line_letter import LineClass
from cleaners.segmentation.page_grammar.measures import Measures, is_strong

MIN_TITLE_WIDTH = 20  # of half the titles: menus and tables have shorter lines
BOTH_ENDS = 2  # of a run, which fit its pattern shifted
MAX_COMMENT_WIDTH = 70  # of half the comments of readers that look like titles
_CERTAIN = frozenset("TtgB")  # letters of lines that are times or bylines by their words


def is_list(pattern: str, found: Measures) -> bool:
    """Return whether a run passes the gates on its measures; comments of readers pass, as they are a list to be removed."""
    if is_table(pattern, found) and not is_comments(pattern, found):
        return False
    if is_wrapped_text(found) or ("b" in pattern and not has_text_inside(found)):
        return False
    return not (is_interview(pattern, found) or is_own_text(pattern, found))


def is_comments(pattern: str, found: Measures) -> bool:
    """Return whether a run is a list of readers' comments: times and names over short texts that are no headlines."""
    if found.bodied or "T" not in pattern or found.title_width >= MAX_COMMENT_WIDTH:
        return False
    return 3 * found.sentence_titles >= found.items or found.under_comments


def is_menu(titles: Sequence[LineClass]) -> bool:
    """Return whether most titles are as short as the entries of a menu."""
    return 2 * sum([title.width < MIN_TITLE_WIDTH for title in titles]) > len(titles)


def is_above_text(pattern: str, headers: Sequence[LineSpan], columns: PageColumns) -> bool:
    """Return whether a run is bare lines above the page's text, as in its menus: no label, no text, no time among them."""
    first, last = headers[0][0], headers[-1][1]
    if is_strong(pattern) or "R" in columns.letters[max(0, first - 2) : first]:
        return False
    return bool(columns.prose) and columns.prose[-1] > last and columns.prose_before(first) == columns.prose_before(last)


def is_inside_text(header: LineSpan, columns: PageColumns) -> bool:
    """Return whether a header is likely the page's own text, as a sub-heading and a line with a number below it are.

    A line that is a time or a byline for certain shows that it is a header.
    """
    if columns.scores is None or not _CERTAIN.isdisjoint(columns.letters[slice(*header)]):
        return False
    return sum([columns.scores[i] for i in range(*header)]) > 0


def is_table(pattern: str, found: Measures) -> bool:
    """Return whether the titles are rows of a table: they repeat a few texts, or most hold several numbers but for a time."""
    if "T" not in pattern and found.distinct_titles < max(2, 0.8 * found.items):
        return True
    is_bare = not found.bodied and not found.labelled and "G" not in pattern
    return is_bare and 2 * found.figures > found.items


def is_wrapped_text(found: Measures) -> bool:
    """Return whether most items begin or end in the middle of a sentence, as lines of wrapped text do."""
    return 2 * found.fragments > found.items


def has_text_inside(found: Measures) -> bool:
    """Return whether the lines between the title and the time of most items are texts, and the titles are none or shorter.

    A time above the first title shows that each time belongs to the title below it, when a title stands below the last time
    or texts stand behind the times, too.
    """
    if found.shifted == BOTH_ENDS or (found.bodied and found.shifted):
        return False
    return found.inside_width > found.title_width or (found.sentence_titles == 0 and 2 * found.inside_text >= found.items)


def is_interview(pattern: str, found: Measures) -> bool:
    """Return whether a run is an interview: most titles are questions, and nothing but their answers stands beside them."""
    return not is_strong(pattern) and found.bodied and not found.labelled and 2 * found.questions > found.items


def is_own_text(pattern: str, found: Measures) -> bool:
    """Return whether a run is the page's own text with its sub-headings, or a listicle: likely own text without headers."""
    has_header = is_strong(pattern) or found.labelled
    return found.bodied and not has_header and found.title_score > 0 and found.text_score > 0


def is_following(pattern: str, items: Sized) -> bool:
    """Return whether items follow the page's own story by its header: one alone needs a time or an author in it."""
    return len(items) > 1 or "T" in pattern or "B" in pattern or "G" in pattern
