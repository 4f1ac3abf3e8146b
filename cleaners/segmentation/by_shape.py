"""Read a page of no known layout: the shapes and labels of its lines show the parts before, in and after its story.

Called by `cleaners.pipeline`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from msgspec.structs import replace

from cleaners.document.page import Line, Page
from cleaners.grammar.fields import MAX_FIELD_CHARS
from cleaners.grammar.match import match_lines
from cleaners.rules.compiled import Ruleset
from cleaners.rules.model import Rule, RuleKind
from cleaners.rules.phrases import PhraseScanner
from cleaners.segmentation.article_span import story_spans
from cleaners.segmentation.by_layout import Stories, Story, StoryField, add_structure
from cleaners.segmentation.by_links import address_of, find_links
from cleaners.segmentation.by_repetition import candidate_filter, find_repeated, is_plausible, start_of
from cleaners.segmentation.byline import assign_byline, source_of
from cleaners.segmentation.line_features import LIST_KINDS, LineFeatures, LineSpan, features_of
from cleaners.segmentation.main_content import choose_spans
from cleaners.segmentation.raw_page import is_raw
from cleaners.segmentation.title import find_title

# The parts of a page around its stories, which name the rule of their lines in the ledger.
Surrounding = Literal["before", "header", "list", "after"]
MIN_LINKS = 3  # more headlines than this in a row after the first are a list of links
# Kinds of labels whose words are never sub-headings, even when the label stands alone.
WIDGET_KINDS: tuple[RuleKind, ...] = ("ad-marker", "photo-credit", "read-more", "share-bar", "video-player")
MIN_LIST = 3  # so many headlines in a row, or short lines below the text, do not belong to a story


def find_by_shape(page: Page, lines: Sequence[Line], layout: str, ruleset: Ruleset, scan: PhraseScanner) -> Stories | None:
    """Assign every line of a page to a story, or to a part of the page around it; `layout` names the parts in the ledger.

    Return None for a text on its own, without the labels of menus, widgets and lists: all of its lines are text.
    """
    hints = page.hints
    stories = Stories(layout)
    features = [features_of(line, ruleset, i, hints.get(line.start)) for i, line in enumerate(lines)]
    candidates = candidate_filter(features, ruleset)
    embedded = find_repeated(features, ruleset, stories, candidates)
    if not hints and ruleset.site is None and not is_raw(features, ruleset, scan):
        return None
    spans = story_spans(features)
    if hints:
        spans = choose_spans(features, spans, page)
        embedded += find_links(features, layout)
    if not spans:
        own = _assign_without_prose(features, stories)
        full = [own] if own else []
    else:
        embedded += find_repeated(features, ruleset, stories, candidates, beyond=spans[-1][1] + 1)
        full = _assign_full(features, spans, stories, ruleset, page.metadata.title)
    for story in embedded:
        title = story.fields.get("title")
        hint = hints.get(title.start) if title is not None else None
        story.url = address_of(hint.link, page.url, page.metadata.base) if hint is not None and hint.link else ""
    stories.found = [*full[:1], *sorted([*full[1:], *embedded], key=start_of)]
    return stories


def _assign_full(
    features: list[LineFeatures], spans: list[LineSpan], stories: Stories, ruleset: Ruleset, head_title: str
) -> list[Story]:
    """Assign the lines of the page's own story and of full stories after it; return these stories."""
    found: list[Story] = []
    start = 0
    for span in spans:
        story = Story("story" if found else "article", stories.layout)
        _assign_story(features, start, span, story, stories, ruleset, "" if found else head_title)
        found.append(story)
        start = span[1] + 1
    _assign_after(features, start, found[-1], stories)
    kept = sum(len(line.text) for line in found[0].body)
    if sum(len(feature.line.text) for feature in features if feature.shape == "prose" and feature.removed) > kept / 2:
        found[0].flags.add("prose-beside")
    return found


def _assign_story(
    features: list[LineFeatures], start: int, span: LineSpan, story: Story, stories: Stories, ruleset: Ruleset, head_title: str
) -> None:
    """Assign the lines from `start` to the end of a story: title, byline, text, or no story; `span` is that of its text."""
    first, last = span
    head = [i for i in range(start, first) if not features[i].assigned]
    title = _assign_header(features, head, story, stories, ruleset)
    if title is not None:
        head = [i for i in head if not features[i].assigned]
    is_bare = (
        features[first].selected is None
        and title is None
        and len(head) <= MIN_LINKS
        and not any(features[i].shape in ("label", "meta") for i in head)
    )
    if title is None:
        title = _title_of_bare(features, head) if is_bare else find_title(features, start, span, head_title)
        if title is not None:
            story.fields["title"] = features[title].line
            features[title].assigned = True
    if not is_bare:
        _assign_before(features, head, title, story, stories, ruleset)
        start = first
    elif title is not None:
        start = title + 1
    _assign_body(features, start, last, story, stories, ruleset)


