from __future__ import annotations

from itertools import permutations

from cleaners.learning.signs import MAX_SIGNS, NEEDED, site_signs
from tests.cleaners.learning.sites import keys, marked

LATE, TIDES, EDITOR = "Latest bulletins", "Tides and weather", "Write to the editor"


def signs(pages, known=()):
    return site_signs(marked(["\n".join(page) for page in pages]), keys(*known))


def test_two_signs_on_all_pages_are_enough():
    assert sorted(signs([[LATE, TIDES, EDITOR, f"Own {n}x"] for n in "abcd"])) == [TIDES, EDITOR]


def test_every_page_has_the_signs_it_needs():
    pages = [[LATE, TIDES], [LATE, TIDES], [EDITOR, "Harbour notices"], [EDITOR, "Harbour notices"]]
    found = {*signs(pages)}
    assert all(len(found & {*page}) >= NEEDED for page in pages)


def test_short_lines_lines_of_any_site_and_lines_of_one_page_are_no_signs():
    pages = [["Menu", "Advertisement", f"Own line {n}", LATE] for n in ("one", "two", "three")]
    assert signs(pages, known=["Advertisement"]) == [LATE]


def test_pages_without_common_lines_have_no_signs():
    assert signs([["The first page"], ["The second page"]]) == []


def test_there_are_not_too_many_signs():
    pages = [[f"Desk of {a}{b}", f"News of {a}{b}"] for a in "abcdefgh" for b in "abcdefgh"]
    assert len(signs([*pages, *pages])) == MAX_SIGNS


def test_the_order_of_pages_does_not_matter():
    pages = [[LATE, TIDES], [TIDES, EDITOR], [EDITOR, LATE], ["Harbour notices", LATE]]
    assert len({tuple(signs(order)) for order in permutations(pages)}) == 1
