"""Find the stories of a page: its own, and every one embedded in it, each with its header fields and body lines."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cleaners.document.page import Line
from cleaners.grammar.fields import MAX_FIELD_CHARS, FieldContext
from cleaners.grammar.match import Match, match_lines
from cleaners.rules.compiled import Block, Ruleset
from cleaners.segmentation.title import is_same_title
from cleaners.text.line_shape import is_whole

# A lone line at the end of a page that is a header cut off after its first line is short and no sentence.
MAX_HEADER_CHARS = 160


class Story(msgspec.Struct, gc=False):
    """One story of a page, as lines: `role` is article or story, `layout` the id of the grammar that found it."""

    role: str
    layout: str
    fields: dict[str, Line] = {}
    body: list[Line] = []
    flags: set[str] = set()
    url: str = ""


class Stories(msgspec.Struct, gc=False):
    """All stories of a page in page order, the header parts that carry nothing, each with its rule, and the page's tag."""

    layout: str
    found: list[Story] = []
    structure: list[tuple[Line, str]] = []
    tag: Line | None = None


class _Head(msgspec.Struct, frozen=True, gc=False):
    """The header of an embedded story: how its lines follow the head of a layout."""

    block: Block
    match: Match


def find_stories(lines: Sequence[Line], article_end: int | None, ruleset: Ruleset) -> Stories:
    """Assign every line to a story or to a header; `article_end` is the offset at which the page's own story is over."""
    heads = _find_heads(lines, ruleset)
    own_last = heads[0].match.first if heads else len(lines)
    if article_end is not None:
        own_last = min(own_last, sum(line.start < article_end for line in lines))
    stories = _find_own(lines[:own_last], ruleset, final=own_last == len(lines))
    first_head = heads[0].match.first if heads else len(lines)
    _add_unexplained(lines, own_last, first_head, ruleset, stories, final=True)
    for i, head in enumerate(heads):
        last = heads[i + 1].match.first if i + 1 < len(heads) else len(lines)
        _add_embedded(lines, head, last, ruleset, stories)
    for story in stories.found:
        _drop_title_again(story, stories)
    return stories


def return_title_to_text(stories: Stories, lines: Sequence[Line], said: str) -> None:
    """Give the first line of a text back to it, where it is a sentence and the title is another, `said` elsewhere."""
    own = stories.found[0] if stories.found and stories.found[0].role == "article" else None
    first = own.fields.get("title") if own else None
    if own is None or first is None or not is_whole(first.text) or is_same_title(first.text, said):
        return
    if first == lines[0]:
        del own.fields["title"]
        own.body.insert(0, first)


def _find_heads(lines: Sequence[Line], ruleset: Ruleset) -> list[_Head]:
    """Return the headers of embedded stories in page order, none overlapping another."""
    heads: list[_Head] = []
    free_from = 0
    for i, line in enumerate(lines):
        if len(line.text) > MAX_FIELD_CHARS["time"] or i < free_from:
            continue
        head = _head_around(lines, i, free_from, ruleset)
        if head is not None:
            heads.append(head)
            free_from = head.match.last
    return heads


def _head_around(lines: Sequence[Line], i: int, free_from: int, ruleset: Ruleset) -> _Head | None:
    for block in ruleset.stories:
        if match_lines(block.patterns[block.anchor : block.anchor + 1], lines, i, ruleset.words) is None:
            continue
        for start in range(max(free_from, i - block.anchor), i + 1):
            match = match_lines(block.head, lines, start, ruleset.words, final=True)
            if match is not None and match.last > i and not (match.cut and match.last < len(lines)):
                return _Head(block, match)
    return None


def _find_own(lines: Sequence[Line], ruleset: Ruleset, *, final: bool) -> Stories:
    """Return the page's own story, made of `lines`, by the first page layout that they follow."""
    for block in ruleset.pages:
        match = match_lines(block.head, lines, 0, ruleset.words, final=final)
        if match is None or block.layout is None:
            continue
        stories = Stories(block.id)
        story = begin_story("article", block, match, stories)
        stories.tag = story.fields.pop("tag", None)
        if block.layout.role == "article" and lines:
            _fill_tail(lines[match.last :], block.tail, story)
            stories.found.append(story)
        elif block.layout.role == "listing":
            _add_unexplained(lines, match.last, len(lines), ruleset, stories, final=final)
        return stories
    return Stories("")


