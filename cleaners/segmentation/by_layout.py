"""Find the stories of a page by layouts: its own and those embedded in it, each with its fields and body lines.

Called by `cleaners.pipeline` for pages of a known site and for texts on their own. The other modules that find stories use
its types.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import msgspec

from cleaners.document.page import Line
from cleaners.grammar.fields import MAX_FIELD_CHARS, FieldContext
from cleaners.grammar.match import Match, match_lines
from cleaners.rules.compiled import Ruleset
from cleaners.rules.line_grammar import LineGrammar
from cleaners.segmentation.evidence import LineEvidence, Scored
from cleaners.segmentation.title import is_same_title
from cleaners.segmentation.title_choice import TitleChoice
from cleaners.text.line_shape import is_paragraph, is_whole

# The article is the page's own story, a story is embedded in it.
StoryRole = Literal["article", "story"]
# The type of a page: a story of its own, a list of links and teasers, a story in posts with times, several whole stories,
# posts of readers, something for sale, anything else.
PageType = Literal["article", "listing", "live", "digest", "forum", "product", "other"]
StoryField = Literal["title", "source", "time", "category", "author", "tag"]
# A lone line at the end of a page is a cut-off header only if it is short and not a sentence.
MAX_HEADER_CHARS = 160


class Story(msgspec.Struct, gc=False):
    """One story of a page, as lines; `layout` is the id of the grammar that found it.

    `form` names the grammar that the page itself showed, such as "time / source / title / text, 2 of 6"; "" for none.
    `is_headline` marks a title in a list of nothing but titles, `time_is_update` a time that is labelled as that of a change.
    `measures` are the numbers that tell how sure the story is.
    """

    role: StoryRole
    layout: str
    fields: dict[StoryField, Line] = {}
    body: list[Line] = []
    flags: set[str] = set()
    url: str = ""
    form: str = ""
    is_headline: bool = False
    time_is_update: bool = False
    measures: dict[str, float] = {}


class Stories(msgspec.Struct, gc=False):
    """All stories of a page in page order.

    `structure` holds the parts of the page that belong to no story, each with its rule; `tag` is the tag of a tag page.
    `by_site` marks stories that the layout of a known site found. `title` is how the title of the page's own story was chosen.
    `scores` are those of lines by their start, and `noted` the evidence for lines, when a caller wants them. `type` is the type
    of the page, and `form` the measures that tell it.
    """

    layout: str
    found: list[Story] = []
    structure: list[tuple[Line, str]] = []
    tag: Line | None = None
    by_site: bool = False
    title: TitleChoice | None = None
    scores: dict[int, Scored] = {}
    noted: list[LineEvidence] = []
    type: PageType = "article"
    form: dict[str, float] = {}


class _Head(msgspec.Struct, frozen=True, gc=False):
    """The header of an embedded story: a layout, and the match of its head."""

    grammar: LineGrammar
    match: Match


def find_stories(lines: Sequence[Line], article_end: int | None, ruleset: Ruleset) -> Stories:
    """Assign every line to a story or to a header; the page's own story ends before the offset `article_end`, if given."""
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
        _drop_repeated_title(story, stories)
    return stories


def return_title_to_text(stories: Stories, lines: Sequence[Line], head_title: str = "") -> None:
    """Return the first line of a page from the title to the text, if it is not its title.

    It is not, where the head of the page or its row gives a different title, unless a layout of the site says that it is and
    it is no sentence; and where no title is given, in a text on its own that opens with a paragraph.
    """
    own = stories.found[0] if stories.found and stories.found[0].role == "article" else None
    first = own.fields.get("title") if own else None
    if own is None or first is None or first != lines[0]:
        return
    is_other = bool(head_title) and not is_same_title(first.text, head_title)
    may_be_text = is_whole(first.text) if stories.by_site else is_other or is_paragraph(first.text)
    if may_be_text and (is_other or not (head_title or stories.by_site)):
        del own.fields["title"]
        repeats = [line for line, rule in stories.structure if rule == f"{own.layout}.repeat"]
        stories.structure = [(line, rule) for line, rule in stories.structure if rule != f"{own.layout}.repeat"]
        own.body = [first, *repeats, *own.body]


def has_story_headers(lines: Sequence[Line], ruleset: Ruleset) -> bool:
    """Return whether a layout finds the header of an embedded story."""
    return bool(ruleset.story_layouts) and bool(_find_heads(lines, ruleset))


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
    """Return the header of an embedded story with its anchor in line `i`; it starts at `free_from` or later."""
    for grammar in ruleset.story_layouts:
        if match_lines(grammar.patterns[grammar.anchor : grammar.anchor + 1], lines, i, ruleset.context) is None:
            continue
        for start in range(max(free_from, i - grammar.anchor), i + 1):
            match = match_lines(grammar.head, lines, start, ruleset.context, final=True)
            if match is not None and match.last > i and not (match.cut and match.last < len(lines)):
                return _Head(grammar, match)
    return None


