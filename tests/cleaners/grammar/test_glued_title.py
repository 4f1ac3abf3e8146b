from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import clean_page
from cleaners.grammar.fields import opens_text, title_end

OPENERS = frozenset({"the", "at", "in", "a", "of", "on"})


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Ferry sails at night again The council said on Monday.", "Ferry sails at night again"),
        ("Ferry sails at night again Passengers waited on Monday.", "Ferry sails at night again"),
        ("Ferry sails at night again, The Post says. More at nine.", None),
        ("Passengers waited in Port Ellis. The ferry sailed.", None),
        ("Passengers on board thanked Ann and praised Bob.", None),
        ("Pool to open on Sundays A survey found that.", "Pool to open on Sundays"),
        ("Storm Hits The Coast As Waves Rise And Boats Sink", None),
        ("Ferry sails Again tonight", None),
        ("Ferry", None),
        ("", None),
    ],
)
def test_a_title_ends_only_where_the_words_tell(line, title):
    end = title_end(line, 0, OPENERS)
    assert (None if end is None else line[:end]) == title


def test_a_text_opens_with_a_small_word():
    assert opens_text("“The council said", OPENERS)
    assert not opens_text("Passengers waited", OPENERS)


@given(st.text(), st.integers(0, 5))
def test_an_end_is_a_blank_within_the_line(text, at):
    end = title_end(text, min(at, len(text)), OPENERS)
    assert end is None or text[end] == " "


def test_a_digest_with_titles_glued_to_their_texts_is_split():
    stories = [("Ferry sails at night again", "The harbour board said on Monday that the trial had gone well."),
               ("Old crane comes down", "Workers cut the first of nine bolts on Tuesday morning."),
               ("Pool to open on Sundays", "A survey of the town found that most families asked for it.")]  # fmt: skip
    page = "Evening Briefing\n" + "\n".join(f"{title} {text} Read more » The Quay Post" for title, text in stories)
    assert [(r.title, r.text) for r in clean_page(page).records if r.kind == "story"] == stories


def test_a_digest_of_untitled_texts_gets_no_titles():
    texts = ["Officials praised Ann Holm for the plan on Monday.", "The crane that Bob Marsh drove for years comes down."]
    page = "Evening Briefing\n" + "\n".join(f"{text} Read more » The Quay Post" for text in texts)
    assert [(r.title, r.text) for r in clean_page(page).records if r.kind == "story"] == [("", text) for text in texts]
