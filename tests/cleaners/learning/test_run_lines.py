"""The lines of a site that a run removes: on half of its pages, no title, no prose, and the same whatever the order."""

from __future__ import annotations

import pytest
from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st

from cleaners import Library, Page, clean_page, shipped_packs
from cleaners.learning.run_lines import RunLineSettings, lines_of_site
from cleaners.pipeline import default_library
from cleaners.rules.site_lines import SiteLines
from cleaners.text.normalize import lookup_key
from tests.support.site_rows import FOOT, LINES, MENU, WORDS, page_text, story

HOST = "quaypost.example"
HEADLINE = FOOT[1]  # by its look; on fewer than nearly all pages it may be one that they list
RULE = f"learnt-lines.{HOST}.line"


def pages(number: int, **more) -> list[Page]:
    return [Page(page_text(i, **more), f"{i}.txt", f"https://{HOST}/{i}") for i in range(number)]


def learnt(given: list[Page], library: Library, **settings) -> set[str]:
    least = RunLineSettings(**({"pages": 10, "share": 0.5} | settings))
    return set(lines_of_site(HOST, given, library, least).lines.values())


def test_lines_on_all_pages_are_learnt(library):
    assert learnt(pages(10), library) == LINES


def test_fewer_pages_teach_nothing(library):
    assert learnt(pages(9), library) == set()
    assert learnt(pages(9), library, pages=9) == LINES


@pytest.mark.parametrize(("number", "found"), [(8, LINES), (5, LINES - {HEADLINE}), (4, LINES - {*FOOT})])
def test_half_of_the_pages_are_enough(number, found, library):
    given = [*pages(number), *(Page(page_text(i, foot=()), f"{i}.txt") for i in range(number, 10))]
    assert learnt(given, library) == found


@settings(max_examples=10)
@given_by(st.permutations(range(12)))
def test_the_order_of_pages_does_not_matter(order):
    given = pages(12)
    assert lines_of_site(HOST, [given[i] for i in order], default_library()) == lines_of_site(HOST, given, default_library())


@settings(max_examples=20)
@given_by(st.lists(st.sets(st.sampled_from([*FOOT, story(0)[0], story(1)[2]])), min_size=10, max_size=14))
def test_a_learnt_line_is_on_half_of_the_pages_and_no_title(feet):
    given = [Page(page_text(i, foot=sorted(foot)), f"{i}.txt", f"https://{HOST}/{i}") for i, foot in enumerate(feet)]
    titles = {record.title for page in given for record in clean_page(page).records if record.kind == "article"}
    for line in learnt(given, default_library()):
        assert 2 * sum(line in page.text.splitlines() for page in given) >= len(given)
        assert line not in titles


def test_no_title_is_learnt(library):
    title = story(0)[0]
    given = pages(12, foot=(*FOOT, title))
    assert title in [record.title for page in given for record in clean_page(page, library).records]
    assert learnt(given, library) == LINES


def test_no_prose_of_a_text_is_learnt(library):
    thanks = "Reporting by the staff of the harbour office was used for this story, and its members saw it before print."
    given = [Page("\n".join([*MENU, *story(i)[:4], thanks, *story(i)[4:], *FOOT]), f"{i}.txt") for i in range(12)]
    found = learnt(given, library)
    assert thanks not in found
    assert {*MENU} <= found


def test_what_a_rule_removes_anyway_is_left_to_it(library):
    assert learnt(pages(10, foot=(*FOOT, "Advertisement")), library) == LINES


def test_what_a_rule_for_the_language_of_the_pages_removes_is_left_to_it(library):
    prose = "Der alte Kran am Hafen wird im Sommer abgebaut, sagte der Leiter der Werft am Dienstag"
    texts = ["\n".join([*MENU, "Weiterlesen", f"{prose} vor {word}.", f"{prose} bei {word}."]) for word in WORDS[:12]]
    assert "de" in {record.language for record in clean_page(texts[0], library).records}
    found = learnt([Page(text, f"{i}.txt") for i, text in enumerate(texts)], library)
    assert "Weather and tides" in found
    assert "Weiterlesen" not in found


def test_a_site_with_a_pack_is_left_alone(library):
    pack = f'name = "quay"\ntitle = "Quay"\nhosts = ["{HOST}"]\n'
    with_pack = Library([*shipped_packs(), ("quay.toml", pack.encode())])
    assert learnt(pages(10), with_pack) == set()


def test_pages_with_the_signs_of_another_site_do_not_count():
    pack = 'name = "quay"\ntitle = "Quay"\nnames = ["island channel"]\nsigns = ["Follow our island channel"]\n'
    with_pack = Library([*shipped_packs(), ("quay.toml", pack.encode())])
    without_address = [Page(page.text, page.path) for page in pages(10)]
    assert learnt(without_address, with_pack) == set()


def with_lines(library: Library, lines=LINES) -> Library:
    return library.with_lines(SiteLines(HOST, {lookup_key(line): line for line in lines}))


def test_learnt_lines_are_removed_by_a_rule_of_their_own(library):
    (page,) = pages(1)
    assert "Weather and tides" in clean_page(page, library).records[0].text
    cleaned = clean_page(page, with_lines(library))
    removed = [page.text[segment.start : segment.end] for segment in cleaned.segments if segment.rule == RULE]
    assert removed == ["\n".join(MENU), "\n".join(FOOT)]
    assert cleaned.kinds[RULE] == "navigation"
    assert cleaned.page.site == ""
    assert {record.rules for record in cleaned.records} == {with_lines(library).digest} != {library.digest}


def test_a_library_with_lines_leaves_the_other_as_it_was(library):
    (page,) = pages(1)
    before = clean_page(page, library)
    clean_page(page, with_lines(library))
    assert clean_page(page, library) == before


def test_what_has_braces_is_removed_as_written(library):
    foot = [f"{line} {{island}}" for line in FOOT]
    cleaned = clean_page(Page(page_text(1, foot=foot)), with_lines(library, [*MENU, *foot]))
    assert [segment.rule for segment in cleaned.segments][-1] == RULE
