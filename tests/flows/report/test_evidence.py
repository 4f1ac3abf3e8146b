"""Evidence in the report: a page is explained again where its ledger comes out the same, up to a limit."""

from __future__ import annotations

import pytest

from cleaners import Page, clean_page
from cleaners.pipeline import default_library
from cleaners.segmentation.evidence import LineEvidence, Reason
from flows.output.lines import audit_line
from flows.report import evidence
from flows.report.evidence import Explainer

TEXT = "Ferry returns\nThe ferry is back.\nIt sails at nine.\nAdvertisement\nTickets are sold at the pier."


@pytest.fixture
def explained(monkeypatch):
    """Stand in for the cleaning of a page with evidence."""
    from msgspec.structs import replace

    lines = [(0, 13, "score", "title"), (14, 32, "score", "+2.0"), (33, 50, "score", "+1.5"), (51, 64, "rule", "en.ad-line")]
    found = [LineEvidence(*line, (Reason("prose around", 1.0),) if line[3] == "+1.5" else ()) for line in lines]
    monkeypatch.setattr(evidence, "clean_page", lambda page, library, why: replace(clean_page(page, library), evidence=found))


def line_of(text: str):
    page = Page(text, "a.txt")
    return audit_line(page, clean_page(page))


def test_each_piece_has_the_evidence_of_its_lines(explained):
    assert Explainer(default_library()).of_page(line_of(TEXT), TEXT) == {
        0: ["score title"],
        1: ["The ferry is back. · score +2.0", "It sails at nine. · score +1.5: prose around +1.0"],
        2: ["rule en.ad-line"],
    }


def test_a_page_that_comes_out_differently_is_not_explained(explained):
    assert Explainer(default_library()).of_page(line_of(TEXT), TEXT.replace("Advertisement", "Some more. It")) == {}
    assert Explainer(None).of_page(line_of(TEXT), TEXT) == {}


def test_only_as_many_characters_are_explained_as_the_limit_allows(explained, monkeypatch):
    monkeypatch.setattr(evidence, "MAX_CHARS", len(TEXT) + 1)
    explainer = Explainer(default_library())
    assert explainer.of_page(line_of(TEXT), TEXT)
    assert explainer.of_page(line_of(TEXT), TEXT) == {}


def test_long_pieces_show_their_first_lines_and_lines_their_first_words(explained, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_LINES", 1)
    monkeypatch.setattr(evidence, "OPENING_CHARS", 5)
    assert Explainer(default_library()).of_page(line_of(TEXT), TEXT)[1] == ["The f… · score +2.0", "and 1 more lines"]
