"""Random-effects meta-analysis against statsmodels, against brute force, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from payguide.fit.blend import blend, paule_mandel

#: Log risk ratios of the 13 BCG vaccine trials and their variances (Colditz et al., JAMA 1994; the worked
#: example
#: of Viechtbauer, J. Statistical Software 36(3), 2010).
BCG = np.array(
    [
        -0.8893,
        -1.5854,
        -1.3481,
        -1.4416,
        -0.2175,
        -0.7861,
        -1.6209,
        0.0120,
        -0.4694,
        -1.3713,
        -0.3394,
        0.4459,
        -0.0173,
    ]
)
BCG_VARIANCE = np.array(
    [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714]
)


def test_the_published_example_of_thirteen_trials():
    # metafor, rma(method="PM"): tau^2 0.3180, estimate -0.7150; the inputs are rounded to four places
    found = blend(BCG, BCG_VARIANCE**0.5, coverage=0.95, scale=0.2)
    assert found.tau2 == pytest.approx(0.3180, abs=0.002)
    assert found.value == pytest.approx(-0.7150, abs=0.001)
    assert found.i2 == pytest.approx(0.922, abs=0.005)


@pytest.mark.parametrize("seed", range(5))
def test_statsmodels_agrees(seed):
    rng = np.random.default_rng(seed)
    values, errors = rng.normal(12.0, 0.15, 6), rng.uniform(0.02, 0.1, 6)
    found = blend(values, errors, coverage=0.9, scale=0.2)
    reference = combine_effects(values, errors**2, method_re="iterated", atol=1e-14)
    assert found.tau2 == pytest.approx(reference.tau2, rel=1e-6)
    assert found.value == pytest.approx(reference.mean_effect_re, rel=1e-9)
    assert found.weights == pytest.approx(reference.weights_rel_re, rel=1e-6)
    # the same Hartung-Knapp error, wherever it is not narrower than the classical one
    half = stats.t.ppf(0.95, 5) * max(reference.sd_eff_w_re_hksj, reference.sd_eff_w_re)
    assert found.high - found.value == pytest.approx(half, rel=1e-6)


def test_three_equal_sources_by_hand():
    # y = 0, 1, 2 with s = 1: Q = 2 = k - 1, so tau^2 = 0, mean 1, variance 1/3, q = 1; t(2) at 0.9 is 2.920
    found = blend(np.array([0.0, 1.0, 2.0]), np.ones(3), coverage=0.9, scale=0.2)
    assert found.tau2 == pytest.approx(0.0, abs=1e-9)
    assert found.value == pytest.approx(1.0)
    assert found.high == pytest.approx(1.0 + 2.920 / 3**0.5, abs=1e-3)


def test_one_source_is_itself():
    found = blend(np.array([12.0]), np.array([0.1]), coverage=0.9, scale=0.2)
    assert (found.value, found.weights, found.i2) == (12.0, (1.0,), None)
    assert found.high == pytest.approx(12.0 + 1.6449 * 0.1, abs=1e-5)


def test_two_sources_against_brute_force():
    """Draw mu's posterior by importance from the half-normal prior and compare its 5 % and 95 % points."""
    values, errors, scale = np.array([12.0, 12.3]), np.array([0.04, 0.08]), 0.2
    rng = np.random.default_rng(0)
    taus = np.abs(rng.normal(0, scale, 400_000))
    weights = 1 / (errors**2 + taus[:, None] ** 2)
    total = weights.sum(axis=1)
    centre = weights @ values / total
    # marginal likelihood of the two values given tau: their difference is normal
    likelihood = stats.norm.pdf(values[0] - values[1], 0, np.sqrt((errors**2).sum() + 2 * taus**2))
    draws = rng.normal(centre, total**-0.5)
    order = np.argsort(draws)
    below = np.cumsum(likelihood[order]) / likelihood.sum()
    expected = [draws[order][np.searchsorted(below, p)] for p in (0.05, 0.95)]
    found = blend(values, errors, coverage=0.9, scale=scale)
    assert [found.low, found.high] == pytest.approx(expected, abs=0.005)
    assert found.value == pytest.approx(likelihood @ draws / likelihood.sum(), abs=0.003)
    assert found.value == pytest.approx(np.dot(found.weights, values))


def test_disagreement_widens_and_agreement_does_not_narrow_below_one_source():
    errors = np.array([0.05, 0.05])
    widths = [
        (lambda b: b.high - b.low)(blend(np.array([12.0, 12.0 + gap]), errors, coverage=0.9, scale=0.2))
        for gap in (0.0, 0.2, 0.4)
    ]
    assert widths == sorted(widths)


def test_paule_mandel_makes_the_generalised_q_equal_its_expectation():
    tau2 = paule_mandel(BCG, BCG_VARIANCE)
    weights = 1 / (BCG_VARIANCE + tau2)
    centre = weights @ BCG / weights.sum()
    assert weights @ (BCG - centre) ** 2 == pytest.approx(12.0)


@pytest.mark.parametrize(("values", "errors"), [([], []), ([1.0], [0.0]), ([1.0, 2.0], [0.1, float("nan")])])
def test_what_cannot_be_combined_is_refused(values, errors):
    with pytest.raises(ValueError, match="positive standard error"):
        blend(np.array(values), np.array(errors), coverage=0.9, scale=0.2)


@pytest.mark.parametrize("sources", [2, 3, 5])
@pytest.mark.parametrize("disagreement", [0.0, 0.1])
def test_coverage_with_few_sources(sources, disagreement):
    """Nominal 0.9. 400 draws give a standard error of 0.015; 0.82 is the least that any setting was seen
    to have.
    """
    rng = np.random.default_rng(sources * 100 + round(disagreement * 10))
    held = 0
    for _ in range(400):
        errors = rng.choice([0.03, 0.05, 0.08], sources)
        values = rng.normal(0.0, np.hypot(errors, disagreement))
        found = blend(values, errors, coverage=0.9, scale=0.15)
        held += found.low <= 0.0 <= found.high
    assert held / 400 > 0.83
