"""Proposals: accepted as a site, a group or a rule, added to the pack in use, and not proposed again once dropped."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cleaners.learning.pack_text import pack_toml
from cleaners.rules.layout import Layout
from cleaners.rules.load import read_pack
from cleaners.rules.model import Pack, Rule
from cleaners.rules.page_template import PageTemplate
from cleaners.rules.source_names import SourceNames
from cleaners.rules.time_form import TimeForm
from flows.errors import UsageError
from flows.learning.proposals import Proposals

KEEP = ("The harbour board said on Monday that the old crane would be taken down within the month.",)


def rule(name: str, line: str, **more: object) -> Rule:
    return Rule(id=f"quay.{name}", kind="navigation", line=(line,), where="outside", remove=(line,), keep=KEEP, **more)


def time(name: str, form: str = "{day}~{month}~{year}", read: str = "5~7~2025") -> TimeForm:
    return TimeForm(id=f"quay.{name}", form=(form,), read=((read, "2025-07-05"),), keep=KEEP)


def pack(*rules: Rule, layouts: tuple[Layout, ...] = (), times: tuple[TimeForm, ...] = ()) -> Pack:
    hosts = ("quaypost.example",)
    return Pack(format=2, name="quay", title="Learnt", hosts=hosts, rule=rules, layout=layouts, time=times)


PROPOSED = pack(
    rule("line-navigation-outside-9-of-9", "Quay Post front page"),
    rule("line-disclaimer-outside-8-of-9", "The Quay Post is not liable.", sure="ambiguous"),
    rule("prefix-1", "You are here"),
    layouts=(Layout(id="quay.header-1", role="header", lines=("Quay Post front page", "{title}")),),
    times=(time("time-1"),),
)


@pytest.fixture
def proposals(tmp_path):
    proposals = Proposals(tmp_path / "packs")
    proposals.propose(PROPOSED)
    return proposals


def ids(found: Pack | None) -> list[str]:
    return sorted(part.id.removeprefix("quay.") for part in found.parts) if found else []


def test_a_proposal_is_written_below_the_packs_in_use(proposals):
    assert proposals.proposed("quay") == PROPOSED
    assert proposals.accepted("quay") is None
    assert not list(proposals.to.glob("*.toml"))


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ("quay", ["header-1", "line-disclaimer-outside-8-of-9", "line-navigation-outside-9-of-9", "prefix-1", "time-1"]),
        ("quay.lines", ["line-disclaimer-outside-8-of-9", "line-navigation-outside-9-of-9"]),
        ("quay.headers", ["header-1"]),
        ("quay.times", ["time-1"]),
        ("quay.prefix-1", ["prefix-1"]),
    ],
)
def test_what_is_accepted_moves_into_the_pack_in_use(proposals, given, accepted):
    assert [one.removeprefix("quay.") for one in proposals.accept([given])] == accepted
    assert ids(proposals.accepted("quay")) == accepted
    assert ids(proposals.proposed("quay")) == sorted({*ids(PROPOSED)} - {*accepted})


def test_rules_that_are_doubtful_stay_proposed_when_only_the_sure_are_accepted(proposals):
    proposals.accept(["quay"], only_sure=True)
    assert ids(proposals.proposed("quay")) == ["line-disclaimer-outside-8-of-9"]


def test_rules_that_were_left_out_are_accepted_by_the_name_of_their_group_alone(proposals):
    others = pack(rule("block-1", "Read on"), rule("block-2", "See also"), rule("block-3", "More"))
    proposals.drop(["quay.prefix-1"])
    proposals.leave_out("quay", pack(*others.rule, rule("prefix-9", "You are here")))
    assert ids(proposals.left_out("quay")) == ["block-1", "block-2", "block-3"]  # not the one that was dropped
    assert ids(proposals.proposed("quay")) == sorted({*ids(PROPOSED)} - {"prefix-1"})
    assert not [one for one in proposals.accept(["quay"]) if "block" in one]
    assert proposals.accept(["quay.blocks"], only_sure=True) == []
    assert proposals.accept(["quay.block-2"]) == ["quay.block-2"]
    assert proposals.drop(["quay.block-3"]) == ["quay.block-3"]
    assert proposals.accept(["quay.blocks"]) == ["quay.block-1"]
    assert {"block-1", "block-2"} < {*ids(proposals.accepted("quay"))}
    assert proposals.left_out("quay") is None


def test_rules_left_out_before_make_way_for_those_of_the_last_time(proposals):
    proposals.leave_out("quay", pack(rule("block-1", "Read on")))
    assert ids(proposals.leave_out("quay", pack(rule("block-7", "See also")))) == ["block-7"]
    assert proposals.leave_out("quay", None) is None
    assert proposals.left_out("quay") is None


def test_rules_learnt_later_come_after_those_in_use(proposals):
    proposals.accept(["quay"])
    proposals.propose(pack(rule("prefix-1", "Read on")))
    proposals.accept(["quay"])
    both = proposals.accepted("quay")
    assert [(one.id, one.line) for one in both.rule][-1] == ("quay.prefix-1-2", ("Read on",))
    assert both.rule[: len(PROPOSED.rule)] == PROPOSED.rule


def test_what_was_dropped_is_not_proposed_again_under_any_id(proposals):
    assert proposals.drop(["quay.prefix-1"]) == ["quay.prefix-1"]
    left = proposals.propose(pack(rule("prefix-7", "You are here"), rule("prefix-8", "Read on")))
    assert ids(left) == ["prefix-8"]


def test_a_rule_in_use_can_be_dropped(proposals):
    proposals.accept(["quay"])
    proposals.drop(["quay.lines", "quay.headers"])
    assert ids(proposals.accepted("quay")) == ["prefix-1", "time-1"]
    proposals.drop(["quay"])
    assert proposals.accepted("quay") is None


NEWS = PageTemplate(id="quay.news", signs=("News desk", "News"), signs_needed=2, seen=("2026-01-01", "2026-02-01"))
BLOG = PageTemplate(id="quay.blog", signs=("Blog desk", "Blog"), signs_needed=2, seen=("2026-05-01", "2026-05-02"))


def days(found: Pack | None) -> dict[str, tuple[str, ...]]:
    return {template.id.removeprefix("quay."): template.seen for template in found.template} if found else {}


@pytest.fixture
def beside(proposals):
    """A proposal beside a pack with a template: a new one with two rules for it, and other days of the known one."""
    proposals.accept(["quay"])
    whole = replace(proposals.accepted("quay"), template=(NEWS,))
    (proposals.to / "quay.toml").write_text(pack_toml(whole))
    rules = (rule("prefix-8", "Read on", template=("quay.blog",)), rule("prefix-9", "Look here", template=("quay.blog",)))
    proposals.propose(replace(pack(*rules), template=(replace(NEWS, seen=("2026-01-05", "2026-03-01")), BLOG)))
    return proposals


def test_nothing_reaches_the_pack_in_use_before_it_is_accepted(beside):
    assert days(beside.accepted("quay")) == {"news": ("2026-01-01", "2026-02-01")}


def test_a_template_comes_with_a_rule_for_it_and_the_days_of_a_known_one_with_anything(beside):
    assert beside.accept(["quay.prefix-8"]) == ["quay.news", "quay.prefix-8"]
    both = {"news": ("2026-01-01", "2026-03-01"), "blog": BLOG.seen}
    assert days(beside.accepted("quay")) == both
    assert days(beside.proposed("quay")) == {"blog": BLOG.seen}
    beside.accept(["quay"])
    assert days(beside.accepted("quay")) == both
    assert [one.template for one in beside.accepted("quay").rule[-2:]] == [("quay.blog",)] * 2
    assert beside.proposed("quay") is None


def test_a_template_can_be_accepted_alone(beside):
    assert beside.accept(["quay.news"]) == ["quay.news"]
    assert days(beside.accepted("quay")) == {"news": ("2026-01-01", "2026-03-01")}
    assert beside.accept(["quay.blog"]) == ["quay.blog"]
    assert [*days(beside.accepted("quay"))] == ["news", "blog"]
    assert ids(beside.proposed("quay")) == ["prefix-8", "prefix-9"]


def test_with_a_template_go_the_rules_for_it_and_it_is_not_proposed_again(beside):
    assert beside.drop(["quay.blog"]) == ["quay.blog", "quay.prefix-8", "quay.prefix-9"]
    assert days(beside.proposed("quay")) == {"news": ("2026-01-05", "2026-03-01")}
    assert beside.propose(replace(pack(), template=(replace(BLOG, id="quay.live"),))) is None
    assert beside.sites() == []


def test_templates_alone_are_a_proposal(beside):
    left = beside.propose(replace(pack(), template=(BLOG,)))
    assert days(left) == {"blog": BLOG.seen}
    assert beside.accept(["quay"], only_sure=True) == ["quay.blog"]
    assert [*days(beside.accepted("quay"))] == ["news", "blog"]
    assert beside.sites() == []


@pytest.mark.parametrize("given", ["other", "quay.blocks", "quay.prefix-9", "../quay", "quay.", ""])
def test_an_id_of_nothing_is_a_mistake(proposals, given):
    if given == "quay.":
        assert proposals.accept([given])  # as the site alone
        return
    with pytest.raises(UsageError, match=r"nothing proposed is named .*there are proposals for quay"):
        proposals.accept([given])


def test_without_proposals_the_advice_is_to_learn(tmp_path):
    with pytest.raises(UsageError, match="holds no proposal; learn some pages first"):
        Proposals(tmp_path).accept(["quay"])


def test_a_proposal_edited_by_hand_is_checked(proposals):
    file = proposals.folder / "quay.toml"
    file.write_text(file.read_text().replace('remove = ["You are here"]', 'remove = ["Something else"]'))
    with pytest.raises(UsageError, match=r"quay\.prefix-1: takes nothing from 'Something else'"):
        proposals.accept(["quay"])
    file.write_text("name = ")
    with pytest.raises(UsageError, match="mend the pack, or take it away"):
        proposals.accept(["quay"])


def test_a_damaged_list_of_what_was_dropped_is_told(proposals):
    proposals.drop(["quay.prefix-1"])
    (proposals.folder / "dropped.jsonl").write_text("no json\n")
    with pytest.raises(UsageError, match="damaged; take it away"):
        proposals.propose(PROPOSED)


def test_packs_are_written_as_they_are_read(proposals):
    assert read_pack(pack_toml(PROPOSED).encode(), "quay") == PROPOSED


def test_a_dropped_form_of_time_is_not_proposed_again(proposals):
    proposals.drop(["quay.time-1"])
    again = pack(times=(time("time-1", "{year}~{month}~{day}", "2025~7~5"), time("time-2", read="05~07~2025")))
    assert ids(proposals.propose(again)) == ["time-1"]
    proposals.accept(["quay"])
    assert ids(proposals.accepted("quay")) == ["time-1"]
    assert proposals.propose(pack(times=(time("time-9"),))) is None


def test_dropped_names_of_publishers_are_not_proposed_again(proposals):
    names = SourceNames(id="quay.source-1", names=("Quay", "Pier"), read=(("Pier", "Pier"),), keep=KEEP)
    proposals.propose(replace(PROPOSED, source=(names,)))
    assert proposals.drop(["quay.sources"]) == ["quay.source-1"]
    again = replace(names, names=("Pier", "Quay"), read=(("Quay", "Quay"),))
    assert proposals.propose(Pack(format=2, name="quay", title="", hosts=("quaypost.example",), source=(again,))) is None


def test_a_pack_under_the_name_of_another_one_is_refused(proposals):
    file = proposals.folder / "quay.toml"
    file.write_text(file.read_text().replace('"quay.', '"pier.').replace('name = "quay"', 'name = "pier"'))
    with pytest.raises(UsageError, match="the pack is named pier; name the file as the pack"):
        proposals.accept(["quay"])
    assert not list(proposals.to.glob("*.toml"))
