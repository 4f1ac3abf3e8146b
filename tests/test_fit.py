"""The fit: the same pages give the same bytes, held-out figures are printed, and the shipped file belongs to this code."""

from __future__ import annotations

import re
from random import Random

import pytest

from cleaners import Library, shipped_packs
from cleaners.fitted.load import FILE, read_reading, reading_bytes, shipped_reading
from cleaners.segmentation.line_context import context_sizes
from cleaners.segmentation.line_form import FORM, NEAR_FORM, sizes
from cleaners.segmentation.line_score import NEAR
from tests.conftest import ROOT

pytest.importorskip("sklearn", reason="pip install -e '.[fit]'")

from tests.fit import line_score
from tests.fit.__main__ import labelled_pages, print_folds
from tests.fit.folds import ABLATIONS, WHOLE, Fits, without_layouts
from tests.fit.listed import MIN_ITEMS, listed_lines
from tests.fit.outcome import figures_of
from tests.fit.sets import fitting_library, fold_of, of_some_sites, split
from tests.fit.weights import weigh, weight_of

CASES = ROOT / "tests" / "cases" / "aggregators"
FOLDS = 3


@pytest.fixture(scope="module")
def pages():
    return list(labelled_pages([], [], [CASES], 12, fitting_library()))


@pytest.fixture(scope="module")
def fits(pages):
    return Fits(pages, FOLDS, 2)


@pytest.fixture(scope="module")
def fitted(fits):
    return fits.fit([(None, WHOLE), (0, WHOLE)])


@pytest.mark.slow
def test_the_same_pages_give_the_same_bytes_in_any_number_of_processes(pages, fitted):
    (alone,) = Fits(pages, FOLDS, 1).fit([(None, WHOLE)])
    assert reading_bytes(alone.reading) == reading_bytes(fitted[0].reading)
    assert alone.outcomes == fitted[0].outcomes


@pytest.mark.slow
def test_every_part_is_fitted(fitted):
    empty = fitting_library().reading
    assert all(getattr(fitted[0].reading, part) != getattr(empty, part) for part in empty.__struct_fields__)


@pytest.mark.slow
def test_runs_with_the_numbers_of_a_fold_are_judged_on_its_sites(pages, fitted):
    sites = {page.name: page.site for page in pages}
    assert {fold_of(sites[outcome.name], FOLDS) for outcome in fitted[1].outcomes} == {0}
    assert set(figures_of(fitted[1].outcomes)["case"]) == {"aggregators", "invented"}


@pytest.mark.slow
def test_figures_of_held_out_sites_and_the_worst_pages_are_printed(fits, capsys):
    print_folds(fits, worst_pages=1)
    printed = capsys.readouterr().out
    assert all(re.search(rf"^{name} +\d+ +0\.\d+ / 0\.\d+", printed, re.MULTILINE) for name in ("aggregators", "invented"))
    assert "the worst pages of aggregators, on held-out sites" in printed


@pytest.mark.slow
def test_a_run_without_the_grammar_of_the_page_finds_fewer_stories(fits, fitted):
    (without,) = fits.fit([(0, ABLATIONS["no page grammar"])])
    found, rest = (figures_of(fit.outcomes)["case"]["invented"]["story F1"] for fit in (fitted[1], without))
    assert found > rest


def test_layouts_of_lists_are_taken_out_of_packs():
    library = Library(without_layouts(shipped_packs()))
    assert library.ruleset().repeated_layouts == ()
    assert library.ruleset().fallback_layout


def test_weights_are_given_by_set_and_by_kind(pages):
    before = [weight_of(page, "title") for page in pages]
    weigh(pages, {"case": 2.0, "invented": 3.0})
    times = [weight_of(page, "title") / weight for page, weight in zip(pages, before, strict=True)]
    weigh(pages, {})
    assert {page.set: round(factor) for page, factor in zip(pages, times, strict=True)} == {
        "aggregators": 2, "invented": 3, "clean": 1, "listed": 1, "brief": 1, "blind": 1,
    }  # fmt: skip


def test_texts_with_lists_are_made_of_their_own_words():
    texts = [f"Paragraph {i} of the story tells how the ferry came back. It sails at {i}." for i in range(8)]
    made = [listed_lines(texts, "The ferry", Random(seed)) for seed in range(60)]
    assert made == [listed_lines(texts, "The ferry", Random(seed)) for seed in range(60)]
    short = [sum(len(line) < 60 for line in lines) for lines in made]
    assert all(line.strip() for lines in made for line in lines)
    assert all(lines[0] in (texts[0], "The ferry") for lines in made)
    assert sum(count >= MIN_ITEMS for count in short) > 50


def test_so_many_sites_of_each_set_are_used():
    rows = ["one", "two", "one", "six", "ten"]
    assert len(set(of_some_sites(rows, str, 2))) == 2
    assert of_some_sites(rows, str, None) == rows


def test_all_pages_of_a_site_are_on_one_side(pages):
    for fold in range(3):
        train, test = split(pages, fold, 3)
        assert len(train) + len(test) == len(pages)
        assert not {page.site for page in train} & {page.site for page in test}


def test_the_shipped_file_has_the_features_of_this_code():
    weights = shipped_reading().line_score
    classes = len(weights.steps) + 1
    assert {name: len(row) for name, row in weights.first.items()} == sizes()
    assert {name: len(row) for name, row in weights.own.items()} == sizes()
    assert set(weights.near) == {str(offset) for offset in NEAR}
    for near in weights.near.values():
        assert {name: len(row) for name, row in near.items()} == {name: FORM[name] + 1 for name in NEAR_FORM}
    wanted = {name: [len(steps) + 1] * classes for name, (_, steps) in context_sizes().items()}
    assert {name: [len(row) for row in rows] for name, rows in weights.context.items()} == wanted
    assert len(weights.classes) == classes


def test_the_shipped_file_was_fitted_to_the_numbers_of_this_code():
    """After a change of features, refit with `python -m tests.fit --write`."""
    assert shipped_reading().made["line_score"] == line_score.digest_of_features()


def test_the_shipped_file_is_as_the_fit_writes_it():
    assert reading_bytes(read_reading(FILE.read_bytes())) == FILE.read_bytes()
