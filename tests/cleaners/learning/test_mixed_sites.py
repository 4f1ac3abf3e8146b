from __future__ import annotations

from itertools import permutations

from cleaners.learning.mixed_sites import tell_sites
from tests.cleaners.learning.sites import FOOTER, MENU, WHERE

QUAY, HILL = [*MENU, *FOOTER], ["Hill Gazette", "News of the hills", "Shepherds write", "Weather on the tops"]
LEAST = 0.1


def page(lines, number):
    return "\n".join([*lines, f"Story of {WHERE[number]} and its harbour", "Menu", "1 2 3"])


def test_pages_that_share_lines_are_of_one_site():
    pages = [page(QUAY, 0), page(HILL, 1), page(QUAY, 2), page(HILL, 3), page(QUAY, 4), page(HILL, 5), page(QUAY, 6)]
    assert [sorted(site) for site in tell_sites(pages, LEAST)] == [[0, 2, 4, 6], [1, 3, 5]]


def test_two_templates_of_a_site_are_one_site():
    blog = [*QUAY[:3], "Blog of the quay", "Older entries", "Follow the blog"]
    assert [sorted(site) for site in tell_sites([page(lines, n) for n, lines in enumerate([QUAY, blog] * 4)], LEAST)] == [
        [*range(8)]
    ]


def test_pages_with_nothing_in_common_are_sites_of_their_own():
    assert sorted(tell_sites([page([], n) for n in range(4)], LEAST)) == [[0], [1], [2], [3]]
    assert tell_sites([], LEAST) == []
    assert tell_sites([""], LEAST) == [[0]]


def test_the_sites_do_not_depend_on_the_order_of_pages():
    texts = [page(QUAY if n % 3 else HILL, n) for n in range(7)]
    found = set()
    for order in [*permutations(range(7))][::251]:
        sites = tell_sites([texts[i] for i in order], LEAST)
        found.add(tuple(tuple(order[i] for i in site) for site in sites))
    assert len(found) == 1
