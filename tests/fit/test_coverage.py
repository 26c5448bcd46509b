"""Intervals cover what they say, by simulation of markets whose truth is known (small; nominal 0.90).

160 draws know a coverage within 0.024 (one standard error). The bounds are what few, unequal employers may
cost: 0.82 below (the replicate error is itself known within 8 %), 0.99 above.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from payguide.fit.bands.proportions import share_spread

DRAWS = 160
BOUNDS = (0.82, 0.99)


def sizes(rng, employers):
    """Postings of each employer: most have a handful, one in ten has dozens."""
    return np.minimum(
        rng.geometric(0.2, employers) + (rng.random(employers) < 0.1) * rng.integers(0, 30, employers), 40
    )


def inside(share):
    low, high = BOUNDS
    return low <= share <= high


@pytest.mark.parametrize("share", [0.05, 0.4])
def test_shares_that_employers_differ_in(share, weights):
    rng = np.random.default_rng(int(share * 100))
    held = 0
    for draw in range(DRAWS):
        each = sizes(rng, 25)
        with_it = rng.binomial(each, rng.beta(4 * share, 4 * (1 - share), 25))
        drawn = np.random.default_rng(draw).poisson(1.0, (80, 25)).astype(float)
        largest = float(each.max() / each.sum())
        spread = share_spread(
            float(with_it.sum()), float(each.sum()), drawn @ with_it, drawn @ each,
            employers=25, largest_share=largest,
        )  # fmt: skip
        low, high = special.expit(spread.interval(0.9))
        held += low <= share <= high
    assert inside(held / DRAWS), held / DRAWS
