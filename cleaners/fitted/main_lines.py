"""Read the fitted weights of the judgement of lines chosen as the main text of an HTML page.

Called by `cleaners.html.names` and `cleaners.segmentation.main_lines`. The file is made by `python -m tests.fit.main_lines`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("main_lines.json")


class MainLineWeights(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The weight of each feature by its name, and of each name in the classes and ids of the elements around a line.

    A chosen line stays when the sum of its weights is at least `kept`, another one is added when it is at least `added`.
    """

    kept: float
    added: float
    bias: float
    features: dict[str, float]
    names: dict[str, float]


@cache
def shipped_main_lines() -> MainLineWeights:
    """Return the fitted weights that come with dehusk."""
    return msgspec.json.decode(FILE.read_bytes(), type=MainLineWeights)


def main_line_bytes(weights: MainLineWeights) -> bytes:
    """Return fitted weights as the content of their file: the same weights give the same bytes."""
    return msgspec.json.format(msgspec.json.encode(weights, order="sorted"), indent=0) + b"\n"
