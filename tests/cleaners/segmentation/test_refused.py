"""Pages that are none, by their wording."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import BadPage, clean_page, read_html
from cleaners.segmentation.refused import _PARTS, _has_parts
from tests.cleaners.segmentation.pages import FOOTER, MENU, STORY, TITLE, page

MISSING = [
    ("Page not found", "Sorry, the page you were looking for could not be found."),
    ("Seite nicht gefunden", "Die gesuchte Seite existiert nicht oder wurde verschoben."),
    ("Page introuvable", "La page demandée n’existe plus ou son adresse a changé."),
    ("Página no encontrada", "La página que busca no existe."),
    ("Страница не найдена", "Запрашиваемая страница была удалена."),
    ("ページが見つかりません", "お探しのページは削除された可能性があります。"),
]


@pytest.mark.parametrize(("title", "text"), MISSING, ids=[title for title, _ in MISSING])
def test_a_missing_page_is_refused_as_text_and_as_html(title, text):
    with pytest.raises(BadPage, match="not-a-page"):
        clean_page(page(MENU, title, text, FOOTER))
    menu = "".join(f"<li><a href=/>{name}</a></li>" for name in MENU * 6)
    with pytest.raises(BadPage, match="no such page"):
        clean_page(read_html(f"<title>{title} | Quay Post</title><ul>{menu}</ul><h1>{title}</h1><p>{text}</p>"))


@pytest.mark.parametrize(
    ("lines", "detail"),
    [
        (("Just a moment...", "Verify you are human by completing the action below.", "Ray ID: 8a1b2c"), "test for robots"),
        (("You need to enable JavaScript to run this app.",), "another browser"),
        (("We value your privacy", "We and our 812 partners use cookies on your device.", "Accept all"), "request for consent"),
    ],
)
def test_walls_are_refused(lines, detail):
    with pytest.raises(BadPage, match=detail):
        clean_page(page(lines))


@pytest.mark.parametrize(("heading", "is_refused"), [("<h3><a href=/{0}>{1}</a></h3>", True), ("<h3>{1}</h3>", False)])
def test_teasers_of_other_pages_are_no_text_of_a_missing_page(heading: str, is_refused: bool):
    teasers = "".join(f"{heading.format(i, f'Ferry number {i} returns')}<p>{text}</p>" for i, text in enumerate(STORY))
    html = f"<h1>Page not found</h1><p>{MISSING[0][1]}</p><h2>Latest news</h2>{teasers}"
    if is_refused:
        with pytest.raises(BadPage, match="no such page"):
            clean_page(read_html(html))
    else:
        assert STORY[0] in clean_page(read_html(html)).records[0].text


@pytest.mark.parametrize("wall", [*MISSING, ("We value your privacy", "We and our 812 partners use cookies on your device.")])
def test_a_page_with_text_of_its_own_is_kept(wall):
    cleaned = clean_page(page(MENU, wall, TITLE, STORY, FOOTER))
    assert STORY[0] in cleaned.records[0].text


def test_a_list_of_stories_behind_a_request_for_consent_is_kept():
    titles = tuple(f"Ferry number {i} returns to the quay" for i in range(20))
    assert clean_page(page("We value your privacy", "We use cookies.", titles)).page.id


@given(st.text(st.sampled_from("ab -|:»–—·."), max_size=12))
def test_a_text_has_parts_where_the_pattern_finds_a_sign(text):
    assert _has_parts(text) == (_PARTS.search(text) is not None)
