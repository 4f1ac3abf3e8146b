"""Reasons: every rule has a sentence that explains it."""

from __future__ import annotations

import pytest

from cleaners import clean_page, shipped_packs
from flows.packs import read_packs
from flows.report.reasons import reasons_of
from tests.cleaners.rules.test_model import RULE, toml
from tests.support.labelled import load_cases


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("daily8.article-logo.repeat", "It says again what was taken elsewhere for the same story."),
        ("generic.control-characters", "It takes characters that cannot be seen."),
        ("generic.article.after", "It stands after the page's own story."),
        ("generic.credit-sign", "It takes whole lines: “© {words}”, outside of the text of stories."),
    ],
)
def test_a_reason_is_a_sentence(rule, reason):
    assert reasons_of([rule], shipped_packs()) == {rule: reason}


def test_long_wordings_and_many_of_them_are_cut():
    (reason,) = reasons_of(["daily8.ai-box"], shipped_packs()).values()
    assert reason == (
        "It takes lines that follow each other: “Hashtags”, “Try Our AI Features”, “Explore what Daily8 AI can do for you:”"
        " and 3 more."
    )
    (reason,) = reasons_of(["en.newsweek-facts"], shipped_packs()).values()
    assert reason == "It takes whole sentences: “Based on facts, either observed and verified firsthand by…”."


def test_whatever_removes_something_has_a_reason():
    fired = {
        rule
        for case in load_cases("daily8", "daily8_constructed", "aggregators").values()
        for rule in clean_page(case["text"]).kinds
    }
    assert len(fired) > 50
    assert fired - reasons_of(fired, shipped_packs()).keys() == set()


def test_a_user_s_own_rule_has_one_whatever_its_file_is_called(tmp_path):
    (tmp_path / "else.toml").write_bytes(toml(RULE))
    assert list(reasons_of(["mine.bar"], read_packs(str(tmp_path)))) == ["mine.bar"]
    (tmp_path / "else.toml").write_text("name =")
    assert reasons_of(["mine.bar"], read_packs(str(tmp_path))) == {}
