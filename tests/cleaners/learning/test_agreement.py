"""The agreement of a reading with its pages falls when stories are merged, parted or mistitled, and when lines leak."""

from __future__ import annotations

import pytest

from cleaners.learning.agreement import Agreement, SiteWords, agreement, words_of
from cleaners.learning.site_pages import PageReading, SitePages
from tests.cleaners.learning.sites import marked, paragraphs, settings, title

SIZE = 6
MENU = ["Latest bulletins", "Tides and weather"]


def lines_of(number, field="{}"):
    """Return the lines of a page with two stories, each line with its record and field, "" for none."""
    own, other = [(n, paragraphs(n)) for n in (number, number + 40)]
    return [
        *(("", text) for text in MENU),
        ("own.title", title(own[0])),
        *(("own.text", text) for text in own[1]),
        ("one.title", title(other[0])),
        *(("one.text", text) for text in other[1]),
    ]


def merged(lines):
    """Let the embedded story be a part of the page's own one."""
    return [(mark and f"own.{'text' if mark == 'one.title' else mark[4:]}", text) for mark, text in lines]


def mistitled(lines):
    """Let the menu be the title of the page's own story."""
    return [("own.title" if text == MENU[0] else "" if mark == "own.title" else mark, text) for mark, text in lines]


def parted(lines):
    """Let half of the page's own story be a story without a title."""
    found = [i for i, (mark, _) in enumerate(lines) if mark == "own.text"][2:]
    return [("two.text" if i in found else mark, text) for i, (mark, text) in enumerate(lines)]


def lost(lines):
    return [("" if mark == "one.text" else mark, text) for mark, text in lines]


def leaking(lines):
    return [("own.text" if text == MENU[1] else mark, text) for mark, text in lines]


def exchanged(lines):
    """Let each story have the title of the other one."""
    other = {"own.title": "one.title", "one.title": "own.title"}
    return [(other.get(mark, mark), text) for mark, text in lines]


def agreed(change=lambda lines: lines) -> Agreement:
    texts = ["\n".join(f"[[{mark}:{text}]]" if mark else text for mark, text in change(lines_of(n))) for n in range(SIZE)]
    pages = marked(texts)
    return agreement(pages.pages, pages.readings, SiteWords(pages, settings()))


def test_a_right_reading_keeps_all_prose_under_titles_like_it():
    right = agreed()
    assert (right.kept, right.leaked) == (1.0, 0.0)
    assert 0.3 < right.titled <= 1.0


@pytest.mark.parametrize("change", [merged, mistitled, parted, lost, leaking, exchanged])
def test_a_wrong_reading_agrees_less(change):
    right, wrong = agreed(), agreed(change)
    assert right.better_by(wrong) > 0
    assert wrong.better_by(right) < 0
    assert {merged: wrong.kept == 1.0, lost: wrong.kept < right.kept, leaking: wrong.leaked > 0}.get(change, True)


def test_a_page_that_was_refused_keeps_nothing():
    pages = marked(["\n".join(text for _, text in lines_of(n)) for n in range(SIZE)])
    refused = [PageReading(None, [""] * len(page.lines)) for page in pages.pages]
    assert agreement(pages.pages, refused, SiteWords(pages, settings())) == Agreement(0.0, 0.0, 0.0)


def test_no_pages_agree_with_nothing():
    assert agreement([], [], SiteWords(SitePages([], []), settings())) == Agreement(0.0, 0.0, 0.0)


def test_a_part_of_a_line_counts_when_it_is_most_of_it():
    pages = marked([f"[[own.title:{title(0)}]]\nQuay: [[own.text:{paragraphs(0)[0]}]]", f"{paragraphs(1)[0]} [[own.text:See]]"])
    found = [
        agreement([page], [reading], SiteWords(pages, settings())).kept
        for page, reading in zip(pages.pages, pages.readings, strict=True)
    ]
    assert found == [1.0, 0.0]


def test_a_text_that_was_cut_into_many_segments_counts_as_one():
    pieces = " ".join(f"[[own.text:{word}]]" for word in paragraphs(0)[0].split(" "))
    pages = marked([f"[[own.title:{title(0)}]]\n{pieces}", f"[[own.title:{title(1)}]]"])
    assert agreement(pages.pages[:1], pages.readings[:1], SiteWords(pages, settings())).kept == 1.0


def test_words_are_long_ones_and_pairs_of_characters_without_blanks():
    assert words_of("The Ferry is BACK") == {"ferry", "back"}
    assert words_of("เรือข้ามฟาก") >= {"เร", "รื"}


def test_a_script_without_blanks_has_similarity_too():
    pages = marked(["港湾委员会星期二批准了新渡轮\n渡轮", "桥梁明天开放", "图书馆关闭"])
    words = SiteWords(pages, settings())
    text = words_of("港湾委员会星期二批准了新渡轮，委员会主席说。")
    assert words.similarity(words_of("港湾委员会批准新渡轮"), text) > 0


def test_a_title_that_is_a_fixed_line_is_leaked():
    """A headline that two pages list may be a title; a line of the menu on all pages is none."""
    listed = [
        f"[[own.title:{title(n)}]]\n[[own.text:{paragraphs(n)[0]}]]\n[[one.title:{title(n // 2 + 40)}]]" for n in range(8)
    ]
    menus = [f"[[own.title:{title(n)}]]\n[[own.text:{paragraphs(n)[0]}]]\n[[one.title:Tides and weather]]" for n in range(8)]
    leaked = []
    for texts in (listed, menus):
        pages = marked(texts)
        leaked.append(agreement(pages.pages, pages.readings, SiteWords(pages, settings())).leaked)
    assert leaked == [0.0, pytest.approx(1 / 3)]
