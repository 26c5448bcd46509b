"""Random-effects meta-analysis against statsmodels, against brute force, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from disagreement import measured
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from payguide.fit.bands.meta_analysis import blend, paule_mandel, settings

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
    # metafor, rma(method="PM"): tau^2 0.3180, I2 92.2 %; the inputs are rounded to four places
    assert paule_mandel(BCG, BCG_VARIANCE) == pytest.approx(0.3180, abs=0.002)
    found = blend(BCG, BCG_VARIANCE**0.5, coverage=0.95, scale=0.2)
    assert found.i2 == pytest.approx(0.922, abs=0.005)


def test_with_many_trials_the_prior_is_outweighed():
    # the same by restricted maximum likelihood: -0.7145 (-1.0669 to -0.3622 at 0.95, normal theory); a posterior
    # that also carries what is not known of tau is a little wider
    found = blend(BCG, BCG_VARIANCE**0.5, coverage=0.95, scale=2.0)
    assert found.value == pytest.approx(-0.7145, abs=0.01)
    assert found.low == pytest.approx(-1.0669, abs=0.08)
    assert found.high == pytest.approx(-0.3622, abs=0.08)
    assert found.low < -1.0669
    assert found.high > -0.3622


@pytest.mark.parametrize("seed", range(5))
def test_statsmodels_agrees(seed):
    rng = np.random.default_rng(seed)
    values, errors = rng.normal(12.0, 0.15, 6), rng.uniform(0.02, 0.1, 6)
    reference = combine_effects(values, errors**2, method_re="iterated", atol=1e-14)
    assert paule_mandel(values, errors**2) == pytest.approx(reference.tau2, rel=1e-6)
    # where nothing may disagree it is the fixed-effect blend with normal errors
    fixed = blend(values, errors, coverage=0.9, scale=1e-6)
    assert fixed.value == pytest.approx(reference.mean_effect_fe, abs=1e-6)
    assert fixed.weights == pytest.approx(reference.weights_rel_fe, rel=1e-5)
    half = stats.norm.ppf(0.95) * reference.sd_eff_w_fe
    assert fixed.high - fixed.value == pytest.approx(half, rel=1e-5)


def test_one_source_is_as_wide_as_sources_usually_lie_apart():
    """y = mu + u + e: the error and a half-normal mixture of normals, drawn."""
    rng = np.random.default_rng(1)
    drawn = rng.normal(0, 0.1, 2_000_000) + rng.normal(size=2_000_000) * np.abs(
        rng.normal(0, 0.15, 2_000_000)
    )
    found = blend(np.array([12.0]), np.array([0.1]), coverage=0.9, scale=0.15)
    assert (found.value, found.weights, found.i2) == (pytest.approx(12.0), (1.0,), None)
    assert found.high - 12.0 == pytest.approx(np.quantile(drawn, 0.95), rel=0.005)
    assert 12.0 - found.low == pytest.approx(found.high - 12.0)


def test_what_only_one_can_know_is_its_own_interval():
    found = blend(np.array([12.0]), np.array([0.1]), coverage=0.9, scale=0.0)
    assert (found.value, found.weights, found.i2) == (12.0, (1.0,), None)
    assert found.high == pytest.approx(12.0 + 1.6449 * 0.1, abs=1e-5)


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ([12.0, 12.3], [0.04, 0.08]),
        ([12.0, 12.1, 12.5], [0.03, 0.1, 0.06]),
        ([0.0, 0.1, 0.2, 0.05], [0.05] * 4),
    ],
)
def test_sources_against_brute_force(values, errors):
    """Draw mu's posterior by importance from the half-normal prior and compare its 5 % and 95 % points."""
    values, errors, scale = np.array(values), np.array(errors), 0.2
    rng = np.random.default_rng(0)
    taus = np.abs(rng.normal(0, scale, 400_000))
    deviations = np.sqrt(errors**2 + taus[:, None] ** 2)
    weights = deviations**-2
    total = weights.sum(axis=1)
    centre = weights @ values / total
    # mu integrated out of the likelihood: the values at their centre, times the width that mu may move in
    likelihood = stats.norm.pdf(values, centre[:, None], deviations).prod(axis=1) * total**-0.5
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


def test_several_values_need_a_scale_of_disagreement():
    with pytest.raises(ValueError, match="disagreement"):
        blend(np.array([1.0, 2.0]), np.array([0.1, 0.1]), coverage=0.9, scale=0.0)


@pytest.mark.parametrize("sources", [1, 2, 3, 6])
def test_coverage_where_sources_lie_apart_as_the_prior_says(sources):
    """Nominal 0.9; 600 draws have a standard error of 0.012, three of them 0.037."""
    rng = np.random.default_rng(sources)
    held = 0
    for _ in range(600):
        errors = rng.choice([0.03, 0.05, 0.08], sources)
        values = rng.normal(0.0, np.hypot(errors, abs(rng.normal(0.0, 0.15))))
        found = blend(values, errors, coverage=0.9, scale=0.15)
        held += found.low <= 0.0 <= found.high
    assert held / 600 == pytest.approx(0.9, abs=0.037)


@pytest.mark.slow
def test_the_prior_is_what_the_packaged_evidence_says():
    """The scales of meta_analysis.toml are as likely as any; where they are not, see `python tools/disagreement.py`."""
    for name, found in measured():
        assert found.low <= settings()["disagreement"][name] <= found.high, name
        assert found.groups >= 10
