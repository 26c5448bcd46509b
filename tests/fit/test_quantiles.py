"""Quantiles, means and shares read from bins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.money import ACCURACY, bin_of, bin_value
from payguide.fit.bands.quantiles import (
    BIN_ERROR,
    POINT,
    cell_mean,
    cell_quantiles,
    log_quantiles,
    mean,
    share_above,
)

AMOUNTS = st.lists(st.integers(20_000, 900_000), min_size=1, max_size=60)
PROBABILITIES = np.array([0.10, 0.25, 0.50, 0.75, 0.90])


def histogram(amounts, points=1):
    bins, counts = np.unique(bin_of(np.asarray(amounts, dtype=float)), return_counts=True)
    return bins, counts * points * POINT


@given(AMOUNTS, st.integers(1, 5))
def test_a_quantile_is_hazens_quantile_of_the_points_written_out(amounts, points):
    bins, mass = histogram(amounts, points)
    points = np.repeat(np.log(bin_value(bins)), mass // POINT)
    expected = np.quantile(points, PROBABILITIES, method="hazen")
    assert log_quantiles(bins, mass, PROBABILITIES) == pytest.approx(expected, abs=1e-12)


@given(AMOUNTS)
def test_quantiles_rise_and_stay_inside_the_amounts(amounts):
    found = log_quantiles(*histogram(amounts), np.linspace(0.01, 0.99, 33))
    assert np.all(np.diff(found) >= 0)
    assert np.exp(found[0]) >= min(amounts) * (1 - 2 * ACCURACY)
    assert np.exp(found[-1]) <= max(amounts) * (1 + 2 * ACCURACY)


@given(AMOUNTS, st.integers(1, 40))
def test_a_rise_of_every_pay_never_lowers_a_quantile(amounts, percent):
    raised = [amount * (100 + percent) / 100 for amount in amounts]
    before = log_quantiles(*histogram(amounts), PROBABILITIES)
    assert np.all(log_quantiles(*histogram(raised), PROBABILITIES) >= before)


def test_four_amounts_by_hand():
    # Hazen: the i-th of 4 is the (i - 1/2)/4 quantile, so P50 lies half way, on the log scale, between 2nd
    # and 3rd
    bins, mass = histogram([100_000, 150_000, 200_000, 400_000])
    p50 = np.exp(log_quantiles(bins, mass, np.array([0.5]))[0])
    assert p50 == pytest.approx((150_000 * 200_000) ** 0.5, rel=ACCURACY)


def test_a_part_of_a_point_stands_in_its_middle():
    # a whole point at 100,000 and a half at 200,000, of 1.5: the first is the 1/3 quantile, the half the 5/6
    bins, mass = histogram([100_000, 200_000])
    found = np.exp(log_quantiles(bins, mass // np.array([1, 2]), np.array([1 / 3, 5 / 6, 7 / 12])))
    # 7/12 lies half way from the point's upper end, 2/3 less its half 1/3, to the half point's middle 5/6
    assert found == pytest.approx([100_000, 200_000, 2**0.5 * 100_000], rel=2 * ACCURACY)


def test_equal_pay_has_one_quantile_and_an_error_no_smaller_than_the_bin(make_cell):
    cell = make_cell(np.arange(12), np.full(12, 180_000.0))
    spreads = cell_quantiles(cell, PROBABILITIES)
    assert len({spread.value for spread in spreads}) == 1
    assert all(spread.error == pytest.approx(BIN_ERROR) for spread in spreads)
    assert np.exp(spreads[0].value) == pytest.approx(180_000, rel=ACCURACY)


def test_a_replicate_that_drew_nobody_is_left_out(make_cell):
    cell = make_cell(np.repeat([0, 1], 6), np.repeat([100_000.0, 200_000.0], 6))
    assert (cell.replicates.sum(axis=1) == 0).any()
    assert np.isfinite(cell_quantiles(cell, PROBABILITIES)[2].error)


@given(AMOUNTS)
def test_the_mean_is_within_the_bins_accuracy(amounts):
    assert mean(*histogram(amounts)) == pytest.approx(np.mean(amounts), rel=ACCURACY * 1.01)


def test_the_cells_mean_is_on_the_log_scale(make_cell):
    cell = make_cell(np.arange(20), np.linspace(100_000, 200_000, 20))
    assert np.exp(cell_mean(cell).value) == pytest.approx(150_000, rel=ACCURACY)


@pytest.mark.parametrize(
    ("threshold", "share"), [(50_000, 1.0), (150_000, 0.6), (250_000, 0.2), (900_000, 0.0)]
)
def test_the_share_above_a_threshold(threshold, share):
    bins, mass = histogram([100_000, 120_000, 200_000, 240_000, 300_000])
    assert share_above(bins, mass, threshold) == pytest.approx(share)


def test_a_bin_that_holds_the_threshold_is_split():
    bins, mass = histogram([200_000])
    above = share_above(bins, mass, float(bin_value(bins)[0]))
    assert 0.4 < above < 0.6


def test_nothing_has_no_quantile():
    empty = np.array([2000, 2001]), np.array([0, 0])
    assert np.isnan(log_quantiles(*empty, PROBABILITIES)).all()
    assert np.isnan(mean(*empty))
    assert np.isnan(share_above(*empty, 1.0))
