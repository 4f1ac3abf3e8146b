"""Filters: the meaning of each operator for each type of key, and one sentence for a mistake."""

from __future__ import annotations

import msgspec
import pytest

from cleaners import Record, clean_page
from flows.errors import UsageError
from flows.export.filters import record_filter

(PLAIN,) = clean_page("Ferry returns\nThe ferry is back.").records
RECORD = msgspec.structs.replace(
    PLAIN,
    kind="story",
    source="Quay Post",
    published="2025-07-05T13:33:00Z",
    authors=["Ann Lee", "Bo Ek"],
    flags=["layout-unknown", "truncated"],
    position=3,
    confidence=0.8,
    page=msgspec.structs.replace(PLAIN.page, site="quay"),
)


def answers(condition: str, record: Record = RECORD) -> bool:
    return record_filter([condition])(record)


@pytest.mark.parametrize(
    "condition",
    [
        "kind=story", "kind==story", " kind = story ", "kind!=headline", "page.site=quay", "text!=", "category=",
        "source=Quay Post", "source~quay", "source!~herald", "title~FERRY",
        "flags=truncated", "flags!=empty-body", "authors=Bo Ek", "authors~lee", "tags=", "authors!=", "authors!~smith",
        "position=3", "position>=3", "position<4", "position!=0",
        "confidence>=0.8", "confidence >= .8", "confidence<1", "confidence=0.80", "confidence!=0.", "confidence<0.9",
        "published>=2025", "published>=2025-07-05", "published<=2025-07-05", "published=2025-07", "published<2025-07-06",
        "published>2025-07-04", "published<=2025-07-05T13", "published!=2025-07-06", "published!=", "page.captured_at=",
    ],
)  # fmt: skip
def test_a_record_answers(condition):
    assert answers(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "kind=article", "kind!=story", "page.site=", "text=", "source=quay post", "source=Quay", "source!~quay",
        "flags!=truncated", "flags=empty-body", "authors=Bo", "authors=", "tags!=", "position>3", "position=0",
        "confidence>0.8", "confidence>=0.81", "confidence=1",
        "published>2025-07-05", "published<2025-07-05", "published>=2025-08", "published=2025-07-06", "published=",
        "page.captured_at<2030", "page.captured_at>=2000", "page.captured_at<=2030", "page.captured_at!=",
    ],
)  # fmt: skip
def test_a_record_does_not_answer(condition):
    assert not answers(condition)


def test_all_conditions_must_hold_and_none_asks_nothing():
    assert record_filter([])(RECORD)
    assert record_filter(["kind=story", "flags=truncated"])(RECORD)
    assert not record_filter(["kind=story", "flags!=truncated"])(RECORD)


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("", "is no condition; write one as in kind=story"),
        ("story", "is no condition"),
        ("kind", "is no condition"),
        ("=story", "is no condition"),
        ("knid=story", "no record has knid; there are id, kind, title"),
        ("site=quay", "page.site"),
        ("page=quay", "no record has page; there are"),
        ("kind=storey", "kind is never 'storey'; it may be article, headline, story"),
        ("flags!=trunkated", "it may be ai-assisted, empty-body"),
        ("published_precision=week", "it may be second, minute, hour, day"),
        ("title>a", "title is no time and no number; compare it with =, !=, ~ or !~"),
        ("flags>=truncated", "compare it with ="),
        ("position=first", "position is a number; compare it with one, as in position>=1"),
        ("position~1", "position is a number"),
        ("position>=0.5", "position is a number; compare it with one, as in position>=1"),
        ("confidence>=high", "confidence is a number; compare it with one, as in confidence>=0.8"),
        ("confidence>=.", "confidence is a number"),
        ("confidence>=1e-3", "confidence is a number"),
        ("published>=yesterday", "published is a time; compare it with one, as in published>=2025-07-01"),
        ("published>=1 July 2025", "published is a time"),
        ("published>=", "published is a time"),
        ("published~2025", "published is a time"),
        ("title~", "names no letters to look for; title= asks for an empty one"),
        ("flags!~ ", "names no letters"),
    ],
)
def test_a_mistake_is_a_sentence_that_says_what_to_do(condition, says):
    with pytest.raises(UsageError) as caught:
        record_filter([condition])
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
