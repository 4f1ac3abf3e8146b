from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleaners import Library, shipped_packs
from cleaners.examples import check_pack
from cleaners.rules.load import read_pack
from cleaners.rules.model import ANYWHERE, BESIDE, EVERYWHERE, IN_OWN_TEXT
from cleaners.rules.whole_lines import after_bullet, line_rule
from tests.cleaners.rules.plain_line_rule import plain_line_rule
from tests.support.packs import pack, rule


@pytest.mark.parametrize("bullet", ["• ", "* ", "- ", "– ", "· ", "▪ ", "○ ", "» ", "+ "])
def test_a_label_with_a_bullet_is_a_label(library, bullet):
    ruleset = library.ruleset()
    assert line_rule(f"{bullet}Advertisement", ruleset) == line_rule("Advertisement", ruleset) is not None


def test_a_number_counts_beside_the_text_only(library):
    ruleset = library.ruleset()
    assert line_rule("3. Advertisement", ruleset, BESIDE) is not None
    assert line_rule("3. Advertisement", ruleset) is None


@pytest.mark.parametrize("bullet", ["- ", "3. "])
def test_a_label_with_very_many_bullets_is_a_label(library, bullet):
    assert line_rule(100_000 * bullet + "Advertisement", library.ruleset(), BESIDE) is not None
    assert line_rule(100_000 * bullet + "The ferry returns", library.ruleset(), BESIDE) is None


@pytest.mark.parametrize("text", ["-", "• ", "3.5 million", "1984", "-5 degrees", "> Advertisement", "--- Advertisement", ""])
def test_what_is_no_bullet_stays(text):
    assert after_bullet(text) == text


def test_a_bullet_alone_has_no_rule_of_its_words(library):
    assert line_rule("• The ferry returns", library.ruleset(), BESIDE) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "This article is for subscribers only. Subscribe now for 1 crown a week to read on."),
        ("en", "Subscribe to continue reading! The first month is free."),
        ("de", "Dieser Artikel ist nur für Abonnenten. Jetzt ab 1 Krone die Woche weiterlesen."),
    ],
)
def test_a_notice_of_a_paywall_may_go_on_with_an_offer(library, language, text):
    rule = line_rule(text, library.ruleset(None, language))
    assert rule is not None
    assert rule.flag == "paywalled"


@pytest.mark.parametrize(
    "text",
    [
        "This article is for fishermen only. They read it on the quay.",
        "Advertisement. The ferry sailed at nine.",
        f"Subscribe to continue reading. {'The ferry sailed at nine. ' * 12}",
    ],
)
def test_other_sentences_before_a_text_stay(library, text):
    assert line_rule(text, library.ruleset()) is None


NOTICE = "This website uses cookies. By continuing to use our website without changing the settings, you agree to them."


def test_a_notice_about_cookies_may_go_on_for_a_paragraph(library):
    ruleset = library.ruleset()
    rule = line_rule(NOTICE, ruleset)
    assert rule is not None
    assert rule.kind == "cookie"
    assert line_rule(f"{NOTICE} {'More of it is said in our policy. ' * 12}".strip(), ruleset) == rule


@pytest.mark.parametrize(
    "text",
    [
        "The bakery uses cookies. By nine they are gone.",
        f"The baker said: {NOTICE}",
        f"{NOTICE} {'The ferry sailed at nine in the morning. ' * 40}",
    ],
)
def test_paragraphs_with_words_of_a_notice_stay(library, text):
    assert line_rule(text, library.ruleset()) is None


def test_a_brace_of_a_template_stands_for_itself():
    toml = pack(
        rule('line = ["{{more}} in {n} parts"]', remove='"{more} in 12 parts"')
        + rule('between = [["{{more}}", "End"]]', name="between", remove='"<<{more}\\nA list>>\\nEnd"')
    )
    assert list(check_pack(read_pack(toml, "quay.toml"))) == []


LIBRARY = Library(shipped_packs(), strict=True)
RULESETS = [LIBRARY.ruleset(), *(LIBRARY.ruleset(language=language) for language in ("en", "de", "ja"))]
REMOVED = sorted(
    {line for ruleset in RULESETS for rule in ruleset.rules.values() for text in rule.remove for line in text.splitlines()}
)
WORDS = st.sampled_from(
    ["the ferry", "3.", "•", "\u200b", "“", "2,041", "ニュース。", "and more.", "Subscribe", "?", "\xa0", "…"]
)
PARTS = st.lists(st.one_of(st.sampled_from(REMOVED), WORDS), min_size=1, max_size=3)
WHERES = (ANYWHERE, IN_OWN_TEXT, BESIDE, ("any", "before"), ("any", "after"), EVERYWHERE)


@given(PARTS, st.sampled_from([" ", ". ", "", "! ", " · "]), st.sampled_from([1, 1, 1, 2, 40]), st.sampled_from(RULESETS))
@settings(max_examples=600, deadline=None)
def test_a_line_has_the_rule_that_a_plain_look_up_finds(parts, between, times, ruleset):
    text = (between.join(parts) * times).strip()
    assume(text)
    for wheres in WHERES:
        assert line_rule(text, ruleset, wheres) == plain_line_rule(text, ruleset, wheres)
