"""Read a page of no known layout: lines are scored, the page's own grammar gives its lists, the rest is its own story.

Called by `cleaners.pipeline`.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from cleaners.document.page import Line, Page
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_header import find_header, find_opening
from cleaners.segmentation.by_layout import Stories, Story, has_story_headers
from cleaners.segmentation.by_links import address_of, find_links
from cleaners.segmentation.by_repetition import candidate_filter, find_repeated, start_of
from cleaners.segmentation.clutter_blocks import drop_boxes
from cleaners.segmentation.embedded import assign_item, assign_lists, without_bare_titles
from cleaners.segmentation.inserted_links import unselect_inserted
from cleaners.segmentation.line_features import LIST_KINDS, LineFeatures, page_features
from cleaners.segmentation.line_score import score_lines
from cleaners.segmentation.lone_text import is_lone_text
from cleaners.segmentation.main_content import choose_spans
from cleaners.segmentation.own_extent import own_spans
from cleaners.segmentation.own_lines import MAX_ODDS
from cleaners.segmentation.own_places import hold_to_places
from cleaners.segmentation.own_repeats import drop_copies, drop_opening_repeats
from cleaners.segmentation.own_story import has_menu, read_own_story, titled_text
from cleaners.segmentation.page_form import page_form
from cleaners.segmentation.page_grammar.find import find_lists
from cleaners.segmentation.page_grammar.model import EmbeddedList, Item
from cleaners.segmentation.page_type import tell_type
from cleaners.segmentation.repeated_text import copied_lines
from cleaners.segmentation.source_parts import part_sources
from cleaners.segmentation.sureness import PageMeasures
from cleaners.segmentation.title import is_same_title
from cleaners.segmentation.verse import is_verse


def read_page(page: Page, lines: Sequence[Line], layout: str, ruleset: Ruleset, *, why: bool = False) -> Stories | PageMeasures:
    """Assign every line of a page to a story, or to a part of the page around it; `layout` names the parts in the ledger.

    Three witnesses decide: the layouts of packs for stories that follow each other, the grammar that the page shows by
    repeating it, and the score of each line, from which the page's own story is read. With `why`, the stories carry the
    evidence. Of a text on its own, all of whose lines are text under its first line, return the measures alone.
    """
    stories = Stories(layout)
    boxes = drop_boxes(lines, ruleset)
    lines = boxes.lines
    stories.structure += boxes.removed
    copied = copied_lines(lines)
    stories.structure += [(lines[i], f"{layout}.repeated-text") for i in sorted(copied)]
    lines = [line for i, line in enumerate(lines) if i not in copied]
    features = page_features(lines, page, ruleset)
    scores = score_lines(features, ruleset)
    measures = PageMeasures(features, scores)
    embedded = find_repeated(features, ruleset, stories, candidate_filter(features, ruleset))
    lists = page_lists(page, features, scores, ruleset)
    is_page = page.hints or embedded or boxes.removed or copied or _has_site_label(features, ruleset)
    if not is_page and (is_lone_text(features, scores, ruleset.reading.lone_text, lists) or is_verse(lines, page.text)):
        if has_story_headers(lines, ruleset) or not titled_text(features, scores, stories, ruleset, page.metadata.title):
            return measures
        drop_opening_repeats(stories, features, page.metadata.title)
        hold_to_places(stories, ruleset)
        measures.add_to(stories, page, alone=True)
        return stories
    own = find_header(features, scores, stories, ruleset) or _own_header(lists, features, stories, page.metadata.title)
    embedded += assign_lists(lists, features, stories)
    opening = find_opening(features, scores, ruleset)
    if opening:
        scores = [*(min(score, -MAX_ODDS) for score in scores[:opening]), *scores[opening:]]
    spans = own_spans(features, scores, ruleset) if page.hints else []
    if page.hints:
        choose_spans(features, scores, spans, page)
        embedded += find_links(features, layout, unselect_inserted(features, page))
    sources = {story.fields["source"].text for story in embedded if "source" in story.fields}
    full = read_own_story(features, scores, stories, ruleset, page.metadata.title, own, sources)
    for story in embedded:
        story.url = _address(story, page)
    stories.found = [*full, *embedded]
    drop_copies(stories, features)
    drop_opening_repeats(stories, features, page.metadata.title)
    stories.form = page_form(page, features, scores, stories.found)
    own_story = tell_type(stories, features, is_html=bool(page.hints))
    if own_story and own_story.body:  # beside a story, a title alone may be a link to another page
        embedded = without_bare_titles(embedded, own_story, stories, is_known_site=ruleset.site is not None)
    stories.found = [*([own_story] if own_story else []), *sorted([*full[1:], *embedded], key=start_of)]
    if own_story:
        _flag_prose_beside(own_story, features)
        if page.metadata.source:
            _drop_guessed_source(own_story, stories, ruleset)
    part_sources(stories, ruleset)
    hold_to_places(stories, ruleset)
    measures.add_to(stories, page, spans)
    if why:
        _add_evidence(stories, features, lists, ruleset)
    return stories


def _drop_guessed_source(own: Story, stories: Stories, ruleset: Ruleset) -> None:
    """Give up the source that a line of the header seemed to name: the head of the page names one; known publishers stay."""
    source = own.fields.get("source")
    if source is not None and source.text not in ruleset.context.sources:
        del own.fields["source"]
        stories.structure.append((source, f"{stories.layout}.header"))


def page_lists(page: Page, features: Sequence[LineFeatures], scores: Sequence[float], ruleset: Ruleset) -> list[EmbeddedList]:
    """Return the lists of embedded stories that a page shows, but those that are a part of its own story."""
    if ruleset.reading.grammar.least >= 1:
        return []
    lists = [shown for shown in find_lists(features, ruleset, scores) if not _is_own_text(shown, features, scores)]
    return [shown for shown in lists if not _is_main(shown, features, page)]


def _has_site_label(features: Sequence[LineFeatures], ruleset: Ruleset) -> bool:
    """Return whether a line is clutter by a rule of the page's site, as no line of a text on its own is."""
    rules = frozenset(rule.id for rule in ruleset.site.rule) if ruleset.site is not None else frozenset()
    return any(feature.rule is not None and feature.rule.id in rules for feature in features)


