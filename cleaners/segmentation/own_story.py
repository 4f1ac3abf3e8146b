"""Read a page's own story from the lines that are its text: title, header, text, and the parts of the page around it.

Called by `read_page` once the lines of embedded stories are assigned.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import dropwhile, pairwise, takewhile
from operator import attrgetter

from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_header import assign_header
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.byline import names_author
from cleaners.segmentation.line_features import TEXT_SHAPES, LineFeatures
from cleaners.segmentation.own_extent import kept_lines, parts_of
from cleaners.segmentation.own_header import (
    STANDFIRST_SHAPES,
    assign_category,
    is_bare_time,
    is_meta,
    read_header_line,
    standfirsts,
)
from cleaners.segmentation.own_lines import own_lines
from cleaners.segmentation.own_repeats import repeats_title
from cleaners.segmentation.surroundings import drop, drop_rest
from cleaners.segmentation.title_choice import TitleChoice, choose_title
from cleaners.text.line_shape import is_paragraph, is_whole

MAX_ABOVE = 4  # lines above a title in which its time and source stand
HEADER_TEXTS = 2  # lines of text, a standfirst among them, between which the lines of a header stand


def read_own_story(
    features: list[LineFeatures],
    scores: Sequence[float],
    stories: Stories,
    ruleset: Ruleset,
    head_title: str = "",
    own: Story | None = None,
    sources: Collection[str] = (),
) -> list[Story]:
    """Assign the lines that are left to the page's own story, to full stories that follow it, or to a part of the page.

    Return these stories; none when no line is text. On HTML pages the `selected` lines are the text. `own` is the
    page's own story when the grammar has read its header already; `sources` are those of the embedded stories.
    """
    assigned = [feature.assigned for feature in features]
    kept = kept_lines(features, scores, assigned, ruleset)
    found: list[Story] = []
    start = 0
    parts = list(parts_of(features, kept))
    for number, (first, last) in enumerate(parts):
        story = Story("story", stories.layout) if found else own or Story("article", stories.layout)
        end = parts[number + 1][0] if number + 1 < len(parts) else len(features)
        _read_story(features, scores, assigned, kept, (start, first, last, end), story, stories, ruleset, head_title, sources)
        story.body.sort(key=attrgetter("start"))  # `own` may have text below lines that were added here
        found.append(story)
        start, head_title = last + 1, ""
    if not found and own is not None and own.fields:
        found.append(own)
    if not found and True in assigned:
        found += _opened_by_title(features, assigned, stories)
    for feature in features:
        if not feature.assigned:
            drop(feature, "after" if found else "before", stories)
    return found


def _opened_by_title(features: Sequence[LineFeatures], assigned: Sequence[bool], stories: Stories) -> list[Story]:
    """Return the page's own story when hardly more than its title stands above others; none when no headline opens the page.

    Its text are the lines right below the title that may be a standfirst.
    """
    above = list(dropwhile(lambda feature: feature.rule is not None, features[: assigned.index(True)]))
    if not above or above[0].shape != "headline" or has_menu(above):
        return []
    title = above[0].line
    story = Story("article", stories.layout)
    story.fields["title"] = title
    above[0].assigned = True
    for feature in takewhile(lambda feature: feature.rule is None and feature.shape in STANDFIRST_SHAPES, above[1:]):
        if feature.line.text == title.text:
            drop(feature, "repeat", stories)
        else:
            story.body.append(feature.line)
            feature.assigned = True
    return [story]


def has_menu(features: Sequence[LineFeatures]) -> bool:
    """Return whether two labels that no rule names stand in a row."""
    labels = [feature.rule is None and feature.shape in ("label", "short") for feature in features]
    return (True, True) in pairwise(labels)


def titled_text(
    features: list[LineFeatures], scores: Sequence[float], stories: Stories, ruleset: Ruleset, head_title: str = ""
) -> Stories | None:
    """Return a text on its own under the title that one of its first lines holds; labels above it and its header are no text.

    With `head_title`, the title in a row or the head of a page, no other line is the title, and above a text without that title
    only bylines and bare times are a header: first of all, right above the first paragraph, below a byline. Where it is given,
    or the page opens with a paragraph, no title stands below the first paragraph. Return None when no line may be the title, or
    the first is all of it and no byline follows: it is the title of a text in any case. A paragraph holds none.
    """
    kept = own_lines(features, scores, [False] * len(features), ruleset.reading.own_lines)
    if True not in kept:
        return None
    first, last = kept.index(True), len(kept) - 1 - kept[::-1].index(True)
    within = (0, last)
    if head_title or is_paragraph(features[0].line.text):
        within = (0, min(last, 1 + sum(1 for _ in takewhile(lambda feature: feature.shape not in TEXT_SHAPES, features))))
    choice = choose_title(
        features, scores, [False] * len(features), (first, last), ruleset.reading.title,
        head_title=head_title, within=within, needed=True,
    )  # fmt: skip
    chosen = features[choice.index] if choice.index is not None else None
    part = chosen.line.text[choice.start : choice.end] if chosen is not None else ""
    is_first = choice.index == 0 and part == features[0].line.text
    has_byline = is_first and len(features) > 1 and features[1].byline and names_author(features[1].line.text, ruleset)
    is_no_title = chosen is None or chosen.shape == "prose" or (is_first and not has_byline) or is_whole(part)
    if not head_title and is_no_title:
        return None
    story = Story("article", stories.layout)
    title = 0
    if not head_title or (chosen is not None and repeats_title(chosen, part, head_title)):
        title = _assign_title(features, choice, story, stories) or 0
    header = _above_text(features)
    is_raw = bool(head_title) or has_byline or any(feature.shape in ("label", "short") for feature in features[:title])
    for i, feature in enumerate(features):
        if feature.assigned:
            continue
        is_above = not story.body or i in header or (i > 0 and features[i - 1].byline and features[i - 1].assigned)
        is_opening = "title" in story.fields or feature.byline or (is_above and is_bare_time(feature, ruleset))
        in_header = is_raw and i >= title - MAX_ABOVE and len(story.body) < HEADER_TEXTS and is_opening
        if in_header and is_meta(feature, ruleset, ()) and read_header_line(feature, story, stories, ruleset, ()):
            continue
        if i < title and feature.shape in ("label", "short"):
            drop(feature, "before", stories)
        else:
            story.body.append(feature.line)
    stories.found.append(story)
    return stories


def _above_text(features: Sequence[LineFeatures]) -> range:
    """Return the bylines and times in a row right above the first paragraph; none when there is no paragraph."""
    end = next((i for i, feature in enumerate(features) if feature.shape in TEXT_SHAPES), 0)
    return range(end - sum(1 for _ in takewhile(lambda feature: feature.shape == "meta", reversed(features[:end]))), end)


def _read_story(
    features: list[LineFeatures],
    scores: Sequence[float],
    assigned: Sequence[bool],
    kept: Sequence[bool],
    bounds: tuple[int, int, int, int],
    story: Story,
    stories: Stories,
    ruleset: Ruleset,
    head_title: str,
    sources: Collection[str],
) -> None:
    """Assign the lines of one story, with its text from `bounds[1]` to `bounds[2]`; the lines from `bounds[0]` on are free."""
    start, first, last, end = bounds
    least = ruleset.reading.line_score.threshold
    title = _title_index(features, story)
    if title is None:
        title = assign_header(features, [i for i in range(start, first) if not features[i].assigned], story, stories, ruleset)
    if title is None:
        choice = choose_title(
            features, scores, assigned, (first, last), ruleset.reading.title,
            head_title=head_title, within=(start, end), needed=_is_bare(features[start:first]),
        )  # fmt: skip
        title = _assign_title(features, choice, story, stories)
    if title is not None:
        assign_category(features, title, story, ruleset, sources)
    above = standfirsts(features, scores, title, (first, last), least) if title is not None else set()
    texts = len(story.body)
    for i in range(start, last + 1):
        feature = features[i]
        if feature.assigned:
            continue
        is_near = title is None or i >= title - MAX_ABOVE
        in_header = is_near and texts < HEADER_TEXTS
        is_known = "time" in story.fields and ("author" in story.fields or feature.selected is True)
        if in_header and is_meta(feature, ruleset, sources) and not (kept[i] and story.body and is_known):
            read_header_line(feature, story, stories, ruleset, sources)
        elif kept[i] or i in above:
            story.body.append(feature.line)
            feature.assigned = True
            texts += feature.shape in TEXT_SHAPES and (title is None or i > title)
        elif not (in_header and read_header_line(feature, story, stories, ruleset, sources)):
            is_above = not is_near or (title is not None and i < title)
            drop(feature, "before" if is_above else "list" if story.body else "header", stories)


def _is_bare(above: Sequence[LineFeatures]) -> bool:
    """Return whether nothing but a header stands above a text: a headline, lines like text, lines that a rule names."""
    shapes = [feature.shape for feature in above if feature.rule is None]
    return "headline" in shapes and not {"label", "short"} & {*shapes}


def _title_index(features: Sequence[LineFeatures], story: Story) -> int | None:
    """Return the index of the line that holds the title of a story, None when it has no title yet."""
    title = story.fields.get("title")
    if title is None:
        return None
    return next(i for i, feature in enumerate(features) if feature.line.start <= title.start and title.end <= feature.line.end)


def _assign_title(features: Sequence[LineFeatures], choice: TitleChoice, story: Story, stories: Stories) -> int | None:
    """Assign the title, and what stands beside it in its line to the header; return the index of its line."""
    if choice.index is None:
        return None
    stories.title = stories.title or choice
    feature = features[choice.index]
    line = feature.line
    feature.assigned = True
    story.fields["title"] = _part_of(line, choice.start, choice.end)
    drop_rest(line, [(choice.start, choice.end)], stories)
    return choice.index


def _part_of(line: Line, first: int, last: int) -> Line:
    """Return a part of a line, without white space at its ends."""
    text = line.text[first:last]
    start = line.start + first + len(text) - len(text.lstrip())
    return Line(start, start + len(text.strip()), text.strip())
