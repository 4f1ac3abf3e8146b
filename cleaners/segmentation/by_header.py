"""Find the header of the page's own story, and the first line of its text, by the layouts of packs.

Called by `read_page`, and by `own_story` for the headers of full stories that follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from msgspec.structs import replace

from cleaners.document.page import Line
from cleaners.grammar.match import Match, match_lines
from cleaners.rules.compiled import LineGrammar, Ruleset
from cleaners.segmentation.by_layout import Stories, Story, StoryField, add_structure
from cleaners.segmentation.by_repetition import is_plausible
from cleaners.segmentation.line_features import LineFeatures
from cleaners.segmentation.surroundings import drop


def find_header(features: list[LineFeatures], scores: Sequence[float], stories: Stories, ruleset: Ruleset) -> Story | None:
    """Return the page's own story with the fields of its header, by the first header layout that matches above its text.

    The lines above the header are assigned to no story.
    """
    head = [i for i, feature in enumerate(features) if not feature.assigned] if ruleset.header_layouts else []
    for grammar, match in _matches(ruleset.header_layouts, features, head, ruleset):
        if not _is_above_text(head[match.first], features, scores):
            continue
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
    for grammar, match in _matches(ruleset.header_layouts, features, head, ruleset):
        _assign(match, grammar, features, head, story, stories)
        return next(i for i in head if features[i].line.end >= match.fields["title"].end)
    return None


def find_opening(features: list[LineFeatures], scores: Sequence[float], ruleset: Ruleset) -> int:
    """Return the index of the first line of the page's own text, by a layout; 0 when none matches."""
    free = [i for i, feature in enumerate(features) if not feature.assigned] if ruleset.opening_layouts else []
    matches = _matches(ruleset.opening_layouts, features, free, ruleset)
    starts = (free[match.first] for _, match in matches)
    return next((start for start in starts if _is_above_text(start, features, scores)), 0)


def _matches(
    layouts: Sequence[LineGrammar], features: Sequence[LineFeatures], head: Sequence[int], ruleset: Ruleset
) -> Iterator[tuple[LineGrammar, Match]]:
    """Yield the matches of layouts on the lines in `head`, those of the first layout first."""
    lines = [features[i].line for i in head]
    context = replace(ruleset.context, accepts=is_plausible)
    for grammar in layouts:
        for start in range(len(head)):
            match = match_lines(grammar.patterns, lines, start, context)
            if match is not None:
                yield grammar, match


def _is_above_text(i: int, features: Sequence[LineFeatures], scores: Sequence[float]) -> bool:
    """Return whether no more text of the page stands above line `i` than from it on."""
    sizes = [len(feature.line.text) if score > 0 else 0 for feature, score in zip(features, scores, strict=True)]
    return sum(sizes[:i]) <= sum(sizes[i:])


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
