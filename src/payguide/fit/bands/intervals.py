"""Intervals from replicate weights, with employers as the clusters.

The replicates of an estimate are the same estimate under 80 sets of Poisson(1) employer weights (a Poisson
bootstrap of clusters). What is used of such weights:

*Standard error.* The replicates' mean square deviation from the estimate is its variance (Rao & Wu, JASA
1988); like every with-replacement resampling of g clusters it is short by (g - 1)/g, which is put back.

*Effective employers.* The replicate totals vary by the sum of the employers' squared shares, so total^2 /
variance(totals) is Kish's effective number of clusters 1 / sum(share^2) (Kish, Survey Sampling, 1965), with
no row at hand. It puts back the shortfall.

*Degrees of freedom.* The variance of unequal clusters is known less well than their number says: by
Satterthwaite's rule it has sum(v)^2 / sum(v^2) degrees of freedom, v an employer's part of the variance
(Bell & McCaffrey, Survey Methodology 2002; Carter, Schnepel & Steigerwald, REStat 2017). Where employers'
errors shrink with their size that is 1 / sum(s^2), s their shares; where all of one employer's pay is off
together it can be as low as sum(s^2) / max(s)^2. Which holds is not known from sums, so the geometric mean of
the two bounds is taken, which is exactly 1 / largest share: a count, free of the replicates' noise. One is
taken off for the mean, and the 80 draws' own noise is added (their mean square is chi-square on 80).

*Interval.* estimate -+ t x error, on the scale the estimate is made on: the logarithm for money and effects, the
logit for shares.

docs/coverage.md has the measured coverage in a world whose truth is known (tools/interval_coverage.py).

What breaks it: three or four employers in effect (the gate withholds figures with fewer),
where a tail quantile rests on a handful of values, and an employer mix that is not a sample of the market at
all, which no interval can see.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from payguide.base.aggregates import REPLICATES
from payguide.base.money import FloatArray


@dataclass(frozen=True, slots=True)
class EstimateWithError:
    """An estimate on its working scale, its standard error there, and the degrees of freedom of the error."""

    value: float
    error: float
    df: float

    def interval(self, coverage: float) -> tuple[float, float]:
        """The interval that holds the truth with the stated coverage, on the working scale."""
        half = student(coverage, self.df) * self.error
        return self.value - half, self.value + half

    def normal_error(self, coverage: float) -> float:
        """The standard error that a normal interval of the same width would have: t's heavier tail
        included.

        A blend takes this one, so that the published low and high of a source are all a reader needs to
        redo it.
        """
        return self.error * student(coverage, self.df) / normal(coverage)


def student(coverage: float, df: float) -> float:
    """Student's two-sided factor."""
    return float(special.stdtrit(df, 0.5 + coverage / 2))


def normal(coverage: float) -> float:
    """The normal two-sided factor: 1.645 for a coverage of 0.9."""
    return float(special.ndtri(0.5 + coverage / 2))


def degrees(largest_share: float) -> float:
    """The degrees of freedom of an employer-clustered error, from the largest employer's share; at least 1."""
    employers = 1.0 / largest_share if largest_share > 0 else 1.0
    return 1.0 / (1.0 / max(employers - 1.0, 1.0) + 1.0 / REPLICATES)


def effective_employers(total: float, replicate_totals: FloatArray, employers: int) -> float:
    """Kish's effective number of employers from replicate totals (r,), at least 1, at most `employers`."""
    variance = float(np.mean((replicate_totals - total) ** 2))
    ceiling = float(max(employers, 1))
    if variance <= 0 or total <= 0:
        return 1.0
    return min(max(total * total / variance, 1.0), ceiling)


def shortfall(effective: float) -> float:
    """What a replicate variance of so many effective employers is multiplied by. With fewer than two it is
    taken for two: a very wide interval, not an error.
    """
    return effective / (effective - 1.0) if effective >= 2.0 else 2.0


def replicate_spread(
    value: float, replicates: FloatArray, effective: float, df: float, floor: float = 0.0
) -> EstimateWithError:
    """The spread of `value` from its replicates (r,), NaN where a replicate drew none of the evidence.

    `floor` is the smallest believable standard error (the width of a bin), so that equal pay at every
    employer does not claim to be known exactly.
    """
    drawn = replicates[np.isfinite(replicates)]
    error = float(np.sqrt(np.mean((drawn - value) ** 2))) if len(drawn) > 1 else 0.0
    return EstimateWithError(value, max(error * shortfall(effective) ** 0.5, floor), df)
