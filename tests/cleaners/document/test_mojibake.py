"""Text decoded wrongly by whoever stored it is repaired where it is certain, and nothing else is touched."""

from __future__ import annotations

import json

import pytest

from cleaners.document.mojibake import repair
from cleaners.html.reader import html_page
from tests.flows.cli.test_cli import dehusk


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Ã¼ber die BrÃ¼cke", "über die Brücke"),
        ("â€œItâ€™s latâ€\x9d he said – Â£5", "“It’s lat” he said – £5"),
        ("РџСЂРёРІРµС‚ РјРёСЂ", "Привет мир"),
        ("Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©", "العربية"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("å¤§å®¶", "大家"),
    ],
)
def test_what_is_certain_is_repaired(broken, whole):
    assert repair(f"Before\r\n{broken}\u2028After") == f"Before\r\n{whole}\u2028After"


@pytest.mark.parametrize(
    "text",
    [
        "Il a dit «\u00a0é\u00a0» à Paris",
        "São Tomé “ÀÉ” L’ÉTÉ… TOUTÀ…",
        "ESPAÑA “Ñ” Ä’s Å“ÃÂ",
        "РСФСР и СССР: Россия, Сербия, Словения",
        "ﬁne ligatures, full-width ＡＢＣ, e\u0301, \x93C1\x94, &amp; &eacute;",
        "Kölner Straße №5 — “quoted” ‘so’",
    ],
)
def test_all_else_is_left_as_it_is(text):
    assert repair(text) == text


def test_a_repaired_page_says_so_and_its_ledger_carries_the_text(tmp_path):
    (tmp_path / "a.txt").write_text("Old crane to go\nThe board doesnâ€™t want it any more.", encoding="utf-8")
    record = json.loads(dehusk("clean", str(tmp_path / "a.txt")).stdout)
    assert record["text"] == "The board doesn’t want it any more."
    assert "mojibake-repaired" in record["flags"]
    audit = json.loads(dehusk("clean", "--audit", str(tmp_path / "a.txt")).stdout)
    assert audit["text"] == "Old crane to go\nThe board doesn’t want it any more."


def test_an_html_page_is_repaired_too():
    page = html_page("<html><body><h1>Old crane</h1><p>It doesnâ€™t go.</p><p>It stays.</p></body></html>")
    assert page.text == "Old crane\nIt doesn’t go.\nIt stays."
    assert page.flags == ("mojibake-repaired",)
