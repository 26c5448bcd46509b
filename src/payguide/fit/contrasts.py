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

from payguide.base.figures import Cell
from payguide.base.money import FloatArray
from payguide.fit.combine import Counts
from payguide.fit.intervals import Spread
from payguide.fit.quantiles import cell_employers
from payguide.fit.regression import Fit

#: How far the left-out value's evidence may differ from its cells' for the two to be taken as the same.
_SAME = 1.5


@dataclass(frozen=True, slots=True)
class Measured:
    """An effect on the log scale, and the evidence that carries it."""

    spread: Spread
    counts: Counts


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A dimension's left-out value: its name, its evidence, its effective number of employers."""

    value: str
    counts: Counts
    effective: float


def members(fit: Fit, dimension: str) -> list[int]:
    """Where a dimension's columns stand."""
    return [at for at, name in enumerate(fit.columns) if name.startswith(f"{dimension}=")]


def column_counts(fit: Fit, at: int) -> Counts:
    """The evidence with a non-zero value in a column."""
    moments = fit.moments
    n = int(moments.column_n[at])
    return Counts(n, n, int(moments.column_employers[at]), float(moments.column_share[at]))


def plain(fit: Fit, column: str) -> Measured | None:
    """A column's own coefficient; None where it is absent or dropped."""
    at = fit.position(column)
    if at is None:
        return None
    contrast = np.zeros(len(fit.columns))
    contrast[at] = 1.0
    return Measured(fit.spread(contrast, float(fit.effective[at])), column_counts(fit, at))


def _average(fit: Fit, dimension: str, market: Mapping[str, float] | None) -> FloatArray:
    """The weights (p,) of the mean of a dimension's coefficients: the evidence's own, or the given
    market's.
    """
    weights = np.zeros(len(fit.columns))
    for at in members(fit, dimension):
        own = fit.moments.column_n[at] / fit.moments.n
        weights[at] = own if market is None else market.get(fit.columns[at].partition("=")[2], 0.0)
    return weights


def against_average(
    fit: Fit,
    dimension: str,
    values: Sequence[str],
    left_out: LeftOut | None,
    market: Mapping[str, float] | None = None,
) -> Measured | None:
    """The evidence-weighted mean effect of some values of a dimension, against the dimension's average.

    The average weighs values by the evidence on them, or by `market`: each value's share of the whole (a
    value that is not in it weighs nothing; what is missing from one is the left-out value's).

    Values with no column are passed over (the left-out one counts with its coefficient of 0); None if all
    are.
    """
    contrast = -_average(fit, dimension, market)
    found: list[tuple[int | None, Counts, float]] = []
    for value in values:
        at = fit.position(f"{dimension}={value}")
        if at is not None:
            found.append((at, column_counts(fit, at), float(fit.effective[at])))
        elif left_out is not None and left_out.value == value:
            found.append((None, left_out.counts, left_out.effective))
    total = sum(counts.n for _, counts, _ in found)
    if total == 0:
        return None
    for at, counts, _ in found:
        if at is not None:
            contrast[at] += counts.n / total
    # an employer may stand in several values (metros): its effective number is at least that of the largest
    # value
    effective = max(effective for _, _, effective in found)
    return Measured(fit.spread(contrast, effective), joined([counts for _, counts, _ in found]))


def one_against_another(
    fit: Fit, dimension: str, values: Sequence[str], others: Sequence[str], left_out: LeftOut | None
) -> Measured | None:
    """The evidence-weighted mean coefficient of some values less that of others; None if either has none."""
    first = against_average(fit, dimension, values, left_out)
    second = against_average(fit, dimension, others, left_out)
    if first is None or second is None:
        return None
    contrast = _mean_of(fit, dimension, values, left_out) - _mean_of(fit, dimension, others, left_out)
    df = min(first.spread.df, second.spread.df)
    return Measured(fit.spread(contrast, df + 1.0), first.counts)


def _mean_of(fit: Fit, dimension: str, values: Sequence[str], left_out: LeftOut | None) -> FloatArray:
    weights = np.zeros(len(fit.columns))
    total = 0
    for value in values:
        at = fit.position(f"{dimension}={value}")
        if at is not None:
            weights[at] = fit.moments.column_n[at]
            total += int(fit.moments.column_n[at])
        elif left_out is not None and left_out.value == value:
            total += left_out.counts.n
    return weights / total


def left_out(fit: Fit, dimension: str, cells: Mapping[str, Sequence[Cell]]) -> LeftOut | None:
    """Which of a dimension's values was left out, told by the cells of its values (value -> one per
    source).

    The moments do not name it. It is the value without a column whose evidence is nearest to what the
    columns leave over; None where no value's evidence is within half of that.
    """
    present = members(fit, dimension)
    rest = fit.moments.n - int(sum(fit.moments.column_n[at] for at in present))
    best: LeftOut | None = None
    distance = float(np.log(_SAME))
    for value, found in sorted(cells.items()):
        n = sum(cell.n for cell in found)
        if f"{dimension}={value}" in fit.columns or n == 0 or rest <= 0:
            continue
        apart = abs(float(np.log(n / rest)))
        if apart <= distance:
            distance = apart
            employers = max(cell.n_employers for cell in found)
            share = min(1.0, sum(cell.largest_share * cell.n for cell in found) / n)
            effective = max(cell_employers(cell) for cell in found)
            best = LeftOut(value, Counts(rest, rest, employers, share), effective)
    return best


def joined(parts: Sequence[Counts]) -> Counts:
    """The evidence of several groups whose employers may be the same: the fewest employers, the largest
    share.
    """
    n = sum(part.n for part in parts)
    return Counts(
        n,
        sum(part.n_records for part in parts),
        max(part.n_employers for part in parts),
        min(1.0, sum(part.largest_share * part.n for part in parts) / n),
    )
