"""Choose the authors of a story among those that its page names.

Called by `cleaners.output.assemble`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from cleaners.document.page import Metadata
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.byline import LABEL_SIGNS
from cleaners.text.people import ELEMENT_SIGN, is_company, people

MAX_BYLINE_CHARS = 400
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z]+$)")  # "Ina VarrUpdated"


def authors_of(line: str, head: Metadata, source: str, url: str, ruleset: Ruleset) -> list[str]:
    """Return the names of the authors of a story; `line` is the byline of the page's text, `source` its publisher.

    Full names in the head or the row of the page go before the line, unless the line names more; those before user names and
    companies in the head.
    """
    sites = [source, head.source, *_sites(url), *ruleset.context.sources, *head.companies]
    in_line = _people([line] if line else [], sites, ruleset)
    stated = _people(head.authors, sites, ruleset)
    full = [name for name in stated if _is_full(name, ruleset)]
    if full and not {name.casefold() for name in full} < {name.casefold() for name in in_line}:
        return full
    return in_line if any(_is_full(name, ruleset) for name in in_line) else stated or in_line


def _people(values: Sequence[str], sites: Sequence[str], ruleset: Ruleset) -> list[str]:
    return people([_without_times(value, ruleset) for value in values], ruleset.people_words, sites)


def _is_full(name: str, ruleset: Ruleset) -> bool:
    """Return whether a name has several words, or is in a script without blanks, and is none of a company."""
    return (" " in name or not name.isascii()) and not is_company(name, ruleset.people_words)


def _without_times(value: str, ruleset: Ruleset) -> str:
    """Return a byline without its times and their labels, which divide its parts."""
    times = ruleset.context.times
    if len(value) > MAX_BYLINE_CHARS:
        return value
    parts, start = [], 0
    for time in times.find_all(value):
        if not time.expression.unit:  # "5 minutes" are of another label
            parts.append(value[start : time.start])
            start = time.end
    parts = [*parts, value[start:]] if start else [value]
    return ELEMENT_SIGN.join(_without_label(part, ruleset) for part in parts)


def _without_label(text: str, ruleset: Ruleset) -> str:
    """Return a text without the labels of a time at its end, such as "on" or a glued "Updated"."""
    if ruleset.context.times.is_label(text):
        return ""
    end = len(text.rstrip(LABEL_SIGNS))
    while end:
        glued = _GLUED.search(text, 0, end)
        first = max(text.rfind(" ", 0, end) + 1, glued.start() if glued else 0)
        if not first or not ruleset.context.times.is_label(text[first:end]):
            break
        end = len(text[:first].rstrip(LABEL_SIGNS))
    return text[:end]


def _sites(url: str) -> list[str]:
    """Return the name in the host of an address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return []
    parts = host.removeprefix("www.").split(".")
    return [part for part in parts[-3:-1] if part]
