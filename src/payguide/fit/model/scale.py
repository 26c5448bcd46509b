"""The spread: how far pay lies from the mean, row by row, and what hiding an input does to the mean.

    E|r_i| = exp(eta_i),   eta = h'gamma + sum_t v_t[g_t(i)],   v_t ~ N(0, omega_t^2)

fitted to residuals of rows that were left out of the mean's fit, by scoring: with |r| Laplace-like, the
working response is |r|/exp(eta) - 1 with unit weight. Working responses are cut at `CUT`, so gross errors do
not widen their group for everyone. omega^2 by EM with the diagonal of the posterior variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from payguide.base.money import FloatArray
from payguide.fit.model.random_effects import Block, Effects
from payguide.fit.model.splines import Curves, gram

#: |r| counts for at most this many times what was expected.
CUT: Final = 6.0
#: Sweeps; prior precision of the smooth columns; prior standard deviation and error variance of what hiding
#: does.
SWEEPS: Final = 14
SMOOTH_PRECISION: Final = 3.0
LACK_SD, LACK_ERROR = 0.12, 0.06
#: A range offers pay evenly between its ends (on the log scale): its 10, 30, 50, 70, 90 % points, from the
#: middle in half-widths. Each is a fifth of the statement.
RANGE_POINTS: Final = np.array([-0.8, -0.4, 0.0, 0.4, 0.8])


def spread_points(residual: FloatArray, half_width: FloatArray) -> FloatArray:
    """The residuals of the five points of each statement (n, 5); a single amount is five times the same."""
    return np.asarray(residual[:, None] + half_width[:, None] * RANGE_POINTS)


def fit_scale(size: FloatArray, curves: Curves, blocks: Sequence[Block], weight: FloatArray) -> Effects:
    """The log of the expected absolute residual. size (n,) absolute residuals (mean over a range's points),
    curves (n, p) with the constant first, weight (n,) the rows' weights.
    """
    floor = max(float(np.average(size, weights=weight)), 1e-4)
    size = np.maximum(size, floor * 1e-3)
    beta = np.zeros(curves.shape[1])
    beta[0] = np.log(floor)
    eta = np.full(len(size), beta[0])
    penalty = np.eye(len(beta)) * SMOOTH_PRECISION
    penalty[0, 0] = 1e-6
    inverse = np.linalg.inv(gram(curves, weight) + penalty)
    effects, omega = [np.zeros(one.m) for one in blocks], [0.03] * len(blocks)
    held = [one.sum(weight) for one in blocks]
    for _ in range(SWEEPS):
        work = np.minimum(size / np.exp(eta), CUT) - 1
        change = inverse @ (curves.T @ (weight * work) - penalty @ beta)
        beta += change
        moved = curves @ change
        eta, work = eta + moved, work - moved
        for j, one in enumerate(blocks):
            total = held[j] + 1 / omega[j]
            new = (one.sum(weight * work) + held[j] * effects[j]) / total
            moved = one.of(new - effects[j])
            eta, work, effects[j] = eta + moved, work - moved, new
            omega[j] = float(np.mean(new**2 + 1 / total)) + 1e-6
    return Effects(beta, tuple((one.term, one.keys, v) for one, v in zip(blocks, effects, strict=True)))


def fit_lack(residual: FloatArray, blocks: Sequence[Block], weight: FloatArray) -> Effects:
    """What hiding inputs does to the mean: shrunken averages of the residuals of rows with inputs hidden.

    residual (n,), weight (n,). Gross errors are held at three times the median absolute residual.
    """
    bound = 3 * float(np.median(np.abs(residual))) * 1.4826 + 1e-6
    left = np.clip(residual, -bound, bound)
    effects = [np.zeros(one.m) for one in blocks]
    for _ in range(SWEEPS):
        for j, one in enumerate(blocks):
            held = one.sum(weight)
            new = (one.sum(weight * left) + held * effects[j]) / (held + LACK_ERROR / LACK_SD**2)
            left = left - one.of(new - effects[j])
            effects[j] = new
    return Effects(
        np.zeros(0), tuple((one.term, one.keys, v) for one, v in zip(blocks, effects, strict=True))
    )
