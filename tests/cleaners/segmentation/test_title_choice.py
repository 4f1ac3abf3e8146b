"""The choice of a title: by lines with given scores, and on whole pages."""

from __future__ import annotations

import pytest

from cleaners.document.page import Line, split_lines
from cleaners.fitted.load import TitleWeights
from cleaners.pipeline import default_library
from cleaners.segmentation.line_features import LineFeatures, features_of
from cleaners.segmentation.title_choice import TitleChoice, candidates, choose_title
from tests.cleaners.segmentation import pages
from tests.cleaners.segmentation.pages import BYLINE, FOOTER, STORY, TITLE, TITLES, own_record

RULESET = default_library().ruleset()
MENU = ("Home", "Politics", "Economy", "Sports", "Weather")
TEXT = (
    "The night ferry between Dunmarsh and Larkspur returned to service on Monday after a long dispute over its berth.",
    "Harbour officials said that the ferry would sail at nine each evening and return before the morning tide came in.",
    "Passengers had waited since spring for the crossing, which the council closed when the old pier began to sink.",
)


def features(*lines: str) -> list[LineFeatures]:
    return [features_of(line, RULESET, i) for i, line in enumerate(split_lines("\n".join(lines)))]


def choice(*head: str, head_title: str = "") -> tuple[TitleChoice, str]:
    """Return the choice for a page of these lines above a text, and the words chosen."""
    lines = features(*head, *TEXT)
    first, last = len(head), len(head) + len(TEXT) - 1
    scores = [2.0 if first <= i <= last else -4.0 for i in range(len(lines))]
    found = choose_title(lines, scores, [False] * len(lines), (first, last), RULESET.reading.title, head_title=head_title)
    return found, "" if found.index is None else lines[found.index].line.text[found.start : found.end]


def test_chooses_the_headline_and_not_a_menu_word() -> None:
    assert choice(*MENU, "Night ferry returns to service after dispute", "March 3, 2024")[1] == (
        "Night ferry returns to service after dispute"
    )


def test_chooses_the_headline_that_shares_its_words_with_the_text() -> None:
    title = "Night ferry returns to service after dispute"
    others = ("Bakery opens second shop in Calder", title, "Town band seeks new players")
    assert choice(*MENU, *others, "March 3, 2024")[1] == title


def test_cuts_the_name_of_the_site_off() -> None:
    title = "Night ferry returns to service after dispute"
    assert choice(f"{title} | Quay Post", *MENU, title, "March 3, 2024")[1] == title


def test_leaves_bullets_and_marks_of_headings_out() -> None:
    assert choice(*MENU, "# Night ferry returns to service after dispute")[1] == "Night ferry returns to service after dispute"


def test_the_title_in_the_head_of_the_page_goes_first() -> None:
    lines = ("Ferry is back", *MENU, "Night ferry returns to service after dispute", "March 3, 2024")
    assert choice(*lines, head_title="Ferry is back")[1] == "Ferry is back"


def test_never_chooses_a_line_of_an_embedded_story() -> None:
    lines = features("Night ferry returns to service after dispute", *TEXT)
    lines[0].assigned = True
    scores = [-4.0, 2.0, 2.0, 2.0]
    found = choose_title(lines, scores, [True, False, False, False], (1, 3), RULESET.reading.title)
    assert found.index != 0


def test_is_surer_of_a_good_title_and_gives_its_reasons() -> None:
    sure, _ = choice(*MENU, "Night ferry returns to service after dispute", "March 3, 2024")
    unsure, _ = choice(*MENU)
    assert sure.sureness > unsure.sureness
    assert sure.reasons


def test_a_title_that_is_less_likely_than_none_is_chosen_only_when_needed() -> None:
    lines, text = features("Zeltweg", *TEXT), (1, 3)
    fitted = TitleWeights({}, none=1.0)
    scores = [-4.0, 2.0, 2.0, 2.0]
    assert choose_title(lines, scores, [False] * 4, text, fitted).index is None
    assert choose_title(lines, scores, [False] * 4, text, fitted, needed=True).index is not None


