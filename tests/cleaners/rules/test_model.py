from __future__ import annotations

import pytest

from cleaners.errors import PackError
from cleaners.examples import check_pack
from cleaners.rules.load import read_pack, shipped_packs
from cleaners.rules.registry import Library

RULE = {
    "id": '"mine.bar"',
    "kind": '"share-bar"',
    "line": '["Share this"]',
    "remove": '["Share this"]',
    "keep": '["Share this loaf."]',
}


def toml(rule: dict[str, str | None], head: str = 'name = "mine"\ntitle = "Mine"') -> bytes:
    lines = [f"{name} = {value}" for name, value in rule.items() if value is not None]
    return "\n".join([head, "[[rule]]", *lines]).encode()


def test_a_sound_pack_is_read():
    pack = read_pack(toml(RULE), "mine.toml")
    assert pack.rule[0].line == ("Share this",)
    assert list(check_pack(pack)) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"remove": None}, "remove"),
        ({"keep": None}, "keep"),
        ({"keep": "[]"}, "keep"),
        ({"kind": '"clutter"'}, "kind"),
        ({"line": None}, "exactly one of line, start"),
        ({"start": '["Share this"]'}, "exactly one of line, start"),
        ({"colour": '"red"'}, "colour"),
        ({"id": '"bar"'}, "an id begins with its pack's name"),
        ({"sure": '"maybe"'}, "sure"),
        ({"line": '["Share {this"]'}, "brace"),
        ({"line": '["Share {nothing}"]'}, "unknown field {nothing}"),
        ({"line": None, "sentence": '["ad"]'}, "must begin with 4 characters"),
        ({"line": None, "sentence": '["{words} ad"]'}, "must begin with 4 characters"),
        ({"to": '"body"'}, "to"),
        ({"line": '["{words} Oslo {words}"]'}, "needs a fixed word at its start or end"),
        ({"line": '["{rest}"]'}, "needs a fixed word at its start or end"),
        (
            {"line": '["a {a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}"]'},
            "131072 wordings",
        ),
        ({"line": None, "fence": '[["Foo bar", "{wrods}"]]'}, "unknown field {wrods}"),
        ({"line": None, "lines": '["[Foo]", "[Bar]"]'}, "2 of 2 lines are in brackets"),
        ({"line": None, "lines": '["Foo {", "Bar"]'}, "brace"),
        ({"line": None, "lines": '["Foo", "{nonsense}"]'}, "unknown field {nonsense}"),
        ({"line": None, "characters": '"ae"'}, "may only be control characters"),
    ],
)
def test_a_pack_that_is_not_sound_is_refused_with_its_name(change, says):
    with pytest.raises(PackError) as refused:
        read_pack(toml(RULE | change), "mine.toml")
    assert str(refused.value).startswith("mine.toml: ")
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("name = ", "Invalid value"),
        ('title = "Mine"', "name"),
        ('name = "mine"\ntitle = "Mine"\nclaims = ["mine.box"]', "claims mine.box"),
        ('name = "mine"\ntitle = "Mine"\nsigns = ["Try our AI features"]', "it takes 2 signs"),
        ('name = "mine"\ntitle = "Mine"\nsigns = ["Save", "Share"]\nsigns_needed = 1', "signs_needed"),
    ],
)
def test_the_rest_of_a_pack_is_checked_too(head, says):
    with pytest.raises(PackError) as refused:
        read_pack(toml(RULE, head), "mine.toml")
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('["{headline}", "{body}"]', "unknown field {headline}"),
        ('["{title", "{body}"]', "brace"),
        ('["[{title}]"]', "1 of 1 lines are in brackets"),
        ('["x", "[a]", "[b]", "[c]", "[d]", "[e]", "[f]", "[g]"]', "7 of 8 lines are in brackets"),
        ('["{title}-{source}-{time}-{category}-{tag}"]', "4 fields at most"),
        ('[""]', "must hold something"),
    ],
)
def test_a_layout_that_is_not_sound_is_refused(lines, says):
    layout = f'name = "mine"\ntitle = "Mine"\n[[layout]]\nid = "mine.page"\nrole = "article"\nlines = {lines}'
    with pytest.raises(PackError) as refused:
        read_pack(layout.encode(), "mine.toml")
    assert says in str(refused.value)


@pytest.mark.parametrize("name", ['""', '"My pack"', '"../x"'])
def test_a_name_is_made_of_small_letters(name):
    with pytest.raises(PackError, match="name"):
        read_pack(f'name = {name}\ntitle = "Mine"'.encode(), "mine.toml")


@pytest.mark.parametrize("name", ["mine.$(id)", "mine.a b", "mine.\u202eb", "mine.<b>", "mine.", f"mine.{'a' * 100}"])
def test_an_id_is_made_of_small_letters_and_short(name):
    with pytest.raises(PackError, match="id"):
        read_pack(toml(RULE).replace(b"mine.bar", name.encode()), "mine.toml")


def test_an_id_may_stand_only_once():
    twice = toml(RULE) + b"\n" + toml(RULE, "")
    with pytest.raises(PackError, match=r"mine\.bar is there twice"):
        read_pack(twice, "mine.toml")


def test_two_packs_cannot_have_one_name():
    with pytest.raises(PackError, match=r"two packs named mine, a\.toml and b\.toml; give one"):
        Library([("a.toml", toml(RULE)), ("b.toml", toml(RULE))])
    with pytest.raises(PackError, match=r"two packs named sv, own\.toml and sv\.toml"):
        Library([*shipped_packs(), ("own.toml", toml(RULE).replace(b"mine", b"sv"))])


@pytest.mark.parametrize(("name", "content"), shipped_packs(), ids=[name for name, _ in shipped_packs()])
def test_every_example_of_the_shipped_packs_holds(name, content):
    assert list(check_pack(read_pack(content, name))) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"remove": '["Share that"]'}, "takes nothing from 'Share that'"),
        ({"keep": '["Share this"]'}, "which it must leave alone"),
        ({"remove": '["<<Share>> this"]'}, "not 'Share'"),
    ],
)
def test_an_example_that_does_not_hold_is_told(change, says):
    (problem,) = check_pack(read_pack(toml(RULE | change), "mine.toml"))
    assert says in problem


@pytest.mark.parametrize(
    ("role", "lines", "more"),
    [
        ("header", '["{source}", "{time}"]', ""),
        ("header", '["[{title}]", "{time}"]', ""),
        ("header", '["{title}", "{body}"]', ""),
        ("header", '["{title}"]', "repeats = 2"),
        ("article", '["{title}", "{body}"]', "repeats = 2"),
        ("article", '["{title}", "{standfirst}", "{body}"]', ""),
        ("paid", '["{title}", "{source}"]', ""),
        ("story", '["{title}", "{source}"]', "labelled = true"),
        ("story", '["{title}", "{source}"]', "repeats = -1"),
        ("story", '["{number}", "{other}"]', "repeats = 1"),
        ("story", '["{title}", "{body}", "{dated}"]', "repeats = 1"),
        ("story", '["{title}", "{tag}"]', "repeats = 1"),
    ],
)
def test_a_layout_that_makes_no_sense_is_refused(role, lines, more):
    layout = f'name = "mine"\ntitle = "Mine"\n[[layout]]\nid = "mine.x"\nrole = "{role}"\nlines = {lines}\n{more}'
    with pytest.raises(PackError, match="mine.x"):
        read_pack(layout.encode(), "mine.toml")
