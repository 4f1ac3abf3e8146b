"""The confidence in a record is a share between 0 and 1, and falls when a part of the story is left on the page."""

from __future__ import annotations

from shutil import copytree
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Page, clean_page
from cleaners.document.page import Line
from cleaners.fitted.confidence import (
    FILE,
    ConfidenceModel,
    confidence_bytes,
    read_confidence,
    shipped_confidence,
    value_at,
)
from cleaners.output.confidence import rounded_share, sureness_of
from cleaners.output.record import StoryReading
from cleaners.segmentation.by_layout import Stories, Story
from tests.cleaners.segmentation.pages import FOOTER, HEAD, MENU, SOURCES, STORY, TEASERS, TIMES, TITLE, TITLES, page
from tests.cleaners.segmentation.test_sureness import HTML_PAGE, TEXT_PAGE, measured
from tests.support import html_pages

MODEL = ConfidenceModel(0.5, {"holes": [(0.0, 1.0), (1.0, -2.0)]}, [(-1.0, 0.2), (1.0, 0.8)])
NUMBERS = st.floats(allow_nan=False)


def confidence(of: Page, library, texts=STORY) -> float:
    """Return the confidence in the page's own story when these lines are its text."""
    story = Story("article", "", {"title": Line(0, 0, TITLE)}, measures=measured(of, library, texts))
    flags = {"layout-unknown"} | ({"prose-beside"} if len(texts) < len(STORY) else set())
    text = "\n".join(texts)
    return sureness_of(Stories("", [story]), story, text, TITLE, flags, is_html=bool(of.hints)).confidence


@pytest.mark.parametrize("of", [TEXT_PAGE, HTML_PAGE], ids=["text", "html"])
def test_a_whole_story_is_surer_than_its_first_half_or_its_last(of, library):
    whole = confidence(of, library)
    assert whole > confidence(of, library, STORY[:3])
    assert whole > confidence(of, library, STORY[3:])


def test_a_whole_story_is_surer_than_one_with_lines_of_others(library):
    assert confidence(TEXT_PAGE, library) > confidence(TEXT_PAGE, library, (*MENU, *STORY, *FOOTER)) + 0.1


def test_a_clean_page_gives_a_sure_record():
    assert clean_page(TEXT_PAGE).records[0].confidence > 0.6
    assert clean_page(HTML_PAGE).records[0].confidence > 0.8


def test_the_type_of_the_page_counts_for_its_own_story_alone():
    own, *others = clean_page(page(HEAD, STORY, "More news", *zip(TITLES, TIMES, TEASERS, strict=True))).sureness
    assert own.measures["page of a story"] > 0
    assert not any("page of a story" in other.measures for other in others)


def test_each_record_has_the_model_of_the_way_it_was_read(library):
    items = [line for fields in zip(SOURCES, TIMES, TITLES, TEASERS, strict=True) for line in fields]
    cleaned = clean_page(page(HEAD, STORY, "More news", *items))
    assert [sure.reading for sure in cleaned.sureness] == ["text", *["story"] * 5]
    assert [record.confidence for record in cleaned.records] == [sure.confidence for sure in cleaned.sureness]
    assert clean_page(HTML_PAGE).sureness[0].reading == "html"
    headline = Story("story", "", {"title": Line(0, 5, "Ferry")})
    for by_site, reading in ((False, "headline"), (True, "site")):
        stories = Stories("", [headline], by_site=by_site)
        assert sureness_of(stories, headline, "", "Ferry", (), is_html=False).reading == reading


@given(st.lists(html_pages.PIECES, max_size=30))
def test_every_record_of_any_page_has_a_confidence(pieces):
    for text in ("\n".join(pieces), "".join(pieces)):
        cleaned = clean_page(text)
        assert all(0 < record.confidence < 1 for record in cleaned.records)
        assert len(cleaned.sureness) == len(cleaned.records)


@given(st.dictionaries(st.sampled_from(["holes", "lines"]), NUMBERS), st.sampled_from([MODEL, *shipped_confidence().values()]))
def test_a_share_is_a_number_of_two_digits_whatever_is_measured(measures, model):
    share = rounded_share(model, measures)
    assert 0.01 <= share <= 0.99
    assert round(share, 2) == share


def test_a_measure_that_is_missing_weighs_nothing():
    assert [MODEL.odds(measures) for measures in ({}, {"lines": 9.0}, {"holes": 0.0}, {"holes": 0.5})] == [0.5, 0.5, 1.5, 0]
    assert MODEL.share({"holes": 0.5}) == 0.5


@given(NUMBERS, NUMBERS)
def test_a_rising_curve_never_falls(one, other):
    curve = [(-1.0, 0.1), (0.0, 0.1), (2.0, 0.7)]
    low, high = sorted((one, other))
    assert 0.1 <= value_at(curve, low) <= value_at(curve, high) <= 0.7


def test_the_shipped_models_are_whole():
    models = shipped_confidence()
    assert models.keys() == set(get_args(StoryReading))
    for model in models.values():
        for curve in (*model.weights.values(), model.shares):
            assert [x for x, _ in curve] == sorted({x for x, _ in curve})
        shares = [share for _, share in model.shares]
        assert shares == sorted(shares)
        assert 0 < shares[0] <= shares[-1] < 1


def test_the_shipped_file_is_as_the_fit_writes_it():
    assert confidence_bytes(read_confidence(FILE.read_bytes())) == FILE.read_bytes()


def test_a_library_of_other_models_has_another_digest(monkeypatch, tmp_path):
    from cleaners import Library
    from cleaners.rules import registry

    fitted = tmp_path / "fitted"
    copytree(registry.CODE / "fitted", fitted)
    monkeypatch.setattr(registry, "CODE", tmp_path)
    before = Library([]).digest
    (fitted / "confidence.json").write_bytes(b"{}")
    assert Library([]).digest != before


@pytest.mark.parametrize("of", [TEXT_PAGE, HTML_PAGE], ids=["text", "html"])
def test_a_story_without_text_is_hardly_sure(of, library):
    assert confidence(of, library, ()) < 0.5
