"""Find embedded stories by the layouts of packs with `repeats`: several that follow each other in one form.

Called by `read_page`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import msgspec
from msgspec.structs import replace

from cleaners.grammar.fields import FieldContext, is_glued_title, opens_text
from cleaners.grammar.match import Match, match_lines, may_occur
from cleaners.rules.compiled import Ruleset
from cleaners.rules.line_grammar import LineGrammar
from cleaners.segmentation.by_layout import Stories, Story, begin_story
from cleaners.segmentation.candidates import CandidateFilter
from cleaners.segmentation.line_features import LIST_KINDS, LineFeatures
from cleaners.segmentation.plausible_fields import DATELINE, is_plausible

MAX_LINES_TO_LABEL = 60  # from the label of a list down to its last story


def candidate_filter(features: list[LineFeatures], ruleset: Ruleset) -> CandidateFilter:
    """Return the filter for lines of a page that may be parts of repeated stories."""
    metas = cache(lambda: frozenset([feature.line.text for feature in features if feature.shape == "meta"]))
    accepts = cache(lambda name, value: is_plausible(name, value) and (name not in ("title", "source") or value not in metas()))
    return CandidateFilter(features, replace(ruleset.context, accepts=accepts))


def find_repeated(features: list[LineFeatures], ruleset: Ruleset, stories: Stories, candidates: CandidateFilter) -> list[Story]:
    """Return the stories that follow each other in one form, by the layouts of packs, most certain first.

    Their lines are marked as assigned.
    """
    found: list[Story] = []
    lists: dict[bool, _Lists] = {}
    for grammar in ruleset.repeated_layouts:
        assert grammar.layout is not None
        if not may_occur(grammar.needed, candidates.text):
            continue
        if grammar.echo is None and not candidates.may_match(grammar.patterns, grammar.layout.repeats):
            continue
        labelled = grammar.layout.labelled
        if labelled not in lists:
            lists[labelled] = _lists(features, labelled=labelled)
        for free, starts in _possible_lists(grammar, lists[labelled], candidates):
            if grammar.layout.below_text:
                starts = _below(starts, free, _first_text(features))
            for run in _runs(grammar, free, starts, candidates.context, is_end=free[-1].index == len(features) - 1):
                if labelled and not _is_labelled(features, free[run[0].first]):
                    continue
                if _is_certain(run, grammar, ruleset):
                    assigned = [_assign_match(match, grammar, free, stories) for match in run]
                    found += [story for story in assigned if story is not None]
                    lists = {}  # out of date, as lines have been assigned
    return found


def start_of(story: Story) -> int:
    """Return the offset in the page at which a story begins."""
    return min(line.start for line in (*story.fields.values(), *story.body))


class _Lists(msgspec.Struct, frozen=True, gc=False):
    """The lines that may belong to stories, and the bounds of each list of stories among those lines, end excluded."""

    free: list[LineFeatures]
    bounds: list[tuple[int, int]]
    reach_end: bool


def _lists(features: list[LineFeatures], *, labelled: bool) -> _Lists:
    """Return the free lines, and the lists among them; a list ends at the label of the next one.

    A `labelled` list also ends at another story, and has a label above it.
    """
    if labelled and not any(feature.rule is not None and _opens_list(feature) for feature in features):
        return _Lists([], [], reach_end=False)
    free: list[LineFeatures] = []
    bounds: list[tuple[int, int]] = []
    first, labelled_to = 0, -1 if labelled else len(features)
    for feature in features:
        if feature.shape != "label" and not feature.assigned:
            free.append(feature)
            continue
        if _opens_list(feature) or (labelled and feature.assigned and not feature.sponsored):
            if len(free) > first and free[first].index <= labelled_to:
                bounds.append((first, len(free)))
            first = len(free)
        if feature.rule is not None and labelled:
            if _opens_list(feature):
                labelled_to = feature.index + MAX_LINES_TO_LABEL
            elif feature.rule.kind == "ad-marker" and len(free) == first:
                labelled_to = -1
    if len(free) > first and free[first].index <= labelled_to:
        bounds.append((first, len(free)))
    return _Lists(free, bounds, bool(free) and free[-1].index == len(features) - 1)


def _possible_lists(
    grammar: LineGrammar, lists: _Lists, candidates: CandidateFilter
) -> Iterator[tuple[list[LineFeatures], str]]:
    """Yield the lists that may hold stories of a layout, each with its possible starts, see `CandidateFilter.starts`."""
    assert grammar.layout is not None
    repeats = grammar.layout.repeats
    if grammar.echo is not None:
        for first, last in lists.bounds:
            free = lists.free[first:last]
            starts = _echoes(grammar.echo, [feature.line.text for feature in free])
            if starts.count("1") >= repeats:
                yield free, starts
        return
    starts = candidates.starts(grammar.patterns, lists.free, least=repeats, is_end=lists.reach_end) if lists.bounds else ""
    for first, last in lists.bounds if starts else ():
        if starts.count("1", first, last) >= repeats:
            yield lists.free[first:last], starts[first:last]


def _echoes(echo: tuple[int, int], texts: list[str]) -> str:
    """Return "1" for each line at which a story may start by the line that must end with an earlier one, by its last word.

    The page may be cut off in the last line.
    """
    pairs = zip(texts[echo[0] :], texts[echo[1] :], strict=False)
    found = "".join(["1" if a[-1] == b[-1] and b.endswith(a.rsplit(None, 1)[-1]) else "0" for a, b in pairs])
    return found[:-1] + "1" * (len(texts) - max(0, len(found) - 1))


def _first_text(features: Sequence[LineFeatures]) -> int:
    """Return the index of the first line of prose that no rule knows, that after the last line when there is none."""
    return next((feature.index for feature in features if feature.shape == "prose" and feature.rule is None), len(features))


def _below(starts: str, free: Sequence[LineFeatures], first: int) -> str:
    """Return possible starts of stories without those down to a line."""
    return "".join(["0" if feature.index <= first else start for feature, start in zip(free, starts, strict=True)])


def _with_paragraphs(
    match: Match, grammar: LineGrammar, free: Sequence[LineFeatures], starts: str, context: FieldContext
) -> Match:
    """Return the match of a story with the lines right below it down to the last one that goes on with its text.

    These are as many as its layout allows; a line of prose is one, and what stands above it.
    """
    most = grammar.layout.paragraphs if grammar.layout is not None else 1
    if most == 1 or grammar.patterns[-1].lone_field != "body":
        return match
    last, size = match.last, len(grammar.patterns)
    for i in range(match.last, min(len(free), match.last + most - 1)):
        if free[i].index > free[i - 1].index + 1:
            break
        below = [feature.line for feature in free[i : i + size]]
        if starts[i] == "1" and match_lines(grammar.patterns, below, 0, context) is not None:
            break
        last = i + 1 if is_plausible("body", free[i].line.text) else last
    return replace(match, last=last)


def _opens_list(feature: LineFeatures) -> bool:
    return feature.rule is not None and feature.rule.kind in LIST_KINDS


def _runs(
    grammar: LineGrammar, free: list[LineFeatures], starts: str, context: FieldContext, *, is_end: bool
) -> Iterator[list[Match]]:
    """Yield the runs of stories of one form that follow each other, each at least as long as the layout requires.

    Stories begin only at `starts`. With `is_end`, the page ends with these lines, perhaps within a story.
    """
    assert grammar.layout is not None
    lines = [feature.line for feature in free]
    run: list[Match] = []
    i = 0
    while i >= 0:
        may_begin = starts[i : i + 1] == "1"
        match = match_lines(grammar.patterns, lines, i, context, final=bool(run) and is_end) if may_begin else None
        if match is not None and match.last > i:
            match = _with_paragraphs(match, grammar, free, starts, context)
            run.append(match)
            i = match.last
            continue
        if len(run) >= grammar.layout.repeats:
            yield run
        i, run = starts.find("1", i if run else i + 1), []


def _is_certain(run: list[Match], grammar: LineGrammar, ruleset: Ruleset) -> bool:
    """Return whether the ends of the titles in a run are certain, and the stories of a run that has none.

    Titles glued to their text need at least half of the texts to open with a word that opens sentences. Texts that stand
    alone need as many that open with a region or an agency after the place: entries of a list open with words in capitals, too.
    """
    if all(match.fields.keys() == {"dated"} for match in run):
        openings = [DATELINE.match(match.fields["dated"].text) for match in run]
        return 2 * sum(opening is not None and opening.lastindex != 1 for opening in openings) >= len(run)
    if not any(is_glued_title(spelling) for pattern in grammar.patterns for spelling in pattern.spellings):
        return True
    shown = sum(opens_text(match.fields["body"].text, ruleset.context.openers) for match in run)
    return shown * 2 >= len(run)


def _is_labelled(features: list[LineFeatures], first: LineFeatures) -> bool:
    """Return whether the label of a list of stories stands before a line, with only labels and assigned lines in between."""
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


def _assign_match(match: Match, grammar: LineGrammar, free: list[LineFeatures], stories: Stories) -> Story | None:
    """Assign the lines of a match and return their story; None for a paid card."""
    is_paid = grammar.layout is not None and grammar.layout.role == "paid"
    for feature in free[match.first : match.last]:
        feature.assigned = True
        feature.sponsored = is_paid
        if is_paid:
            stories.structure.append((feature.line, grammar.id))
    if is_paid:
        return None
    whole = replace(match, cut=False)  # the last story of a list may lack a line that the others have
    story = begin_story("story", grammar, whole, stories)
    end = max(part.end for part in (*match.fields.values(), *match.repeats, *match.literals, *match.others))
    story.body += [feature.line for feature in free[match.first : match.last] if feature.line.start >= end]
    return story if story.fields or story.body else None
