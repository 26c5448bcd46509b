"""Shares with employers as clusters: the logit, its replicate error, and what to do at 0 and 1.

logit(p) -+ t x error(logit p), the survey standard away from the ends (Dean & Pagano, JSSAM 2015). The
error is taken by the delta method from the replicates of p itself, error(p) / (p(1 - p)), since a replicate
may have p = 0. Near 0 and 1, where fewer than one effective observation lies on one side, p is moved to (x
+ 1/2)/(n + 1) with n the effective number of observations (Jeffreys' prior, as Brown, Cai & DasGupta,
Statistical Science 2001 advise at the ends) and the error is the binomial one; the interval always holds
the share itself.

What breaks it: an attribute that only one employer's postings have; its error is then that employer's
presence.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from payguide.base.money import FloatArray
from payguide.fit.bands.intervals import EstimateWithError, degrees, effective_employers, shortfall


def share_spread(
    count: float,
    total: float,
    rep_count: FloatArray,
    rep_total: FloatArray,
    *,
    employers: int,
    largest_share: float,
) -> EstimateWithError:
    """The logit of count/total with its error from replicate counts and totals (r,), of so many employers.

    Raises:
        ValueError: the total is not positive.
    """
    if total <= 0:
        raise ValueError("a share needs a positive total")
    effective = effective_employers(total, rep_total, employers)
    share = count / total
    # linearised replicates: the ratio's first-order change under each replicate (Taylor series variance)
    changes = (rep_count - share * rep_total) / total
    variance = float(np.mean(changes**2)) * shortfall(effective)
    inside = share * (1.0 - share)
    # at 0 and 1 the replicates do not vary: each effective employer is one observation; never fewer errors
    # than binomial
    size = min(inside / max(variance, 1e-300), total) if inside > 0 else effective
    df = degrees(largest_share)
    if min(share, 1.0 - share) * size < 1.0:
        moved = (share * size + 0.5) / (size + 1.0)
        return EstimateWithError(
            float(special.logit(moved)), 1.0 / math.sqrt(size * moved * (1.0 - moved)), df
        )
    return EstimateWithError(float(special.logit(share)), 1.0 / math.sqrt(size * inside), df)
