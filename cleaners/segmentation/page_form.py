"""Measure the form of a whole page, by which its type is known: how its prose lies, what repeats, what it declares.

Called by `read_page`. The weights of the measures are made by `tests.fit.page_type`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cleaners.document.page import Page
from cleaners.segmentation.by_layout import Story
from cleaners.segmentation.line_features import LINKED, TEXT_SHAPES, LineFeatures
from cleaners.segmentation.own_lines import MAX_ODDS, sizes_of

REPEATED = 3  # times that a line stands on a page
MAX_PRICE_CHARS = 60
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
    lengths = [len(feature.line.text) for feature in features]
    chars = sum(lengths) or 1
    prose = [length for feature, length in zip(features, lengths, strict=True) if feature.shape == "prose"]
    yield "lines", count
    yield "chars", chars
    yield "prose-lines", len(prose)
    yield "prose-share", sum(prose) / chars
    yield "prose-line-share", len(prose) / count
    run = _longest_run(features)
    yield "run-chars", run
    yield "run-share", run / chars
    shapes = Counter(feature.shape for feature in features)
    for shape in ("headline", "short", "meta", "label"):
        yield f"{shape}-share", shapes[shape] / count
    yield "headlines", shapes["headline"]
    yield "times", shapes["meta"]
    yield "linked-share", sum(feature.linked * length for feature, length in zip(features, lengths, strict=True)) / chars
    yield "linked-lines", _share(feature.linked >= LINKED for feature in features)
    prices, numbers = sum(map(_has_price, features)), sum(map(_is_number, features))
    yield "prices", prices
    yield "price-share", prices / count
    yield "numbers", numbers
    yield "number-share", numbers / count
    times = Counter(feature.line.text for feature in features)
    yield "repeated-share", _share(times[feature.line.text] >= REPEATED for feature in features)
    yield "repeated-lines", sum(number >= REPEATED for number in times.values())
    yield "most-repeated", max(times.values(), default=0)
    yield "comments", sum(feature.page_part == "comments" for feature in features)
    yield "questions", _share(feature.line.text.endswith(("?", "？", "؟")) for feature in features)


def _of_own(own: Story | None, features: Sequence[LineFeatures], scores: Sequence[float]) -> dict[str, float]:
    """Return the measures of the page's own story."""
    body = {line.start for line in own.body} if own else set()
    places = [i for i, feature in enumerate(features) if feature.line.start in body]
    lines = [features[i] for i in places]
    chars = sum(len(line.line.text) for line in lines) or 1
    whole = sum(len(feature.line.text) for feature in features) or 1
    prose = sum(len(line.line.text) for line in lines if line.shape == "prose")
    all_prose = sum(len(feature.line.text) for feature in features if feature.shape == "prose") or 1
    texts = sorted(len(line.line.text) for line in lines if line.shape in TEXT_SHAPES)
    between = features[places[0] : places[-1] + 1] if places else []
    times = Counter(feature.line.text for feature in features)
    sizes = sizes_of(lines)
    odds = [max(-MAX_ODDS, min(MAX_ODDS, scores[i])) for i in places]
    fields = own.fields if own else {}
    return {
        "own-lines": len(lines),
        "own-chars": chars,
        "own-share": chars / whole,
        "own-prose": prose / chars,
        "own-of-prose": prose / all_prose,
        "own-density": len(lines) / (len(between) or 1),
        "own-mean": chars / (len(lines) or 1),
        "own-median": texts[len(texts) // 2] if texts else 0,
        "own-linked": sum(line.linked * len(line.line.text) for line in lines) / chars,
        "own-repeated": _share(times[line.line.text] > 1 for line in lines),
        "own-score": sum(size * value for size, value in zip(sizes, odds, strict=True)) / (sum(sizes) or 1),
        "own-first": places[0] / len(features) if places else 1.0,
        "own-short": _share(line.shape not in TEXT_SHAPES for line in lines),
        "own-questions": _share("?" in line.line.text for line in lines),
        "scored-share": sum(len(f.line.text) for f, score in zip(features, scores, strict=True) if score > 0) / whole,
        "inside-repeated": _share(times[line.line.text] >= REPEATED for line in between),
        "inside-linked": _share(line.linked >= LINKED for line in between),
        "inside-times": _share(line.shape == "meta" for line in between),
        "times-inside": sum(line.shape == "meta" for line in between),
        "inside-numbers": _share(map(_is_number, between)),
        "prices-inside": sum(map(_has_price, between)),
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


def _longest_run(features: Sequence[LineFeatures]) -> int:
    """Return the characters of the longest run of lines of text, between any two of which one other line may stand."""
    best = run = gap = 0
    for feature in features:
        if feature.shape in TEXT_SHAPES:
            run, gap = run + len(feature.line.text), 0
        elif gap:
            run = gap = 0
        else:
            gap = 1
        best = max(best, run)
    return best


def _has_price(feature: LineFeatures) -> bool:
    return len(feature.line.text) <= MAX_PRICE_CHARS and _PRICE.search(feature.line.text) is not None


def _is_number(feature: LineFeatures) -> bool:
    return len(feature.line.text) <= MAX_PRICE_CHARS and _NUMBER.fullmatch(feature.line.text) is not None


def _share(flags: Iterable[bool]) -> float:
    """Return the share of true values, 0 for none at all."""
    values = list(flags)
    return sum(values) / (len(values) or 1)
