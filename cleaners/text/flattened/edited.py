"""A text with edits, and the way from its offsets back to those of the original.

Made by `escapes`, `markdown` and `line_breaks`; `cleaners.output.restore` translates ledgers with it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

# The rules of the characters that edits remove, by which `cleaners.output.ledger` replays records.
MARK, JOINED_LINE, JOINED_WORD = "generic.markup", "generic.joined-line", "generic.joined-word"
RUNNING_HEAD = "generic.running-head"
JOINTS = (JOINED_LINE, JOINED_WORD, RUNNING_HEAD)  # they hold the white space around them
# The rule of an escape that stands for white space beside all fields; one inside a field is a kept segment of its own.
ESCAPE = "generic.escape"
LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


class Edit(msgspec.Struct, frozen=True, gc=False):
    """The characters of a text from `start` to `end`, in place of which `rule` puts others or nothing."""

    start: int
    end: int
    rule: str
    put: str = ""


class EditedText(msgspec.Struct, frozen=True, gc=False):
    """A text after `edits`, which are in order and do not overlap; `offsets` are their places in the edited text."""

    text: str
    edits: tuple[Edit, ...]
    offsets: tuple[int, ...]

    def original(self, offset: int, *, is_end: bool = False) -> int:
        """Return the offset in the original text of a character, or with `is_end` of the end after a character."""
        at = offset - is_end
        i = bisect_right(self.offsets, at) - 1
        if i < 0:
            return offset
        edit = self.edits[i]
        if at - self.offsets[i] < len(edit.put):
            return edit.end if is_end else edit.start
        return edit.end + offset - self.offsets[i] - len(edit.put)

    def edited(self, offset: int) -> int:
        """Return the offset in the edited text of a character of the original, or of the next one that is left."""
        i = bisect_right(self.edits, offset, key=_start) - 1
        if i < 0:
            return offset
        return self.offsets[i] + len(self.edits[i].put) + max(0, offset - self.edits[i].end)


def _start(edit: Edit) -> int:
    return edit.start


def edited(text: str, edits: Iterable[Edit]) -> EditedText:
    """Return `text` after `edits` in any order; of two that overlap the first stands."""
    parts: list[str] = []
    done: list[Edit] = []
    offsets: list[int] = []
    at = length = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if edit.start < at:
            continue
        part = text[at : edit.start]
        length += len(part)
        offsets.append(length)
        done.append(edit)
        parts += (part, edit.put)
        length += len(edit.put)
        at = edit.end
    parts.append(text[at:])
    return EditedText("".join(parts), tuple(done), tuple(offsets))
