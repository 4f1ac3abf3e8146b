"""The rules proposed for the pack of a site, in groups that are accepted or dropped as wholes.

Called by `cleaners.learning.choice`.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec
from msgspec.structs import replace

from cleaners.learning.agreement import SiteWords
from cleaners.learning.blocks import Block, blocks
from cleaners.learning.fixed_lines import FixedLine, fixed_lines
from cleaners.learning.headers import Header, headers
from cleaners.learning.prefixes import Prefix, prefixes
from cleaners.learning.settings import LearningSettings
from cleaners.learning.site_pages import SitePages
from cleaners.learning.source_names import SiteSources, source_names
from cleaners.learning.stories import StoryForm, bare_forms, story_forms
from cleaners.learning.templates import templates_of
from cleaners.learning.time_forms import SiteTime, time_forms
from cleaners.rules.registry import Library

# In the order in which they are tried: what stands on most pages first, as the others are found between it.
Group = Literal["lines", "prefixes", "blocks", "headers", "stories", "sections", "times", "sources"]
GROUPS: tuple[Group, ...] = get_args(Group)
# The first word of the ids of a group's parts, after the name of the pack.
WORDS: dict[str, Group] = {
    "line": "lines", "prefix": "prefixes", "block": "blocks", "header": "headers", "story": "stories", "section": "sections",
    "time": "times", "source": "sources",
}  # fmt: skip


def group_of(part_id: str) -> Group | None:
    """Return the group of a learnt part by its id, None for one of another origin.

    >>> group_of("quaypost.prefix-2"), group_of("quaypost.story-1-3"), group_of("quaypost.footer")
    ('prefixes', 'stories', None)
    """
    return WORDS.get(part_id.rpartition(".")[2].partition("-")[0])


class TemplateProposal(msgspec.Struct, frozen=True):
    """The indices of the pages of one template, and the rules found on them."""

    pages: list[int]
    prefixes: list[Prefix]
    blocks: list[Block]
    headers: list[Header]
    sections: list[StoryForm]


class Proposal(msgspec.Struct, frozen=True):
    """The rules found on the pages of a site: those of its templates, and what holds for all of them."""

    fixed: list[FixedLine]
    stories: list[StoryForm]
    templates: list[TemplateProposal]
    times: list[SiteTime] = []
    sources: SiteSources | None = None


def propose(pages: SitePages, words: SiteWords, library: Library, settings: LearningSettings) -> Proposal:
    """Return the rules that the pages of a site show; where no template is told apart, all pages are of one."""
    ruleset = library.ruleset()
    parts = templates_of(pages, settings.template) or [list(range(len(pages)))]
    in_parts = [pages.part(indices) for indices in parts]
    fixed = fixed_lines(pages, in_parts, ruleset, settings)
    keys = {line.key for line in fixed}
    return Proposal(
        fixed,
        story_forms(pages, in_parts, keys, ruleset.context, settings),
        [
            TemplateProposal(
                indices,
                prefixes(part, keys, ruleset, settings),
                blocks(part, pages, keys, settings),
                headers(part, keys, settings),
                bare_forms(part, words, settings),
            )
            for indices, part in zip(parts, in_parts, strict=True)
        ],
        time_forms(pages, ruleset, settings),
        source_names(pages, ruleset.context.sources),
    )


def beside_times(proposal: Proposal) -> Proposal:
    """Return a proposal whose forms of time are used: no line that gives a time is clutter, or marks the place of titles."""
    keys = {key for time in proposal.times for key in time.keys}
    texts = [text for time in proposal.times for text in time.lines]
    templates = [
        replace(
            template,
            prefixes=[one for one in template.prefixes if not any(text.startswith(f"{one.words} ") for text in texts)],
            headers=[header for header in template.headers if header.anchor.key not in keys],
        )
        for template in proposal.templates
    ]
    return replace(proposal, fixed=[line for line in proposal.fixed if line.key not in keys], templates=templates)
