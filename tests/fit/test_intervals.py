"""Standard errors and intervals from replicates; shares on the logit scale."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from payguide.fit.bands.intervals import (
    EstimateWithError,
    degrees,
    effective_employers,
    normal,
    replicate_spread,
    student,
)
from payguide.fit.bands.proportions import share_spread


def test_the_factors_are_those_of_the_tables():
    assert normal(0.90) == pytest.approx(1.6449, abs=1e-4)
    assert student(0.90, 4) == pytest.approx(2.1318, abs=1e-4)
    assert student(0.95, 9) == pytest.approx(2.2622, abs=1e-4)


@pytest.mark.parametrize(
    ("sizes", "kish"),
    [
        ([5] * 20, 20.0),  # equal employers count in full
        ([40, 10, 10, 10, 10, 10, 10], 100**2 / (1600 + 6 * 100)),  # 1/sum(share^2) = 4.5
    ],
)
def test_the_effective_number_of_employers_is_kishs(sizes, kish):
    # 4,000 replicates here, so that the variance is known within a few percent
    weights = np.random.default_rng(1).poisson(1.0, (4000, len(sizes)))
    totals = (weights @ np.array(sizes)).astype(float)
    assert effective_employers(sum(sizes), totals, len(sizes)) == pytest.approx(kish, rel=0.08)


def test_it_is_never_more_than_the_employers_nor_less_than_one():
    assert effective_employers(10.0, np.array([10.1, 9.9]), 7) == 7.0
    assert effective_employers(10.0, np.array([10.0, 10.0]), 7) == 1.0
    assert effective_employers(10.0, np.array([100.0, 0.0]), 7) == 1.0


def test_the_error_of_a_mean_is_the_clustered_one(weights):
    """Five equal employers: bootstrap variance x 5/4 is the textbook variance of a mean of five cluster
    means.
    """
    means = np.array([11.0, 12.0, 12.5, 13.0, 14.5])
    drawn = np.random.default_rng(3).poisson(1.0, (20_000, 5))
    drawn = drawn[drawn.sum(axis=1) > 0]
    # linearised replicates, as a ratio's first-order change
    replicates = means.mean() + (drawn @ (means - means.mean())) / 5
    spread = replicate_spread(float(means.mean()), replicates, 5.0, degrees(0.2))
    assert spread.error == pytest.approx(means.std(ddof=1) / 5**0.5, rel=0.03)


@pytest.mark.parametrize(
    ("largest", "expected"),
    [
        (0.05, 1 / (1 / 19 + 1 / 80)),  # twenty equal employers: 19, and the noise of 80 draws
        (0.25, 1 / (1 / 3 + 1 / 80)),
        (1.0, 1 / (1 / 1 + 1 / 80)),
        (0.0, 1 / (1 / 1 + 1 / 80)),  # nobody
    ],
)
def test_degrees_of_freedom_are_those_of_the_largest_share(largest, expected):
    assert degrees(largest) == pytest.approx(expected)


@pytest.mark.parametrize("sizes", [[1] * 12, [9, 5, 3, 1, 1, 1], [200, 195, 180, *[5] * 150]])
def test_they_lie_between_satterthwaites_bounds(sizes):
    """sum(v)^2 / sum(v^2) with an employer's part of the variance v: its share, or its share squared."""
    share = np.array(sizes) / sum(sizes)
    independent, together = 1 / (share**2).sum(), (share**2).sum() ** 2 / (share**4).sum()
    lowest = (share**2).sum() / share.max() ** 2
    assert lowest <= together * (1 + 1e-9)
    assert lowest <= (1 / share.max()) * (1 + 1e-9)
    assert 1 / share.max() <= independent * (1 + 1e-9)
    assert (lowest * independent) ** 0.5 == pytest.approx(1 / share.max())


def test_one_employer_has_a_wide_interval_and_no_error():
    spread = replicate_spread(12.0, np.array([12.1, 11.9, np.nan]), 1.0, degrees(1.0))
    low, high = spread.interval(0.9)
    assert high - low > 1.0


def test_a_normal_error_gives_back_the_same_interval():
    spread = EstimateWithError(1.0, 0.1, 4.0)
    low, high = spread.interval(0.9)
    assert (high - low) / 2 == pytest.approx(normal(0.9) * spread.normal_error(0.9))


def test_a_share_of_independent_postings_has_the_binomial_error():
    # 400 employers with one posting each, 120 of them: error(logit p) = 1/sqrt(n p (1 - p)) = 0.1091
    weights = np.random.default_rng(4).poisson(1.0, (4000, 400)).astype(float)
    held = np.zeros(400)
    held[:120] = 1.0
    spread = share_spread(
        120.0, 400.0, weights @ held, weights.sum(axis=1), employers=400, largest_share=1 / 400
    )
    assert spread.value == pytest.approx(special.logit(0.3))
    assert spread.error == pytest.approx((400 * 0.3 * 0.7) ** -0.5, rel=0.05)


def test_postings_of_one_employer_do_not_count_as_many(weights):
    drawn = weights(10).astype(float)
    sizes = np.full(10, 40.0)
    held = np.where(np.arange(10) < 3, 40.0, 0.0)
    clustered = share_spread(120.0, 400.0, drawn @ held, drawn @ sizes, employers=10, largest_share=0.1)
    assert clustered.error > 5 * (400 * 0.3 * 0.7) ** -0.5


@pytest.mark.parametrize("count", [0.0, 50.0])
def test_at_the_ends_the_interval_is_one_sided_and_finite(weights, count):
    drawn = weights(25).astype(float)
    totals = drawn @ np.full(25, 2.0)
    spread = share_spread(count, 50.0, totals * count / 50.0, totals, employers=25, largest_share=0.04)
    low, high = (float(special.expit(end)) for end in spread.interval(0.9))
    assert 0 < low < high < 1
    assert (high < 0.3) if count == 0 else (low > 0.7)


def test_a_share_of_nothing_is_refused(weights):
    with pytest.raises(ValueError, match="positive total"):
        share_spread(0.0, 0.0, np.zeros(80), np.zeros(80), employers=0, largest_share=0.0)
