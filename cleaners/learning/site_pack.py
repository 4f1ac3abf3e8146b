"""A pack made of a proposal for a site: rules and layouts, each with its evidence and with examples of the pages.

Called by `cleaners.learning.choice`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import groupby

from cleaners.examples import OPEN, check_rule
from cleaners.learning.agreement import SiteWords
from cleaners.learning.known_templates import FoundTemplates, find_templates
from cleaners.learning.proposal import Group, Proposal, TemplateProposal
from cleaners.learning.signs import NEEDED, site_signs
from cleaners.learning.site_pages import SitePages
from cleaners.learning.wording import as_written
from cleaners.rules.layout import Layout
from cleaners.rules.model import MOST_BETWEEN, Pack, Rule
from cleaners.rules.page_template import Evidence, PageTemplate

FORMAT = 2
OTHER_LINES = ("{other}",)


class PackMaker:
    """Makes packs of a site from proposals of `pages`; `known` are the keys of lines that rules for any site remove.

    `old` is the pack that the site has: its hosts are those of the site, its signs stand in where its rules leave too few, and
    its templates keep their names.
    """

    def __init__(
        self,
        name: str,
        hosts: Iterable[str],
        pages: SitePages,
        words: SiteWords,
        known: frozenset[str],
        old: Pack | None = None,
    ) -> None:
        self._name, self._pages, self._known, self._old = name, pages, known, old
        self._hosts = tuple(sorted({*hosts, *(old.hosts if old is not None else ())}))
        self._keep = _prose_examples(pages, words)
        several = (tuple(site_signs(pages, known)), old.signs if old is not None else ())
        self._signs = next((signs for signs in several if len(signs) >= NEEDED), ())

    def pack(self, proposal: Proposal, groups: Set[Group]) -> Pack | None:
        """Return the pack with some groups of a proposal; rules whose examples fail are left out.

        It is None when it is empty, or when nothing would tell pages of the site from others.
        """
        several = len(proposal.templates) > 1
        templates = self._templates(proposal)
        rules: list[Rule] = list(self._fixed_rules(proposal)) if "lines" in groups else []
        layouts: list[Layout] = []
        for i, (found, template) in enumerate(zip(proposal.templates, templates.of_clusters, strict=True), 1):
            only = (template.id,) if template is not None else ()
            mark = f"{i}-" if several else ""
            rules += self._prefix_rules(found, mark, only) if "prefixes" in groups else ()
            rules += self._block_rules(found, mark, only) if "blocks" in groups else ()
            layouts += self._headers(found, mark, only) if "headers" in groups else ()
            layouts += self._stories(found, mark, only) if "stories" in groups else ()
        sound = [rule for rule in rules if _is_sound(rule)]
        layouts = [layout for layout in layouts if _is_checked(layout)]
        if not (sound or layouts) or not (self._hosts or self._signs):
            return None
        named = {name for parts in (sound, layouts) for part in parts for name in part.template}
        return self._pack(templates.news(self._old, named), sound, layouts)

    def templates_alone(self, proposal: Proposal) -> Pack | None:
        """Return a pack of the templates alone that are new beside those of `old`, or seen on other days; None without any."""
        news = self._templates(proposal).news(self._old) if self._old is not None else ()
        return self._pack(news, (), ()) if news else None

    def _pack(self, templates: Iterable[PageTemplate], rules: Iterable[Rule], layouts: Iterable[Layout]) -> Pack:
        return Pack(
            format=FORMAT,
            name=self._name,
            title=f"Learnt from {len(self._pages)} pages",
            hosts=self._hosts,
            signs=self._signs,
            template=tuple(templates),
            rule=tuple(rules),
            layout=tuple(layouts),
        )

    def _templates(self, proposal: Proposal) -> FoundTemplates:
        clusters = [found.pages for found in proposal.templates]
        return find_templates(self._pages, clusters, self._known, self._name, self._old)

    def _id(self, part: str) -> str:
        return f"{self._name}.{part}"

    def _fixed_rules(self, proposal: Proposal) -> Iterator[Rule]:
        """Yield a rule for all fixed lines of the same kind with the same evidence."""
        by_rule = sorted(proposal.fixed, key=lambda line: (-line.pages, -line.of, line.kind, line.where, line.key))
        days = self._pages.days(range(len(self._pages)))
        for (count, of, kind, where), lines in groupby(by_rule, lambda line: (line.pages, line.of, line.kind, line.where)):
            group = list(lines)
            texts = [line.text for line in group if where == "any" or line.key not in self._known]
            if not texts:
                continue
            yield Rule(
                id=self._id(f"line-{kind}-{where}-{count}-of-{of}"),
                kind=kind,
                line=tuple(map(as_written, texts)),
                where=where,
                sure="safe" if group[0].is_sure else "ambiguous",
                evidence=_evidence(count, of, days),
                sureness=_sureness(count, of),
                remove=(next((text for text in texts if OPEN not in text), texts[0]),),
                keep=self._keep,
            )

    def _prefix_rules(self, found: TemplateProposal, mark: str, only: tuple[str, ...]) -> Iterator[Rule]:
        for i, prefix in enumerate(found.prefixes, 1):
            yield Rule(
                id=self._id(f"prefix-{mark}{i}"), kind="navigation", where="outside",
                line=(f"{as_written(prefix.words)} {{tail}}",),
                template=only, evidence=_evidence(prefix.pages, prefix.of, self._pages.days(found.pages)),
                sureness=_sureness(prefix.pages, prefix.of), remove=(prefix.example,), keep=self._keep,
            )  # fmt: skip

    def _block_rules(self, found: TemplateProposal, mark: str, only: tuple[str, ...]) -> Iterator[Rule]:
        for i, block in enumerate(found.blocks, 1):
            *inside, last = block.example
            yield Rule(
                id=self._id(f"block-{mark}{i}"), kind="most-read",
                between=tuple((as_written(block.first), as_written(end)) for end in block.lasts),
                most=min(200, max(MOST_BETWEEN, 2 * block.most)), template=only,
                evidence=_evidence(block.pages, block.of, self._pages.days(found.pages)),
                sureness=_sureness(block.pages, block.of), remove=("<<" + "\n".join(inside) + f">>\n{last}",), keep=self._keep,
            )  # fmt: skip

    def _headers(self, found: TemplateProposal, mark: str, only: tuple[str, ...]) -> Iterator[Layout]:
        for i, header in enumerate(found.headers, 1):
            between = OTHER_LINES * (header.anchor.distance - 1)
            label = as_written(self._pages.form(header.anchor.key))
            below = (label, *between, "{title}")
            lines = below if header.anchor.side == "below" else ("{title}", *between, label)
            yield Layout(
                id=self._id(f"header-{mark}{i}"), role="header", lines=lines, template=only,
                evidence=_evidence(header.titles, header.pages, self._pages.days(found.pages)),
                sureness=_sureness(header.titles, header.pages),
            )  # fmt: skip

    def _stories(self, found: TemplateProposal, mark: str, only: tuple[str, ...]) -> Iterator[Layout]:
        for i, form in enumerate(found.stories, 1):
            yield Layout(
                id=self._id(f"story-{mark}{i}"), role="story", lines=form.lines, repeats=2, template=only,
                evidence=_evidence(form.pages, form.of, self._pages.days(found.pages)),
                sureness=_sureness(form.pages, form.of),
            )  # fmt: skip


def _evidence(pages: int, of: int, days: tuple[str, str]) -> Evidence:
    return Evidence(pages=pages, of=of, first=days[0], last=days[1])


def _sureness(pages: int, of: int) -> float:
    """Return how likely the next page is one of those seen so often (the rule of succession)."""
    return round((pages + 1) / (of + 2), 3)


def _prose_examples(pages: SitePages, words: SiteWords) -> tuple[str, ...]:
    """Return a line of prose of the site that a rule must keep: the shortest of those that stand on one page only."""
    lines = ((key, line.text) for page in pages.pages for line, key in zip(page.lines, page.keys, strict=True))
    prose = [text for key, text in lines if words.is_own(key, text)]
    return (min(prose, key=lambda text: (len(text), text), default="The gate opened at nine, and nobody was there to see it."),)


def _is_sound(rule: Rule) -> bool:
    """Return whether a rule may be in a pack, and its examples hold."""
    return _is_checked(rule) and next(check_rule(rule), None) is None


def _is_checked(part: Rule | Layout) -> bool:
    """Return whether a rule or a layout may be in a pack."""
    try:
        part.check()
    except ValueError:
        return False
    return True