def test_a_line_that_a_rule_names_is_no_title_that_is_needed() -> None:
    lines, text = features("Zeltweg", "Advertisement", *TEXT), (2, 4)
    assert lines[1].rule is not None
    fitted = TitleWeights({}, none=1.0)
    scores = [-4.0, -4.0, 2.0, 2.0, 2.0]
    assert choose_title(lines, scores, [False] * 5, text, fitted, needed=True).index == 0
    assert choose_title(lines[1:], scores[1:], [False] * 4, (1, 3), fitted, needed=True).index is None


def test_looks_closely_at_the_best_of_all_candidates() -> None:
    head = (*MENU, "Bakery opens second shop | Quay Post", "Night ferry returns to service after dispute", "March 3, 2024")
    lines = features(*head, *TEXT)
    text = (len(head), len(lines) - 1)
    scores = [2.0 if text[0] <= i <= text[1] else -4.0 for i in range(len(lines))]
    fitted = RULESET.reading.title
    found = choose_title(lines, scores, [False] * len(lines), text, fitted)
    each = candidates(lines, scores, [False] * len(lines), text, fitted, (0, len(lines)))
    best = max(each, key=lambda candidate: sum(fitted.weights.get(name, 0.0) for name in candidate.names))
    assert (found.index, found.start, found.end) == (best.index, best.part.start, best.part.end)


def test_a_page_without_lines_has_no_title() -> None:
    assert choose_title([], [], [], None, RULESET.reading.title).index is None


def test_lines_that_cannot_hold_a_title_are_none() -> None:
    lines = [features_of(Line(0, 3, "---"), RULESET)]
    assert choose_title(lines, [0.0], [False], None, RULESET.reading.title).index is None


@pytest.mark.parametrize(
    "head",
    [
        (TITLE, *BYLINE),
        (TITLE, "12 May 2026", "Photograph by the harbour museum"),
        ("Harbour", TITLE, TITLE, "Share", "Tobin Marsh has the story"),
        ("Breaking news from the town", "Share", TITLE, "Share", "Print this page"),
        pytest.param(
            (TITLE, "Board decides after years of talks with the town", *BYLINE),
            marks=pytest.mark.xfail(strict=True, reason="of two headlines the nearer one to the text wins"),
        ),
        (*TITLES[:4], TITLE, "By Tobin Marsh"),
        (TITLE, "Tobin Marsh", "Harbour Editor", "Share", "Email"),
    ],
)
def test_a_page_has_its_title_whatever_stands_around_it(head: tuple[str, ...]) -> None:
    record = own_record(pages.MENU, head, STORY, FOOTER)
    assert (record.title, record.text.splitlines()[-1]) == (TITLE, STORY[-1])


@pytest.mark.xfail(strict=True, reason="the nearest of several links scores like a title")
def test_links_above_the_text_are_no_title() -> None:
    assert own_record(pages.MENU, TITLES, STORY, FOOTER).title == ""


def test_menu_words_above_the_text_are_no_title() -> None:
    assert own_record(pages.MENU, "Harbour", "Town", "Islands", "Shipping", STORY, FOOTER).title == ""


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Home / Harbour / Night ferry returns to service", "Night ferry returns to service"),
        ("Night ferry returns to service | Opinion", "Night ferry returns to service"),
        ("Night ferry returns to service — and stays", "Night ferry returns to service — and stays"),
        ("Night ferry returns to services", "Night ferry returns to services"),
    ],
)
def test_of_a_divided_line_the_title_in_the_head_is_the_title(line, title):
    assert choice(line, head_title="Night ferry returns to service")[1] == title


def test_the_whole_title_in_the_head_goes_before_a_part_of_it():
    title = "Night ferry of the harbour returns to service"
    assert choice("Night ferry of the harbour", title, head_title=title)[1] == title
    assert choice(title, "Night ferry of the harbour", head_title=title)[1] == title
