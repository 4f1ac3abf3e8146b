"""Name the features of a title in plain words. Called by `why`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

# What the features with a common first part of their names say of a line.
WORDS = {
    "address": "an address in it",
    "after": "its place on the page",
    "alone": "the same words stand alone elsewhere",
    "before": "its distance to the text",
    "beside-taken": "stories of a list beside it",
    "bullet": "a bullet before it",
    "capitals": "its capitals",
    "chars": "its length",
    "colon": "its signs",
    "comma": "its signs",
    "copies": "how often it stands on the page",
    "cuts": "separators in it",
    "echo": "words shared with other lines",
    "end": "how it ends",
    "heading": "marked as a heading",
    "headline": "the form of a headline",
    "in-start": "repeated from the top of the page",
    "in-start-line": "repeated from the top of the page",
    "inside": "its place in the text",
    "last": "the line above",
    "last-byline": "a byline above",
    "last-meta": "a byline or time above",
    "last-same": "repeats the line above",
    "longer-than-last": "its length beside the line above",
    "lower": "its capitals",
    "mostly-numbers": "numbers in it",
    "near": "shares words with the text near it",
    "next": "the line below",
    "next-byline": "a byline below",
    "next-meta": "a byline or time below",
    "next-odds": "how much the line below reads like text",
    "next-same": "the line below repeats it",
    "numbers": "numbers in it",
    "odds": "how much it reads like text",
    "opening": "shares words with the first paragraphs",
    "page-line": "its place on the page",
    "part": "which part of its line it is",
    "prose-in": "its distance to the next paragraph",
    "quote": "quotes in it",
    "rest-alone": "the rest of its line stands alone elsewhere",
    "rest-words": "the length of the rest of its line",
    "run-above": "headlines in a row above",
    "run-below": "headlines in a row below",
    "sentence": "the form of a sentence",
    "shape": "its form",
    "share": "shares words with the text",
    "shared": "shares words with the text",
    "strong": "marked as bold",
    "taken": "in a list of other stories",
    "upper": "its capitals",
    "words": "its length",
}


def in_plain_words(reasons: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return how much the features of a title add to its score, by the phrase for them."""
    found: defaultdict[str, float] = defaultdict(float)
    for name, value in reasons:
        found[WORDS[name.partition(":")[0]]] += value
    return dict(found)
