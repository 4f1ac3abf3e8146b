"""The groups of rules learnt for a site in plain words: their evidence, examples, and the agreement without and with them.

Called by `flows.learning.review`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cleaners.learning.agreement import Agreement
from cleaners.learning.choice import GroupTrial, LearntSite
from cleaners.learning.proposal import Group, group_of
from cleaners.rules.layout import Layout
from cleaners.rules.model import PackPart, Rule
from cleaners.rules.page_template import PageTemplate
from cleaners.rules.time_form import TimeForm

MOST_RULES = 20  # of a group
MOST_WORDINGS = 12  # of a rule
MOST_EXAMPLES = 3  # of a rule
MOST_LINES = 8  # of an example
REMOVED_FROM, REMOVED_TO = "<<", ">>"
# The name of a group, and the treatment of the lines that its rules match.
TITLES: dict[Group, tuple[str, str]] = {
    "lines": ("Fixed lines", "Lines that many pages of the site have. Each is removed."),
    "prefixes": ("Prefixes of lines", "Words with which a line opens on many pages. The whole line is removed."),
    "blocks": ("Blocks", "Lines below a label, up to the next fixed line, that list other stories. They are removed."),
    "headers": ("Places of titles", "Lines beside which many pages have the title of their own story."),
    "stories": ("Embedded stories", "Forms in which the site prints other stories in a page. Each story gets its own record."),
    "sections": ("Sections", "The parts of its pages under bare titles are stories of their own. Each gets its own record."),
    "times": ("Forms of time", "Forms in which the site alone prints the time of a story. Each is read as such."),
    "sources": ("Publishers", "Publishers that the site names as sources of stories, also before a category."),
}
# The groups that are judged by a field that stories gain.
GAINED: dict[Group, str] = {"times": "The own story has a time", "sources": "A story has its source"}
# A measure of agreement with its name, and whether more of it is better.
MEASURES = (
    ("kept", "Prose that no other page has, and that is in a story", True),
    ("titled", "Similarity of such prose to the title above it", True),
    ("leaked", "Lines of stories that other pages have, too", False),
)


class ExampleLine(msgspec.Struct, frozen=True):
    """A line of an example, and whether a rule must remove it."""

    text: str
    is_removed: bool


class ShownExample(msgspec.Struct, frozen=True):
    """The first lines of an example; `left` counts the others."""

    lines: list[ExampleLine]
    left: int


class ShownRule(msgspec.Struct, frozen=True):
    """A learnt part of a pack; the numbers count the wordings and examples that are not shown."""

    id: str
    kind: str
    place: str
    pages: int
    of: int
    days: str
    sureness: float
    needs_strict: bool
    wordings: list[str]
    more_wordings: int
    remove: list[ShownExample]
    keep: list[ShownExample]
    more_examples: int


class Measure(msgspec.Struct, frozen=True):
    """A measure of agreement in percent, without a group and with it, and the change in words."""

    name: str
    without: str
    with_it: str
    change: str


class ShownTemplate(msgspec.Struct, frozen=True):
    """A template of a site's pages with its first signs, and its days in the pack in use, "" for a new one, and now."""

    id: str
    signs: list[str]
    more: int
    is_new: bool
    before: str
    now: str


class ShownGroup(msgspec.Struct, frozen=True):
    """A group of rules with the result of its trial; `more` counts the rules not shown."""

    group: Group
    title: str
    about: str
    is_accepted: bool
    result: str
    measures: list[Measure]
    rules: list[ShownRule]
    more: int


def shown_groups(learnt: LearntSite) -> Iterator[ShownGroup]:
    """Yield the groups of rules that were tried for a site."""
    parts = [part for pack in (learnt.pack, learnt.left_out) if pack is not None for part in pack.parts]
    for trial in learnt.trials:
        of_group = [part for part in parts if group_of(part.id) == trial.group]
        rules = [_shown_rule(part) for part in of_group[:MOST_RULES]]
        title, about = TITLES[trial.group]
        yield ShownGroup(
            trial.group, title, about, trial.is_accepted, _result(trial),
            measures_of(trial.without, trial.with_it), rules, len(of_group) - len(rules),
        )  # fmt: skip


def shown_templates(learnt: LearntSite) -> Iterator[ShownTemplate]:
    """Yield the templates in the pack learnt of a site, and beside new ones those known before."""
    known = {template.id: template for template in learnt.known}
    proposed = {template.id: template for template in learnt.pack.template} if learnt.pack is not None else {}
    for template in {**known, **proposed}.values() if proposed else ():
        before = known.get(template.id)
        yield ShownTemplate(
            id=template.id,
            signs=list(template.signs[:MOST_WORDINGS]),
            more=len(template.signs[MOST_WORDINGS:]),
            is_new=before is None,
            before=_days(before) if before is not None else "",
            now=_days(template),
        )


def _days(template: PageTemplate) -> str:
    return " to ".join(dict.fromkeys(template.seen)) or "on days not known"


