"""Read the fitted numbers for the type of a page.

Called by `cleaners.segmentation.page_type`. The file is made by `python -m tests.fit --only page-type`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("page_type.json")


class TypeWeights(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The weights of the types of pages: `bias` holds one for each type, `weights` those of each measure by its step.

    `steps` parts the values of a measure: a value belongs to the first step that it does not exceed. `least` is the least
    log-odds of an article at which a page has a story of its own.
    """

    types: list[str]
    bias: list[float]
    steps: dict[str, list[float]]
    weights: dict[str, list[list[float]]]
    least: float


class PageTypeModel(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The weights for pages of HTML, with their elements and links, and those for pages of text."""

    html: TypeWeights
    text: TypeWeights


@cache
def shipped_page_types() -> PageTypeModel:
    """Return the fitted numbers that come with dehusk."""
    return msgspec.json.decode(FILE.read_bytes(), type=PageTypeModel)


def page_type_bytes(model: PageTypeModel) -> bytes:
    """Return fitted numbers as the content of their file: the same numbers give the same bytes."""
    return msgspec.json.format(msgspec.json.encode(model, order="sorted"), indent=0) + b"\n"
