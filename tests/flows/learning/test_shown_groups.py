"""Groups of learnt rules in plain words."""

from __future__ import annotations

import pytest

from cleaners.learning.agreement import Agreement
from cleaners.learning.choice import GroupTrial, LearntSite
from cleaners.learning.field_gain import FieldGain
from cleaners.learning.proposal import GROUPS
from cleaners.rules.layout import Layout
from cleaners.rules.model import Pack, PackPart, Rule
from cleaners.rules.page_template import Evidence, PageTemplate
from cleaners.rules.source_names import SourceNames
from cleaners.rules.time_form import TimeForm
from flows.learning.shown_groups import MOST_RULES, MOST_WORDINGS, TITLES, shown_groups, shown_templates

WORSE, SAME, BETTER = Agreement(0.5, 0.1, 0.2), Agreement(0.9, 0.1, 0.2), Agreement(0.9, 0.2, 0.1)
LESS_PROSE = Agreement(0.8, 0.4, 0.0)


def template(name: str, *seen: str, signs: int = 2) -> PageTemplate:
    lines = tuple(f"Sign of the {name} desk{' once more' * number}" for number in range(signs))
    return PageTemplate(id=f"quaypost.{name}", signs=lines, signs_needed=2, seen=seen)


def test_templates_are_shown_with_their_days_before_and_now():
    known = (template("news", "2026-01-02", "2026-02-01"), template("blog"))
    pack = Pack(
        name="quaypost",
        title="Quaypost",
        template=(template("news", "2026-01-02", "2026-05-01"), template("live", "2026-05-01", "2026-05-01", signs=20)),
    )
    learnt = LearntSite(pack, [], SAME, BETTER, 20, 20, known)
    news, blog, live = shown_templates(learnt)
    assert (news.is_new, news.before, news.now) == (False, "2026-01-02 to 2026-02-01", "2026-01-02 to 2026-05-01")
    assert (blog.is_new, blog.before, blog.now) == (False, "on days not known", "on days not known")
    assert (live.is_new, live.before, live.now, len(live.signs), live.more) == (True, "", "2026-05-01", MOST_WORDINGS, 8)
    assert list(shown_templates(LearntSite(None, [], SAME, SAME, 20, 20, known))) == []


def site(*rules: PackPart, trials: list[GroupTrial]) -> LearntSite:
    """Return a site with a pack of these rules."""
    pack = Pack(
        name="quaypost",
        title="Quaypost",
        rule=tuple(rule for rule in rules if isinstance(rule, Rule)),
        layout=tuple(rule for rule in rules if isinstance(rule, Layout)),
        time=tuple(rule for rule in rules if isinstance(rule, TimeForm)),
        source=tuple(rule for rule in rules if isinstance(rule, SourceNames)),
    )
    return LearntSite(pack, trials, SAME, BETTER, 20, 20)


def trial(group: str = "lines", with_it: Agreement = BETTER, *, changed: int = 3, is_accepted: bool = True) -> GroupTrial:
    return GroupTrial(group, SAME, with_it, is_accepted, 20, changed, [])


def times(gained: int, lost: int = 0, *, is_accepted: bool = True, group: str = "times") -> GroupTrial:
    return GroupTrial(group, SAME, SAME, is_accepted, 20, 3, [], FieldGain(gained, lost))


def rule(name: str = "line-1", **keys) -> Rule:
    usual = {"kind": "navigation", "line": ("Most read",), "remove": ("Most read",), "keep": ("The ferry is back.",)}
    return Rule(id=f"quaypost.{name}", **{**usual, **keys})


def test_every_group_has_a_name():
    assert list(TITLES) == list(GROUPS)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (trial(), "3 of 20 pages not learnt from are read differently with it, and all in all they are read better."),
        (
            trial(changed=0, with_it=SAME, is_accepted=False),
            "It changes nothing on 20 pages not learnt from, so it",
        ),
        (trial(with_it=WORSE, is_accepted=False), "and all in all they are not read better, so it was left out."),
        (trial(with_it=LESS_PROSE, is_accepted=False), "it would cost too much of the prose of stories, so it was left out."),
        (times(7), "The own story has a time only with it on 7 of 20 pages not learnt from."),
        (times(0, is_accepted=False), "has a time only with it on 0 of 20 pages not learnt from, so it was left out."),
        (times(7, 2, is_accepted=False), "It takes a title, another field or prose from 2 of 20 pages not learnt from, so"),
        (times(7, group="sources"), "A story has its source only with it on 7 of 20 pages not learnt from."),
        (trial(changed=1), "1 of 20 pages not learnt from is read differently with it"),
    ],
)
def test_the_result_of_a_trial_is_told_in_plain_words(made, words):
    (group,) = shown_groups(site(trials=[made]))
    assert words in group.result


