"""Intervals from replicate weights, with employers as the clusters.

The replicates of an estimate are the same estimate under 80 sets of Poisson(1) employer weights (a Poisson
bootstrap of clusters). Three facts about such weights are used here:

*Standard error.* The replicates' mean square deviation from the estimate is its variance (Rao & Wu, JASA
1988); like every with-replacement resampling of g clusters it is short by (g - 1)/g, which is put back.

*Effective employers.* The replicate totals vary by the sum of the employers' squared shares, so total^2 /
variance(totals) is Kish's effective number of clusters 1 / sum(share^2) (Kish, Survey Sampling, 1965), with
no row at hand.

*Interval.* estimate -+ t x error, with Student's t on (effective employers - 1) degrees of freedom (Carter,
Schnepel & Steigerwald, REStat 2017: unequal clusters count as their effective number), on the scale the
estimate is made on: the logarithm for money, the logit for shares.

Simulated, nominal 0.90, 5-40 employers of equal and of very unequal size: P10-P90 of clustered pay are
covered 0.84-0.96 (medians 0.85-0.95), coefficients carried by 5-15 employers 0.86-0.96, shares 0.82-0.95;
normal theory gives quantiles 0.75-0.92, replicate percentiles 0.66-0.91, Woodruff's interval with t
0.75-0.95. The low ends belong to forty employers of which a few are huge. tests/fit/test_coverage.py
repeats it in small.

What breaks it: fewer than about five effective employers in a tail quantile (coverage falls to 0.85), and
an employer mix that is not a sample of the market at all, which no interval can see.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from payguide.base.money import FloatArray


@dataclass(frozen=True, slots=True)
class Spread:
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


def effective_employers(total: float, replicate_totals: FloatArray, employers: int) -> float:
    """Kish's effective number of employers from replicate totals (r,), at least 1, at most `employers`."""
    variance = float(np.mean((replicate_totals - total) ** 2))
    ceiling = float(max(employers, 1))
    if variance <= 0 or total <= 0:
        return 1.0
    return min(max(total * total / variance, 1.0), ceiling)


def replicate_spread(value: float, replicates: FloatArray, effective: float, floor: float = 0.0) -> Spread:
    """The spread of `value` from its replicates (r,), NaN where a replicate drew none of the evidence.

    `floor` is the smallest believable standard error (the width of a bin), so that equal pay at every
    employer does not claim to be known exactly. With fewer than two effective employers the error is taken
    on one degree of freedom: a very wide interval, not an error.
    """
    drawn = replicates[np.isfinite(replicates)]
    error = float(np.sqrt(np.mean((drawn - value) ** 2))) if len(drawn) > 1 else 0.0
    short = effective / (effective - 1.0) if effective >= 2.0 else 2.0
    return Spread(value, max(error * short**0.5, floor), max(effective - 1.0, 1.0))
