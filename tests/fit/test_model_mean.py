"""The mean of the model and how exact its rows are: by hand, by outside references, and against a known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.sparse import csr_array

from model_market import market
from payguide.fit.model.features import settings
from payguide.fit.model.fit import sample_of
from payguide.fit.model.mean import Regression, Variances, accelerate, draw_variances, fit_mean
from payguide.fit.model.random_effects import Block, Term
from payguide.fit.model.row_weights import precision

NU, MU = (settings()["fitting"][name] for name in ("tail", "effects_tail"))


def regression(y: np.ndarray, *blocks: Block, constant: bool = False, precision: float = 1.0) -> Regression:
    """Rows with a constant, if any, and effects; all as exact as each other."""
    n = len(y)
    curves, penalty = (np.ones((n, 1)), np.full((1, 1), 1e-8)) if constant else (np.zeros((n, 1)), np.eye(1))
    return Regression(y, csr_array(curves), penalty, blocks, np.full(n, precision))


def one_way(effect: np.ndarray, each: int, sigma: float, seed: int) -> tuple[np.ndarray, Block]:
    """A balanced one-way layout: y (n,) and its block."""
    group = np.repeat(np.arange(len(effect)), each)
    y = effect[group] + np.random.default_rng(seed).normal(0, sigma, len(group))
    return y, Block(Term(("employer",)), np.arange(len(effect)), group, np.ones(len(y)))


def prior(effect: np.ndarray, held: np.ndarray, tau: float) -> np.ndarray:
    """The prior precision of t effects, at its fixed point."""
    found = np.full(len(effect), 1 / tau)
    for _ in range(500):
        found = (MU + 1) / (MU + (effect**2 + 1 / (held + found)) / tau) / tau
    return found


def test_variances_of_a_one_way_layout() -> None:
    effect = 0.2 * stats.t(MU).rvs(600, random_state=2)
    y, groups = one_way(effect, 6, 0.1, seed=2)
    found = draw_variances(regression(y, groups, constant=True), seed=0).means
    # the scale of 600 draws of a t with 4 degrees of freedom has a standard error of 0.2 * sqrt(0.7 / 600) = 0.007
    assert np.sqrt(found.terms[0]) == pytest.approx(0.2, abs=0.025)
    # normal errors read as t with 8 degrees of freedom: the scale is a little under sigma
    assert 0.08 < np.sqrt(found.error) < 0.105


def test_a_chain_goes_on_where_another_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    y, groups = one_way(0.2 * stats.t(MU).rvs(600, random_state=2), 6, 0.1, seed=2)
    given = regression(y, groups, constant=True)
    first = draw_variances(given, seed=0)
    stood = first.u.copy(), first.last.terms.copy()
    monkeypatch.setitem(settings()["fitting"], "gibbs", 1)
    monkeypatch.setitem(settings()["fitting"], "burn", 0)
    again, anew = draw_variances(given, seed=1, before=first), draw_variances(given, seed=1)
    # one draw moves the scale of 600 effects by a few percent; from nothing it begins at sqrt(0.005)
    assert np.sqrt(again.means.terms[0]) == pytest.approx(np.sqrt(first.last.terms[0]), rel=0.15)
    assert np.sqrt(anew.means.terms[0]) < 0.85 * np.sqrt(again.means.terms[0])
    assert np.array_equal(first.u, stood[0])
    assert np.array_equal(first.last.terms, stood[1])


def test_effects_of_a_one_way_layout_are_shrunken_means() -> None:
    y, groups = one_way(np.random.default_rng(2).normal(0, 0.2, 50), 4, 0.01, seed=2)
    y = y - y.mean()
    # errors far inside the t's shoulders weigh (nu + 1) / nu each
    error, tau = 1.0, 0.5
    found = fit_mean(regression(y, groups), Variances(error, np.array([tau]))).tables[0][2]
    held = np.full(50, 4 * (NU + 1) / NU / error)
    means = y.reshape(50, 4).mean(axis=1)
    assert found == pytest.approx(means * held / (held + prior(found, held, tau)), rel=0.02, abs=1e-3)


def test_what_lies_far_out_is_hardly_pulled_in_and_the_rest_is() -> None:
    effect = np.append(np.random.default_rng(1).normal(0, 0.05, 200), 0.5)
    y, groups = one_way(effect, 16, 0.2, seed=3)
    found = fit_mean(regression(y, groups), Variances(0.2**2, np.array([0.05**2]))).tables[0][2]
    kept = found / y.reshape(-1, 16).mean(axis=1)
    # normal effects would keep 16 / (16 + 0.2^2 / 0.05^2) = 0.5 of every mean
    assert kept[-1] > 0.85
    assert np.median(kept[:-1]) < 0.55


def test_exact_rows_say_more() -> None:
    y, group = np.array([0.0, 1.0]), Block(Term(("role",)), np.arange(1), np.zeros(2, int), None)
    given = replace(regression(y, group), precision=np.array([1.6, 0.4]))
    found = fit_mean(given, Variances(100.0, np.array([1e6]))).tables[0][2]
    assert found == pytest.approx([0.2], abs=0.01)  # 0.4 / (0.4 + 1.6)


def test_accelerated_sweeps_reach_the_fixed_point() -> None:
    """x = Gx + c with a spectral radius of 0.98: forty plain steps are still far off."""
    rng = np.random.default_rng(1)
    turn = np.linalg.qr(rng.normal(size=(30, 30)))[0]
    step, constant = turn @ np.diag(np.linspace(0, 0.98, 30)) @ turn.T, rng.normal(size=30)
    exact = np.linalg.solve(np.eye(30) - step, constant)
    mixed = accelerate(lambda x: step @ x + constant, np.zeros(30), sweeps=40, memory=10)
    plain = np.zeros(30)
    for _ in range(40):
        plain = step @ plain + constant
    assert np.linalg.norm(mixed - exact) < 0.02 * np.linalg.norm(plain - exact)


def test_crossed_effects_solve_the_normal_equations() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.integers(0, 8, 400), rng.integers(0, 40, 400)
    y = rng.normal(0, 0.3, 8)[first] + rng.normal(0, 0.2, 40)[second] + rng.normal(0, 0.05, 400)
    two = [Block(Term((n,)), np.arange(m), g, None) for n, m, g in (("a", 8, first), ("b", 40, second))]
    variances = Variances(0.1**2, np.array([0.3**2, 0.2**2]))
    effects = np.concatenate([values for _, _, values in fit_mean(regression(y, *two), variances).tables])
    z = np.hstack([np.eye(8)[first], np.eye(40)[second]])
    weight = (NU + 1) / (NU + (y - z @ effects) ** 2 / variances.error) / variances.error
    held = weight @ z
    priors = [prior(effects[part], held[part], tau) for part, tau in ((np.s_[:8], 0.09), (np.s_[8:], 0.04))]
    exact = np.linalg.solve(z.T @ (weight[:, None] * z) + np.diag(np.concatenate(priors)), z.T @ (weight * y))
    assert effects == pytest.approx(exact, abs=2e-3)


def test_gross_errors_lose_their_weight() -> None:
    y = np.concatenate([np.random.default_rng(0).normal(0, 0.1, 300), np.full(15, 4.0)])
    found = fit_mean(regression(y, constant=True), Variances(0.01, np.zeros(0)))
    assert abs(found.smooth[0]) < 0.02 < y.mean()


def test_noisier_rows_are_known_as_such() -> None:
    """Data scientists' pay is spread twice as far as others' in this market."""
    rows = market(4000, seed=4).rows
    sample = sample_of(rows, np.log(rows.low) - np.median(np.log(rows.low)))
    found = precision(sample, draw_variances(sample.regression, seed=1).means, seed=1)
    noisy = rows.columns["role"] == "data_scientist"
    assert found.mean() == pytest.approx(1.0)
    # twice the spread to the power of 1.5; what is estimated is shrunk, so a little under it
    assert 2.0 < np.median(found[~noisy]) / np.median(found[noisy]) < 2 ** settings()["noise"]["power"] + 0.3


def test_a_row_that_names_no_employer_says_less() -> None:
    """Employers differ by 0.2 in ln pay here: what a row does not name is in its noise."""
    rows = market(4000, seed=5, gross_errors=0.0).rows
    hidden = np.arange(len(rows)) % 4 == 0
    employer = np.where(hidden, "", rows.columns["employer"])
    rows = replace(rows, columns={**rows.columns, "employer": employer})
    sample = sample_of(rows, np.log(rows.low) - np.median(np.log(rows.low)))
    found = precision(sample, draw_variances(sample.regression, seed=1).means, seed=1)
    role = rows.columns["role"] == "software_engineer"
    assert np.median(found[role & ~hidden]) > 2 * np.median(found[role & hidden])
