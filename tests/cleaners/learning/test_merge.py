from __future__ import annotations

import pytest

from cleaners.learning.merge import merged, only, without
from cleaners.learning.pack_text import pack_toml
from cleaners.rules.layout import Layout
from cleaners.rules.load import read_pack
from cleaners.rules.model import Pack, Rule
from cleaners.rules.page_template import MAX_TEMPLATES, PageTemplate
from cleaners.rules.source_names import SourceNames
from cleaners.rules.time_form import TimeForm


def rule(name, text="Menu", template=()):
    return Rule(id=f"quay.{name}", kind="navigation", line=(text,), remove=(text,), keep=("So it was.",), template=template)


def time(name, form="{day}~{month}~{year}"):
    return TimeForm(id=f"quay.{name}", form=(form,), read=(("5~7~2025", "2025-07-05"),), keep=("So it was.",))


def source(name, *names):
    return SourceNames(id=f"quay.{name}", names=names, read=((names[0], names[0]),), keep=("So it was.",))


def pack(rules=(), layouts=(), templates=(), seen=(), sign="Print", **more):
    layout = tuple(Layout(id=f"quay.{name}", role="story", lines=("{title}", "{time}"), repeats=2) for name in layouts)
    of = tuple(PageTemplate(id=f"quay.{name}", signs=(f"{name} desk", sign), signs_needed=2, seen=seen) for name in templates)
    more = {"hosts": ("quaypost.example",), "format": 2, **more}
    return Pack(name="quay", title="Quay", rule=tuple(rules), layout=layout, template=of, **more)


def read_again(found):
    assert read_pack(pack_toml(found).encode(), "quay.toml") == found
    return found


def test_new_parts_come_after_those_of_the_old_pack():
    old = pack([rule("a", "Old")], ["story"], hosts=("a.example",), signs=("One of them", "Two of them"), format=1)
    new = pack([rule("b", "New")], ["list"], hosts=("a.example", "b.example"), signs=("Two of them", "Three of them"))
    found = read_again(merged(old, new))
    assert [part.id for part in (*found.rule, *found.layout)] == ["quay.a", "quay.b", "quay.story", "quay.list"]
    assert (found.hosts, found.signs, found.format) == (
        ("a.example", "b.example"),
        ("One of them", "Two of them", "Three of them"),
        2,
    )


def test_an_id_that_is_taken_gets_a_number():
    old = pack([rule("a", "Old"), rule("a-2", "Older")], ["b"], ["news"])
    new = pack([rule("a", "New"), rule("b", "Newer", ("quay.news",))], [], ["news"], sign="Another")
    found = read_again(merged(old, new))
    assert [(part.id, part.template) for part in found.rule[2:]] == [("quay.a-3", ()), ("quay.b-2", ("quay.news-2",))]
    assert [template.id for template in found.template] == ["quay.news", "quay.news-2"]


@pytest.mark.parametrize(
    ("before", "now", "seen"),
    [
        (("2026-01-03", "2026-02-01"), ("2026-03-01", "2026-03-09"), ("2026-01-03", "2026-03-09")),
        (("2026-01-03", "2026-02-01"), ("2025-12-31", "2026-01-09"), ("2025-12-31", "2026-02-01")),
        (("2026-01-03", "2026-02-01"), (), ("2026-01-03", "2026-02-01")),
        ((), ("2026-01-03", "2026-01-03"), ("2026-01-03", "2026-01-03")),
        ((), (), ()),
    ],
)
def test_a_template_of_both_is_one_and_seen_from_its_first_day_to_its_last(before, now, seen):
    old = pack([rule("a", template=("quay.news",))], [], ["news", "blog"], before)
    found = read_again(merged(old, pack([rule("a", "New", ("quay.news",))], [], ["news"], now)))
    assert [(one.id, one.seen) for one in found.template] == [("quay.news", seen), ("quay.blog", before)]
    assert [(part.id, part.template) for part in found.rule] == [("quay.a", ("quay.news",)), ("quay.a-2", ("quay.news",))]
    assert read_again(merged(found, pack([], [], ["news"], now))) == found


def test_parts_for_templates_beyond_the_limit_are_left_out():
    names = [f"t{n}" for n in range(MAX_TEMPLATES)]
    new = pack([rule("a"), rule("b", template=("quay.x", "quay.y")), rule("c", template=("quay.y",))], [], ["x", "y"])
    found = read_again(merged(pack(templates=names[:-1]), new))
    assert [(part.id, part.template) for part in found.rule] == [("quay.a", ()), ("quay.b", ("quay.x",))]
    assert len(read_again(merged(pack(templates=names), new)).template) == MAX_TEMPLATES


def test_parts_are_taken_alone_with_the_templates_that_they_name():
    whole = pack([rule("a", template=("quay.x",)), rule("b", template=("quay.y",))], ["story"], ["x", "y", "z"])
    found = read_again(only(whole, {"quay.a", "quay.story", "quay.z"}))
    assert [part.id for part in (*found.rule, *found.layout, *found.template)] == ["quay.a", "quay.story", "quay.x", "quay.z"]
    assert [one.id for one in only(whole, {"quay.y"}).template] == ["quay.y"]


def test_parts_are_taken_out_with_the_templates_that_only_they_name():
    whole = pack([rule("a", template=("quay.x",)), rule("b", template=("quay.y",))], ["story"], ["x", "y", "z"])
    found = read_again(without(whole, {"quay.a", "quay.story"}))
    assert [part.id for part in (*found.rule, *found.layout, *found.template)] == ["quay.b", "quay.y", "quay.z"]
    assert [one.id for one in without(found, {"quay.y", "quay.z"}).template] == ["quay.y"]
    assert without(pack([rule("a")]), {"quay.a", "quay.none"}).rule == ()


def test_forms_of_time_are_joined_and_taken_out_as_rules_are():
    found = read_again(merged(pack([rule("a")], time=(time("time-1"),)), pack(time=(time("time-1", "{year}~{month}~{day}"),))))
    assert [(one.id, one.form) for one in found.time] == [
        ("quay.time-1", ("{day}~{month}~{year}",)),
        ("quay.time-1-2", ("{year}~{month}~{day}",)),
    ]
    assert [one.id for one in read_again(without(found, {"quay.time-1"})).parts] == ["quay.a", "quay.time-1-2"]


def test_names_of_publishers_are_joined_and_taken_out_as_rules_are():
    old, new = (pack(source=(source("source-1", name),)) for name in ("Quay", "Pier"))
    found = read_again(merged(old, new))
    assert [(one.id, one.names) for one in found.source] == [("quay.source-1", ("Quay",)), ("quay.source-1-2", ("Pier",))]
    assert found.publishers == ("Quay", "Pier")
    assert read_again(without(found, {"quay.source-1"})).publishers == ("Pier",)


def test_signs_of_which_another_number_is_needed_are_those_learnt_last():
    old = pack(signs=("One of them", "Two of them"), names=("One of them",))
    many = ("Home", "Search", "About us", "Contact", "Print", "Share")
    found = read_again(merged(old, pack([rule("a")], signs=many, signs_needed=5)))
    assert (found.signs, found.signs_needed, found.names) == (many, 5, ())
    found = read_again(merged(old, pack([rule("a")], signs=("Three of them", "Two of them"), names=("Three of them",))))
    assert (found.signs, found.names) == (("One of them", "Two of them", "Three of them"), ("One of them", "Three of them"))
    assert read_again(merged(pack(signs=many, signs_needed=5), pack([rule("a")]))).signs_needed == 5
