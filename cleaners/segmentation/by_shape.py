"""Read a page of no known layout: by the look of its lines and their labels, what stands before, in and after its story."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from cleaners.document.page import Line, Page
from cleaners.grammar.fields import MAX_FIELD_CHARS
from cleaners.grammar.match import match_lines
from cleaners.rules.compiled import Ruleset
from cleaners.rules.phrases import Scan
from cleaners.segmentation.article_span import story_extents
from cleaners.segmentation.by_layout import Stories, Story, add_structure
from cleaners.segmentation.by_links import address_of, find_links
from cleaners.segmentation.by_repetition import candidate_filter, find_repeated, looks_right, start_of
from cleaners.segmentation.byline import source_of, take_meta
from cleaners.segmentation.line_features import LIST_KINDS, LineFeatures, features_of
from cleaners.segmentation.main_content import choose_extents
from cleaners.segmentation.raw_page import is_raw
from cleaners.segmentation.title import find_title

MIN_LINKS = 3  # more headlines than this in a row after the first are a list of links
# Kinds whose words are no sub-headings: on a page with widgets, one of them is none either when it stands alone.
WIDGET_KINDS = ("ad-marker", "photo-credit", "read-more", "share-bar", "video-player")
MIN_LIST = 3  # so many headlines in a row, or so many short lines before a title, are no sentences of a story


def find_by_shape(page: Page, lines: Sequence[Line], layout: str, ruleset: Ruleset, scan: Scan) -> Stories | None:
    """Assign every line of a page to a story, or to a part of the page around it; `layout` names the parts in the ledger.

    Return None for a page without the labels of menus, widgets and lists: a text on its own, where nothing may be taken
    for what stands around a text.
    """
    hints = page.hints
    stories = Stories(layout)
    features = [features_of(line, ruleset, i, hints.get(line.start)) for i, line in enumerate(lines)]
    candidates = candidate_filter(features, ruleset)
    embedded = find_repeated(features, ruleset, stories, candidates)
    if not hints and ruleset.site is None and not is_raw(features, ruleset, scan):
        return None
    extents = story_extents(features)
    if hints:
        extents = choose_extents(features, extents, page)
        embedded += find_links(features, layout)
    if not extents:
        own = _take_without_prose(features, stories)
        full = [own] if own else []
    else:
        embedded += find_repeated(features, ruleset, stories, candidates, beyond=extents[-1][1] + 1)
        full = _take_full(features, extents, stories, ruleset, page.metadata.title)
    for story in embedded:
        title = story.fields.get("title")
        hint = hints.get(title.start) if title is not None else None
        story.url = address_of(hint.link, page.url, page.metadata.base) if hint is not None and hint.link else ""
    stories.found = [*full[:1], *sorted([*full[1:], *embedded], key=start_of)]
    return stories


def _take_full(
    features: list[LineFeatures], extents: list[tuple[int, int]], stories: Stories, ruleset: Ruleset, said: str
) -> list[Story]:
    """Take the page's own story and those that follow it in full."""
    found: list[Story] = []
    over = 0
    for extent in extents:
        role = "story" if found else "article"
        found.append(_take_story(features, over, extent, role, stories, ruleset, "" if found else said))
        over = extent[1] + 1
    _take_after(features, over, found[-1], stories)
    kept = sum(len(line.text) for line in found[0].body)
    if sum(len(feature.line.text) for feature in features if feature.shape == "prose" and feature.removed) > kept / 2:
        found[0].flags.add("prose-beside")
    return found


def _take_story(
    features: list[LineFeatures], over: int, extent: tuple[int, int], role: str, stories: Stories, ruleset: Ruleset, said: str
) -> Story:
    """Take a story: from line `over` on its title, its text from the first to the last paragraph, and what is in between."""
    story = Story(role, stories.layout)
    first, last = extent
    head = [i for i in range(over, first) if not features[i].assigned]
    title = _take_header(features, head, story, stories, ruleset)
    if title is not None:
        head = [i for i in head if not features[i].assigned]
    is_bare = (
        features[first].selected is None
        and title is None
        and len(head) <= MIN_LINKS
        and not any(features[i].shape in ("label", "meta") for i in head)
    )
    if title is None:
        title = _title_of_bare(features, head) if is_bare else find_title(features, over, extent, said)
        if title is not None:
            story.fields["title"] = features[title].line
            features[title].assigned = True
    if not is_bare:
        _take_before(features, head, title, story, stories, ruleset)
        start = first
    else:
        start = over if title is None else title + 1
    _take_body(features, start, last, story, stories, ruleset)
    return story


def _take_without_prose(features: list[LineFeatures], stories: Stories) -> Story | None:
    """Take a page without a paragraph: all of it when no embedded story was found, else what is left is around those."""
    left = [feature for feature in features if not feature.assigned]
    if len(left) < len(features):
        first = next(i for i, feature in enumerate(features) if feature.assigned)
        title = next((feature for feature in features[:first] if feature.shape in ("headline", "meta")), None)
        for feature in left:
            if feature is not title:
                _drop(feature, "after", stories)
        return Story("article", stories.layout, {"title": title.line}) if title else None
    story = Story("article", stories.layout)
    if left and left[0].shape in ("headline", "short", "label"):
        story.fields["title"] = left.pop(0).line
    story.body = [feature.line for feature in left]
    return story


