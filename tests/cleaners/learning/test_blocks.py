from __future__ import annotations

import pytest

from cleaners.learning.blocks import MAX_LASTS, MAX_LINES, blocks
from tests.cleaners.learning.sites import WHERE, keys, marked, paragraphs, settings, title

LABELS = ("Most read today", "Write to the editor")


def found(pages, labels=LABELS, **changed):
    whole = marked(pages)
    return blocks(whole, whole, keys(*labels), settings(**changed))


def page(number, lines, last=LABELS[1]):
    text = [f"[[own.text:{line}]]" for line in paragraphs(number)]
    return "\n".join([f"[[own.title:{title(number)}]]", *text, LABELS[0], *lines, last])


def shared(number, size=3):
    return [title(30 + (number + i) % 5) for i in range(size)]


def test_lines_between_two_fixed_lines_are_a_block():
    (block,) = found([page(n, shared(n)) for n in range(10)])
    assert (block.first, block.lasts, block.pages, block.of, block.most) == (LABELS[0], (LABELS[1],), 10, 10, 3)
    assert block.example[0] == LABELS[0]
    assert block.example[-1] == LABELS[1]
    assert len(block.example) == 5


def test_a_block_may_end_at_several_fixed_lines_the_most_frequent_first():
    lasts = ["End", "About us"]
    (block,) = found([page(n, shared(n), lasts[n % 3 == 0]) for n in range(10)], (LABELS[0], *lasts))
    assert block.lasts == ("End", "About us")
    ends = [f"End at {where}" for where in WHERE] + [f"End of {where}" for where in WHERE]
    (block,) = found([page(n % 12, shared(n), ends[n]) for n in range(24)], (LABELS[0], *ends))
    assert len(block.lasts) == MAX_LASTS


@pytest.mark.parametrize(
    "lines",
    [
        lambda n: [paragraphs(n + 50)[0], *shared(n)],  # prose that no other page has
        lambda n: [f"[[own.text:{line}]]" for line in shared(n)],  # a part of the page's own story
        lambda n: [f"{title(n + 60)} {i}x{WHERE[i]}" for i in range(3)],  # lines that no other page has
        lambda n: [f"Line {where} of {number}" for number in "abcdefghijklmnopqrst" for where in WHERE],  # too many
        lambda n: [],
    ],
    ids=["prose", "story", "new", "long", "empty"],
)
def test_what_belongs_to_a_page_is_no_block(lines):
    assert found([page(n, lines(n)) for n in range(10)]) == []


def test_a_block_on_few_pages_is_none():
    assert found([page(n, shared(n) if n < 2 else []) for n in range(10)]) == []


def test_one_page_with_its_own_story_between_the_labels_is_borne():
    pages = [page(n, shared(n)) for n in range(24)]
    assert found([*pages, page(24, [f"[[own.text:{paragraphs(70)[0]}]]", *shared(24)])])
    assert MAX_LINES > 100