def _find_own(lines: Sequence[Line], ruleset: Ruleset, *, final: bool) -> Stories:
    """Return the stories in `lines`, the part of the page for its own story, by the first page layout that matches."""
    for grammar in ruleset.page_layouts:
        match = match_lines(grammar.head, lines, 0, ruleset.context, final=final)
        if match is None or grammar.layout is None:
            continue
        stories = Stories(grammar.id)
        story = begin_story("article", grammar, match, stories)
        stories.tag = story.fields.pop("tag", None)
        if grammar.layout.role == "article" and lines:
            _fill_tail(lines[match.last :], grammar.tail, story)
            stories.found.append(story)
        elif grammar.layout.role == "listing":
            _add_unexplained(lines, match.last, len(lines), ruleset, stories, final=final)
        return stories
    return Stories("")


def _add_embedded(lines: Sequence[Line], head: _Head, last: int, ruleset: Ruleset, stories: Stories) -> None:
    """Add the story from `head` up to line `last`, and one more if the end of the page cut off its header."""
    grammar, match = head.grammar, head.match
    story = begin_story("story", grammar, match, stories)
    stories.found.append(story)
    tail = lines[match.last : last]
    cut_at = len(tail)
    if last == len(lines):
        for start in range(len(grammar.tail), len(tail)):
            if _is_cut_head(grammar, tail, start, ruleset.context):
                cut_at = start
                break
    _fill_tail(tail[:cut_at], grammar.tail, story)
    _add_unexplained(tail, cut_at, len(tail), ruleset, stories, final=True)


def _add_unexplained(lines: Sequence[Line], first: int, last: int, ruleset: Ruleset, stories: Stories, *, final: bool) -> None:
    """Add the lines from `first` up to `last`, which have no story yet: as a cut-off header, else as an unexplained story.

    With `final`, `lines` end where the page ends.
    """
    if first >= last:
        return
    if final and last == len(lines):
        for grammar in ruleset.story_layouts:
            if not _stands_on(grammar, stories.layout):
                continue
            if _is_cut_head(grammar, lines, first, ruleset.context):
                match = match_lines(grammar.head, lines, first, ruleset.context, final=True)
                assert match is not None
                stories.found.append(begin_story("story", grammar, match, stories))
                return
    _add_leftover(lines[first:last], stories)


def _add_leftover(lines: Sequence[Line], stories: Stories) -> None:
    """Add a story of lines that no layout explains: they are kept and flagged, never dropped."""
    story = Story("story", "", flags={"layout-unknown"})
    _fill_tail(lines, ("title", "body"), story)
    stories.found.append(story)


def _is_cut_head(grammar: LineGrammar, lines: Sequence[Line], start: int, context: FieldContext) -> bool:
    """Return whether the lines from `start` to the end of the page are the beginning of a header."""
    match = match_lines(grammar.head, lines, start, context, final=True)
    if match is None or not match.cut or match.last != len(lines):
        return False
    if match.firm:
        return True
    text = lines[start].text
    return match.last - start == 1 and len(text) <= MAX_HEADER_CHARS and not is_whole(text)


def _stands_on(grammar: LineGrammar, layout: str) -> bool:
    """Return whether a story layout occurs on pages of a page layout."""
    return grammar.layout is None or not grammar.layout.within or layout in grammar.layout.within


def _fill_tail(lines: Sequence[Line], tail: tuple[str, ...], story: Story) -> None:
    """Add the lines after its header to a story: a title if the layout has it there, and the rest as body."""
    rest = list(lines)
    if rest and tail[:1] == ("title",) and "title" not in story.fields and len(rest[0].text) <= MAX_FIELD_CHARS["title"]:
        story.fields["title"] = rest.pop(0)
    story.body += rest


def begin_story(role: StoryRole, grammar: LineGrammar, match: Match, stories: Stories) -> Story:
    """Return the story of a match, which covers its header or all of it, and record the match's structure."""
    add_structure(match, grammar, stories)
    fields = dict(match.fields)
    stories.structure += [(fields.pop(name), grammar.id) for name in ("number", "other") if name in fields]
    text = [fields.pop(name) for name in ("body", "dated") if name in fields]
    return Story(role, grammar.id, cast("dict[StoryField, Line]", fields), text, {"truncated"} if match.cut else set())


def add_structure(match: Match, grammar: LineGrammar, stories: Stories) -> None:
    """Record a match's literal text and its repeated fields as structure, which belongs to no record."""
    stories.structure += [(part, grammar.id) for part in (*match.literals, *match.others)]
    stories.structure += [(repeat, f"{grammar.id}.repeat") for repeat in match.repeats]


def _drop_repeated_title(story: Story, stories: Stories) -> None:
    """Drop the lines at the start of a body that only repeat the title."""
    if "title" not in story.fields:
        return
    words = story.fields["title"].text.split()
    repeats = next((i for i, line in enumerate(story.body) if line.text.split(None, len(words)) != words), len(story.body))
    rule = f"{story.layout or stories.layout}.repeat"
    stories.structure += [(line, rule) for line in story.body[:repeats]]
    story.body = story.body[repeats:]
