"""The patterns that recur in the letters of a page."""

from __future__ import annotations

from cleaners.segmentation.page_grammar.candidates import MAX_PATTERNS, candidate_patterns, is_pattern, spellings


def test_spells_out_what_a_line_may_be() -> None:
    assert set(spellings("sa")) == {"sH"}
    assert set(spellings("aa")) == {"sH", "Hs"}


def test_a_pattern_has_one_title() -> None:
    assert is_pattern("sTH")
    assert not is_pattern("sT")
    assert not is_pattern("HH")
    assert not is_pattern("HD")


def test_keeps_patterns_that_recur() -> None:
    assert "sTH" in candidate_patterns("PsTHPsTHP")
    assert candidate_patterns("PPPHPPP") == []


def test_a_long_menu_yields_few_patterns() -> None:
    assert candidate_patterns("s" * 5_000) == []
    assert len(candidate_patterns("sasHaslTNBu" * 500)) <= MAX_PATTERNS


def test_a_row_of_short_lines_parts_patterns_but_keeps_their_ends() -> None:
    assert candidate_patterns("HssssssHssssss") == ["H", "Hs", "Hss"]
    assert candidate_patterns("ssssssHP" * 2) == ["H", "sH", "ssH"]
