"""The least rise of a share: against published figures, and sound for any numbers of pages."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.inspect.least_rise import Groups, Share, chance_of_rise, least_rise, wilson_interval

shares = st.integers(1, 500).flatmap(lambda of: st.builds(Share, st.integers(0, of), st.just(of)))


def groups(*of: Share) -> Groups:
    found = Groups()
    for share in of:
        found.add(share)
    return found


@pytest.mark.parametrize(
    ("new", "old", "least"),
    [((56, 70), (48, 80), 0.0524), ((9, 10), (3, 10), 0.1705), ((5, 56), (0, 29), -0.0381), ((10, 10), (0, 10), 0.6075)],
)
def test_it_is_the_bound_that_newcombe_printed(new, old, least):
    """Table II of the paper, method 10, two-sided 95 %."""
    assert round(least_rise(groups(Share(*old)), Share(*new), 0.025), 4) == least


@given(shares, shares, st.floats(1e-12, 0.3))
def test_the_bound_is_no_more_than_the_rise(old, new, error):
    found = least_rise(groups(old), new, error)
    assert -2 <= found <= max(0, new.value - old.value) + 1e-9
    assert found >= least_rise(groups(old), new, error / 2) - 1e-9 or found <= 0


@given(shares, st.floats(0.5, 6))
def test_the_interval_holds_the_share(share, z):
    low, high = wilson_interval(share.value, share.of, z)
    assert -1e-9 <= low <= share.value + 1e-9
    assert share.value - 1e-9 <= high <= 1 + 1e-9


@given(shares, shares)
def test_the_chance_is_that_of_the_hypergeometric_distribution(old, new):
    having, whole = old.pages + new.pages, old.of + new.of
    ways = sum(comb(new.of, pages) * comb(old.of, having - pages) for pages in range(new.pages, min(having, new.of) + 1))
    assert chance_of_rise(old, new) == pytest.approx(ways / comb(whole, having), rel=1e-6)


@pytest.mark.parametrize("error", [0.01, 0.0001])
@pytest.mark.parametrize(("of_old", "of_new"), [(10, 10), (10, 40), (40, 10), (40, 40), (100, 5)])
def test_chance_alone_rises_no_more_often_than_was_said(of_old, of_new, error):
    """The exact rate over all outcomes, for shares from 1 % to 99 %."""
    told = [
        (old, new)
        for old in range(of_old + 1)
        for new in range(of_new + 1)
        if least_rise(groups(Share(old, of_old)), Share(new, of_new), error) > 0
    ]
    assert told
    for percent in range(1, 100):
        p = percent / 100
        rate = sum(
            comb(of_old, old) * comb(of_new, new) * p ** (old + new) * (1 - p) ** (of_old + of_new - old - new)
            for old, new in told
        )
        assert rate <= error


def test_months_that_differ_by_more_than_chance_make_it_smaller():
    steady = groups(*[Share(10, 100)] * 6)
    restless = groups(*[Share(0, 100), Share(20, 100)] * 3)
    assert (steady.share, steady.design_effect) == (restless.share, 1.0)
    assert restless.design_effect == pytest.approx(6 / 5 * 600 / (600 * 0.1 * 0.9))
    assert least_rise(restless, Share(22, 100), 0.02) <= 0 < least_rise(steady, Share(22, 100), 0.02)


def test_without_pages_on_both_sides_nothing_rises():
    assert least_rise(groups(), Share(5, 5), 0.02) < 0
    assert least_rise(groups(Share(0, 0), Share(0, 9)), Share(0, 0), 0.02) < 0
    assert Share(0, 0).value == 0.0