def _take_header(features: list[LineFeatures], head: list[int], story: Story, stories: Stories, ruleset: Ruleset) -> int | None:
    """Take the lines before the first paragraph, `head`, that follow a header layout, and return the index of the title."""
    lines = [features[i].line for i in head]
    words = replace(ruleset.words, looks=looks_right)
    for block in ruleset.headers:
        for at in range(len(head)):
            match = match_lines(block.patterns, lines, at, words)
            if match is None:
                continue
            for i in head[match.first : match.last]:
                features[i].assigned = True
            fields = dict(match.fields)
            add_structure(match, block, stories)
            stories.structure += [(fields.pop(name), block.id) for name in ("number", "other") if name in fields]
            if "standfirst" in fields:
                story.body.append(fields.pop("standfirst"))
            story.fields |= fields
            return next(i for i in head if features[i].line.end >= fields["title"].end)
    return None


def _title_of_bare(features: list[LineFeatures], head: list[int]) -> int | None:
    """Return the index of the title when nothing but a few lines of text stands before the first paragraph."""
    return head[0] if head and len(features[head[0]].line.text) <= MAX_FIELD_CHARS["title"] else None


def _take_before(
    features: list[LineFeatures], head: list[int], title: int | None, story: Story, stories: Stories, ruleset: Ruleset
) -> None:
    """Take the lines before the first paragraph, `head`: the story's source, time and standfirst, and what is no story's."""
    in_text = False
    for i in head:
        feature = features[i]
        if i == title:
            continue
        in_text = in_text and feature.rule is None
        if title is None or i < title:
            _drop(feature, "before", stories)
        elif feature.line.text == features[title].line.text:
            stories.structure.append((feature.line, f"{stories.layout}.repeat"))
            feature.assigned = True
        elif not (in_text and "time" in story.fields) and _is_meta(feature, ruleset):
            take_meta(feature, story, stories, ruleset)
        elif feature.selected is not False and (
            in_text
            or feature.shape == "prose"
            or (feature.shape in ("sentence", "headline") and _follows_title(features, title, i))
        ):
            in_text = in_text or feature.shape == "prose"
            story.body.append(feature.line)
            feature.assigned = True
        else:
            _drop(feature, "header", stories)


def _is_meta(feature: LineFeatures, ruleset: Ruleset) -> bool:
    return feature.shape == "meta" or (
        feature.shape in ("headline", "short") and source_of(feature.line.text, ruleset) is not None
    )


def _follows_title(features: list[LineFeatures], title: int, i: int) -> bool:
    """Say whether nothing but headlines stands between the title and line `i`: it is the story's standfirst."""
    return i - title < MIN_LIST and all(features[j].shape in ("headline", "sentence") for j in range(title + 1, i + 1))


def _take_body(features: list[LineFeatures], start: int, last: int, story: Story, stories: Stories, ruleset: Ruleset) -> None:
    """Take the lines from the first paragraph to the last, without labels and the lists of links under them."""
    in_list = False
    for i in range(start, last + 1):
        feature = features[i]
        if feature.assigned:
            continue
        if feature.shape == "meta" and feature.selected is not None and not story.body:
            take_meta(feature, story, stories, ruleset)
            continue
        if feature.selected is False:
            _drop(feature, "list", stories)
            continue
        if feature.rule is not None:
            opens_list = feature.rule.kind in LIST_KINDS and any(near.shape == "headline" for near in features[i + 1 : i + 3])
            if (
                opens_list
                or feature.rule.where == "any"
                or feature.rule.kind in WIDGET_KINDS
                or _is_beside_clutter(features, i)
            ):
                in_list = feature.rule.kind in LIST_KINDS
                _drop(feature, "list", stories)
                continue
        elif feature.shape in ("prose", "sentence"):
            in_list = False
        elif in_list:
            _drop(feature, "list", stories)
            continue
        story.body.append(feature.line)
        feature.assigned = True


def _is_beside_clutter(features: list[LineFeatures], i: int) -> bool:
    """Say whether a line has a label as its neighbour."""
    near = features[max(0, i - 1) : i] + features[i + 1 : i + 2]
    return any(feature.rule is not None for feature in near)


def _take_after(features: list[LineFeatures], start: int, story: Story, stories: Stories) -> None:
    """Take the lines after the last paragraph: the story's own up to the first label, the page's from there on."""
    rest = features[start:]
    over = next((i for i, feature in enumerate(rest) if feature.rule is not None or feature.assigned), len(rest))
    own = over
    while own and rest[own - 1].shape == "short":
        own -= 1
    if over == len(rest) or over - own < MIN_LIST:
        own = over
    for i, feature in enumerate(rest):
        if feature.assigned:
            continue
        if i >= own or feature.selected is False:
            _drop(feature, "after", stories)
        else:
            story.body.append(feature.line)
            feature.assigned = True


def _drop(feature: LineFeatures, part: str, stories: Stories) -> None:
    """Drop a line by its own rule, or as a part of the page that is no story's."""
    feature.assigned = feature.removed = True
    stories.structure.append((feature.line, feature.rule.id if feature.rule else f"{stories.layout}.{part}"))
