from __future__ import annotations

from cleaners.document.page import split_lines
from cleaners.fitted.load import LoneTextWeights
from cleaners.pipeline import default_library
from cleaners.segmentation.line_features import features_of
from cleaners.segmentation.line_score import score_lines
from cleaners.segmentation.lone_text import is_lone_text

RULESET = default_library().ruleset()
TEXT = (
    "The night ferry between Dunmarsh and Larkspur returned to service on Monday after a long dispute over its berth.",
    "Harbour officials said that the ferry would sail at nine each evening and return before the morning tide came in.",
    "A list of what has changed",
    "Passengers had waited since spring for the crossing, which the council closed when the old pier began to sink.",
)
HUSK = ("Home", "Politics", "Economy", "Sports", "Sign in", "Subscribe", "Share on Facebook", "Tweet")
FOOT = ("Read more", "Most read", "Privacy policy", "Terms of use", "Contact us", "All rights reserved")


def is_lone(*lines: str, listed: int = 0) -> bool:
    features = [features_of(line, RULESET, i) for i, line in enumerate(split_lines("\n".join(lines)))]
    return is_lone_text(features, score_lines(features, RULESET), RULESET.reading.lone_text, listed)


def test_a_text_with_short_lines_stands_on_its_own() -> None:
    assert is_lone(*TEXT)
    assert is_lone("Night ferry returns", *TEXT, *TEXT)


def test_a_poem_stands_on_its_own() -> None:
    assert is_lone("The tide goes out,", "the tide comes in,", "the ferry sleeps", "beside the bin.")


def test_a_page_with_menus_does_not() -> None:
    assert not is_lone(*HUSK, *TEXT, *FOOT)


def test_a_single_line_stands_on_its_own() -> None:
    assert is_lone(TEXT[0])


def test_with_a_list_a_text_on_its_own_must_be_likelier_than_not() -> None:
    doubtful = LoneTextWeights({"start": -1.0}, -2.0)
    assert is_lone_text([], [], doubtful)
    assert not is_lone_text([], [], doubtful, listed=2)
    assert is_lone_text([], [], LoneTextWeights({"start": 1.0}, -2.0), listed=2)


def test_a_page_with_a_list_does_not() -> None:
    assert not is_lone(*HUSK, *TEXT, *FOOT, listed=4)