def _assign_without_prose(features: list[LineFeatures], stories: Stories) -> Story | None:
    """Assign the lines of a page without a paragraph: all to its own story, or around its embedded stories if it has some."""
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


def _assign_header(
    features: list[LineFeatures], head: list[int], story: Story, stories: Stories, ruleset: Ruleset
) -> int | None:
    """Assign the lines in `head`, those before the first paragraph, that match a header layout; return the title's index."""
    lines = [features[i].line for i in head]
    context = replace(ruleset.context, accepts=is_plausible)
    for grammar in ruleset.header_layouts:
        for start in range(len(head)):
            match = match_lines(grammar.patterns, lines, start, context)
            if match is None:
                continue
            for i in head[match.first : match.last]:
                features[i].assigned = True
            fields = dict(match.fields)
            add_structure(match, grammar, stories)
            stories.structure += [(fields.pop(name), grammar.id) for name in ("number", "other") if name in fields]
            if "standfirst" in fields:
                story.body.append(fields.pop("standfirst"))
            story.fields |= cast("dict[StoryField, Line]", fields)
            return next(i for i in head if features[i].line.end >= fields["title"].end)
    return None


def _title_of_bare(features: list[LineFeatures], head: list[int]) -> int | None:
    """Return the index of the title if only a few lines of text stand before the first paragraph."""
    return head[0] if head and len(features[head[0]].line.text) <= MAX_FIELD_CHARS["title"] else None


def _assign_before(
    features: list[LineFeatures], head: list[int], title: int | None, story: Story, stories: Stories, ruleset: Ruleset
) -> None:
    """Assign the lines in `head`, those before the first paragraph: to source, time and standfirst, or to no story."""
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
            assign_byline(feature, story, stories, ruleset)
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
    may_be_source = feature.shape in ("headline", "short")
    return feature.shape == "meta" or (may_be_source and source_of(feature.line.text, ruleset) is not None)


def _follows_title(features: list[LineFeatures], title: int, i: int) -> bool:
    """Return whether line `i` is a standfirst: only headlines and sentences stand between it and the title."""
    return i - title < MIN_LIST and all(features[j].shape in ("headline", "sentence") for j in range(title + 1, i + 1))


def _assign_body(features: list[LineFeatures], start: int, last: int, story: Story, stories: Stories, ruleset: Ruleset) -> None:
    """Assign the lines from the first paragraph to the last to the text, except labels and the lists of links under them."""
    in_list = False
    for i in range(start, last + 1):
        feature = features[i]
        if feature.assigned:
            continue
        if feature.shape == "meta" and feature.selected is not None and not story.body:
            assign_byline(feature, story, stories, ruleset)
            continue
        if feature.selected is False:
            _drop(feature, "list", stories)
            continue
        if feature.rule is not None:
            if _is_clutter_in_body(features, i, feature.rule):
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


def _is_clutter_in_body(features: list[LineFeatures], i: int, rule: Rule) -> bool:
    """Return whether a label between two paragraphs is clutter there, and not a sub-heading or a list item of the story."""
    if rule.where == "any" or rule.kind in WIDGET_KINDS or _is_beside_label(features, i):
        return True
    return rule.kind in LIST_KINDS and any(near.shape == "headline" for near in features[i + 1 : i + 3])


def _is_beside_label(features: list[LineFeatures], i: int) -> bool:
    """Return whether a neighbour of line `i` is a label."""
    near = features[max(0, i - 1) : i] + features[i + 1 : i + 2]
    return any(feature.rule is not None for feature in near)


def _assign_after(features: list[LineFeatures], start: int, story: Story, stories: Stories) -> None:
    """Assign the lines after the last paragraph: to the story up to the first label, to no story from there on."""
    rest = features[start:]
    end = next((i for i, feature in enumerate(rest) if feature.rule is not None or feature.assigned), len(rest))
    own = end
    while own and rest[own - 1].shape == "short":
        own -= 1
    if end == len(rest) or end - own < MIN_LIST:
        own = end
    for i, feature in enumerate(rest):
        if feature.assigned:
            continue
        if i >= own or feature.selected is False:
            _drop(feature, "after", stories)
        else:
            story.body.append(feature.line)
            feature.assigned = True


def _drop(feature: LineFeatures, part: Surrounding, stories: Stories) -> None:
    """Assign a line to no story, by its own rule or as a part of the page."""
    feature.assigned = feature.removed = True
    stories.structure.append((feature.line, feature.rule.id if feature.rule else f"{stories.layout}.{part}"))
