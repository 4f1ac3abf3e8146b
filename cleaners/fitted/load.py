"""Read the fitted numbers of reading: one section for each part of segmentation that is fitted.

Called by `cleaners.rules.registry`. The file is made by `python -m tests.fit`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("reading.json")


class LineScoreWeights(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The weights of the line score in two stages: of a line by itself, then of the line on its page.

    `first` and `own` hold for each number of a line's form a weight for each of its values; `near` holds the same for the
    neighbours by their distance, and last the weight of a missing neighbour. `context` holds for each column of a page a row
    of weights for each class of lines; `steps` part the first score into these classes. `threshold` is the least score of the
    page's own text.
    """

    threshold: float
    bias: float
    first: dict[str, list[float]]
    steps: list[float]
    classes: list[float]
    own: dict[str, list[float]]
    near: dict[str, dict[str, list[float]]]
    context: dict[str, list[list[float]]]


class GrammarWeights(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The weights of the page's grammar: of a run of items that may be a list of stories, and of a column of names.

    `weights` holds a weight for each measure by name, `least` the least probability of a list; with 1, there
    are no lists. `field_gain` is how much more an
    item counts for each of its fields. `source` holds the bias and the weights by which a column holds sources, not categories.
    """

    bias: float = 0.0
    weights: dict[str, float] = {}
    least: float = 0.5
    field_gain: float = 0.0
    source: list[float] = []


class TitleWeights(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The weights of the choice of a title: of each feature of a line by its name, and of a page without a title.

    `first` holds the weights by which lines are chosen that are looked at more closely.
    """

    weights: dict[str, float] = {}
    none: float = 0.0
    first: dict[str, float] = {}


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """How the best stretch of a page is found: `lift` is added to the score of each line, `gap` bounds the cost of a line."""

    lift: float
    gap: float


class OwnLineWeights(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The weights of the choice of the own story's lines, by the names of features.

    `edges` and `inside` are the least odds of the first and last line of a text, and of a line between them, by the shape of
    the line.
    """

    stretches: tuple[Stretch, ...] = ()
    weights: dict[str, float] = {}
    edges: dict[str, float] = {}
    inside: dict[str, float] = {}


class LoneTextWeights(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The weights of a page's features by name, and the least score of a text on its own."""

    weights: dict[str, float] = {}
    threshold: float = 0.0


class Reading(msgspec.Struct, frozen=True, eq=False, gc=False):
    """All fitted numbers; `made` holds the digests of the features that they belong to."""

    made: dict[str, str]
    line_score: LineScoreWeights
    grammar: GrammarWeights = GrammarWeights()
    title: TitleWeights = TitleWeights()
    own_lines: OwnLineWeights = OwnLineWeights()
    lone_text: LoneTextWeights = LoneTextWeights()


@cache
def shipped_reading() -> Reading:
    """Return the fitted numbers that come with dehusk."""
    return read_reading(FILE.read_bytes())


def read_reading(data: bytes) -> Reading:
    """Return the fitted numbers in a file's content; raises msgspec.ValidationError when it has another shape."""
    return msgspec.json.decode(data, type=Reading)


def reading_bytes(reading: Reading) -> bytes:
    """Return fitted numbers as the content of their file: the same numbers give the same bytes."""
    return msgspec.json.format(msgspec.json.encode(reading, order="sorted"), indent=0) + b"\n"
