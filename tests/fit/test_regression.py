"""Coefficients and clustered errors from sums alone, against row-level regressions by pyfixest and
statsmodels.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from payguide.fit.effects.contrasts import plain
from payguide.fit.effects.regression import discoveries, fit, independent, p_values

COLUMNS = ("intercept", "tier=big_tech", "tier=startup", "remote=remote", "time")


@pytest.fixture(scope="module")
def rows():
    """2,400 rows of 120 employers; the tier is the employer's, the rest the row's."""
    rng = np.random.default_rng(7)
    employer = rng.integers(0, 120, 2400)
    tier = rng.integers(0, 3, 120)[employer]
    design = np.column_stack(
        [np.ones(2400), tier == 1, tier == 2, rng.random(2400) < 0.3, rng.normal(5, 2, 2400)]
    ).astype(float)
    truth = np.array([12.0, 0.25, -0.10, 0.05, 0.02])
    y = design @ truth + rng.normal(0, 0.15, 120)[employer] + rng.normal(0, 0.2, 2400)
    return design, y, employer


def test_coefficients_are_those_of_the_rows(rows, make_moments):
    design, y, employer = rows
    found = fit(make_moments("m", COLUMNS, design, y, employer))
    reference = sm.OLS(y, design).fit()
    assert found.coefficients == pytest.approx(reference.params, abs=1e-9)


def test_clustered_errors_are_those_of_the_rows(rows, make_moments):
    """80 random weights know a standard error within 1/sqrt(2 x 80) = 8 %; five seeds' mean within 4 %."""
    design, y, employer = rows
    reference = sm.OLS(y, design).fit(
        cov_type="cluster", cov_kwds={"groups": employer, "use_correction": False}
    )
    found = []
    for seed in range(5):
        of = fit(make_moments("m", COLUMNS, design, y, employer, seed=seed))
        found.append(
            [of.spread(row, 0.01).error * (1 - of.short(row)) ** 0.5 for row in np.eye(len(COLUMNS))]
        )
    assert np.mean(found, axis=0) == pytest.approx(reference.bse, rel=0.12)


@pytest.mark.parametrize("columns", [5, 40])
def test_what_residuals_are_short_by_is_that_of_the_rows(columns, make_moments):
    """With independent errors of variance 1 the sandwich has the expectation sum_g a'A_g a - (A_g a)'(X'X)^-1(A_g a):
    written out employer by employer. 2,000 replicates of a noise of sqrt(2/2000) = 3 %.
    """
    rng = np.random.default_rng(columns)
    employer = np.repeat(np.arange(60), rng.integers(1, 5, 60))
    design = np.column_stack([np.ones(len(employer)), rng.random((len(employer), columns - 1)) < 0.3]).astype(
        float
    )
    moments = make_moments("m", [f"x{i}" for i in range(columns)], design, employer * 1.0, employer)
    drawn = np.random.default_rng(1).poisson(1.0, (2000, 60))[:, employer].astype(float)
    many = replace(
        moments,
        rep_xtx=np.einsum("rn,ni,nj->rij", drawn, design, design, optimize=True),
        rep_xty=np.zeros((2000, columns)),
    )
    of = fit(many)
    inverse = np.linalg.inv(design.T @ design)
    for at in (0, 1):
        a = inverse[:, at]
        blocks = [design[employer == g] for g in range(60)]
        short = sum((x.T @ (x @ a)) @ inverse @ (x.T @ (x @ a)) for x in blocks) / inverse[at, at]
        assert of.short(np.eye(columns)[at]) == pytest.approx(short, rel=0.1)


def test_the_mean_of_equal_employers_has_the_textbook_error(make_moments):
    # 1 - k is (g - 1)/g for a mean of g equal employers: k = 1/8
    employer = np.repeat(np.arange(8), 3)
    of = fit(make_moments("m", ("intercept",), np.ones((24, 1)), employer * 1.0, employer))
    weights = of.moments.rep_xtx[:, 0, 0] / 24 - 1
    assert of.short(np.ones(1)) == pytest.approx(np.mean(weights**2))
    assert of.short(np.ones(1)) == pytest.approx(1 / 8, rel=0.35)


