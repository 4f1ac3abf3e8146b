"""The lists of embedded stories that the grammar of a page shows: items with fields as parts of lines.

Made by `find`; read by the modules of segmentation that turn items into stories.
"""

from __future__ import annotations

import msgspec


class FieldSpan(msgspec.Struct, frozen=True, gc=False):
    """A field of an item: the index of its line, and the characters of the line from `start` to `end`."""

    line: int
    start: int
    end: int


class Item(msgspec.Struct, gc=False):
    """One embedded story: its fields, and the indices of its lines of text (standfirst and body) and of repeats of its fields.

    `first` and `last` are the indices of its first and last line; `truncated` means that the end of the page cuts it off.
    """

    first: int
    last: int
    title: FieldSpan | None = None
    source: FieldSpan | None = None
    time: FieldSpan | None = None
    category: FieldSpan | None = None
    author: FieldSpan | None = None
    number: FieldSpan | None = None
    body: list[int] = []
    repeats: list[int] = []
    truncated: bool = False


class EmbeddedList(msgspec.Struct, gc=False):
    """Items of one form that stand together on a page.

    `form` names their fields in order, such as "time / source / title / text". `own` is the header of the page's own story
    when that has the form too. `is_comments` marks comments of readers. `label_index` is the line of the label above the
    list. `between` are lines of the list that belong to no item, such as ads and "read more". `reasons` are the numbers
    behind the decision, by name.
    """

    items: list[Item]
    form: str
    own: Item | None = None
    is_comments: bool = False
    label_index: int | None = None
    reasons: dict[str, float] = {}
    between: list[int] = []
