"""Titles in their variants have one key; others have not."""

from __future__ import annotations

import pytest

from cleaners.stories.titles import mention_key, title_digests

TITLE, SOURCE = "Ferry returns to the “old” quay", "The Post"


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("FERRY RETURNS TO THE OLD QUAY", "THE POST"),
        ('Ferry returns to the "old" quay', "The Post"),
        ("Ferry returns to the old quay | The Post", "The Post"),
        ("Ferry returns to the old quay - The Post", ""),
    ],
)
def test_variants_have_one_key(title, source):
    assert mention_key(title, source, 4) == mention_key(TITLE, SOURCE, 4) != b""


@pytest.mark.parametrize(("title", "source"), [(TITLE, "Other"), (TITLE, ""), ("Ferry leaves the old quay", SOURCE)])
def test_others_have_another(title, source):
    assert mention_key(title, source, 4) != mention_key(TITLE, SOURCE, 4)


@pytest.mark.parametrize("title", ["Morning Briefing", "Morning Briefing | The Post", "", "朝のまとめ"])
def test_a_short_title_mentions_nothing(title):
    assert mention_key(title, SOURCE, 4) == b""


def test_words_of_a_title_count_once_and_in_no_order():
    assert title_digests("Quay of the ferry") == title_digests("THE FERRY, the quay of") != b""
    assert title_digests("") == b""
