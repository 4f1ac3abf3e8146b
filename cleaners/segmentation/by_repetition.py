"""Find embedded stories on pages of no known layout: those that follow each other in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec
from msgspec.structs import replace

from cleaners.document.page import Line
from cleaners.grammar.fields import FieldContext, is_glued_title, opens_text
from cleaners.grammar.match import Match, match_lines, may_occur
from cleaners.rules.compiled import Block, Ruleset
from cleaners.segmentation.by_layout import Stories, Story, begin_story
from cleaners.segmentation.candidates import CandidateFilter
from cleaners.segmentation.line_features import LIST_KINDS, SEPARATORS, LineFeatures
from cleaners.text.line_shape import is_cjk, is_headline, is_prose, is_whole

MAX_SOURCE_WORDS = 6
MAX_CJK_SOURCE_CHARS = 10
MIN_TEASER_CHARS = 30
MIN_UNLABELLED = 3  # so many stories of one form in a row are a list without a label
MAX_LINES_TO_LABEL = 60  # the label of a list stands no further above its last part
# The place with which a wire story opens, in capitals, and the dash after it: "PORT VESSEL, Ohio (AP) —".
_DATELINE = re.compile(r"([^\W\d_](?:[^\W\d_]|[.' -]){2,40}?)(?:, ?[\w. ]{2,25})?(?: \([\w. /]{2,30}\))? ?[-–—]")


def candidate_filter(features: list[LineFeatures], ruleset: Ruleset) -> CandidateFilter:
    """Return what lines of a page can be parts of stories in a form that repeats."""
    metas = frozenset(feature.line.text for feature in features if feature.shape == "meta")
    looks = cache(lambda name, value: looks_right(name, value) and (name not in ("title", "source") or value not in metas))
    return CandidateFilter(features, replace(ruleset.words, looks=looks))


def find_repeated(
    features: list[LineFeatures], ruleset: Ruleset, stories: Stories, candidates: CandidateFilter, *, beyond: int = 0
) -> list[Story]:
    """Take the stories that follow each other in one form, by the layouts for any site, most certain first.

    From line `beyond` on, which is past the end of the page's own story, lists need no label, only to be long.
    """
    found: list[Story] = []
    lists: dict[bool, _Lists] = {}
    for block in ruleset.repeated:
        apart = block.layout is not None and block.layout.labelled
        if (beyond and not apart) or not may_occur(block.needed, candidates.text):
            continue
        if apart not in lists:
            lists[apart] = _lists(features, beyond, apart=apart)
        for free, starts in _promising(block, lists[apart], candidates):
            for run in _runs(block, free, starts, candidates.words, is_end=free[-1].index == len(features) - 1):
                is_list = beyond > 0 and len(run) >= MIN_UNLABELLED and "body" in run[0].fields
                if apart and not is_list and not _is_labelled(features, free[run[0].first]):
                    continue
                if _is_certain(run, block, ruleset):
                    taken = [_take(match, block, free, stories) for match in run]
                    found += [story for story in taken if story is not None]
                    lists = {}  # to be told anew for the next layout
    return found


def start_of(story: Story) -> int:
    """Return where on the page a story begins."""
    return min(place.start for place in (*story.fields.values(), *story.body))


class _Lists(msgspec.Struct, frozen=True, gc=False):
    """The lines of which stories may be made, and where each list of them begins and ends among those lines."""

    free: list[LineFeatures]
    bounds: list[tuple[int, int]]
    reach_end: bool


def _lists(features: list[LineFeatures], beyond: int, *, apart: bool) -> _Lists:
    """Return the lines from `beyond` on of which a story may be made, list by list: each ends where another's label stands.

    With `apart`, it ends at another story, too, and has a label somewhere above it unless it is beyond the page's own story.
    """
    free: list[LineFeatures] = []
    bounds: list[tuple[int, int]] = []
    first, labelled_to = 0, len(features) if beyond or not apart else -1
    for feature in features[beyond:]:
        if _opens_list(feature) or (apart and feature.assigned and not feature.sponsored):
            if len(free) > first and free[first].index <= labelled_to:
                bounds.append((first, len(free)))
            first = len(free)
        elif not feature.assigned and feature.shape != "label":
            free.append(feature)
        if feature.rule is not None and apart and not beyond:
            if _opens_list(feature):
                labelled_to = feature.index + MAX_LINES_TO_LABEL
            elif feature.rule.kind == "ad-marker" and len(free) == first:
                labelled_to = -1
    if len(free) > first and free[first].index <= labelled_to:
        bounds.append((first, len(free)))
    return _Lists(free, bounds, bool(free) and free[-1].index == len(features) - 1)


def _promising(block: Block, lists: _Lists, candidates: CandidateFilter) -> Iterator[tuple[list[LineFeatures], str]]:
    """Yield the lists in which stories of a layout may be, and the places where they may begin, see `Glance.starts`."""
    assert block.layout is not None
    repeats = block.layout.repeats
    starts = candidates.starts(block.patterns, lists.free, least=repeats, is_end=lists.reach_end) if lists.bounds else ""
    for first, last in lists.bounds if starts else ():
        if starts.count("1", first, last) >= repeats:
            yield lists.free[first:last], starts[first:last]


def _opens_list(feature: LineFeatures) -> bool:
    return feature.rule is not None and feature.rule.kind in LIST_KINDS


def _runs(block: Block, free: list[LineFeatures], starts: str, words: FieldContext, *, is_end: bool) -> Iterator[list[Match]]:
    """Yield the runs of stories of one form that follow each other, each as long as the layout asks for.

    They begin at `starts` at most. `is_end` says that the page ends with these lines, perhaps within a story.
    """
    assert block.layout is not None
    lines = [feature.line for feature in free]
    run: list[Match] = []
    is_long = False  # whether a story of the run goes on after its first paragraph, as posts of live blogs do
    i = 0
    while i < len(lines) or run:
        if not run:
            i = starts.find("1", i)  # the next place at which a story may begin
            if i < 0:
                return
        may_begin = starts[i : i + 1] == "1" and _repeats_earlier_line(block, lines, i)
        match = match_lines(block.patterns, lines, i, words, final=bool(run) and is_end) if may_begin else None
        if match is not None and match.last > i:
            if run and run[-1].last < i:
                run[-1], is_long = replace(run[-1], last=i), True
            run.append(match)
            i = match.last
            continue
        if run and _ends_in_body(block) and "body" in run[-1].fields and i < len(lines) and _goes_on(free, i):
            i += 1
            continue
        if run and (is_long or (_begins_with_time(block) and len(run) >= MIN_UNLABELLED)):
            run[-1] = replace(run[-1], last=i)
        if len(run) >= block.layout.repeats and not (_begins_with_time(block) and i < len(lines) and free[i].shape == "meta"):
            yield run
        i, run, is_long = (run[-1].last if run else i + 1), [], False


def _repeats_earlier_line(block: Block, lines: list[Line], i: int) -> bool:
    """Say whether the line that must say another one again may do so, by the last word, where a story begins at `i`."""
    if block.echo is None or i + block.echo[1] >= len(lines) - 1:  # the page may be cut off in the last line
        return True
    said, again = (lines[i + place].text for place in block.echo)
    return again.endswith(said.rsplit(None, 1)[-1])


def _begins_with_time(block: Block) -> bool:
    """Say whether a layout begins with the time; a further time after the last story shows that it stands at the end."""
    first, last = block.patterns[0], block.patterns[-1]
    return any(spelling[0].field == "time" for spelling in first.spellings) and last.lone_field != "time"


def _goes_on(free: list[LineFeatures], i: int) -> bool:
    """Say whether line `i` is text right below the line before it."""
    return free[i].is_text and free[i].index == free[i - 1].index + 1


def _ends_in_body(block: Block) -> bool:
    """Say whether the last line of a layout is a story's text, which may go on below it."""
    return block.patterns[-1].lone_field == "body"


