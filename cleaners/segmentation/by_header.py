"""Find the header of the page's own story, and the first line of its text, by the layouts of packs.

Called by `read_page`, and by `own_story` for the headers of full stories that follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import cast

from msgspec.structs import replace

from cleaners.document.page import Line
from cleaners.grammar.match import Match, match_lines, may_occur
from cleaners.rules.compiled import Ruleset
from cleaners.rules.line_grammar import LineGrammar
from cleaners.segmentation.by_layout import Stories, Story, StoryField, add_structure
from cleaners.segmentation.line_features import LineFeatures
from cleaners.segmentation.plausible_fields import is_plausible
from cleaners.segmentation.surroundings import drop


def find_header(features: list[LineFeatures], scores: Sequence[float], stories: Stories, ruleset: Ruleset) -> Story | None:
    """Return the page's own story with the fields of its header, by the first header layout that matches above its text.

    The lines above the header are assigned to no story.
    """
    if not ruleset.header_layouts:
        return None
    head = [i for i, feature in enumerate(features) if not feature.assigned]
    for grammar, match in _matches(ruleset.header_layouts, features, head, ruleset, _lines_above(head, features, scores)):
        own = Story("article", stories.layout)
        _assign(match, grammar, features, head, own, stories)
        for i in head[: match.first]:
            drop(features[i], "before", stories)
        return own
    return None


def assign_header(
    features: list[LineFeatures], head: list[int], story: Story, stories: Stories, ruleset: Ruleset
) -> int | None:
    """Assign the lines in `head`, those before the text, that match a header layout; return the title's index."""
    for grammar, match in _matches(ruleset.header_layouts, features, head, ruleset, len(head)):
        _assign(match, grammar, features, head, story, stories)
        return next(i for i in head if features[i].line.end >= match.fields["title"].end)
    return None


def find_opening(features: list[LineFeatures], scores: Sequence[float], ruleset: Ruleset) -> int:
    """Return the index of the first line of the page's own text, by a layout; 0 when none matches."""
    if not ruleset.opening_layouts:
        return 0
    free = [i for i, feature in enumerate(features) if not feature.assigned]
    matches = _matches(ruleset.opening_layouts, features, free, ruleset, _lines_above(free, features, scores))
    return next((free[match.first] for _, match in matches), 0)


def _matches(
    layouts: Sequence[LineGrammar], features: Sequence[LineFeatures], head: Sequence[int], ruleset: Ruleset, starts: int
) -> Iterator[tuple[LineGrammar, Match]]:
    """Yield the matches of layouts that begin in the first `starts` lines in `head`, those of the first layout first."""
    lines = [features[i].line for i in head]
    text = "\n".join([line.text for line in lines])
    context = replace(ruleset.context, accepts=is_plausible)
    for grammar in layouts:
        for start in range(starts) if may_occur(grammar.needed, text) else ():
            match = match_lines(grammar.patterns, lines, start, context)
            if match is not None:
                yield grammar, match


def _lines_above(lines: Sequence[int], features: Sequence[LineFeatures], scores: Sequence[float]) -> int:
    """Return the number of lines above which there is no more text of the page than from them on."""
    sizes = [len(feature.line.text) if score > 0 else 0 for feature, score in zip(features, scores, strict=True)]
    above = list(accumulate(sizes, initial=0))
    return sum([2 * above[i] <= above[-1] for i in lines])


def _assign(
    match: Match, grammar: LineGrammar, features: Sequence[LineFeatures], head: Sequence[int], story: Story, stories: Stories
) -> None:
    """Assign the lines of a header to the fields and the text of a story."""
    for i in head[match.first : match.last]:
        features[i].assigned = True
    fields = dict(match.fields)
    add_structure(match, grammar, stories)
    stories.structure += [(fields.pop(name), grammar.id) for name in ("number", "other") if name in fields]
    if "standfirst" in fields:
        story.body.append(fields.pop("standfirst"))
    story.fields |= cast("dict[StoryField, Line]", fields)
