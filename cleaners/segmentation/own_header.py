"""Read the lines of a story's header: byline, time, source, repeats of the title, and the standfirst, which is text.

Called by `own_story`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from functools import cache

from cleaners.document.page import Line
from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.byline import MAX_NAME_WORDS, assign_byline, header_time, source_of
from cleaners.segmentation.line_features import (
    MAX_META_CHARS,
    MAX_WORDS_BESIDE_TIME,
    LineFeatures,
    LineSpan,
    Shape,
)
from cleaners.segmentation.page_grammar.line_times import divided, is_divided
from cleaners.segmentation.page_grammar.menus import is_name
from cleaners.segmentation.title_form import words_of

HEADER_SHAPES: tuple[Shape, ...] = ("meta", "headline", "short")
STANDFIRST_SHAPES: tuple[Shape, ...] = ("prose", "sentence", "headline")


def is_meta(feature: LineFeatures, ruleset: Ruleset, sources: Collection[str]) -> bool:
    """Return whether a line gives the author, the time or the source of a story; `sources` are those of other stories."""
    if feature.shape in HEADER_SHAPES and (feature.byline or is_time_line(feature.line.text, ruleset)):
        return True
    may_be_source = feature.shape in ("headline", "short")
    return may_be_source and (feature.line.text in sources or source_of(feature.line.text, ruleset) is not None)


def assign_category(
    features: Sequence[LineFeatures], title: int, story: Story, ruleset: Ruleset, sources: Collection[str]
) -> None:
    """Assign the line above a title that names the category of its story, if there is one.

    It is a short line that is an entry of the menu above it, too, and no name of the site.
    """
    if "category" in story.fields or title == 0:
        return
    feature = features[title - 1]
    text = feature.line.text
    is_menu = feature.page_part != "" or feature.assigned
    if is_menu or feature.byline or not _may_be_category(feature) or is_meta(feature, ruleset, sources):
        return
    others = [other.line.text for other in features if other is not feature]
    menu = [above.line.text for above in features[: title - 1] if above.shape != "prose"]
    is_entry = any(_has_entry(entry, text) for entry in menu)
    is_below_other = not menu or not _is_entry(menu[-1]) or _is_site_name(menu[-1], others)
    is_alone = is_below_other and (text.isupper() or not is_name(text))
    if (is_entry or is_alone) and not _is_site_name(text, others):
        story.fields["category"] = feature.line
        feature.assigned = True


def _has_entry(menu: str, text: str) -> bool:
    """Return whether a line of a menu or a breadcrumb has a text as one of its entries: it is not a part of a word."""
    start = menu.casefold().find(text.casefold())
    return start >= 0 and not menu[start - 1 : start].isalnum() and not menu[start + len(text) :][:1].isalnum()


def _may_be_category(feature: LineFeatures) -> bool:
    """Return whether a line has the form of a category, or is an entry of a menu by its rule."""
    is_label = feature.shape == "label" and feature.rule is not None and feature.rule.kind == "navigation"
    return (is_label or feature.shape in ("short", "headline")) and _is_entry(feature.line.text)


def _is_entry(text: str) -> bool:
    """Return whether a text may be one entry of a menu: a few words."""
    return len(text.split()) <= MAX_NAME_WORDS and _has_letters_only(text)


def _has_letters_only(text: str) -> bool:
    """Return whether a text consists of words, without figures, signs that divide, and sentence ends."""
    return all(sign.isalpha() or sign.isspace() or unicodedata.category(sign)[0] == "M" or sign in "-&'’," for sign in text)


def _is_site_name(text: str, others: Sequence[str]) -> bool:
    """Return whether a text ends a title behind a sign that divides, or stands in a line with figures, such as a copyright."""
    return any(
        text in other and (any(map(str.isdecimal, other)) or (len(divided(other)) > 1 and other.endswith(text)))
        for other in others
        if len(other) <= MAX_META_CHARS and other != text
    )


def is_time_line(text: str, ruleset: Ruleset) -> bool:
    """Return whether a line gives a time and few other words, in any language."""
    if len(text) > MAX_META_CHARS:
        return False
    time = header_time(text, ruleset)
    if time is None or (time[0] and text[0].islower()):  # the rest of a sentence
        return False
    return is_divided(text, time) or _words_beside(text, time) <= MAX_WORDS_BESIDE_TIME


def is_bare_time(feature: LineFeatures, ruleset: Ruleset) -> bool:
    """Return whether a line gives a time and few other words, whatever signs divide them, or several such times."""
    if feature.shape != "meta":
        return False
    text = feature.line.text
    return _is_bare(text, ruleset) or all(_is_bare(text[start:end], ruleset) for start, end in divided(text))


def _is_bare(text: str, ruleset: Ruleset) -> bool:
    time = header_time(text, ruleset)
    return time is not None and _words_beside(text, time) <= MAX_WORDS_BESIDE_TIME


def _words_beside(text: str, time: tuple[int, int]) -> int:
    return len(f"{text[: time[0]]} {text[time[1] :]}".split())


def standfirsts(
    features: Sequence[LineFeatures], scores: Sequence[float], title: int, text: LineSpan, least: float
) -> set[int]:
    """Return the lines between a title and the text of its story that are a standfirst: they read like text or share its words.

    `text` is the first and the last line of the text, `least` the least score of text.
    """
    between = [
        i
        for i in range(title + 1, text[0])
        if features[i].shape in STANDFIRST_SHAPES and features[i].selected is not False and not features[i].assigned
    ]
    if not between:
        return set()
    known = cache(lambda: {word for i in (title, *range(text[0], text[1] + 1)) for word in words_of(features[i].line.text)})
    longest = len(features[title].line.text)
    return {
        i
        for i in between
        if (features[i].shape != "headline" or (i == between[0] and len(features[i].line.text) > longest))
        and (scores[i] >= least or _are_known(set(words_of(features[i].line.text)), known()))
    }


def _are_known(words: set[str], known: set[str]) -> bool:
    """Return whether no fewer of the words are known than not."""
    return 2 * len(words & known) >= len(words) > 0


def read_header_line(feature: LineFeatures, story: Story, stories: Stories, ruleset: Ruleset, sources: Collection[str]) -> bool:
    """Assign a line of a header that repeats the title or gives author, time or source; return whether it does."""
    title = story.fields.get("title")
    line = feature.line
    if title is not None and line.text == title.text:
        stories.structure.append((line, f"{stories.layout}.repeat"))
    elif feature.shape != "meta" and line.text in sources and "source" not in story.fields:
        story.fields["source"] = Line(line.start, line.end, line.text)
    elif is_meta(feature, ruleset, sources):
        assign_byline(feature, story, stories, ruleset)
    else:
        return False
    feature.assigned = True
    return True
