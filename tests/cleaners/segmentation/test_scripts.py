"""Pages in scripts without capitals, some without blanks: the prose is kept, and the clutter is removed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cleaners import Library, clean_page, shipped_packs
from tests.cleaners.segmentation.pages import defect, page

PAGES = tomllib.loads(Path(__file__).with_name("scripts.toml").read_text(encoding="utf-8"))
PACKS = {name.rpartition("/")[2]: toml for name, toml in shipped_packs()}
BLIND = Library([("generic.toml", PACKS["generic.toml"])])
LABELS = ("login", "share", "ad", "newsletter", "related", "copyright")


def labels_of(language):
    """Return labels of a language by their kinds, as the pack of the language has them."""
    rules = tomllib.loads(PACKS[f"{language}.toml"].decode())["rule"]
    by_id = {rule["id"].partition(".")[2]: rule["remove"][0] for rule in rules}
    return {name: by_id.get(f"{name}-line") or by_id[f"{name}-label"] for name in LABELS}


def with_menus(given, labels):
    return page(
        *given["menu"], labels["login"], given["title"], given["time"], labels["share"], *given["story"], labels["related"],
        *given["others"], *given["menu"], labels["newsletter"], labels["copyright"],
    )  # fmt: skip


def with_an_ad_inside(given, labels):
    story = given["story"]
    return page(
        *given["menu"], given["title"], given["time"], *story[:2], labels["ad"], *story[2:], labels["share"], labels["related"],
        *given["others"], labels["copyright"],
    )  # fmt: skip


def with_bullets(given, labels):
    menu, others = ([f"• {entry}" for entry in given[name]] for name in ("menu", "others"))
    return page(*menu, given["title"], given["time"], labels["share"], *given["story"], *others, labels["copyright"])


FORMS = (with_menus, with_an_ad_inside, with_bullets)


# The line score has seen no Thai: it weighs the last lines of a text, which no full stop ends, as headlines.
THAI = defect("th", why="the last lines of a Thai text are lost")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("language", [THAI if language == "th" else language for language in PAGES])
def test_a_story_is_kept_and_nothing_else(language, form):
    given = PAGES[language]
    article = next(record for record in clean_page(form(given, labels_of(language))).records if record.kind == "article")
    assert article.title == given["title"]
    assert article.text.split("\n") == given["story"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@pytest.mark.parametrize("language", [language for language in PAGES if language != "th"])
def test_the_story_is_kept_without_a_pack_of_the_language(language, form):
    given = PAGES[language]
    records = clean_page(form(given, labels_of(language)), BLIND).records
    article = next(record for record in records if record.kind == "article")
    assert [text for text in given["story"] if text not in article.text.split("\n")] == []


@pytest.mark.parametrize("language", PAGES)
def test_a_text_on_its_own_is_kept_whole(language):
    given = PAGES[language]
    (record,) = clean_page(page(given["title"], *given["story"])).records
    assert (record.title, record.text.split("\n")) == (given["title"], given["story"])
