"""Read a page of no known layout: by the look of its lines and their labels, what stands before, in and after its story."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from cleaners.extent import story_extents
from cleaners.fact import LIST_KINDS, Fact, fact_of
from cleaners.grammar import match_lines
from cleaners.line_split import MAX_FIELD_CHARS
from cleaners.link_list import address_of, find_links
from cleaners.main_text import choose_extents
from cleaners.meta import source_of, take_meta
from cleaners.page import Line, Page
from cleaners.phrases import Scan
from cleaners.raw_page import is_raw
from cleaners.repeated import find_repeated, glance_at, looks_right, start_of
from cleaners.ruleset import Ruleset
from cleaners.stories import Stories, Story, add_structure
from cleaners.title import find_title

MIN_LINKS = 3  # more headlines than this in a row after the first are a list of links
# Kinds whose words are no sub-headings: on a page with widgets, one of them is none either when it stands alone.
WIDGET_KINDS = ("ad-marker", "photo-credit", "read-more", "share-bar", "video-player")
MIN_LIST = 3  # so many headlines in a row, or so many short lines before a title, are no sentences of a story


def find_by_look(page: Page, lines: Sequence[Line], layout: str, ruleset: Ruleset, scan: Scan) -> Stories | None:
    """Assign every line of a page to a story, or to a part of the page around it; `layout` names the parts in the ledger.

    Return None for a page without the labels of menus, widgets and lists: a text on its own, where nothing may be taken
    for what stands around a text.
    """
    hints = page.hints
    stories = Stories(layout)
    facts = [fact_of(line, ruleset, i, hints.get(line.start)) for i, line in enumerate(lines)]
    glance = glance_at(facts, ruleset)
    embedded = find_repeated(facts, ruleset, stories, glance)
    if not hints and ruleset.site is None and not is_raw(facts, ruleset, scan):
        return None
    extents = story_extents(facts)
    if hints:
        extents = choose_extents(facts, extents, page)
        embedded += find_links(facts, layout)
    if not extents:
        own = _take_without_prose(facts, stories)
        full = [own] if own else []
    else:
        embedded += find_repeated(facts, ruleset, stories, glance, beyond=extents[-1][1] + 1)
        full = _take_full(facts, extents, stories, ruleset, page.said.title)
    for story in embedded:
        title = story.fields.get("title")
        hint = hints.get(title.start) if title is not None else None
        story.url = address_of(hint.link, page.url, page.said.base) if hint is not None and hint.link else ""
    stories.found = [*full[:1], *sorted([*full[1:], *embedded], key=start_of)]
    return stories


def _take_full(facts: list[Fact], extents: list[tuple[int, int]], stories: Stories, ruleset: Ruleset, said: str) -> list[Story]:
    """Take the page's own story and those that follow it in full."""
    found: list[Story] = []
    over = 0
    for extent in extents:
        role = "story" if found else "article"
        found.append(_take_story(facts, over, extent, role, stories, ruleset, "" if found else said))
        over = extent[1] + 1
    _take_after(facts, over, found[-1], stories)
    kept = sum(len(line.text) for line in found[0].body)
    if sum(len(fact.line.text) for fact in facts if fact.look == "prose" and fact.dropped) > kept / 2:
        found[0].flags.add("prose-beside")
    return found


def _take_story(
    facts: list[Fact], over: int, extent: tuple[int, int], role: str, stories: Stories, ruleset: Ruleset, said: str
) -> Story:
    """Take a story: from line `over` on its title, its text from the first to the last paragraph, and what is in between."""
    story = Story(role, stories.layout)
    first, last = extent
    head = [i for i in range(over, first) if not facts[i].taken]
    title = _take_header(facts, head, story, stories, ruleset)
    if title is not None:
        head = [i for i in head if not facts[i].taken]
    is_bare = (
        facts[first].chosen is None
        and title is None
        and len(head) <= MIN_LINKS
        and not any(facts[i].look in ("label", "meta") for i in head)
    )
    if title is None:
        title = _title_of_bare(facts, head) if is_bare else find_title(facts, over, extent, said)
        if title is not None:
            story.fields["title"] = facts[title].line
            facts[title].taken = True
    if not is_bare:
        _take_before(facts, head, title, story, stories, ruleset)
        start = first
    else:
        start = over if title is None else title + 1
    _take_body(facts, start, last, story, stories, ruleset)
    return story


def _take_without_prose(facts: list[Fact], stories: Stories) -> Story | None:
    """Take a page without a paragraph: all of it when no embedded story was found, else what is left is around those."""
    left = [fact for fact in facts if not fact.taken]
    if len(left) < len(facts):
        first = next(i for i, fact in enumerate(facts) if fact.taken)
        title = next((fact for fact in facts[:first] if fact.look in ("headline", "meta")), None)
        for fact in left:
            if fact is not title:
                _drop(fact, "after", stories)
        return Story("article", stories.layout, {"title": title.line}) if title else None
    story = Story("article", stories.layout)
    if left and left[0].look in ("headline", "short", "label"):
        story.fields["title"] = left.pop(0).line
    story.body = [fact.line for fact in left]
    return story