def _is_certain(run: list[Match], block: Block, ruleset: Ruleset) -> bool:
    """Say whether the titles of a run end where it is said: for those glued to their text, half of the texts show it."""
    if not any(is_glued_title(spelling) for pattern in block.patterns for spelling in pattern.spellings):
        return True
    shown = sum(opens_text(match.fields["body"].text, ruleset.words.openers) for match in run)
    return shown * 2 >= len(run)


def _is_labelled(features: list[LineFeatures], first: LineFeatures) -> bool:
    """Say whether the label of a list of stories, and not an ad's, stands before a line with nothing else in between."""
    for feature in reversed(features[max(0, first.index - MAX_LINES_TO_LABEL) : first.index]):
        if feature.rule is not None:
            if feature.rule.kind in LIST_KINDS:
                return True
            if feature.rule.kind == "ad-marker":
                return False
            continue
        if not feature.assigned:
            return False
    return False


def looks_right(name: str, value: str) -> bool:
    """Say whether a value looks like what the field `name` is to hold."""
    if name == "title":
        return is_headline(value) and not is_prose(value)
    if name == "number":
        return value.isdecimal()
    if name == "dated":
        opening = _DATELINE.match(value) if value[:3] == value[:3].upper() else None
        return opening is not None and opening[1].isupper() and is_prose(value)
    if name == "body":
        return is_prose(value) or (is_whole(value) and len(value) > MIN_TEASER_CHARS)
    if name == "source" and is_cjk(value) and len(value) > MAX_CJK_SOURCE_CHARS:
        return False
    if name in ("source", "category"):
        return len(value.split()) <= MAX_SOURCE_WORDS and value[-1] not in ".;:?" and value[0].isalnum()
    return name != "time" or value[-1] not in (*SEPARATORS, "-")


def _take(match: Match, block: Block, free: list[LineFeatures], stories: Stories) -> Story | None:
    """Take the lines of a match as a story, or as a paid card, which is none."""
    is_paid = block.layout is not None and block.layout.role == "paid"
    for feature in free[match.first : match.last]:
        feature.assigned = True
        feature.sponsored = is_paid
        if is_paid:
            stories.structure.append((feature.line, block.id))
    if is_paid:
        return None
    whole = replace(match, cut=False)  # the last story of a list may lack a line that the others have
    story = begin_story("story", block, whole, stories)
    if story.body and _ends_in_body(block):
        story.body += [feature.line for feature in free[match.first : match.last] if feature.line.start >= story.body[0].end]
    return story if story.fields or story.body else None
