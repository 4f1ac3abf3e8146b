"""Phrases are found in the lines of a page as they are found in each line by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.page import split_lines
from cleaners.pipeline import default_library
from cleaners.rules import phrases
from cleaners.rules.phrases import PhraseScanner, find_characters, find_phrases
from tests.support.pages import CLUTTER, SENTENCES

LINES = st.lists(st.one_of(st.sampled_from((*SENTENCES, *CLUTTER, "\u200b")), st.text(max_size=30)), max_size=30)


@pytest.mark.parametrize("stretch", [1, 40, 65_536])
@given(lines=LINES, separator=st.sampled_from(["\n", "\r\n", " ", "\u200b\n", "\u2028"]))
def test_a_scan_finds_what_each_line_by_itself_holds(stretch, lines, separator):
    ruleset = default_library().ruleset(None, "en")
    text = separator.join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phrases, "STRETCH_CHARS", stretch)
        scan = PhraseScanner(text, ruleset)
        found = split_lines(text)
        for line in (*found, *found[:1]):
            assert list(scan.phrases(line)) == list(find_phrases(line.text, ruleset))
            assert scan.characters(line) == list(find_characters(line, ruleset))


def test_a_page_is_not_held_in_openings_as_a_whole():
    ruleset = default_library().ruleset(None, "en")
    text = "\n".join(["Sign up for the " * 5 + "x"] * 20_000)
    scan = PhraseScanner(text, ruleset)
    for line in split_lines(text):
        assert not list(scan.phrases(line))
        assert len(scan._openings) < 2 * phrases.STRETCH_CHARS
