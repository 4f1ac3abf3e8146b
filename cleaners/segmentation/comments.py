"""Find the comments of readers below a page's own story: by their label, and by the form that they repeat.

Called by `own_story`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaners.segmentation.line_features import LineFeatures, LineSpan, Shape
from cleaners.text.normalize import line_key

LABEL_REACH = 10  # lines below the label of comments, in which two of them have their times
MIN_COMMENTS = 3  # without a label
MIN_ABOVE = 3  # paragraphs above comments without a label; a forum has fewer above its posts
MAX_COMMENT_LINES = 12
TEXT_SHAPES: tuple[Shape, ...] = ("prose", "sentence")


def comments_of(features: Sequence[LineFeatures], kept: Sequence[bool]) -> list[LineSpan]:
    """Return the spans of the comments of readers, first and last line; `kept` marks the lines that read like own text."""
    chars = [len(feature.line.text) if is_kept else 0 for feature, is_kept in zip(features, kept, strict=True)]
    prose = [is_kept and feature.shape == "prose" for feature, is_kept in zip(features, kept, strict=True)]
    return [*_labelled(features, chars), *(span for span in _repeated(features) if sum(prose[: span[0]]) >= MIN_ABOVE)]


def _labelled(features: Sequence[LineFeatures], chars: Sequence[int]) -> Iterator[LineSpan]:
    """Yield the span from a label of comments to the end of the page, if most of the text stands above and times below."""
    total, above = sum(chars), 0
    for i, feature in enumerate(features):
        if feature.rule is not None and feature.rule.kind == "comment-stub" and 2 * above > total:
            below = features[i + 1 : i + 1 + LABEL_REACH]
            if sum(near.shape == "meta" for near in below) > 1:
                yield i, len(features) - 1
                return
        above += chars[i]


def _repeated(features: Sequence[LineFeatures]) -> Iterator[LineSpan]:
    """Yield the spans of texts that are each signed with a name and a time, in one form."""
    signatures = [i for i, feature in enumerate(features) if _may_sign(feature)]
    run: list[int] = []
    for i in signatures:
        if run and _may_follow(features, run[-1], i):
            run.append(i)
            continue
        yield from _comments(features, run)
        run = [i]
    yield from _comments(features, run)


def _may_sign(feature: LineFeatures) -> bool:
    """Return whether a line may give the name of a reader and the time of a comment."""
    return feature.shape in ("meta", "label") and not feature.assigned and "0" in line_key(feature.line.text)


def _may_follow(features: Sequence[LineFeatures], before: int, i: int) -> bool:
    """Return whether a comment stands between two signatures of one form: some lines with text, without a label of a list."""
    between = features[before + 1 : i]
    if not 0 < len(between) <= MAX_COMMENT_LINES or not any(feature.shape in TEXT_SHAPES for feature in between):
        return False
    return _have_one_form(features[before].line.text, features[i].line.text)


def _have_one_form(text: str, other: str) -> bool:
    """Return whether two signatures begin or end with the same word and name different people."""
    key, other_key = line_key(text).split(), line_key(other).split()
    is_alike = key[:1] == other_key[:1] or key[-1:] == other_key[-1:]
    return is_alike and key != other_key and abs(len(key) - len(other_key)) <= min(len(key), len(other_key))


def _comments(features: Sequence[LineFeatures], run: Sequence[int]) -> Iterator[LineSpan]:
    """Yield the span of the comments with these signatures, when they are enough."""
    if len(run) < MIN_COMMENTS:
        return
    last = run[-1]
    while last + 1 < len(features) and last < run[-1] + MAX_COMMENT_LINES and features[last + 1].shape in TEXT_SHAPES:
        last += 1
    first = run[0]
    if last == run[-1]:  # signed below their texts
        while first and run[0] - first < MAX_COMMENT_LINES and features[first - 1].shape in TEXT_SHAPES:
            first -= 1
        if first and features[first - 1].shape in TEXT_SHAPES:
            first = run[0] - 1  # nothing shows where the story ends
    yield first, last
