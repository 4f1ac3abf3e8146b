"""The measures of a story tell what is kept, what lies beside it, and how far others agree."""

from __future__ import annotations

import pytest

from cleaners import Page, read_html
from cleaners.pipeline import page_lines
from cleaners.segmentation.by_layout import Stories, Story
from cleaners.segmentation.line_features import page_features
from cleaners.segmentation.line_score import score_lines
from cleaners.segmentation.own_extent import own_spans
from cleaners.segmentation.sureness import PageMeasures
from tests.cleaners.segmentation.pages import FOOTER, HEAD, STORY, TEASERS, TITLE, page
from tests.support import html_pages

TEXT_PAGE = Page(page(HEAD, STORY, "Read more", TEASERS, FOOTER))
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)
HTML_PAGE = read_html(html_pages.page(f"{html_pages.MENU}<h1>{TITLE}</h1>{PARAGRAPHS}{html_pages.FOOTER}"))
PAGES = pytest.mark.parametrize("of", [TEXT_PAGE, HTML_PAGE], ids=["text", "html"])


def measured(of: Page, library, texts=STORY) -> dict[str, float]:
    """Return the measures of the page's own story when these lines are kept as its text, and all others are removed."""
    found = page_lines(of, library)
    features = page_features(found.lines, of, found.ruleset)
    scores = score_lines(features, found.ruleset)
    own = Story("article", "")
    for feature in features:
        if feature.line.text == TITLE:
            own.fields["title"] = feature.line
        elif feature.line.text in texts:
            own.body.append(feature.line)
        else:
            feature.removed = True
    stories = Stories("", [own])
    spans = own_spans(features, scores, found.ruleset) if of.hints else []
    PageMeasures(features, scores).add_to(stories, of, spans)
    return own.measures


@PAGES
def test_a_whole_story_is_one_stretch_of_likely_lines(of, library):
    measures = measured(of, library)
    assert (measures["lines"], measures["stretches"], measures["holes"]) == (6, 1, 0)
    assert measures["doubtful"] < 0.2
    assert measures["start"] > 0 < measures["end"]


@PAGES
def test_prose_that_was_left_is_missed(of, library):
    whole, half = measured(of, library), measured(of, library, STORY[:3])
    assert half["likely below"] > 0.5 > whole["likely below"]
    assert half["prose beside"] > whole["prose beside"] + 0.5
    assert measured(of, library, STORY[3:])["likely above"] > 0.5 > whole["likely above"]


@PAGES
def test_a_paragraph_left_out_is_a_hole(of, library):
    measures = measured(of, library, (*STORY[:2], *STORY[3:]))
    assert measures["stretches"] == 2
    assert 0.1 < measures["likely holes"] <= measures["holes"] < 0.3


def test_other_stories_in_the_text_are_doubtful(library):
    assert measured(TEXT_PAGE, library, (*STORY, *FOOTER))["low"] > measured(TEXT_PAGE, library)["low"] == 0


def test_extractors_are_asked_about_html_alone(library):
    whole, half = measured(HTML_PAGE, library), measured(HTML_PAGE, library, STORY[:3])
    assert (whole["extractor lacks"], whole["stretch lacks"], whole["no paragraph"]) == (0, 0, 0)
    assert half["extractor has more"] > whole["extractor has more"] + 0.5
    assert half["stretch has more"] > whole["stretch has more"] + 0.5
    assert "extractor lacks" not in measured(TEXT_PAGE, library)


def test_a_story_without_text_has_the_worst_measures_of_a_text(library):
    known = PageMeasures([], [])
    stories = Stories("", [Story("article", ""), Story("story", "")])
    known.add_to(stories, Page("x"), alone=True)
    assert stories.found[0].measures["alone"] == 1
    assert stories.found[1].measures == {"stories": 2, "texts": 0, "lines": 0, "doubtful": 1, "low": 1, "no prose": 1}
