"""Measure the form of a whole page, by which its type is known: how its prose lies, what repeats, what it declares.

Called by `read_page`. The weights of the measures are made by `tests.fit.page_type`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from cleaners.document.page import Page
from cleaners.segmentation.by_layout import Story
from cleaners.segmentation.line_features import LINKED, MAX_REMEMBERED, TEXT_SHAPES, LineFeatures, Shape
from cleaners.segmentation.own_lines import MAX_ODDS, sizes_of

REPEATED = 3  # times that a line stands on a page
MAX_PRICE_CHARS = 60
QUESTION_MARKS = ("?", "？", "؟")
_PRICE = re.compile(r"[$¢£¥฿\u20a0-\u20c0]\s?\d|\d\s?[¢£¥฿\u20a0-\u20c0]")
_NUMBER = re.compile(r"[\W\d]*\d[\W\d]*")
_WORD_SIGN = re.compile(r"[-_+]")
_LONG_NUMBER = re.compile(r"\d{4}")
_YEAR = re.compile(r"\b(?:19|20)\d\d[/-]?[01]?\d")


def page_form(
    page: Page, features: Sequence[LineFeatures], scores: Sequence[float], found: Sequence[Story]
) -> dict[str, float]:
    """Return the measures of a page by name; `found` are its stories, its own first where it has one.

    `scores` are the log-odds of each line.
    """
    own = found[0] if found and found[0].role == "article" else None
    measures = dict(_of_lines(features))
    measures |= _of_own(own, features, scores)
    measures |= _of_embedded(found[own is not None :], measures["own-chars"])
    return measures | dict(_of_head(page))


def _of_lines(features: Sequence[LineFeatures]) -> Iterator[tuple[str, float]]:
    """Yield the measures of all lines of a page."""
    count = len(features) or 1
    texts = [feature.line.text for feature in features]
    shapes = [feature.shape for feature in features]
    lengths = [*map(len, texts)]
    chars = sum(lengths) or 1
    prose = [length for shape, length in zip(shapes, lengths, strict=True) if shape == "prose"]
    yield "lines", count
    yield "chars", chars
    yield "prose-lines", len(prose)
    yield "prose-share", sum(prose) / chars
    yield "prose-line-share", len(prose) / count
    run = _longest_run(shapes, lengths)
    yield "run-chars", run
    yield "run-share", run / chars
    of_shape = Counter(shapes)
    for shape in ("headline", "short", "meta", "label"):
        yield f"{shape}-share", of_shape[shape] / count
    yield "headlines", of_shape["headline"]
    yield "times", of_shape["meta"]
    linked = [feature.linked for feature in features]
    yield "linked-share", sum([share * length for share, length in zip(linked, lengths, strict=True)]) / chars
    yield "linked-lines", _share([share >= LINKED for share in linked])
    prices, numbers = _prices_and_numbers(texts)
    yield "prices", prices
    yield "price-share", prices / count
    yield "numbers", numbers
    yield "number-share", numbers / count
    times = Counter(texts)
    yield "repeated-share", _share([times[text] >= REPEATED for text in texts])
    yield "repeated-lines", sum([number >= REPEATED for number in times.values()])
    yield "most-repeated", max(times.values(), default=0)
    yield "comments", [feature.page_part for feature in features].count("comments")
    yield "questions", _share([text[-1:] in QUESTION_MARKS for text in texts])


def _of_own(own: Story | None, features: Sequence[LineFeatures], scores: Sequence[float]) -> dict[str, float]:
    """Return the measures of the page's own story."""
    body = {line.start for line in own.body} if own else set()
    places = [i for i, feature in enumerate(features) if feature.line.start in body]
    lines = [features[i] for i in places]
    chars = sum([len(line.line.text) for line in lines]) or 1
    whole = sum([len(feature.line.text) for feature in features]) or 1
    prose = sum(len(line.line.text) for line in lines if line.shape == "prose")
    all_prose = sum([len(feature.line.text) for feature in features if feature.shape == "prose"]) or 1
    texts = sorted(len(line.line.text) for line in lines if line.shape in TEXT_SHAPES)
    between = features[places[0] : places[-1] + 1] if places else []
    times = Counter(feature.line.text for feature in features)
    sizes = sizes_of(lines)
    odds = [max(-MAX_ODDS, min(MAX_ODDS, scores[i])) for i in places]
    fields = own.fields if own else {}
    prices, numbers = _prices_and_numbers([line.line.text for line in between])
    return {
        "own-lines": len(lines),
        "own-chars": chars,
        "own-share": chars / whole,
        "own-prose": prose / chars,
        "own-of-prose": prose / all_prose,
        "own-density": len(lines) / (len(between) or 1),
        "own-mean": chars / (len(lines) or 1),
        "own-median": texts[len(texts) // 2] if texts else 0,
        "own-linked": sum([line.linked * len(line.line.text) for line in lines]) / chars,
        "own-repeated": _share([times[line.line.text] > 1 for line in lines]),
        "own-score": sum([size * value for size, value in zip(sizes, odds, strict=True)]) / (sum(sizes) or 1),
        "own-first": places[0] / len(features) if places else 1.0,
        "own-short": _share([line.shape not in TEXT_SHAPES for line in lines]),
        "own-questions": _share(["?" in line.line.text for line in lines]),
        "scored-share": sum([len(f.line.text) for f, score in zip(features, scores, strict=True) if score > 0]) / whole,
        "inside-repeated": _share([times[line.line.text] >= REPEATED for line in between]),
        "inside-linked": _share([line.linked >= LINKED for line in between]),
        "inside-times": _share([line.shape == "meta" for line in between]),
        "times-inside": sum([line.shape == "meta" for line in between]),
        "inside-numbers": numbers / (len(between) or 1),
        "prices-inside": prices,
        "has-title": "title" in fields,
        "has-time": "time" in fields,
        "has-author": "author" in fields,
    }


def _of_embedded(embedded: Sequence[Story], own_chars: float) -> dict[str, float]:
    """Return the measures of the stories embedded in a page."""
    chars = sum(len(line.text) for story in embedded for line in story.body)
    return {
        "embedded": len(embedded),
        "embedded-texts": sum(bool(story.body) for story in embedded),
        "embedded-times": sum("time" in story.fields for story in embedded),
        "embedded-chars": chars / (chars + own_chars),
    }


def _of_head(page: Page) -> Iterator[tuple[str, float]]:
    """Yield the measures of a page's head, address and elements."""
    head = page.metadata
    yield "head-time", bool(head.published or head.worded)
    yield "head-authors", len(head.authors)
    yield "head-tags", len(head.tags)
    address, _, query = page.url.partition("?")
    path = "/".join(address.split("/")[3:])  # after the scheme and the host
    parts = [part for part in path.split("/") if part]
    words = [len(_WORD_SIGN.split(part)) for part in parts]
    yield "address", bool(page.url)
    yield "address-depth", len(parts)
    yield "address-words", max(words, default=0)
    yield "address-last-words", words[-1] if words else 0
    yield "address-number", bool(_LONG_NUMBER.search(path))
    yield "address-year", bool(_YEAR.search(path))
    yield "address-query", bool(query)
    yield from page.signs.items()


def _longest_run(shapes: Sequence[Shape], lengths: Sequence[int]) -> int:
    """Return the characters of the longest run of lines of text, between any two of which one other line may stand."""
    best = run = gap = 0
    for shape, length in zip(shapes, lengths, strict=True):
        if shape in TEXT_SHAPES:
            run, gap = run + length, 0
        elif gap:
            best, run, gap = max(best, run), 0, 0
        else:
            gap = 1
    return max(best, run)


def _prices_and_numbers(texts: Iterable[str]) -> tuple[int, int]:
    """Return how many short lines hold a price, and how many are a number."""
    found = [_price_and_number(text) for text in texts if len(text) <= MAX_PRICE_CHARS]
    return sum([has_price for has_price, _ in found]), sum([is_number for _, is_number in found])


@lru_cache(maxsize=MAX_REMEMBERED)
def _price_and_number(text: str) -> tuple[bool, bool]:
    return _PRICE.search(text) is not None, _NUMBER.fullmatch(text) is not None


def _share(flags: Sequence[bool]) -> float:
    """Return the share of true values, 0 for none at all."""
    return sum(flags) / (len(flags) or 1)
