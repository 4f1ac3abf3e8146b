"""The fit: the same pages give the same bytes, held-out figures are printed, and the shipped file belongs to this code."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from cleaners.fitted.load import FILE, read_reading, reading_bytes, shipped_reading
from cleaners.segmentation.line_context import context_sizes
from cleaners.segmentation.line_form import FORM, NEAR_FORM, sizes
from cleaners.segmentation.line_score import NEAR
from tests.conftest import ROOT

pytest.importorskip("sklearn", reason="pip install -e '.[fit]'")

from tests.fit import line_score
from tests.fit.__main__ import fit_reading, labelled_pages
from tests.fit.sets import fitting_library, split

CASES = ROOT / "tests" / "cases" / "aggregators"


@pytest.fixture(scope="module")
def pages():
    return list(labelled_pages([], [], [CASES], 8, fitting_library()))


@pytest.fixture(scope="module")
def fitted(pages):
    return line_score.fit_part(pages, 2)


def written(weights):
    return reading_bytes(replace(shipped_reading(), line_score=weights))


@pytest.mark.slow
def test_the_same_pages_give_the_same_bytes(pages, fitted):
    assert written(line_score.fit_part(pages, 2).weights) == written(fitted.weights)


@pytest.mark.slow
def test_every_part_is_fitted(pages):
    library = fitting_library()
    reading, report = fit_reading(pages, 2, library)
    empty = library.reading
    assert all(getattr(reading, part) != getattr(empty, part) for part in empty.__struct_fields__)
    assert "titles right on held-out sites" in report


@pytest.mark.slow
def test_figures_of_held_out_sites_are_printed(pages, fitted):
    held_out = fitted.report.partition("held-out sites")[2]
    assert {page.set for page in pages} == {"aggregators", "blind", "brief", "clean", "invented"}
    assert all(re.search(rf"^{name} +\d+ ", held_out, re.MULTILINE) for name in ("aggregators", "invented"))
    assert [len(scores) for scores in fitted.held_out] == [len(page.features) for page in pages]


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