def _is_own_text(shown: EmbeddedList, features: Sequence[LineFeatures], scores: Sequence[float]) -> bool:
    """Return whether the only item of a list is the page's own story: its text scores as such, and fewer lines above do.

    In plain text, an item right under the label of a list is none where no menu opens the page.
    """
    item = shown.items[0]
    is_listed = _is_list_label(features, item.first - 1) and not has_menu(features[: item.first]) and not features[0].tag
    if len(shown.items) > 1 or shown.own is not None or not item.body or is_listed:
        return False
    above = sum([score > 0 for score in scores[: item.first]])
    return len(item.body) > above and sum([scores[i] for i in item.body]) > 0


def _is_list_label(features: Sequence[LineFeatures], i: int) -> bool:
    rule = features[i].rule if i >= 0 else None
    return rule is not None and rule.kind in LIST_KINDS


def _is_main(shown: EmbeddedList, features: Sequence[LineFeatures], page: Page) -> bool:
    """Return whether most of a list is in the main text of an HTML page, as another extractor chose it.

    A list of items with times is other stories if most titles are links or headings.
    """
    is_dated = 2 * sum(item.time is not None and _is_marked(item, features, page) for item in shown.items) > len(shown.items)
    if not page.hints or shown.is_comments or is_dated:
        return False
    lines = [features[i].line for item in shown.items for i in (*([item.title.line] if item.title else ()), *item.body)]
    main = [line for line in lines if (hint := page.hints.get(line.start)) is not None and hint.main]
    return 2 * sum(len(line.text) for line in main) > sum(len(line.text) for line in lines)


def _is_marked(item: Item, features: Sequence[LineFeatures], page: Page) -> bool:
    """Return whether the title of an item is a link or a heading of an HTML page."""
    hint = page.hint(features[item.title.line].line.start) if item.title is not None else None
    return hint is not None and (bool(hint.link) or hint.tag.startswith("h"))


def _own_header(
    lists: Sequence[EmbeddedList], features: Sequence[LineFeatures], stories: Stories, head_title: str
) -> Story | None:
    """Return the page's own story with the fields of its header, when that has the form of a list; its lines are assigned.

    It has no title when an `h1` is the title in the head of the page, and not the line that it takes for one.
    """
    header = next((shown.own for shown in lists if shown.own is not None), None)
    if header is None:
        return None
    if header.title is not None and head_title:
        title = features[header.title.line].line.text
        is_marked = any(feature.tag == "h1" and is_same_title(feature.line.text, head_title) for feature in features)
        if is_marked and not is_same_title(title, head_title):
            header = replace(header, title=None)
    own = Story("article", stories.layout)
    assign_item(header, features, own, stories)
    return own


def _address(story: Story, page: Page) -> str:
    """Return the address that the title of a story links to, "" for none."""
    title = story.fields.get("title")
    hint = page.hint(page.text.rfind("\n", 0, title.start) + 1) if title is not None else None
    return address_of(hint.link, page.url, page.metadata.base) if hint is not None and hint.link else ""


def _flag_prose_beside(own: Story, features: Sequence[LineFeatures]) -> None:
    """Flag the page's own story when much prose of the page belongs to no story."""
    kept = sum(len(line.text) for line in own.body)
    beside = [feature for feature in features if feature.shape == "prose" and feature.page_part != "comments"]
    removed = sum(len(feature.line.text) for feature in beside if feature.removed)
    if removed > kept / 2:
        own.flags.add("prose-beside")


def _add_evidence(stories: Stories, features: Sequence[LineFeatures], lists: Sequence[EmbeddedList], ruleset: Ruleset) -> None:
    """Add the evidence for each line to the stories of a page."""
    from cleaners.segmentation.why import extractor_evidence, list_evidence, scored_lines, title_evidence  # slow to import

    stories.scores = scored_lines(features, ruleset)
    stories.noted += [*list_evidence(lists, features), *extractor_evidence(features)]
    if stories.title is not None:
        stories.noted = [*title_evidence(stories.title, features), *stories.noted]
