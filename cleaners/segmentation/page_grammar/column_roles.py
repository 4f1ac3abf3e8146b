"""The role of a column of names: source, category, author or label, judged over all items of a list.

Called by `item_fields`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.page_grammar.line_times import WORD_SIGN
from cleaners.segmentation.page_grammar.menus import Menu, column_vector, source_odds

Role = Literal["source", "category", "author", "label", "repeat"]
MIN_CONSTANT_ITEMS = 3
MIN_AUTHOR_WORDS = 2
COUNTED_CHARS = 4  # of a number and the beginning of the word that it counts
POINTERS = tuple("»›→>…")  # signs that end a link to the rest of a story
_DIGITS = re.compile(r"\d+")
# The word before a name, with its sign.
_OPENING = re.compile(rf"((?:(?![：・]){WORD_SIGN})+(?:\s?[:：・/]|\s))\s*(?=\S)")


def column_role(values: Sequence[str], ruleset: Ruleset, menu: Callable[[], Menu], *, is_before: bool, is_first: bool) -> Role:
    """Return the role of a column by its values in all items."""
    if any(value in ruleset.context.sources for value in values):
        return "source"
    if _is_label(values, is_first=is_first):
        return "label"
    if _are_authors(values, ruleset):
        return "author"
    return "source" if column_odds(values, ruleset, menu, is_before=is_before) > 0 else "category"


def column_odds(values: Sequence[str], ruleset: Ruleset, menu: Callable[[], Menu], *, is_before: bool) -> float:
    """Return the log-odds that a column of names holds sources."""
    return source_odds(column_vector(values, menu(), is_before), ruleset.reading.grammar.source)


def _are_authors(values: Sequence[str], ruleset: Ruleset) -> bool:
    """Return whether different names stand behind few words, such as "by", that a pack or their repetition shows."""
    opened = [match for value in values if (match := _OPENING.match(value))]
    words = [match[1].casefold() for match in opened]
    if 2 * sum(word.rstrip(" :") in ruleset.byline_words for word in words) > len(values):
        return True
    counts = Counter(words)
    signed = [match for match, word in zip(opened, words, strict=True) if not word.endswith(" ") and counts[word] > 1]
    plain = {word for word in words if word.endswith(" ") and counts[word] > 1}
    behind = [match.string for match, word in zip(opened, words, strict=True) if word in plain]
    are_names = len(plain) <= 1 and all(len(value.split()) > MIN_AUTHOR_WORDS for value in behind)
    if len({match.string for match in signed}) <= len({match[1] for match in signed}):
        signed = []
    if not signed:
        return are_names and len(behind) == len(values) >= MIN_CONSTANT_ITEMS and len(set(behind)) > 1
    return 2 * (len(signed) + len(behind) * are_names) > len(values)


def _is_label(values: Sequence[str], *, is_first: bool) -> bool:
    """Return whether a column says the same in most items, or points to the rest of the story, or counts one thing.

    The first line of an item may be the last one of the item before; then that of the first item is another line.
    """
    rest = values[1:] if is_first and len(values) > 1 else values
    if all(value.endswith(POINTERS) for value in rest):
        return True
    keys = [_DIGITS.sub("0", value.casefold()) for value in rest]
    if len({key.partition(":")[0] for key in keys if ":" in key}) == 1 and all(":" in key for key in keys) and len(keys) > 1:
        return len({key.partition(":")[2] for key in keys}) < len(keys)
    if len(keys) > 1 and len({key[:COUNTED_CHARS] for key in keys}) == 1 and keys[0].startswith("0 "):
        return True
    most = Counter(keys).most_common(1)[0][1]
    return len(values) >= MIN_CONSTANT_ITEMS and (2 * most > len(keys) if is_first else most == len(keys))


def are_alike(values: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether a column repeats another."""
    return 2 * sum(value == other and value != "" for value, other in zip(values, others, strict=True)) > len(values)
