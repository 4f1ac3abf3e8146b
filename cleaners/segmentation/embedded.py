"""Turn the lists that a page's grammar shows into stories, and assign their lines.

Called by `read_page`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaners.document.page import Line
from cleaners.segmentation.by_layout import Stories, Story, StoryField
from cleaners.segmentation.line_features import LineFeatures
from cleaners.segmentation.page_grammar.model import EmbeddedList, FieldSpan, Item
from cleaners.segmentation.surroundings import Surrounding, drop, drop_rest


def assign_lists(lists: Sequence[EmbeddedList], features: Sequence[LineFeatures], stories: Stories) -> list[Story]:
    """Return the story of each item of the lists, in page order; the lines of the lists are assigned.

    Comments of readers become no stories: their lines are removed, as are those between the items of a list.
    """
    found: list[Story] = []
    for embedded in lists:
        for i in embedded.between:
            _drop_free(features[i], "list", stories)
        of_list: list[Story] = []
        for number, item in enumerate(embedded.items, 1):
            if embedded.is_comments:
                for i in sorted(_lines_of(item)):
                    features[i].page_part = "comments"
                    _drop_free(features[i], "list", stories)
                continue
            if any(features[i].assigned for i in _lines_of(item)):
                continue
            story = Story("story", stories.layout, form=f"{embedded.form}, {number} of {len(embedded.items)}")
            story.measures |= {f"list {name}": value for name, value in embedded.reasons.items()}
            assign_item(item, features, story, stories)
            of_list.append(story)
        if "label" not in embedded.form and all(_is_bare(story) for story in of_list):
            for story in of_list:
                story.is_headline = True
        found += of_list
    return found


def without_bare_titles(embedded: Sequence[Story], own: Story, stories: Stories, *, is_known_site: bool) -> list[Story]:
    """Return the embedded stories without those that are links: titles alone, whose lines are lines of a list.

    On a page of no known site, a title in a list of titles is a headline, unless another story has it.
    """
    titles = {_title_key(own), *(_title_key(story) for story in embedded if not _is_bare(story))}
    kept = []
    for story in embedded:
        is_headline = story.is_headline and not is_known_site and _title_key(story) not in titles
        if is_headline or not _is_bare(story):
            kept.append(story)
            titles.add(_title_key(story))
        else:
            stories.structure.append((story.fields["title"], f"{stories.layout}.list"))
    return kept


def _is_bare(story: Story) -> bool:
    return not story.body and not story.url and story.fields.keys() == {"title"}


def _title_key(story: Story) -> str:
    """Return the caseless title of a story, "" without one."""
    return story.fields["title"].text.casefold() if "title" in story.fields else ""


def assign_item(item: Item, features: Sequence[LineFeatures], story: Story, stories: Stories) -> None:
    """Assign the lines of an item to the fields and the text of a story; the rest of them belongs to no story."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for name, span in _fields(item):
        line = features[span.line].line
        parts.setdefault(span.line, []).append((span.start, span.end))
        if name is not None:
            story.fields[name] = Line(line.start + span.start, line.start + span.end, line.text[span.start : span.end])
    for i in item.body:
        if i not in parts:
            story.body.append(features[i].line)
            features[i].assigned = True
    for i in item.repeats:
        _drop_free(features[i], "repeat", stories)
    for i, spans in parts.items():
        drop_rest(features[i].line, spans, stories)
        features[i].assigned = True


def _fields(item: Item) -> Iterator[tuple[StoryField | None, FieldSpan]]:
    """Yield the fields of an item with their names; a number belongs to no record."""
    fields: tuple[tuple[StoryField | None, FieldSpan | None], ...] = (
        ("title", item.title),
        ("source", item.source),
        ("time", item.time),
        ("category", item.category),
        ("author", item.author),
    )
    for name, span in fields:
        if span is not None:
            yield name, span


def _lines_of(item: Item) -> set[int]:
    """Return the indices of the lines of an item."""
    return {*item.body, *item.repeats, *(span.line for _, span in _fields(item)), *([item.number.line] if item.number else [])}


def _drop_free(feature: LineFeatures, part: Surrounding, stories: Stories) -> None:
    """Assign a line to no story unless it is assigned; lists may overlap."""
    if not feature.assigned:
        drop(feature, part, stories)
