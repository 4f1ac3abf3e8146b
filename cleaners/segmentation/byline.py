"""Read the lines between a title and its text: author, source and time.

Called by `read_page`, and by `cleaners.output.assemble` for a time that stays in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaners.dates.find import MAX_FILLER_CHARS, TimeSpan
from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Stories, Story, StoryField
from cleaners.segmentation.line_features import MAX_META_CHARS, LineFeatures, byline_parts, wording_features
from cleaners.segmentation.page_grammar.line_times import SEPARATORS, edge_time, extended, with_day
from cleaners.segmentation.surroundings import drop_rest
from cleaners.text.people import is_company, people
from cleaners.text.spans import subtract

MAX_NAME_WORDS = 5
LABEL_SIGNS = " \t\xa0:：|·•-–—"  # between a label and its time
FIRST_LINES = 3  # of a text, among which its time may stand
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[|/•·–—]\s*|\s+-\s+")


def assign_byline(feature: LineFeatures, story: Story, stories: Stories, ruleset: Ruleset) -> None:
    """Assign the parts of a line to fields of the page's own story, and the rest of it to the page's header."""
    text = feature.line.text
    feature.assigned = True
    spans: dict[StoryField, tuple[int, int]] = {}
    span = header_time(text, ruleset)
    is_update = span is not None and is_update_label(text[: span[0]], ruleset)
    if is_update and (published := _labelled_otherwise(text, ruleset)) is not None:
        span, is_update = (published.start, published.end), False
    if "time" in story.fields and not (story.time_is_update and not is_update):
        span = None
    if span is not None:
        if "time" in story.fields:
            stories.structure.append((story.fields["time"], f"{stories.layout}.header"))
        story.time_is_update = is_update
        spans["time"] = span
        source = _source_before(text, span, ruleset)
    else:
        source = source_of(text, ruleset)
    if source is not None and "source" not in story.fields:
        spans["source"] = source
    if "author" not in story.fields:
        for rest in subtract((0, len(text)), sorted(spans.values())):
            author = _trimmed(text, *rest)
            named = _name_after_by(text, *author, ruleset) if author is not None else None
            if named is not None:
                spans["author"] = named
                break
    for name, (first, last) in spans.items():
        story.fields[name] = Line(feature.line.start + first, feature.line.start + last, text[first:last])
    drop_rest(feature.line, list(spans.values()), stories)


def header_time(text: str, ruleset: Ruleset) -> tuple[int, int] | None:
    """Return the span of the first time of a header line, in any language; None for none.

    A word alone, such as "today", is a time only when it is the whole line: names have such words, too.
    """
    time = ruleset.context.times.first(text)
    span = (time.start, time.end) if time is not None else edge_time(text, ruleset)
    if span is None:
        return None
    start, end = with_day(text, *extended(text, *span))
    has_digit = any(map(str.isdecimal, text[start:end]))
    return (start, end) if has_digit or text[start:end] == text else None


def is_update_label(before: str, ruleset: Ruleset) -> bool:
    """Return whether the text before a time ends with a label for the time of a change, such as "Last updated on"."""
    before = before.rstrip(LABEL_SIGNS)
    rest, _, last = before.rpartition(" ")
    is_short = rest != "" and len(last) <= MAX_FILLER_CHARS and ruleset.context.times.is_label(last)
    return _ends_with_update(before, ruleset) or (is_short and _ends_with_update(rest.rstrip(LABEL_SIGNS), ruleset))


def _ends_with_update(text: str, ruleset: Ruleset) -> bool:
    """Return whether a text ends with a label of changes that is no part of a longer word, as "act" is of "contact"."""
    folded = text.casefold()
    for label in ruleset.update_labels if len(folded) == len(text) else ():
        if folded.endswith(label):
            first = len(text) - len(label)
            is_inside = first > 0 and text[first].isascii() and text[first - 1].isalpha() and not text[first].isupper()
            if not is_inside:
                return True
    return False


def _labelled_otherwise(text: str, ruleset: Ruleset) -> TimeSpan | None:
    """Return the first time of a line that a label of its own calls no change, such as "published"; None for none."""
    times = ruleset.context.times
    end = 0
    for time in times.find_all(text):
        label = text[end : time.start].strip(SEPARATORS)
        if end and label and times.is_label(label) and not is_update_label(label, ruleset):
            return time
        end = time.end
    return None


def time_of_text(lines: Sequence[Line], ruleset: Ruleset) -> str:
    """Return the time that one of the first lines of a text gives and that stays a part of the text, "" for none."""
    for line in lines[:FIRST_LINES]:
        if len(line.text) <= MAX_META_CHARS and wording_features(line.text, ruleset).shape == "meta":
            span = header_time(line.text, ruleset)
            if span is not None:
                return line.text[slice(*span)]
    return ""


def names_author(text: str, ruleset: Ruleset) -> bool:
    """Return whether a line opens with a byline word and goes on with the full name of a person, each word with a capital."""
    if not _opens_byline(text, ruleset) or len(text) > MAX_META_CHARS:
        return False
    names = people([text], ruleset.people_words, ruleset.context.sources)
    return any(" " in name and all(word[0].isupper() for word in name.split()) for name in names[:1])


def source_of(text: str, ruleset: Ruleset) -> tuple[int, int] | None:
    """Return the span of a known publisher in a header line: all of the line, its start or its end; None for none."""
    if not (text in ruleset.context.sources or text.startswith(ruleset.source_starts) or text.endswith(ruleset.source_ends)):
        return None  # as most lines do
    for source in ruleset.longest_sources:
        if text == source or text.startswith((f"{source} in ", f"{source} at ")):
            return 0, len(source)
        if text.endswith((f" {source}", f",{source}")):
            return len(text) - len(source), len(text)
    return None


def _source_before(text: str, span: tuple[int, int], ruleset: Ruleset) -> tuple[int, int] | None:
    """Return the span of the source before a time: the last part of the line, glued to the time or divided by a sign.

    A name with only a blank before "1 day ago" is more likely the author's; before a date that a name follows, it is a source.
    """
    before, after = text[: span[0]].rstrip(), text[span[1] :].strip()
    cuts = [separator.end() for separator in _SEPARATOR.finditer(before) if separator.end() < len(before)]
    is_glued = before == text[: span[0]]
    time = ruleset.context.times.first(text[slice(*span)])
    is_between = (time is None or not time.expression.unit) and after != ""
    is_labelled = (
        is_between and any(map(str.isalnum, after)) and ruleset.context.times.is_label(after)
    )  # as in "CNET 3/9 18:45 distributed"
    part = _trimmed(text, cuts[-1] if cuts else 0, len(before))
    if part is None or not (cuts or is_glued or is_between or before != text[: part[1]]):
        return None
    name = text[part[0] : part[1]]
    is_other = len(name.split()) > MAX_NAME_WORDS or _opens_byline(name, ruleset) or ruleset.context.times.is_label(name)
    is_named = is_labelled or _is_publisher(name, ruleset)
    return part if is_named and not is_other else None


def _is_publisher(name: str, ruleset: Ruleset) -> bool:
    """Return whether a name has the form of a publisher's: a known one, an address, or with a word of companies."""
    return name in ruleset.context.sources or _DOMAIN.fullmatch(name) is not None or is_company(name, ruleset.people_words)


def _name_after_by(text: str, first: int, last: int, ruleset: Ruleset) -> tuple[int, int] | None:
    """Return the span of the name behind a byline word, such as "by"; None when no such word opens the part, or no name."""
    part = text[first:last]
    if not _opens_byline(part, ruleset):
        return None
    rest = byline_parts(part)[2]
    return _trimmed(text, last - len(rest), last) if rest else None


def _opens_byline(text: str, ruleset: Ruleset) -> bool:
    return byline_parts(text)[0].casefold() in ruleset.byline_words


def _trimmed(text: str, first: int, last: int) -> tuple[int, int] | None:
    """Return a span of a line without white space and separators at its ends; None for an empty one."""
    while first < last and not (text[first].isalnum() or text[first] in "(\"'@#"):
        first += 1
    while first < last and (text[last - 1].isspace() or text[last - 1] in "|/•·–—-,:"):
        last -= 1
    return (first, last) if first < last else None
