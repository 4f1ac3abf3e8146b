"""Copies, excerpts and mentions of a story are told from texts that look like them."""

from __future__ import annotations

import re

import pytest

from cleaners.stories.relation import Relation, relation
from tests.cleaners.stories.records import SETTINGS, STORY, TITLE, sketch

OTHER = (
    "Three bakers from the upper town have opened a school for everybody who wants to know how bread was made a century ago. "
    "Lessons start at four in the morning, and the first class was full within an hour of its announcement, they said."
)
NOTICE = (
    "Police are looking for witnesses after a crash on the main road of {0} on Monday evening. "
    "Anybody who saw something is asked to call the station of {0}."
)
WEATHER = (
    "It will be sunny with highs of {} degrees and a wind of {} kilometres an hour, "
    "with a {} percent chance of rain and {} degrees at night."
)


def related(text, title=TITLE, to=STORY, to_title=TITLE):
    one, other = sketch(to, to_title), sketch(text, title)
    assert relation(one, other, SETTINGS) == relation(other, one, SETTINGS)
    return relation(one, other, SETTINGS)


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        STORY.upper(),
        STORY.replace(". ", ".\n"),
        "The ferry at the quay, seen from the northern pier at dusk. Photo: A. Quill " + STORY,
        "By Odette Quill\n" + STORY,
        STORY.replace("winter", "season").replace("rain", "wet").replace("money", "funds"),
    ],
    ids=["copy", "case", "paragraphs", "caption", "byline", "reworded"],
)
def test_copies_are_the_same(text):
    assert related(text) is Relation.SAME
    assert related(text, title=f"{TITLE} | The Post") is Relation.SAME


@pytest.mark.parametrize("chars", [130, 250, 400])
def test_cut_copies_and_teasers_are_excerpts(chars):
    assert related(STORY[:chars] + "…") is Relation.EXCERPT
    assert related("By Odette Quill " + STORY[:chars] + "…") is Relation.EXCERPT


def test_a_teaser_needs_the_title():
    assert related(STORY[:130], title="Morning Briefing") is None
    assert related(STORY[:130], title="") is None
    assert related(STORY[:400], title="") is Relation.EXCERPT


def test_other_texts_are_no_copies():
    assert related(OTHER) is None
    assert related(f"{OTHER} {OTHER} {STORY}") is None  # it opens with another story
    assert related(STORY[:125] + " " + OTHER + " " + OTHER[::-1] * 2, title="Morning Briefing") is None  # a digest


def test_notices_of_one_wording_are_kept_apart():
    title = "Police seek witnesses after crash in {}"
    one, other = "Upper Mill", "Sandy Cove"
    assert related(NOTICE.format(one), title.format(one), NOTICE.format(other), title.format(other)) is None
    assert related(NOTICE.format(one), title.format(one), NOTICE.format(one), title.format(one)) is Relation.SAME


def test_updates_of_a_template_are_kept_apart():
    title = "Weather forecast for today"
    assert related(WEATHER.format(21, 14, 30, 9), title, WEATHER.format(18, 22, 60, 11), title) is None
    assert related(WEATHER.format(21, 14, 30, 9), title, WEATHER.format(21, 14, 30, 9), title) is Relation.SAME
    numbered = re.sub(r"\. ", lambda _: " in 1987, 1991 and 2004. ", STORY)
    assert related(numbered.replace("19", "20"), to=numbered.replace("20", "21")) is None


def test_a_headline_alone_is_a_mention_of_its_title_and_source():
    assert related("") is Relation.MENTION
    assert related("", f"{TITLE.upper()} | The Post") is Relation.MENTION
    assert related("", "Ferry is late at the north quay") is None
    assert related("", "Morning Briefing", to_title="Morning Briefing") is None
    assert related("", to="") is Relation.MENTION


def test_scripts_are_kept_apart():
    japanese = "北の桟橋に古い渡し船が月曜日に戻ってきた。冬の修理は誰の予想よりも長くかかった。" * 3
    assert related(japanese) is None
    assert related(japanese, to="撮影：港町の記者 " + japanese) is Relation.SAME
    assert related(japanese[:40], to=japanese) is Relation.EXCERPT