def test_the_agreement_before_and_after_is_told_in_figures_and_words():
    (group,) = shown_groups(site(trials=[trial()]))
    assert [(one.without, one.with_it, one.change) for one in group.measures] == [
        ("90.0 %", "90.0 %", "the same"),
        ("10.0 %", "20.0 %", "better by 10.0"),
        ("20.0 %", "10.0 %", "better by 10.0"),
    ]
    (worse,) = shown_groups(site(trials=[trial(with_it=WORSE)]))
    assert worse.measures[0].change == "worse by 40.0"


def test_rules_stand_in_their_groups_with_their_evidence_and_examples():
    evidence = Evidence(pages=9, of=10, first="2025-07-01", last="2025-07-05")
    line = rule(evidence=evidence, sureness=0.83, where="outside", sure="ambiguous")
    block = rule("block-1", line=(), between=(("Most read", "Terms"),), remove=("<<Most read\nA crane>>\nTerms",), most=50)
    header = Layout(id="quaypost.header-1", role="header", lines=("Harbour", "{title}"), template=("quaypost.template-1",))
    lines, blocks, headers = shown_groups(site(line, block, header, trials=[trial(), trial("blocks"), trial("headers")]))
    (shown,) = lines.rules
    assert (shown.pages, shown.of, shown.days, shown.sureness) == (9, 10, "2025-07-01 to 2025-07-05", 0.83)
    assert (shown.place, shown.needs_strict, shown.wordings) == ("outside the text of a story", True, ["Most read"])
    assert [line.is_removed for example in shown.remove for line in example.lines] == [True]
    assert [line.text for example in shown.keep for line in example.lines] == ["The ferry is back."]
    (shown,) = blocks.rules
    assert shown.wordings == ["Most read … Terms"]
    assert shown.place == "at most 50 lines"
    told = [(line.text, line.is_removed) for line in shown.remove[0].lines]
    assert told == [("Most read", True), ("A crane", True), ("Terms", False)]
    (shown,) = headers.rules
    assert (shown.kind, shown.place) == ("layout: header", "on pages of quaypost.template-1")


def test_rules_wordings_and_examples_beyond_the_most_are_counted():
    wordings = tuple(f"Label {number}" for number in range(MOST_WORDINGS + 5))
    rules = [rule(f"line-{number}", line=wordings, keep=("The ferry is back.",) * 9) for number in range(MOST_RULES + 7)]
    (group,) = shown_groups(site(*rules, trials=[trial()]))
    assert (len(group.rules), group.more) == (MOST_RULES, 7)
    assert (group.rules[0].more_wordings, group.rules[0].more_examples) == (5, 6)
    long = rule(keep=("\n".join(wordings),))
    (group,) = shown_groups(site(long, trials=[trial()]))
    assert len(group.rules[0].keep[0].lines) + group.rules[0].keep[0].left == len(wordings)


def test_a_form_of_time_is_shown_with_the_times_that_it_reads():
    evidence = Evidence(pages=9, of=10)
    form = TimeForm(
        id="quaypost.time-1", form=("{day}~{month}~{year}",), read=(("le 5~7~2025", "2025-07-05"),),
        keep=("The ferry is back.",), evidence=evidence, sureness=0.83,
    )  # fmt: skip
    (group,) = shown_groups(site(form, trials=[times(7)]))
    (shown,) = group.rules
    assert (group.title, shown.kind, shown.pages, shown.of) == ("Forms of time", "form of time", 9, 10)
    assert shown.wordings == ["le 5~7~2025 → 2025-07-05", "{day}~{month}~{year}"]
    assert ([one.lines[0].text for one in shown.keep], shown.remove) == (["The ferry is back."], [])


def test_publishers_are_shown_with_what_is_read_in_examples():
    names = SourceNames(
        id="quaypost.source-1", names=("Quay Post", "Pier"), read=(("Pier / Town", "Pier"),), keep=("The ferry is back.",)
    )
    (group,) = shown_groups(site(names, trials=[times(7, group="sources")]))
    (shown,) = group.rules
    assert (group.title, shown.kind) == ("Publishers", "names of publishers")
    assert shown.wordings == ["Pier / Town → Pier", "Quay Post", "Pier"]
