"""Find the comments of readers below a page's own story: by their label, and by the form that they repeat.

Called by `own_story`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from cleaners.rules.compiled import Ruleset
from cleaners.segmentation.line_features import TEXT_SHAPES, LineFeatures, LineSpan, Shape
from cleaners.text.normalize import line_key

LABEL_REACH = 10  # lines below the label of comments, in which two of them have their times
MIN_COMMENTS = 3  # without a label
MIN_ABOVE = 3  # paragraphs above comments without a label; a forum has fewer above its posts
MAX_COMMENT_LINES = 12
MIN_STORY = 3  # paragraphs of a story below comments
SIGN_SHAPES: tuple[Shape, ...] = ("meta", "label")  # of lines that may give the name of a reader


def comments_of(features: Sequence[LineFeatures], kept: Sequence[bool], ruleset: Ruleset) -> list[LineSpan]:
    """Return the spans of the comments of readers, first and last line; `kept` marks the lines that read like own text."""
    chars = [len(feature.line.text) if is_kept else 0 for feature, is_kept in zip(features, kept, strict=True)]
    is_prose = [is_kept and feature.shape == "prose" for feature, is_kept in zip(features, kept, strict=True)]
    prose = [0, *accumulate(is_prose)]
    repeated = (span for span in _repeated(features, prose, ruleset) if prose[span[0]] >= MIN_ABOVE)
    return [*_labelled(features, chars, prose), *repeated]


def _labelled(features: Sequence[LineFeatures], chars: Sequence[int], prose: Sequence[int]) -> Iterator[LineSpan]:
    """Yield the span of the comments below their label, with signatures, if a story or most of the text stands above it."""
    total, above = sum(chars), 0
    for i, feature in enumerate(features):
        has_story = 2 * above > total or prose[i] >= MIN_ABOVE
        if _is_comment_label(feature) and has_story and _are_signed(features, i + 1):
            yield i, _last_comment(features, prose, i)
            return
        above += chars[i]


def _are_signed(features: Sequence[LineFeatures], first: int) -> bool:
    """Return whether two signatures stand close below a label, or one and, a comment below it, another of its form."""
    signed = [i for i in range(first, min(first + LABEL_REACH, len(features))) if features[i].shape == "meta"]
    if len(signed) != 1:
        return len(signed) > 1
    below = features[signed[0] + 1 : signed[0] + 1 + MAX_COMMENT_LINES]
    return any(near.shape == "meta" and _have_one_form(features[signed[0]].line.text, near.line.text) for near in below)


def _is_comment_label(feature: LineFeatures) -> bool:
    return feature.rule is not None and feature.rule.kind == "comment-stub"


def _last_comment(features: Sequence[LineFeatures], prose: Sequence[int], label: int) -> int:
    """Return the last line of the comments below a label: the last of the page, or that before another story.

    `prose` counts the paragraphs before each line. A text below a signature that is longer than all other texts below the
    label is another story.
    """
    signed = [label, *(i for i in range(label + 1, len(features)) if features[i].shape == "meta"), len(features)]
    whole = prose[-1] - prose[label]
    for before, after in pairwise(signed):
        if _is_story(prose[after] - prose[before], whole):
            return next(i for i in range(before, after) if prose[i + 1] > prose[before]) - 1
    return len(features) - 1


def _is_story(paragraphs: int, whole: int) -> bool:
    """Return whether so many paragraphs below one signature, of the whole of those below all, are another story."""
    return paragraphs >= MIN_STORY and 2 * paragraphs > whole


def _repeated(features: Sequence[LineFeatures], prose: Sequence[int], ruleset: Ruleset) -> Iterator[LineSpan]:
    """Yield the spans of texts that are each signed with a name and a time, in one form."""
    signs = [i for i, feature in enumerate(features) if feature.shape in SIGN_SHAPES and _may_sign(feature)]
    if len(signs) < MIN_COMMENTS:
        return
    run: list[int] = []
    for i in signs:
        if run and _may_follow(features, run[-1], i):
            run.append(i)
            continue
        yield from _comments(features, prose, run, ruleset)
        run = [i]
    yield from _comments(features, prose, run, ruleset)


def _may_sign(feature: LineFeatures) -> bool:
    """Return whether a line may give the name of a reader and the time of a comment."""
    return feature.shape in SIGN_SHAPES and not feature.assigned and "0" in line_key(feature.line.text)


def _may_follow(features: Sequence[LineFeatures], before: int, i: int) -> bool:
    """Return whether a comment stands between two signatures of one form: some lines with text, without a label of a list."""
    between = features[before + 1 : i]
    if not 0 < len(between) <= MAX_COMMENT_LINES or not any(feature.shape in TEXT_SHAPES for feature in between):
        return False
    return _have_one_form(features[before].line.text, features[i].line.text)


def _have_one_form(text: str, other: str) -> bool:
    """Return whether two signatures begin or end with the same word, and are not the same."""
    key, other_key = line_key(text).split(), line_key(other).split()
    is_alike = key[:1] == other_key[:1] or key[-1:] == other_key[-1:]
    return is_alike and text != other and abs(len(key) - len(other_key)) <= min(len(key), len(other_key))


def _comments(
    features: Sequence[LineFeatures], prose: Sequence[int], run: Sequence[int], ruleset: Ruleset
) -> Iterator[LineSpan]:
    """Yield the span of the comments with these signatures, when they are enough: under a label, or with names and clocks."""
    if len(run) < MIN_COMMENTS:
        return
    near = features[max(0, run[0] - LABEL_REACH) : run[-1]]
    if not any(map(_is_comment_label, near)) and not _are_signatures([features[i].line.text for i in run], ruleset):
        return
    last = run[-1]
    while last + 1 < len(features) and last < run[-1] + MAX_COMMENT_LINES and features[last + 1].shape in TEXT_SHAPES:
        last += 1
    if _is_story(prose[last + 1] - prose[run[-1]], prose[last + 1] - prose[run[0]]):
        last = run[-1] - 1
    first = run[0]
    opening = _opening_label(features, run)
    if opening is not None:
        first = opening  # the text above the first signature is the story
    elif last == run[-1]:  # signed below their texts
        while first and run[0] - first < MAX_COMMENT_LINES and features[first - 1].shape in TEXT_SHAPES:
            first -= 1
        if first and features[first - 1].shape in TEXT_SHAPES:
            first = run[0] - 1  # nothing shows where the story ends
    yield first, last


def _opening_label(features: Sequence[LineFeatures], run: Sequence[int]) -> int | None:
    """Return the label of comments between the first two signatures, unless it stands between others: they begin there."""
    labels = [i for i in range(run[0], run[1]) if _is_comment_label(features[i])]
    later = {feature.line.text for feature in features[run[1] : run[-1]]}
    return next((i for i in labels if features[i].line.text not in later), None)


def _are_signatures(texts: Sequence[str], ruleset: Ruleset) -> bool:
    """Return whether lines name different people and moments of a day, and not only dates, as lists of events do."""
    times = [ruleset.context.times.first(text) for text in texts]
    moments = sum(time is not None and (time.expression.clock is not None or time.expression.unit != "") for time in times)
    return 2 * moments > len(texts) and len({line_key(text) for text in texts}) > 1
