"""The mean: a robust regression of ln pay with smooth curves and crossed random effects.

    y_i = h_i'beta + sum_t x_ti u_t[g_t(i)] + e_i,   u_t ~ N(0, tau_t^2),   e_i ~ sigma t_nu

Variances by Gibbs sampling (the t errors as a scale mixture of normals; Gelman & Hill 2007, ch. 18; Geweke
1993), effects as the posterior mode given them, by backfitting with the mixture's weights (empirical Bayes;
the posterior mode of a crossed random-effects model is the fixed point of the block Gauss-Seidel sweeps,
Buja, Hastie & Tibshirani 1989). Every sweep costs O(rows x terms), so the fit is linear in the rows.

Assumes effects exchangeable within a term and errors symmetric about the curve. What breaks it: a term whose
groups are few (its variance is then mostly prior), errors that come in employer-wide batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.fit.model_design import settings
from payguide.fit.model_terms import Block, Effects

#: The prior of a variance: worth this many groups of this variance. It holds terms of two or three groups.
PRIOR_GROUPS, PRIOR_VARIANCE = 1.0, 0.02**2


@dataclass(frozen=True, slots=True, eq=False)
class Variances:
    """sigma^2 of the errors and tau^2 (t,) of the terms."""

    error: float
    terms: FloatArray


def curve_penalty(years: int, followed: BoolArray) -> FloatArray:
    """The prior precision (1 + years + periods, square) of intercept, years curve and time curve: bends of
    the one and steps of the other are normal with the settings' standard deviations; the weak ridge places
    them.

    followed (periods - 1,): the steps over which one source goes on. Over the others only different sources
    stand on the two sides: what parts them is a difference of sources, and pay is held to the wage index.
    """
    periods = len(followed) + 1
    fitting = settings()["fitting"]
    p = 1 + years + periods
    penalty = np.eye(p)
    penalty[0, 0] = 1e-8
    bend = np.diff(np.eye(years), n=2, axis=0)
    step = np.diff(np.eye(periods), axis=0)
    penalty[1 : 1 + years, 1 : 1 + years] += bend.T @ bend / fitting["years_step_sd"] ** 2
    sd = np.where(followed, fitting["time_step_sd"], fitting["time_gap_sd"])
    penalty[1 + years :, 1 + years :] += step.T @ (step / sd[:, None] ** 2)
    return penalty


def draw_variances(
    y: FloatArray, dense: FloatArray, penalty: FloatArray, blocks: Sequence[Block], seed: int
) -> Variances:
    """The posterior means of the variances. y (n,), dense (n, p), penalty (p, p)."""
    fitting, rng = settings()["fitting"], np.random.default_rng(seed)
    nu, n = float(fitting["tail"]), len(y)
    effects = [np.zeros(one.m) for one in blocks]
    tau, error = np.full(len(blocks), 0.005), 0.04
    tau_sum, error_sum = np.zeros(len(blocks)), 0.0
    beta = np.zeros(dense.shape[1])
    residual = y.copy()
    for draw in range(fitting["gibbs"]):
        mixed = rng.gamma((nu + 1) / 2, 2 / (nu + residual**2 / error), n)
        error = float(mixed @ residual**2) / n + 1e-8
        weight = mixed / error
        precision = (dense * weight[:, None]).T @ dense + penalty
        root = np.linalg.cholesky(precision)
        mean = np.linalg.solve(precision, dense.T @ (weight * residual) - penalty @ beta)
        change = mean + np.linalg.solve(root.T, rng.standard_normal(len(beta)))
        beta += change
        residual -= dense @ change
        for j, one in enumerate(blocks):
            held = one.sum(weight * one.x**2)
            total = held + 1 / tau[j]
            new = (one.sum(weight * one.x * residual) + held * effects[j]) / total
            new += rng.standard_normal(one.m) / np.sqrt(total)
            residual -= one.of(new - effects[j])
            effects[j] = new
            tau[j] = (float(new @ new) + PRIOR_GROUPS * PRIOR_VARIANCE) / (one.m + PRIOR_GROUPS)
        if draw >= fitting["burn"]:
            tau_sum, error_sum = tau_sum + tau, error_sum + error
    kept = fitting["gibbs"] - fitting["burn"]
    return Variances(error_sum / kept, tau_sum / kept)


def fit_mean(
    y: FloatArray,
    dense: FloatArray,
    penalty: FloatArray,
    blocks: Sequence[Block],
    variances: Variances,
) -> Effects:
    """The effects: posterior mode given the variances. y (n,), dense (n, p), penalty (p, p)."""
    fitting = settings()["fitting"]
    nu = float(fitting["tail"])
    effects = [np.zeros(one.m) for one in blocks]
    beta = np.zeros(dense.shape[1])
    # the errors' variance before any effect is known: weights must not call whole employers gross errors
    error = max(variances.error, float(np.median(np.abs(y)) * 1.4826) ** 2)
    residual = y.copy()
    for sweep in range(fitting["sweeps"]):
        if sweep > 1:
            error = variances.error
        weight = (nu + 1) / (nu + residual**2 / error) / variances.error
        precision = (dense * weight[:, None]).T @ dense + penalty
        change = np.linalg.solve(precision, dense.T @ (weight * residual) - penalty @ beta)
        beta += change
        residual -= dense @ change
        for j, one in enumerate(blocks):
            held = one.sum(weight * one.x**2)
            new = (one.sum(weight * one.x * residual) + held * effects[j]) / (held + 1 / variances.terms[j])
            residual -= one.of(new - effects[j])
            effects[j] = new
    tables = tuple((one.term, one.keys, values) for one, values in zip(blocks, effects, strict=True))
    return Effects(beta, tables)


def counted(block: Block, rows: IntArray) -> FloatArray:
    """How many of the named rows fall in each group of a block of all rows; each row's own group's count."""
    counts = np.bincount(block.group[rows], minlength=block.m + 1).astype(float)
    counts[block.m] = 0.0
    return counts[block.group]
