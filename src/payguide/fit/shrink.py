"""Thin cells borrow from their parents: empirical Bayes on the log scale, after the hierarchical smoothing of LinkedIn
Salary (Kenthapadi, Ambler, Zhang & Agarwal, "Bringing Salary Transparency to the World", CIKM 2017).

There a cohort's parent is the best of its ancestors and how much is borrowed is learnt from what was held out. Here a
cell's parent is where it should lie if nothing were special about it, and how much is borrowed follows from how far
cells were seen to lie from their parents:

    d = own - parent,  d ~ N(delta, v),  delta ~ N(0, tau^2)      the parent's quantiles and the cell's, by source
    estimate = parent + (1 - b) d,  b = v / (v + tau^2)           b is the share that is borrowed

v is the sampling variance of the difference by the replicates, which parent and cell share, so what they have in common
cancels; it is taken over the band's quantiles together, so that a band is one mixture of itself and its parent.

*tau^2* is learnt from all cells of a kind together: the likelihood of their differences times tau^2, at its maximum
(the adjusted likelihood of Li & Lahiri, J. Multivariate Analysis 2010; Morris & Tang, Statistical Science 2011), which
unlike the plain one is never at zero: a few cells that happen to agree do not prove that all are alike. Fewer than
`MIN_CELLS` cells teach nothing, and nothing is borrowed.

*Error.* The replicates' variance of the estimate with b held fixed; its degrees of freedom mix the cell's and the
parent's with b. What borrowing may cost, b^2 tau^2 and b^2 times what the parent's own borrowing may have cost, is kept
apart: what is special about a population is special in every source, so a blend does not average it out (`combine`).

What breaks it: a cell that is unlike all others (its difference is taken for noise where its evidence is thin, which
the share borrowed shows), and differences that are not spread around zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from payguide.base.money import FloatArray
from payguide.fit.intervals import Spread, shortfall
from payguide.fit.quantiles import BIN_ERROR, Curve

#: The fewest cells from which a variance between cells is learnt: the adjusted likelihood has no maximum with two.
MIN_CELLS = 3

#: The range in which the standard deviation between cells is looked for, on the log scale.
_RANGE = (1e-3, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Parent:
    """Where a cell should lie: values (q,), replicates (r, q), the degrees of freedom of its error, and the variance
    that its own borrowing may have cost.
    """

    values: FloatArray
    replicates: FloatArray
    df: float
    cost: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """A cell's difference from its parent: d (q,), its replicates (r, q) and its sampling variance v over the
    quantiles together.
    """

    own: Curve
    parent: Parent
    values: FloatArray
    replicates: FloatArray
    variance: float


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """A cell that has borrowed: one spread to a quantile, the share borrowed, and the variance that it may have cost.
    `kept` (q,) and `kept_replicates` (r, q) are what is left of its difference.
    """

    spreads: tuple[Spread, ...]
    share: float
    kept: FloatArray
    kept_replicates: FloatArray
    cost: float


def apart(own: Curve, parent: Parent) -> Apart:
    """The difference of a cell from its parent."""
    replicates = own.replicates - parent.replicates
    values = own.values - parent.values
    squares = np.nanmean((replicates - values) ** 2, axis=0)
    variance = float(np.mean(squares)) * shortfall(own.effective)
    return Apart(own, parent, values, replicates, max(variance, BIN_ERROR**2))


def between(found: Sequence[Apart]) -> float:
    """The variance between cells and their parents, infinite where too few cells tell of it. A cell's quantiles say
    much the same: they count as one.
    """
    if len(found) < MIN_CELLS:
        return float("inf")
    variances = np.array([one.variance for one in found])
    squares = np.array([np.mean(one.values**2) for one in found])

    def minus_log_likelihood(log: float) -> float:
        total = variances + np.exp(2.0 * log)
        return float(0.5 * np.sum(np.log(total) + squares / total) - 2.0 * log)

    best = optimize.minimize_scalar(
        minus_log_likelihood, bounds=(np.log(_RANGE[0]), np.log(_RANGE[1])), method="bounded"
    )
    return float(np.exp(2.0 * best.x))


def shrink(one: Apart, variance: float) -> Shrunk:
    """A cell with what it borrows from its parent; `variance` is that between cells."""
    share = one.variance / (one.variance + variance)
    kept, kept_replicates = (1.0 - share) * one.values, (1.0 - share) * one.replicates
    values = one.parent.values + kept
    changes = one.parent.replicates + kept_replicates - values
    variances = np.nanmean(changes**2, axis=0) * shortfall(one.own.effective)
    df = (1.0 - share) * one.own.df + share * one.parent.df
    spreads = tuple(
        Spread(float(value), max(float(error), BIN_ERROR), df)
        for value, error in zip(values, variances**0.5, strict=True)
    )
    cost = share**2 * (variance + one.parent.cost) if share else 0.0
    return Shrunk(spreads, share, kept, kept_replicates, cost)
