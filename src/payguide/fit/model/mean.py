"""The mean: a robust regression of ln pay with smooth curves and crossed random effects.

    y_i = h_i'beta + sum_t x_ti u_t[g_t(i)] + e_i,   u_t ~ tau_t t_mu,   e_i ~ sigma / sqrt(p_i) t_nu

Variances by Gibbs sampling (t errors and t effects as scale mixtures of normals; Gelman & Hill 2007, ch. 18; Geweke
1993), effects as the posterior mode given them, by backfitting with the mixtures' expected weights (empirical Bayes;
the posterior mode of a crossed random-effects model is the fixed point of the block Gauss-Seidel sweeps,
Buja, Hastie & Tibshirani 1989). Every sweep costs O(rows x terms), so the fit is linear in the rows.

Effects have the tails of a t because a few employers and grades lie far out: with normal effects these few would set
tau, and all others would be shrunk too little. p_i is how exact a row is beside the others (row_weights.py).

Assumes effects exchangeable within a term and errors symmetric about the curve. What breaks it: a term whose
groups are few (its variance is then mostly prior), errors that come in employer-wide batches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.fit.model.features import settings
from payguide.fit.model.random_effects import Block, Effects
from payguide.fit.model.splines import Curves, gram

#: The prior of a variance: worth this many groups of this variance. It holds terms of two or three groups.
PRIOR_GROUPS, PRIOR_VARIANCE = 1.0, 0.02**2


@dataclass(frozen=True, slots=True, eq=False)
class Variances:
    """sigma^2 of the errors and tau^2 (t,) of the terms."""

    error: float
    terms: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Draws of the variances: their posterior means; and where the chain stands, the last draw of the variances and of
    the coefficients and effects (q,).
    """

    means: Variances
    last: Variances
    u: FloatArray


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


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """What the mean is fitted to: y (n,); curves (n, p) and the prior precision of their coefficients, penalty (p, p);
    the blocks of effects, met by the same rows; precision (n,), how exact each row is beside the others, 1 on average.
    """

    y: FloatArray
    curves: Curves
    penalty: FloatArray
    blocks: Sequence[Block]
    precision: FloatArray

    def take(self, rows: IntArray) -> Regression:
        """The named rows, the groups unchanged."""
        part = [one.take(rows) for one in self.blocks]
        return Regression(self.y[rows], self.curves[rows], self.penalty, part, self.precision[rows])

    def nothing(self) -> FloatArray:
        """Coefficients and effects that are all 0 (q,)."""
        return np.zeros(self.curves.shape[1] + sum(one.m for one in self.blocks))

    def split(self, u: FloatArray) -> list[FloatArray]:
        """The curves' coefficients (p,) and the effects of each block (m,) in u (q,)."""
        ends = np.cumsum([self.curves.shape[1], *(one.m for one in self.blocks)])
        return np.split(u, ends[:-1])

    def residuals(self, u: FloatArray) -> FloatArray:
        """What the effects u (q,) leave of y (n,)."""
        beta, *effects = self.split(u)
        left = self.y - self.curves @ beta
        for one, effect in zip(self.blocks, effects, strict=True):
            left -= one.of(effect)
        return np.asarray(left)


