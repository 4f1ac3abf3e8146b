from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.page import split_lines
from cleaners.examples import check_pack
from cleaners.rules.compiled import Ruleset
from cleaners.rules.index import RuleIndex
from cleaners.rules.load import read_pack
from cleaners.segmentation.between_labels import drop_between
from cleaners.text.line_shape import is_prose
from tests.support.packs import STORY, cleaned, pack, removed, rule

PROSE = "The harbour board said on Monday that the old crane would be taken down within the month."


def left(text: str, match: str, more: str = "") -> list[str]:
    ruleset = Ruleset([RuleIndex(read_pack(pack(rule(match, more)), "quay.toml"), strict=False)])
    found = drop_between(split_lines(text), ruleset)
    assert sorted([*found.lines, *(line for line, _ in found.removed)], key=lambda line: line.start) == split_lines(text)
    return [line.text for line in found.lines]


@pytest.mark.parametrize(
    ("match", "more", "text", "rest"),
    [
        ('between = [["Weather", "Sport"]]', "", "A\nWeather\nOslo\nBergen\nSport\nB", "A\nSport\nB"),
        ('between = [["Weather", "Sport"]]', "with_last = true", "A\nWEATHER\nOslo\nSport\nB", "A\nB"),
        ('between = [["Weather", "Sport"]]', "", "A\nWeather\nSport\nB", "A\nSport\nB"),
        ('between = [["Weather", "Sport"]]', "", "A\nWeather\nOslo\nB", "A\nWeather\nOslo\nB"),
        ('between = [["Weather", "Sport"]]', "", "Sport\nWeather\nOslo", "Sport\nWeather\nOslo"),
        ('between = [["Weather", "Sport"]]', "most = 1", "Weather\nOslo\nBergen\nSport", "Weather\nOslo\nBergen\nSport"),
        ('between = [["Weather", "Sport"]]', "most = 1", "Weather\nOslo\nWeather\nBergen\nSport", "Weather\nOslo\nSport"),
        ('between = [["Weather", "Sport"]]', "", f"Weather\n{PROSE}\nSport", f"Weather\n{PROSE}\nSport"),
        ('between = [["Weather", "Sport"]]', "prose = true", f"Weather\n{PROSE}\nSport", "Sport"),
        ('between = [["Weather", ""]]', "", "A\nWeather\nOslo\nBergen", "A"),
        ('between = [["Weather", ""]]', "with_last = true", "A\nWeather", "A"),
        ('between = [["Weather", ""]]', "", f"A\nWeather\nOslo\n{PROSE}", f"A\nWeather\nOslo\n{PROSE}"),
        (
            'between = [["Weather in {words}", "Read {n} more"]]',
            "",
            "Weather in Oslo\nRain\nRead 12 more\nB",
            "Read 12 more\nB",
        ),
        ('between = [["Sport", ""], ["Weather", "Sport"]]', "", "Weather\nOslo\nSport\nB", ""),
        ('between = [["Weather", "Weather"]]', "", "Weather\nOslo\nWeather\nBergen", "Weather\nBergen"),
    ],
)
def test_the_lines_between_two_labels_go(match, more, text, rest):
    assert left(text, match, more) == [line for line in rest.split("\n") if line]


def test_the_ledger_names_the_rule():
    text = f"{STORY}\nWeather\nOslo 7\nBergen 9\nContact us"
    found = cleaned(text, rule('between = [["Weather", "Contact us"]]'))
    assert removed(text, found) == ["Weather\nOslo 7\nBergen 9"]
    assert found.records[0].text.endswith("at the quay.\nContact us")


def test_a_stretch_may_end_the_story():
    match = 'between = [["More from us", "The end"]]'
    layout = '\n[[layout]]\nid = "quay.page"\nrole = "article"\nlines = ["{title}", "{body}"]\n'
    body = layout + rule(match, "ends_article = true\nwith_last = true")
    found = cleaned(f"{STORY}\nMore from us\nOslo\nThe end\nAnother thing", body)
    assert "Another thing" not in found.records[0].text


def test_examples_are_run():
    body = rule('between = [["Weather", "Sport"]]', remove='"<<Weather\\nOslo>>\\nSport"', keep='"Weather\\nOslo"')
    assert list(check_pack(read_pack(pack(body), "quay.toml"))) == []
    wrong = read_pack(pack(body.replace("Oslo>>\\nSport", "Oslo\\nSport>>")), "quay.toml")
    assert "takes 'Weather\\nOslo'" in next(check_pack(wrong)).replace("\n", "\\n")


@given(st.lists(st.sampled_from(["A", "Z", "x", PROSE]), max_size=30), st.integers(1, 4), st.booleans(), st.booleans())
def test_a_stretch_is_as_its_rule_says(texts, most, with_last, prose):
    more = f"most = {most}\nwith_last = {str(with_last).lower()}\nprose = {str(prose).lower()}"
    expected: list[str] = []
    i = 0
    while i < len(texts):
        end = texts.index("Z", i + 1) if "Z" in texts[i + 1 :] else -1
        inner = texts[i + 1 : end]
        if texts[i] == "A" and end > 0 and len(inner) <= most and (prose or not any(map(is_prose, inner))):
            i = end + with_last
            continue
        expected.append(texts[i])
        i += 1
    assert left("\n".join(texts), 'between = [["A", "Z"]]', more) == expected
