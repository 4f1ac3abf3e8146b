"""Invented pages for the tests of the page's grammar."""

from __future__ import annotations

from cleaners.document.page import split_lines
from cleaners.pipeline import default_library
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.line_features import LineFeatures, features_of
from cleaners.segmentation.line_score import score_lines
from cleaners.segmentation.page_grammar.find import find_lists
from cleaners.segmentation.page_grammar.model import EmbeddedList, FieldSpan, Item
from tests.cleaners.segmentation.pages import SOURCES as SOURCES

TITLE = "Ferry between the northern islands returns in spring"
OWN_TEXT = (
    "The ferry between the northern islands will sail again from the first of April, the harbour office said.",
    "It had been laid up since the autumn, when a survey found cracks in the hull below the waterline.",
    "Islanders had to take the long road around the bay in the meantime, which added two hours to the trip.",
    "A spokeswoman for the harbour office said that the repairs had cost less than the council had feared.",
)
TITLES = (
    "Old lighthouse opens its doors to visitors for one weekend",
    "Village choir wins the regional contest for the third time",
    "Bakers protest against the new rules for bread weights",
    "School garden feeds two hundred pupils through the summer",
    "Night market moves to the square behind the town hall",
)
TEXTS = (
    "The tower had been closed for eleven years, and the keeper's rooms have been restored since the summer.",
    "The singers from the valley beat nineteen other groups, and their conductor is only twenty-two years old.",
    "Some forty of them marched to the ministry on Monday, and each of them carried a loaf that was too light.",
    "Parents dig the beds before term begins, and the kitchen cooks whatever has ripened during the week.",
    "Traders had complained about the wind by the river, and the new place has room for sixty stalls.",
)
TIMES = ("3 hours ago", "5 hours ago", "9 hours ago", "2 days ago", "4 days ago")


def page(*parts: str | tuple[str, ...]) -> list[str]:
    """Return the lines of a page: its own story, and parts after it."""
    return [TITLE, *OWN_TEXT, *(line for part in parts for line in ([part] if isinstance(part, str) else part))]


def features_for(lines: list[str]) -> tuple[list[LineFeatures], Ruleset]:
    """Return the features of lines, and the rules they were read by."""
    ruleset = default_library().ruleset(None, "en")
    return [features_of(line, ruleset, i) for i, line in enumerate(split_lines("\n".join(lines)))], ruleset


def lists_of(lines: list[str]) -> list[EmbeddedList]:
    """Return the lists that the grammar of a page shows."""
    features, ruleset = features_for(lines)
    return find_lists(features, ruleset, score_lines(features, ruleset))


def items_of(lines: list[str]) -> list[Item]:
    """Return the items of all lists of a page but readers' comments."""
    return [item for found in lists_of(lines) if not found.is_comments for item in found.items]


def text_of(lines: list[str], span: FieldSpan | None) -> str:
    """Return the text of a field."""
    return "" if span is None else lines[span.line][span.start : span.end]


def titles_of(lines: list[str]) -> list[str]:
    """Return the titles of all items of a page."""
    return [text_of(lines, item.title) for item in items_of(lines)]
