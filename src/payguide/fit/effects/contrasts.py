"""What an effect is measured against: contrasts of regression coefficients.

A value's effect is its coefficient less the evidence-weighted mean of its dimension's coefficients (the
left-out value's is 0), so it reads "against the market average" whichever value happened to be left out.
Where the market's own shares are known (metros: official employment), they weigh the average instead, for
evidence that was gathered mostly in a few places is no nation. A multi-valued or yes/no attribute (a
specialisation, a skill, a preference) is read against the postings without it: its coefficient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from payguide.base.aggregates import Cell
from payguide.base.contributors import joined
from payguide.base.money import FloatArray
from payguide.fit.bands.intervals import EstimateWithError
from payguide.fit.bands.pooled import SampleSize, together
from payguide.fit.effects.regression import Fit

#: How far the left-out value's evidence may differ from its cells' for the two to be taken as the same.
_SAME = 1.5


@dataclass(frozen=True, slots=True)
class Measured:
    """An effect on the log scale, and the evidence that carries it."""

    spread: EstimateWithError
    counts: SampleSize


@dataclass(frozen=True, slots=True)
class ReferenceCategory:
    """A dimension's left-out value: its name and its evidence."""

    value: str
    counts: SampleSize


@dataclass(frozen=True, slots=True, eq=False)
class _Mean:
    """A mean of coefficients: weights (p,) that the evidence gives, and how they move (r, p) in the replicates."""

    weights: FloatArray
    moved: FloatArray


def members(fit: Fit, dimension: str) -> list[int]:
    """Where a dimension's columns stand."""
    return [at for at, name in enumerate(fit.columns) if name.startswith(f"{dimension}=")]


def column_counts(fit: Fit, at: int) -> SampleSize:
    """The evidence with a non-zero value in a column."""
    moments = fit.moments
    n = int(moments.column_n[at])
    return SampleSize(n, n, moments.column_who[at])


def plain(fit: Fit, column: str) -> Measured | None:
    """A column's own coefficient; None where it is absent or dropped."""
    at = fit.position(column)
    if at is None:
        return None
    contrast = np.zeros(len(fit.columns))
    contrast[at] = 1.0
    counts = column_counts(fit, at)
    return Measured(fit.spread(contrast, counts.who.largest_share), counts)


def _mean(fit: Fit, dimension: str, held: Sequence[int], *, rest: bool) -> _Mean:
    """The evidence-weighted mean of a dimension's columns `held`, and of its left-out value with `rest`, whose
    coefficient is 0.
    """
    moments = fit.moments
    weights, moved = np.zeros(len(fit.columns)), np.zeros((len(moments.rep_xtx), len(fit.columns)))
    # a column of zeros and ones counts itself on the diagonal, everything stands in the intercept's
    counted = np.diagonal(moments.rep_xtx, axis1=1, axis2=2)
    total, drawn = int(moments.column_n[held].sum()), counted[:, held].sum(axis=1)
    if rest:
        known = members(fit, dimension)
        total += moments.n - int(moments.column_n[known].sum())
        drawn = drawn + counted[:, fit.columns.index("intercept")] - counted[:, known].sum(axis=1)
    weights[held] = moments.column_n[held] / total
    moved[:, held] = (counted[:, held] - np.outer(drawn, weights[held])) / total
    return _Mean(weights, moved)


def _average(fit: Fit, dimension: str, market: Mapping[str, float] | None) -> _Mean:
    """The mean of a dimension's coefficients: weighed by the evidence, or by the given market, which is known."""
    known = members(fit, dimension)
    if market is None:
        return _mean(fit, dimension, known, rest=True)
    weights = np.zeros(len(fit.columns))
    weights[known] = [market.get(fit.columns[at].partition("=")[2], 0.0) for at in known]
    return _Mean(weights, np.zeros((len(fit.moments.rep_xtx), len(weights))))


def _values(
    fit: Fit, dimension: str, values: Sequence[str], left_out: ReferenceCategory | None
) -> tuple[_Mean, SampleSize] | None:
    """The mean of some values of a dimension and the evidence on them; None where none has a column or is left out."""
    held = [at for value in values if (at := fit.position(f"{dimension}={value}")) is not None]
    rest = left_out is not None and left_out.value in values
    if not held and not rest:
        return None
    counts = [column_counts(fit, at) for at in held]
    if left_out is not None and rest:
        counts.append(left_out.counts)
    return _mean(fit, dimension, held, rest=rest), together(counts)


def against_average(
    fit: Fit,
    dimension: str,
    values: Sequence[str],
    left_out: ReferenceCategory | None,
    market: Mapping[str, float] | None = None,
) -> Measured | None:
    """The evidence-weighted mean effect of some values of a dimension, against the dimension's average.

    The average weighs values by the evidence on them, or by `market`: each value's share of the whole (a
    value that is not in it weighs nothing; what is missing from one is the left-out value's). Weights that the
    evidence gives are estimates too: they move with the employers.

    Values with no column are passed over (the left-out one counts with its coefficient of 0); None if all
    are.
    """
    found = _values(fit, dimension, values, left_out)
    if found is None:
        return None
    (own, counts), average = found, _average(fit, dimension, market)
    contrast, moved = own.weights - average.weights, own.moved - average.moved
    return Measured(fit.spread(contrast, counts.who.largest_share, moved), counts)


def one_against_another(
    fit: Fit, dimension: str, values: Sequence[str], others: Sequence[str], left_out: ReferenceCategory | None
) -> Measured | None:
    """The evidence-weighted mean coefficient of some values less that of others; None if either has none."""
    first = _values(fit, dimension, values, left_out)
    second = _values(fit, dimension, others, left_out)
    if first is None or second is None:
        return None
    (one, counts), (other, beside) = first, second
    largest = max(counts.who.largest_share, beside.who.largest_share)
    return Measured(fit.spread(one.weights - other.weights, largest, one.moved - other.moved), counts)


def left_out(fit: Fit, dimension: str, cells: Mapping[str, Sequence[Cell]]) -> ReferenceCategory | None:
    """Which of a dimension's values was left out, told by the cells of its values (value -> one per
    source).

    The moments do not name it. It is the value without a column whose evidence is nearest to what the
    columns leave over; None where no value's evidence is within half of that.
    """
    present = members(fit, dimension)
    rest = fit.moments.n - int(sum(fit.moments.column_n[at] for at in present))
    best: ReferenceCategory | None = None
    distance = float(np.log(_SAME))
    for value, found in sorted(cells.items()):
        n = sum(cell.n for cell in found)
        if f"{dimension}={value}" in fit.columns or n == 0 or rest <= 0:
            continue
        apart = abs(float(np.log(n / rest)))
        if apart <= distance:
            distance = apart
            best = ReferenceCategory(
                value, SampleSize(rest, rest, joined([(cell.n, cell.who) for cell in found]))
            )
    return best
