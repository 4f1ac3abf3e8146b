from __future__ import annotations

from itertools import permutations

from cleaners.learning.templates import MIN_PAGES, signs_of, templates_of
from tests.cleaners.learning.sites import marked

NEWS, BLOG, COMMON = (
    ["News desk", "Latest bulletins", "Print this page"],
    ["Blog", "Follow the blog", "Older posts"],
    ["The Quay Post"],
)
LEAST = 0.3


def pages(*parts):
    return marked(
        [
            "\n".join([*COMMON, *lines, f"Own line {n} {i}x"])
            for n, (lines, size) in enumerate(parts)
            for i in "abcdefghijkl"[:size]
        ]
    )


def test_pages_with_other_frequent_lines_are_of_another_template():
    assert templates_of(pages((BLOG, 4), (NEWS, 6)), LEAST) == [[4, 5, 6, 7, 8, 9], [0, 1, 2, 3]]


def test_a_few_pages_are_no_template():
    assert templates_of(pages((NEWS, 6), (BLOG, MIN_PAGES - 1)), LEAST) == [[0, 1, 2, 3, 4, 5]]


def test_pages_with_nothing_in_common_are_of_no_template():
    assert templates_of(marked([f"Own line {n}x" for n in "abcdef"]), LEAST) == []


def test_the_templates_do_not_depend_on_the_order_of_pages():
    texts = ["\n".join([*COMMON, *(NEWS if n < 4 else BLOG), f"Own line {n}x"]) for n in range(8)]
    found = set()
    for order in [*permutations(range(8))][::1009]:
        clusters = templates_of(marked([texts[i] for i in order]), LEAST)
        found.add(tuple(tuple(sorted(order[i] for i in cluster)) for cluster in clusters))
    assert found == {((4, 5, 6, 7), (0, 1, 2, 3))}


def test_the_signs_of_a_template_do_not_stand_on_most_other_pages():
    site = pages((NEWS, 6), (BLOG, 4))
    assert sorted(signs_of(site, range(6), frozenset())) == sorted(NEWS)
    assert sorted(signs_of(site, range(6, 10), frozenset())) == sorted(BLOG)
    assert sorted(signs_of(site, range(6), frozenset({"news desk"}))) == sorted(NEWS[1:])
    assert len(signs_of(site, range(6), frozenset(), most=2)) == 2
