"""Quantiles, means and shares of binned pay, for a cell and for each of its replicates.

Shapes: k bins, r replicates, q probabilities. A histogram's mass is in whole units (`base.aggregates.UNITS_PER_PIECE`
to a piece of evidence, `POINT` to each of its points); a point lies at its bin's centre, within 0.25 % of the amount
it stands for.

The quantile is Hazen's (type 5 of Hyndman & Fan, The American Statistician 1996) of those points on the log
scale: the i-th of N points is the quantile (i - 1/2)/N, straight lines between. It equals numpy's method
"hazen" on the points written out, needs only the histogram, rises with q, and is continuous in the weights,
so that replicates do not jump. A part of a point (of a piece whose level is not certain) stands in its own middle.
What breaks it: under about ten points outside the quantile (P10 of twenty) it is an order statistic with a name; the
gate wants ten employers for P10 and P90.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from payguide.base.aggregates import RANGE_POINTS, UNITS_PER_PIECE, Cell
from payguide.base.money import LOG_GAMMA, FloatArray, IntArray, bin_value
from payguide.fit.bands.intervals import EstimateWithError, degrees, effective_employers, replicate_spread

#: The mass of one point.
POINT = UNITS_PER_PIECE // RANGE_POINTS

#: The standard error of reading a bin: half its width as a uniform's standard deviation, on the log scale.
BIN_ERROR = LOG_GAMMA / 12**0.5


def log_quantiles(bins: IntArray, mass: IntArray, probabilities: FloatArray) -> FloatArray:
    """The log of the quantiles (q,) of a histogram: bins (k,) ascending, mass (k,). NaN without mass. Of several
    histograms of the same bins, mass (r, k), the quantiles (r, q).
    """
    rows = np.atleast_2d(mass)
    found = np.full((len(rows), len(probabilities)), np.nan)
    at, held = np.nonzero(rows > 0)
    drawn, first, count = np.unique(at, return_index=True, return_counts=True)
    if len(drawn):
        # all histograms as one line: each row's edges lie between its own number and the next
        weight = rows[at, held].astype(np.float64)
        every = np.cumsum(weight)
        before = (every - weight)[first]
        total = every[first + count - 1] - before
        upper, half = every - np.repeat(before, count), np.minimum(weight, POINT) / 2
        row = np.repeat(np.arange(len(drawn)), count)
        edges = np.stack([upper - weight + half, upper - half], axis=1) / np.repeat(total, count)[:, None]
        wanted = np.clip(probabilities, edges[first, :1], edges[first + count - 1, 1:])
        line = (edges + row[:, None]).ravel()
        logs = np.repeat(np.log(bin_value(bins))[held], 2)
        found[drawn] = np.interp(wanted + np.arange(len(drawn))[:, None], line, logs)
    return found.reshape(*mass.shape[:-1], len(probabilities))


def mean(bins: IntArray, mass: IntArray) -> float:
    """The mean of a histogram; NaN without mass."""
    total = mass.sum()
    return float(mass @ bin_value(bins) / total) if total else float("nan")


def share_above(bins: IntArray, mass: IntArray, threshold: float) -> float:
    """The share of mass above a threshold; the bin that holds it is split on the log scale. NaN without
    mass.
    """
    total = mass.sum()
    if not total:
        return float("nan")
    above = np.clip(bins - np.log(threshold) / LOG_GAMMA, 0.0, 1.0)
    return float(mass @ above / total)


def cell_employers(cell: Cell) -> float:
    """The cell's effective number of employers."""
    return effective_employers(float(cell.mass.sum()), cell.replicates.sum(axis=1), cell.who.units)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Quantiles on the log scale: values (q,), replicates (r, q), NaN where one drew nobody; the effective number
    of employers that puts back what the replicates' variance is short by, and the degrees of freedom.
    """

    values: FloatArray
    replicates: FloatArray
    effective: float
    df: float

    def spreads(self) -> list[EstimateWithError]:
        """One spread to a quantile."""
        return [
            replicate_spread(float(value), column, self.effective, self.df, BIN_ERROR)
            for value, column in zip(self.values, self.replicates.T, strict=True)
        ]


def cell_curve(cell: Cell, probabilities: FloatArray) -> Curve:
    """The quantiles of a cell and of its replicates."""
    return Curve(
        log_quantiles(cell.bins, cell.mass, probabilities),
        log_quantiles(cell.bins, cell.replicates, probabilities),
        cell_employers(cell),
        degrees(cell.who.largest_share),
    )


def cell_quantiles(cell: Cell, probabilities: FloatArray) -> list[EstimateWithError]:
    """The quantiles of a cell on the log scale, one `EstimateWithError` to a probability."""
    return cell_curve(cell, probabilities).spreads()


def cell_mean(cell: Cell) -> EstimateWithError:
    """The log of a cell's mean."""
    replicates = np.log([mean(cell.bins, row) for row in cell.replicates])
    value = float(np.log(mean(cell.bins, cell.mass)))
    return replicate_spread(
        value, replicates, cell_employers(cell), degrees(cell.who.largest_share), BIN_ERROR
    )
