"""The wordings of pages that are none."""

from __future__ import annotations

import pytest

from cleaners.errors import PackError
from cleaners.examples import check_pack
from cleaners.rules.load import read_pack
from cleaners.rules.refusal import Refusal

SOUND = {
    "id": '"mine.gone"',
    "page": '"missing"',
    "line": '["The page has gone{|.}"]',
    "words": '["page you"]',
    "refuse": '["The page has gone\\nThe page you want is not here."]',
    "keep": '["The page has gone\\nThe mayor said so on Monday."]',
}


def toml(change: dict[str, str | None]) -> bytes:
    lines = [f"{name} = {value}" for name, value in (SOUND | change).items() if value is not None]
    return "\n".join(['name = "mine"', 'title = "Mine"', "[[refusal]]", *lines]).encode()


def test_a_sound_refusal_is_read_and_its_examples_hold():
    pack = read_pack(toml({}), "mine.toml")
    assert pack.refusal[0].line_keys == ["the page has gone", "the page has gone."]
    assert list(check_pack(pack)) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"keep": None}, "keep"),
        ({"refuse": "[]"}, "refuse"),
        ({"page": '"wall"'}, "page"),
        ({"line": "[]"}, "needs `line` and `words`"),
        ({"line": '["{words} has gone"]'}, "has a field"),
        ({"line": '["404"]'}, "no letter"),
        ({"id": '"gone"'}, "begins with its pack's name"),
    ],
)
def test_a_refusal_that_is_not_sound_is_refused(change, says):
    with pytest.raises(PackError, match=says):
        read_pack(toml(change), "mine.toml")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"refuse": '["The page has gone\\nThe mayor said so on Monday."]'}, "does not refuse"),
        ({"keep": '["The page has gone\\nThe page you want is not here."]'}, "refuses"),
    ],
)
def test_an_example_that_fails_is_named(change, says):
    (problem,) = check_pack(read_pack(toml(change), "mine.toml"))
    assert says in problem
    assert Refusal.__name__ and problem.startswith("mine.gone")
