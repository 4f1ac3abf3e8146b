"""Drop what a story says twice, so that a record given again as a row keeps its whole text: its title, or its own text.

Called by `read_page` and `own_story`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaners.document.page import Line
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.line_features import TEXT_SHAPES, LineFeatures
from cleaners.segmentation.repeated_text import copied_lines
from cleaners.segmentation.surroundings import drop
from cleaners.segmentation.title import goes_on, has_same_words, is_same_title
from cleaners.segmentation.title_form import may_have_parts, title_parts

MAX_OPENING = 12  # lines


def drop_opening_repeats(stories: Stories, features: Sequence[LineFeatures], head_title: str = "") -> None:
    """Drop the lines that repeat the title above the first paragraph of each story, and the labels above those lines.

    `head_title` is the title in the head or the row of the page. A text that is nothing else stays.
    """
    by_start: dict[int, LineFeatures] = {}
    for story in stories.found:
        title = story.fields["title"].text if "title" in story.fields else head_title if story.role == "article" else ""
        if not title or not any(_repeats(line.text, title) for line in story.body[:MAX_OPENING]):
            continue
        by_start = by_start or {feature.line.start: feature for feature in features}
        opening = list(_opening(story.body, by_start))
        repeats = [i for i, feature in enumerate(opening) if repeats_title(feature, feature.line.text, title)]
        if repeats and len(story.body) > repeats[-1] + 1:
            _drop(story, stories, opening[: repeats[-1] + 1], set(repeats))


def drop_copies(stories: Stories, features: Sequence[LineFeatures]) -> None:
    """Drop the lines of each story that repeat its text: what stood between both copies on the page may have hidden them."""
    for story in stories.found:
        copied = copied_lines(story.body)
        if copied:
            starts = {story.body[i].start for i in copied}
            story.body = [line for line in story.body if line.start not in starts]
            for feature in features:
                if feature.line.start in starts:
                    feature.removed = True
                    stories.structure.append((feature.line, f"{stories.layout}.repeated-text"))


def _opening(body: Sequence[Line], by_start: dict[int, LineFeatures]) -> Iterator[LineFeatures]:
    """Yield the lines of a text up to its first paragraph, that one included."""
    for line in body[:MAX_OPENING]:
        feature = by_start.get(line.start)
        if feature is None:
            return
        yield feature
        if feature.shape in TEXT_SHAPES:
            return


def _drop(story: Story, stories: Stories, opening: Sequence[LineFeatures], repeats: set[int]) -> None:
    """Drop the repeats among the lines of an opening, and the labels beside them."""
    dropped = [feature for i, feature in enumerate(opening) if i in repeats or feature.shape in ("label", "short")]
    for feature in dropped:
        drop(feature, "repeat", stories)
    starts = {feature.line.start for feature in dropped}
    story.body = [line for line in story.body if line.start not in starts]


def repeats_title(feature: LineFeatures, part: str, title: str) -> bool:
    """Return whether a part of a line is the title: a paragraph that only holds it, or words of it, is none."""
    return has_same_words(feature.line.text, title) or (feature.shape not in TEXT_SHAPES and _repeats(part, title))


def _repeats(text: str, title: str) -> bool:
    """Return whether a text, or a part of it, is a title or a part of one; where it goes on behind the title, it says more."""
    if is_same_title(text, title) and not goes_on(text, title):
        return True
    return may_have_parts(text) and any(part.rest and has_same_words(part.text, title) for part in title_parts(text))