def test_pyfixest_gives_the_same_interval(rows, make_moments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyfixest as pf

        design, y, employer = rows
        table = pd.DataFrame(design[:, 1:], columns=["big", "start", "remote", "time"])
        references = [
            pf.feols("y ~ big + start + remote + time", table.assign(y=y, e=employer), vcov={kind: "e"})
            for kind in ("CRV1", "CRV3")
        ]
        errors = [reference.se() for reference in references]
    for name, column in (("remote", "remote=remote"), ("big", "tier=big_tech")):
        found = []
        for seed in range(5):
            of = plain(fit(make_moments("m", COLUMNS, design, y, employer, seed=seed)), column)
            assert of.spread.value == pytest.approx(references[0].coef()[name], abs=1e-8)
            found.append(of.spread.error)
        # CRV1's factor G/(G-1)(N-1)/(N-k) is 1.01, the jackknife (CRV3) errs to the wide side; five seeds of 8 %
        low, high = errors[0][name], errors[1][name]
        assert low * 0.88 < np.mean(found) < high * 1.12


def test_a_combination_of_earlier_columns_is_dropped_not_zero(rows, make_moments):
    design, y, employer = rows
    doubled = np.column_stack([design, design[:, 1] + design[:, 2], np.zeros(len(y))])
    found = fit(make_moments("m", (*COLUMNS, "either", "never"), doubled, y, employer))
    assert found.kept.tolist() == [True] * 5 + [False, False]
    assert plain(found, "either") is None
    assert plain(found, "never") is None
    assert plain(found, "absent") is None
    assert found.coefficients[:5] == pytest.approx(sm.OLS(y, design).fit().params, abs=1e-9)


def test_a_column_left_out_is_as_if_it_had_not_been_there(rows, make_moments):
    design, y, employer = rows
    found = fit(make_moments("m", COLUMNS, design, y, employer), without=("time",))
    assert found.coefficients[:4] == pytest.approx(sm.OLS(y, design[:, :4]).fit().params, abs=1e-9)
    assert np.isnan(found.coefficients[4])


def test_columns_of_very_different_size_are_told_apart():
    rng = np.random.default_rng(0)
    x = np.column_stack([np.ones(200), rng.normal(1e6, 1, 200), rng.normal(0, 1e-6, 200)])
    assert independent(x.T @ x, np.ones(3, dtype=bool)).tolist() == [True, False, True]
    # a million with a spread of one is a constant to one part in 1e12: not told from the intercept


def test_benjamini_and_hochbergs_own_example():
    """The fifteen p-values of their paper (1995, section 3.2): at 0.05 the first four stand."""
    p = np.array(
        [
            0.0001,
            0.0004,
            0.0019,
            0.0095,
            0.0201,
            0.0278,
            0.0298,
            0.0344,
            0.0459,
            0.3240,
            0.4262,
            0.5719,
            0.6528,
            0.7590,
            1.0,
        ]
    )
    shuffled = np.random.default_rng(0).permutation(15)
    assert sorted(p[shuffled][discoveries(p[shuffled], 0.05)]) == [0.0001, 0.0004, 0.0019, 0.0095]
    assert not discoveries(np.array([0.5, 0.9]), 0.1).any()
    assert discoveries(np.array([]), 0.1).shape == (0,)


def test_p_values_are_students(rows, make_moments):
    design, y, employer = rows
    found = fit(make_moments("m", COLUMNS, design, y, employer))
    spread = plain(found, "time").spread
    low, high = spread.interval(1 - p_values([spread])[0])
    # the interval whose coverage is 1 - p just touches 0
    assert min(abs(low), abs(high)) == pytest.approx(0.0, abs=1e-4)
