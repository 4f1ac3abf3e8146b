from __future__ import annotations

from itertools import permutations

from cleaners.learning.signs import MAX_SIGNS, NEEDED, site_signs
from tests.cleaners.learning.sites import keys, marked, settings

TEXT = "The ferry came back to the pier on Monday, and the mayor said that nobody had expected it before the winter."
LATE, TIDES, EDITOR = "Latest bulletins", "Tides and weather", "Write to the editor"


def found(pages, known=()):
    return site_signs(marked(["\n".join(page) for page in pages]), keys(*known), settings())


def signs(pages, known=()):
    return [*found(pages, known).lines]


def test_two_signs_on_all_pages_are_enough():
    assert sorted(signs([[LATE, TIDES, EDITOR, f"Own {n}x"] for n in "abcd"])) == [TIDES, EDITOR]


def test_every_page_has_the_signs_it_needs():
    pages = [[LATE, TIDES], [LATE, TIDES], [EDITOR, "Harbour notices"], [EDITOR, "Harbour notices"]]
    found = {*signs(pages)}
    assert all(len(found & {*page}) >= NEEDED for page in pages)


def test_short_lines_lines_of_any_site_and_lines_of_one_page_are_no_signs():
    pages = [["Menu", "Advertisement", f"Own line {n}", LATE, TIDES] for n in ("one", "two", "three")]
    assert sorted(signs(pages, known=["Advertisement"])) == [LATE, TIDES]
    assert signs(pages, known=["Advertisement", TIDES]) == []  # one alone is too few


def test_pages_without_common_lines_have_no_signs():
    assert signs([["The first page"], ["The second page"]]) == []


def test_there_are_not_too_many_signs():
    pages = [[f"Desk of {a}{b}", f"News of {a}{b}"] for a in "abcdefgh" for b in "abcdefgh"]
    assert len(signs([*pages, *pages])) == MAX_SIGNS


def test_the_order_of_pages_does_not_matter():
    pages = [[LATE, TIDES], [TIDES, EDITOR], [EDITOR, LATE], ["Harbour notices", LATE]]
    assert len({tuple(signs(order)) for order in permutations(pages)}) == 1


def test_a_line_of_many_words_is_enough_alone():
    long = "All that the harbour says, printed by the Quay Press"
    pages = [[long, f"Own line {n}"] for n in ("one", "two", "three")]
    assert (found(pages).lines, found(pages).names) == ((long,), (long,))


def test_lines_of_stories_that_other_sites_may_print_are_no_signs():
    pages = [f"{LATE}\n{TIDES}\n[[own.title:Ferry returns to the pier {n}]]\n[[own.text:{TEXT}]]" for n in "abc"]
    assert sorted(site_signs(marked(pages), keys(), settings()).lines) == [LATE, TIDES]


def test_many_lines_of_any_site_are_signs_as_a_whole():
    usual = ["Home", "Search", "About us", "Contact us", "Advertise", "Share", "Print", "Subscribe", "Log in", "Cookies"]
    signs = found([[*usual, f"Own line {n}"] for n in ("one", "two", "three")], usual)
    assert ({*signs.lines}, signs.needed, signs.names) == ({*usual}, 5, ())
    few = usual[:4]
    assert found([[*few, f"Own line {n}"] for n in ("one", "two", "three")], few).lines == ()


def test_the_signs_that_more_pages_have_are_taken():
    usual = ["Home", "Search", "About us", "Contact us", "Advertise", "Share"]
    pages = [[*usual, f"Own line {n}", *([LATE, TIDES] if n in "ab" else [])] for n in "abcd"]
    assert {*found(pages, usual).lines} == {*usual}
    assert {*found(pages[:2], usual).lines} == {LATE, TIDES}