def _take_header(facts: list[Fact], head: list[int], story: Story, stories: Stories, ruleset: Ruleset) -> int | None:
    """Take the lines before the first paragraph, `head`, that follow a header layout, and return the index of the title."""
    lines = [facts[i].line for i in head]
    words = replace(ruleset.words, looks=looks_right)
    for block in ruleset.headers:
        for at in range(len(head)):
            match = match_lines(block.patterns, lines, at, words)
            if match is None:
                continue
            for i in head[match.first : match.last]:
                facts[i].taken = True
            fields = dict(match.fields)
            add_structure(match, block, stories)
            stories.structure += [(fields.pop(name), block.id) for name in ("number", "other") if name in fields]
            if "standfirst" in fields:
                story.body.append(fields.pop("standfirst"))
            story.fields |= fields
            return next(i for i in head if facts[i].line.end >= fields["title"].end)
    return None


def _title_of_bare(facts: list[Fact], head: list[int]) -> int | None:
    """Return the index of the title when nothing but a few lines of text stands before the first paragraph."""
    return head[0] if head and len(facts[head[0]].line.text) <= MAX_FIELD_CHARS["title"] else None


def _take_before(
    facts: list[Fact], head: list[int], title: int | None, story: Story, stories: Stories, ruleset: Ruleset
) -> None:
    """Take the lines before the first paragraph, `head`: the story's source, time and standfirst, and what is no story's."""
    in_text = False
    for i in head:
        fact = facts[i]
        if i == title:
            continue
        in_text = in_text and fact.rule is None
        if title is None or i < title:
            _drop(fact, "before", stories)
        elif fact.line.text == facts[title].line.text:
            stories.structure.append((fact.line, f"{stories.layout}.repeat"))
            fact.taken = True
        elif not (in_text and "time" in story.fields) and _is_meta(fact, ruleset):
            take_meta(fact, story, stories, ruleset)
        elif fact.chosen is not False and (
            in_text or fact.look == "prose" or (fact.look in ("sentence", "headline") and _follows_title(facts, title, i))
        ):
            in_text = in_text or fact.look == "prose"
            story.body.append(fact.line)
            fact.taken = True
        else:
            _drop(fact, "header", stories)


def _is_meta(fact: Fact, ruleset: Ruleset) -> bool:
    return fact.look == "meta" or (fact.look in ("headline", "short") and source_of(fact.line.text, ruleset) is not None)


def _follows_title(facts: list[Fact], title: int, i: int) -> bool:
    """Say whether nothing but headlines stands between the title and line `i`: it is the story's standfirst."""
    return i - title < MIN_LIST and all(facts[j].look in ("headline", "sentence") for j in range(title + 1, i + 1))


def _take_body(facts: list[Fact], start: int, last: int, story: Story, stories: Stories, ruleset: Ruleset) -> None:
    """Take the lines from the first paragraph to the last, without labels and the lists of links under them."""
    in_list = False
    for i in range(start, last + 1):
        fact = facts[i]
        if fact.taken:
            continue
        if fact.look == "meta" and fact.chosen is not None and not story.body:
            take_meta(fact, story, stories, ruleset)
            continue
        if fact.chosen is False:
            _drop(fact, "list", stories)
            continue
        if fact.rule is not None:
            opens_list = fact.rule.kind in LIST_KINDS and any(near.look == "headline" for near in facts[i + 1 : i + 3])
            if opens_list or fact.rule.where == "any" or fact.rule.kind in WIDGET_KINDS or _is_beside_clutter(facts, i):
                in_list = fact.rule.kind in LIST_KINDS
                _drop(fact, "list", stories)
                continue
        elif fact.look in ("prose", "sentence"):
            in_list = False
        elif in_list:
            _drop(fact, "list", stories)
            continue
        story.body.append(fact.line)
        fact.taken = True


def _is_beside_clutter(facts: list[Fact], i: int) -> bool:
    """Say whether a line has a label as its neighbour."""
    near = facts[max(0, i - 1) : i] + facts[i + 1 : i + 2]
    return any(fact.rule is not None for fact in near)


def _take_after(facts: list[Fact], start: int, story: Story, stories: Stories) -> None:
    """Take the lines after the last paragraph: the story's own up to the first label, the page's from there on."""
    rest = facts[start:]
    over = next((i for i, fact in enumerate(rest) if fact.rule is not None or fact.taken), len(rest))
    own = over
    while own and rest[own - 1].look == "short":
        own -= 1
    if over == len(rest) or over - own < MIN_LIST:
        own = over
    for i, fact in enumerate(rest):
        if fact.taken:
            continue
        if i >= own or fact.chosen is False:
            _drop(fact, "after", stories)
        else:
            story.body.append(fact.line)
            fact.taken = True


def _drop(fact: Fact, part: str, stories: Stories) -> None:
    """Drop a line by its own rule, or as a part of the page that is no story's."""
    fact.taken = fact.dropped = True
    stories.structure.append((fact.line, fact.rule.id if fact.rule else f"{stories.layout}.{part}"))
