"""Comments of readers below a story are no part of it, and no stories."""

from __future__ import annotations

import pytest

from cleaners.document.page import split_lines
from cleaners.pipeline import default_library
from cleaners.segmentation.comments import comments_of
from cleaners.segmentation.line_features import features_of
from tests.cleaners.segmentation.pages import FOOTER, HEAD, SECOND_STORY, STORY, TEASERS, TIMES, own_record, records_of, text

READERS = ("anna77", "Old Salt", "cleo", "bob_52", "Dora Finch")
SIGNED = tuple((f"{name} {time}", said) for name, time, said in zip(READERS, TIMES, TEASERS, strict=True))


def spans_of(*lines: str) -> list[tuple[int, int]]:
    """Return the spans of the comments on a page on which every paragraph reads like text."""
    ruleset = default_library().ruleset(None, "en")
    features = [features_of(line, ruleset, i) for i, line in enumerate(split_lines("\n".join(lines)))]
    return comments_of(features, [feature.shape == "prose" for feature in features], ruleset)


def test_comments_reach_from_their_label_to_the_end():
    lines = (*STORY, "Comments", *(line for comment in SIGNED[:2] for line in comment), "Old ferry")
    assert spans_of(*lines) == [(6, len(lines) - 1)]


def test_comments_longer_than_the_story_above_are_found_by_their_label():
    long = [(time, *STORY, *TEASERS[:3]) for time in TIMES[:3]]  # the second time stands a comment below the first
    lines = (*STORY, "Comments", *(line for comment in long for line in comment))
    assert spans_of(*lines)[0] == (6, len(lines) - 1)


def test_texts_signed_in_one_form_are_comments_without_a_label():
    lines = (*STORY, *(line for comment in SIGNED for line in comment))
    assert spans_of(*lines) == [(6, len(lines) - 1)]
    assert spans_of(*lines[4:]) == []  # posts of a forum have no story above them


def test_a_label_above_the_text_opens_no_comments():
    assert spans_of("Comments", *TIMES[:2], *STORY) == []
    assert spans_of(*STORY, "Comments", *SECOND_STORY) == []


@pytest.mark.parametrize("label", ["Comments", "[ 5 comments ]", "Have your say"])
@pytest.mark.parametrize(
    "form",
    ["{name}\n{time}\n{text}\nReply", "{name}\n{time}\n{text}", "{name} {time}\n{text}\nReply"],
    ids=["lines", "bare", "glued"],
)
def test_comments_of_readers_are_none_of_the_story(label, form):
    comments = [form.format(name=name, time=time, text=said) for name, time, said in zip(READERS, TIMES, TEASERS, strict=True)]
    (record,) = records_of(HEAD, STORY, label, *comments, FOOTER)
    assert (record.text, "prose-beside" in record.flags) == (text(*STORY), False)


@pytest.mark.xfail(strict=True, reason="the first comment stays when the comments are longer than the story")
def test_comments_longer_than_a_short_story_are_none_of_it():
    comments = [(name, time, said, "Reply") for name, time, said in zip(READERS, TIMES, SECOND_STORY, strict=False)]
    (record,) = records_of(HEAD, STORY[:2], "It was a century old.", "Comments", *comments, FOOTER)
    assert record.text == text(*STORY[:2], "It was a century old.")


def test_a_comment_label_above_the_story_does_not_end_it():
    assert own_record(HEAD, "Comments", "Share", STORY, FOOTER).text == text(*STORY)