def _result(trial: GroupTrial) -> str:
    """Return the result of a trial in a sentence or two."""
    pages = f"{trial.checked:,} page{'s' * (trial.checked != 1)} not learnt from"
    if not trial.changed and not trial.is_accepted:
        return f"It changes nothing on {pages}, so it was left out."
    if trial.group in GAINED:
        return _result_of_fields(trial, GAINED[trial.group], pages)
    read = f"{trial.changed:,} of {pages} {'is' if trial.changed == 1 else 'are'} read differently with it"
    if trial.is_accepted:
        return f"{read}, and all in all they are read better."
    if trial.with_it.better_by(trial.without) > 0:
        return f"{read}, and it would cost too much of the prose of stories, so it was left out."
    return f"{read}, and all in all they are not read better, so it was left out."


def _result_of_fields(trial: GroupTrial, gained: str, pages: str) -> str:
    """Return the result of a trial of what gives stories a field, in a sentence; `gained` says in words who gains it."""
    if trial.gain.lost:
        return f"It takes a title, another field or prose from {trial.gain.lost:,} of {pages}, so it was left out."
    return f"{gained} only with it on {trial.gain.gained:,} of {pages}{'' if trial.is_accepted else ', so it was left out'}."


def measures_of(without: Agreement, with_it: Agreement) -> list[Measure]:
    """Return the measures of agreement without something and with it."""
    return [
        Measure(
            name,
            percent(getattr(without, key)),
            percent(getattr(with_it, key)),
            _change(100 * (getattr(with_it, key) - getattr(without, key)), is_more_better),
        )
        for key, name, is_more_better in MEASURES
    ]


def percent(share: float) -> str:
    """Return a share in percent, to a tenth.

    >>> percent(0.5), percent(1.0)
    ('50.0 %', '100.0 %')
    """
    return f"{100 * share:.1f} %"


def _change(points: float, is_more_better: bool) -> str:
    """Return a change in points of percent, in words."""
    if f"{abs(points):.1f}" == "0.0":
        return "the same"
    return f"{'better' if (points > 0) == is_more_better else 'worse'} by {abs(points):.1f}"


def _shown_rule(part: PackPart) -> ShownRule:
    """Return a part of a pack as it is shown."""
    wordings = _wordings(part)
    remove = part.remove if isinstance(part, Rule) else ()
    keep = part.keep if not isinstance(part, Layout) else ()
    evidence = part.evidence
    days = dict.fromkeys(day for day in (evidence.first, evidence.last) if day) if evidence is not None else {}
    return ShownRule(
        id=part.id,
        kind=_kind(part),
        place="; ".join(_places(part)),
        pages=evidence.pages if evidence is not None else 0,
        of=evidence.of if evidence is not None else 0,
        days=" to ".join(days),
        sureness=part.sureness or 0.0,
        needs_strict=isinstance(part, Rule) and part.sure == "ambiguous",
        wordings=wordings[:MOST_WORDINGS],
        more_wordings=max(0, len(wordings) - MOST_WORDINGS),
        remove=[_shown_example(text, is_removed=True) for text in remove[:MOST_EXAMPLES]],
        keep=[_shown_example(text, is_removed=False) for text in keep[:MOST_EXAMPLES]],
        more_examples=len(remove[MOST_EXAMPLES:]) + len(keep[MOST_EXAMPLES:]),
    )


def _kind(part: PackPart) -> str:
    """Return the kind of a part of a pack, in words."""
    if isinstance(part, Layout):
        return f"layout: {part.role}"
    if isinstance(part, TimeForm):
        return "form of time"
    return part.kind if isinstance(part, Rule) else "names of publishers"


def _wordings(part: PackPart) -> list[str]:
    """Return the wordings of a rule, the lines of a layout, or a form of time or names with what is read in examples."""
    if isinstance(part, Layout):
        return list(part.lines)
    if isinstance(part, Rule):
        return [*part.line, *(f"{first} … {last}" for first, last in part.between)]
    wordings = part.form if isinstance(part, TimeForm) else part.names
    return [*(f"{text} → {found}" for text, found in part.read), *wordings]


def _places(part: PackPart) -> Iterator[str]:
    """Yield in words where a part of a pack applies."""
    if isinstance(part, Rule) and part.line:
        yield "in any place" if part.where == "any" else f"{part.where} the text of a story"
    if isinstance(part, Rule) and part.between:
        yield f"at most {part.most} lines"
    if isinstance(part, Rule | Layout) and part.template:
        yield f"on pages of {', '.join(part.template)}"


def _shown_example(text: str, *, is_removed: bool) -> ShownExample:
    """Return an example as it is shown; of one that a rule must remove, the marks say from where to where, none means all."""
    lines = list(_marked(text)) if is_removed else [ExampleLine(line, False) for line in text.split("\n")]
    return ShownExample(lines[:MOST_LINES], max(0, len(lines) - MOST_LINES))


def _marked(text: str) -> Iterator[ExampleLine]:
    """Yield the lines of an example that a rule must remove from; marks inside a line are shown as they are."""
    is_inside = not text.count(REMOVED_FROM)
    for line in text.split("\n"):
        is_inside = is_inside or line.startswith(REMOVED_FROM)
        yield ExampleLine(line.removeprefix(REMOVED_FROM).removesuffix(REMOVED_TO), is_inside)
        is_inside = is_inside and not line.endswith(REMOVED_TO)