def draw_variances(given: Regression, seed: int, before: Chain | None = None) -> Chain:
    """Draws of the variances, from nothing or from where a chain `before` of the same effects stands."""
    fitting, rng = settings()["fitting"], np.random.default_rng(seed)
    nu, mu, n = float(fitting["tail"]), float(fitting["effects_tail"]), len(given.y)
    blocks, curves, penalty = given.blocks, given.curves, given.penalty
    last = before.last if before else Variances(0.04, np.full(len(blocks), 0.005))
    u = before.u.copy() if before else given.nothing()
    beta, *effects = given.split(u)
    error, tau = last.error, last.terms.copy()
    tau_sum, error_sum = np.zeros(len(blocks)), 0.0
    residual = given.residuals(u)
    for draw in range(fitting["gibbs"]):
        size = given.precision * residual**2
        mixed = rng.gamma((nu + 1) / 2, 2 / (nu + size / error), n)
        # not the product of vectors: threads that BLAS wakes for it spin beside all that follows
        error = float(np.mean(mixed * size)) + 1e-8
        weight = mixed * given.precision / error
        precision = gram(curves, weight) + penalty
        root = np.linalg.cholesky(precision)
        mean = np.linalg.solve(precision, curves.T @ (weight * residual) - penalty @ beta)
        change = mean + np.linalg.solve(root.T, rng.standard_normal(len(beta)))
        beta += change
        residual -= curves @ change
        for j, (one, effect) in enumerate(zip(blocks, effects, strict=True)):
            spread = rng.gamma((mu + 1) / 2, 2 / (mu + effect**2 / tau[j]))
            held = one.mass(weight)
            total = held + spread / tau[j]
            new = (one.moment(weight * residual) + held * effect) / total
            new += rng.standard_normal(one.m) / np.sqrt(total)
            residual -= one.of(new - effect)
            effect[:] = new
            tau[j] = (float(np.sum(spread * new**2)) + PRIOR_GROUPS * PRIOR_VARIANCE) / (one.m + PRIOR_GROUPS)
        if draw >= fitting["burn"]:
            tau_sum, error_sum = tau_sum + tau, error_sum + error
    kept = fitting["gibbs"] - fitting["burn"]
    return Chain(Variances(error_sum / kept, tau_sum / kept), Variances(error, tau), u)


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """What the effects solve once the weights are given: (Z'WZ + prior precision) u = Z'W y, with u (q,) the curves'
    coefficients followed by the effects of each block. weight (n,); prior: each block's prior precisions (m,); held:
    each block's mass (m,); factor (p, p): curves'W curves + penalty.
    """

    given: Regression
    weight: FloatArray
    prior: Sequence[FloatArray]
    held: Sequence[FloatArray]
    factor: FloatArray

    def sweep(self, u: FloatArray) -> FloatArray:
        """One pass of backfitting from u (q,): every block in turn at its best given the others (q,)."""
        given = self.given
        beta, *effects = given.split(u.copy())
        residual = given.residuals(u)
        change = np.linalg.solve(
            self.factor, given.curves.T @ (self.weight * residual) - given.penalty @ beta
        )
        beta += change
        residual -= given.curves @ change
        for one, effect, held, prior in zip(given.blocks, effects, self.held, self.prior, strict=True):
            new = (one.moment(self.weight * residual) + held * effect) / (held + prior)
            residual -= one.of(new - effect)
            effect[:] = new
        return np.concatenate([beta, *effects])


def accelerate(
    step: Callable[[FloatArray], FloatArray], u: FloatArray, sweeps: int, memory: int
) -> FloatArray:
    """The fixed point of `step`, approached from u (q,) by Anderson's mixing of the last `memory` steps (Walker and Ni
    2011, SIAM J. Numer. Anal. 49): plain sweeps creep where terms overlap, as employer and employer x grade do.
    """
    found: list[FloatArray] = []
    moved: list[FloatArray] = []
    for _ in range(sweeps):
        new = step(u)
        found, moved = [*found[-memory:], new], [*moved[-memory:], new - u]
        u = new
        if len(moved) > 1:
            change = np.diff(np.array(moved), axis=0)
            products = np.einsum("ik,jk->ij", change, np.vstack([change, moved[-1]]))
            mix = np.linalg.lstsq(products[:, :-1], products[:, -1], rcond=1e-12)[0]
            u = new - np.einsum("i,ik->k", mix, np.diff(np.array(found), axis=0))
    return u


def fit_mean(given: Regression, variances: Variances) -> Effects:
    """The effects: posterior mode given the variances."""
    fitting = settings()["fitting"]
    nu, mu = float(fitting["tail"]), float(fitting["effects_tail"])
    u = given.nothing()
    prior = [np.full(one.m, 1 / tau) for one, tau in zip(given.blocks, variances.terms, strict=True)]
    # the errors' variance before any effect is known: weights must not call whole employers gross errors
    error = max(variances.error, float(np.median(np.abs(given.y)) * 1.4826) ** 2)
    for _ in range(fitting["reweighted"]):
        size = given.precision * given.residuals(u) ** 2
        weight = (nu + 1) / (nu + size / error) * given.precision / variances.error
        factor = gram(given.curves, weight) + given.penalty
        held = [one.mass(weight) for one in given.blocks]
        system = System(given, weight, prior, held, factor)
        u = accelerate(system.sweep, u, fitting["sweeps"], fitting["memory"])
        error = variances.error
        prior = [
            _prior(effect, 1 / (mass + before), tau, mu)
            for effect, mass, before, tau in zip(
                given.split(u)[1:], held, prior, variances.terms, strict=True
            )
        ]
    beta, *effects = given.split(u)
    return Effects(
        beta, tuple((one.term, one.keys, values) for one, values in zip(given.blocks, effects, strict=True))
    )


def _prior(effect: FloatArray, variance: FloatArray, tau: float, mu: float) -> FloatArray:
    """The expected prior precision (m,) of effects that are known as `effect` with a `variance` (m,): of a t with `mu`
    degrees of freedom and squared scale `tau` as a mixture of normals. What lies far out is hardly pulled in.
    """
    return np.asarray((mu + 1) / (mu + (effect**2 + variance) / tau) / tau)


def counted(block: Block, rows: IntArray) -> FloatArray:
    """How many of the named rows fall in each group of a block of all rows; each row's own group's count."""
    counts = np.bincount(block.group[rows], minlength=block.m + 1).astype(float)
    counts[block.m] = 0.0
    return counts[block.group]
