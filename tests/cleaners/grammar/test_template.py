from __future__ import annotations

import pytest

from cleaners.grammar.template import check_fields, opening, pattern, pieces, spell


def test_alternatives_are_spelled_out():
    assert spell("{Sign|Log} in{| now}") == ["Sign in", "Sign in now", "Log in", "Log in now"]
    assert spell("plain") == ["plain"]


def test_braces_in_the_text_are_doubled():
    assert [piece.text for piece in pieces(spell("() => {{ {n} }}")[0])] == ["() => { ", "", " }"]


@pytest.mark.parametrize("template", ["{a", "a}", "{{a}", "{a{b}}", "{a|b|c}" * 5])
def test_a_template_that_is_not_sound_is_refused(template):
    with pytest.raises(ValueError, match="brace|wordings"):
        spell(template)


def test_an_unknown_field_is_refused_by_name():
    with pytest.raises(ValueError, match=r"unknown field \{nmae\}"):
        check_fields("By {nmae}")


def test_the_opening_is_the_text_before_the_first_field():
    assert opening("Sign up for {words} now") == "Sign up for "
    assert opening("{n} comments") == ""


@pytest.mark.parametrize(
    ("template", "text", "matches"),
    [
        ("{n} min read", "1,204 min read", True),
        ("{n} min read", "٤ min read", True),
        ("Don't miss {words}.", "Don’t miss the fair.", True),
        ("Don't miss {words}.", "Don't miss it. Or do.", False),
        ("A  B", "A\u00a0\nB", True),
        ("{price} Shop", "£7.20 Shop", True),
        ("Visit {domain}", "Visit podcastchoices.com/adchoices", True),
        ("Visit {domain}", "Visit us", False),
        ("(a+)+$", "aaaaaaaa", False),
        ("Don't miss {words}.", f"Don't miss {'w' * 200}.", True),
        ("Don't miss {words}.", f"Don't miss {'w' * 220}.", False),
    ],
)
def test_fields_and_text_match(template, text, matches):
    assert bool(pattern(template, caseless=False).fullmatch(text)) is matches


@pytest.mark.parametrize(
    ("template", "spellings"),
    [
        ("{source}{? / {category}}", ["{source} / {category}", "{source}"]),
        ("{?{title} }by {a|an} x", ["{title} by a x", "{title} by an x", "by a x", "by an x"]),
        ("Really{?|!}", ["Really?", "Really!"]),  # two wordings
        ("{?no {?nest}}", None),
        ("{?}", ["{?}"]),  # a field that is unknown
    ],
)
def test_a_part_with_fields_may_be_missing(template, spellings):
    if spellings is None:
        with pytest.raises(ValueError, match="brace"):
            spell(template)
    else:
        assert spell(template) == spellings


def test_an_optional_part_counts_into_the_wordings():
    assert len(spell("{?a}{?b}{?c}{?d}{?e}{?f}x")) == 64
    with pytest.raises(ValueError, match="128 wordings"):
        spell("{?a}{?b}{?c}{?d}{?e}{?f}{?g}x")
