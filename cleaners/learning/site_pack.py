"""A pack made of a proposal for a site: rules and layouts, each with its evidence and with examples of the pages.

Called by `cleaners.learning.choice`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from itertools import groupby, islice

from cleaners.examples import OPEN, check_part
from cleaners.learning.agreement import SiteWords
from cleaners.learning.known_templates import FoundTemplates, find_templates
from cleaners.learning.proposal import Group, Proposal, TemplateProposal, beside_times
from cleaners.learning.settings import LearningSettings
from cleaners.learning.signs import NEEDED, Signs, site_signs
from cleaners.learning.site_pages import SitePages
from cleaners.learning.stories import StoryForm
from cleaners.learning.story_form import BODY
from cleaners.learning.wording import as_written
from cleaners.rules.layout import MAX_PARAGRAPHS, Layout
from cleaners.rules.model import MOST_BETWEEN, Pack, PackPart, Rule
from cleaners.rules.page_template import Evidence, PageTemplate
from cleaners.rules.source_names import SourceNames
from cleaners.rules.time_form import TimeForm
from cleaners.text.normalize import line_key

FORMAT = 2
OTHER_LINES = ("{other}",)
MOST_READ = 3  # examples of a form of time, or of names


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
        settings: LearningSettings,
        old: Pack | None = None,
    ) -> None:
        self._name, self._pages, self._known, self._old = name, pages, known, old
        self._hosts = tuple(sorted({*hosts, *(old.hosts if old is not None else ())}))
        self._keep = _prose_examples(pages, words)
        self._signs = site_signs(pages, known - _sign_keys(old), settings)
        if not self._signs.lines and old is not None:
            self._signs = Signs(old.signs, old.signs_needed, old.names)

    def pack(self, proposal: Proposal, groups: Set[Group]) -> Pack | None:
        """Return the pack with some groups of a proposal; rules whose examples fail are left out.

        It is None when it is empty, or when nothing would tell pages of the site from others.
        """
        several = len(proposal.templates) > 1
        templates = self._templates(proposal)
        if "times" in groups:
            proposal = beside_times(proposal)
        rules: list[Rule] = list(self._fixed_rules(proposal)) if "lines" in groups else []
        layouts: list[Layout] = []
        for i, (found, template) in enumerate(zip(proposal.templates, templates.of_clusters, strict=True), 1):
            only = (template.id,) if template is not None else ()
            mark = f"{i}-" if several else ""
            rules += self._prefix_rules(found, mark, only) if "prefixes" in groups else ()
            rules += self._block_rules(found, mark, only) if "blocks" in groups else ()
            layouts += self._headers(found, mark, only) if "headers" in groups else ()
            layouts += self._stories(found.sections, f"section-{mark}", found.pages, only) if "sections" in groups else ()
        everywhere = range(len(self._pages))
        layouts += self._stories(proposal.stories, "story-", everywhere) if "stories" in groups else ()
        sound = [rule for rule in rules if _is_sound(rule)]
        layouts = [layout for layout in layouts if _is_checked(layout)]
        forms = [time for time in self._times(proposal) if _is_sound(time)] if "times" in groups else []
        names = [one for one in self._sources(proposal) if _is_sound(one)] if "sources" in groups else []
        if not (sound or layouts or forms or names) or not (self._hosts or self._signs.lines):
            return None
        named = {name for parts in (sound, layouts) for part in parts for name in part.template}
        found_templates = templates.news(self._old, named)
        return self._pack(found_templates, tuple(sound), tuple(layouts), tuple(forms), tuple(names))

    def templates_alone(self, proposal: Proposal) -> Pack | None:
        """Return a pack of the templates alone that are new beside those of `old`, or seen on other days; None without any."""
        news = self._templates(proposal).news(self._old) if self._old is not None else ()
        return self._pack(news) if news else None

    def _pack(
        self,
        templates: Iterable[PageTemplate],
        rules: tuple[Rule, ...] = (),
        layouts: tuple[Layout, ...] = (),
        times: tuple[TimeForm, ...] = (),
        sources: tuple[SourceNames, ...] = (),
    ) -> Pack:
        return Pack(
            format=FORMAT,
            name=self._name,
            title=f"Learnt from {len(self._pages)} pages",
            hosts=self._hosts,
            names=self._signs.names,
            signs=self._signs.lines,
            signs_needed=self._signs.needed,
            template=tuple(templates),
            rule=rules,
            layout=layouts,
            time=times,
            source=sources,
        )

    def _templates(self, proposal: Proposal) -> FoundTemplates:
        clusters = [found.pages for found in proposal.templates]
        return find_templates(self._pages, clusters, self._known, self._name, self._old)

    def _id(self, part: str) -> str:
        return f"{self._name}.{part}"

    def _times(self, proposal: Proposal) -> Iterator[TimeForm]:
        days = self._pages.days(range(len(self._pages)))
        for i, time in enumerate(proposal.times, 1):
            yield TimeForm(
                id=self._id(f"time-{i}"), form=(time.form,), evidence=_evidence(time.pages, time.of, days),
                sureness=_sureness(time.pages, time.of), read=tuple(islice(time.lines.items(), MOST_READ)), keep=self._keep,
            )  # fmt: skip

    def _sources(self, proposal: Proposal) -> Iterator[SourceNames]:
        if (found := proposal.sources) is not None:
            parted = sorted(found.printed.items(), key=lambda item: (item[0] == item[1], item))
            yield SourceNames(
                id=self._id("source-1"), names=tuple(found.names), sureness=_sureness(found.pages, found.of),
                evidence=_evidence(found.pages, found.of, self._pages.days(range(len(self._pages)))),
                read=tuple(parted[:MOST_READ]), keep=self._keep,
            )  # fmt: skip

    def _fixed_rules(self, proposal: Proposal) -> Iterator[Rule]:
        """Yield a rule for all fixed lines of the same kind with the same evidence."""
        by_rule = sorted(proposal.fixed, key=lambda line: (-line.pages, -line.of, line.kind, line.where, line.key))
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
                evidence=_evidence(count, of, self._pages.days_of_lines(line.key for line in group)),
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

    def _stories(
        self, forms: Iterable[StoryForm], name: str, pages: Iterable[int], only: tuple[str, ...] = ()
    ) -> Iterator[Layout]:
        for i, form in enumerate(forms, 1):
            yield Layout(
                id=self._id(f"{name}{i}"), role="story", lines=form.lines, template=only,
                repeats=1 if form.is_sure else 2,
                below_text=form.below_text,
                paragraphs=min(MAX_PARAGRAPHS, 2 * form.paragraphs) if BODY in form.lines[-1] else 1,
                evidence=_evidence(form.pages, form.of, self._pages.days(pages)),
                sureness=_sureness(form.pages, form.of),
            )  # fmt: skip


def _sign_keys(old: Pack | None) -> frozenset[str]:
    """Return the keys of lines that no other site has, by a pack: its signs, although its own rules may remove them."""
    return frozenset(map(line_key, old.signs)) if old is not None and old.signs_needed <= NEEDED else frozenset()


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


def _is_sound(part: Rule | TimeForm | SourceNames) -> bool:
    """Return whether a part with examples may be in a pack, and the examples hold."""
    return _is_checked(part) and next(check_part(part), None) is None


def _is_checked(part: PackPart) -> bool:
    """Return whether a part may be in a pack."""
    try:
        part.check()
    except ValueError:
        return False
    return True