def _add_embedded(lines: Sequence[Line], head: _Head, last: int, ruleset: Ruleset, stories: Stories) -> None:
    """Add the story that follows `head` and ends before line `last`, and a further one that the page's end cut off."""
    block, match = head.block, head.match
    story = begin_story("story", block, match, stories)
    stories.found.append(story)
    tail = lines[match.last : last]
    cut_at = len(tail)
    if last == len(lines):
        for start in range(len(block.tail), len(tail)):
            if _is_cut_head(block, tail, start, ruleset.words):
                cut_at = start
                break
    _fill_tail(tail[:cut_at], block.tail, story)
    _add_unexplained(tail, cut_at, len(tail), ruleset, stories, final=True)


def _add_unexplained(lines: Sequence[Line], first: int, last: int, ruleset: Ruleset, stories: Stories, *, final: bool) -> None:
    """Add the lines from `first` to `last`, which belong to no story yet: a header cut off, or else a story unexplained.

    With `final`, `lines` end where the page ends.
    """
    if first >= last:
        return
    if final and last == len(lines):
        for block in ruleset.stories:
            if not _stands_on(block, stories.layout):
                continue
            if _is_cut_head(block, lines, first, ruleset.words):
                match = match_lines(block.head, lines, first, ruleset.words, final=True)
                assert match is not None
                stories.found.append(begin_story("story", block, match, stories))
                return
    _add_leftover(lines[first:last], stories)


def _add_leftover(lines: Sequence[Line], stories: Stories) -> None:
    """Add a story made of lines that no layout explains: kept and flagged, never dropped."""
    story = Story("story", "", flags={"layout-unknown"})
    _fill_tail(lines, ("title", "body"), story)
    stories.found.append(story)


def _is_cut_head(block: Block, lines: Sequence[Line], start: int, words: FieldContext) -> bool:
    """Say whether the lines from `start` to the end of the page are the beginning of a header."""
    match = match_lines(block.head, lines, start, words, final=True)
    if match is None or not match.cut or match.last != len(lines):
        return False
    if match.firm:
        return True
    text = lines[start].text
    return match.last - start == 1 and len(text) <= MAX_HEADER_CHARS and not is_whole(text)


def _stands_on(block: Block, layout: str) -> bool:
    """Say whether a story layout is found on pages of a page layout."""
    return block.layout is None or not block.layout.within or layout in block.layout.within


def _fill_tail(lines: Sequence[Line], tail: tuple[str, ...], story: Story) -> None:
    """Give a story the lines after its header: a title where the layout has it here, and all the rest as its body."""
    rest = list(lines)
    if rest and tail[:1] == ("title",) and "title" not in story.fields and len(rest[0].text) <= MAX_FIELD_CHARS["title"]:
        story.fields["title"] = rest.pop(0)
    story.body += rest


def begin_story(role: str, block: Block, match: Match, stories: Stories) -> Story:
    """Return the story of which a match is the header, or all there is, and note what of that carries nothing."""
    add_structure(match, block, stories)
    fields = dict(match.fields)
    stories.structure += [(fields.pop(name), block.id) for name in ("number", "other") if name in fields]
    text = [fields.pop(name) for name in ("body", "dated") if name in fields]
    return Story(role, block.id, fields, text, {"truncated"} if match.cut else set())


def add_structure(match: Match, block: Block, stories: Stories) -> None:
    """Note the parts of a match that carry nothing: its fixed text, and what it says a second time."""
    stories.structure += [(place, block.id) for place in match.literals]
    stories.structure += [(place, f"{block.id}.repeat") for place in match.repeats]


def _drop_title_again(story: Story, stories: Stories) -> None:
    """Drop the lines at the start of a body that only say the title again."""
    if "title" not in story.fields:
        return
    words = story.fields["title"].text.split()
    again = next((i for i, line in enumerate(story.body) if line.text.split(None, len(words)) != words), len(story.body))
    stories.structure += [(line, f"{story.layout or stories.layout}.repeat") for line in story.body[:again]]
    story.body = story.body[again:]
