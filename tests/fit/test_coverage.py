"""Intervals cover what they say, by simulation of markets whose truth is known (small; nominal 0.90).

160 draws know a coverage within 0.024 (one standard error). The bounds are what few, unequal employers may
cost: 0.82 below (the replicate error is itself known within 8 %), 0.99 above.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import special

from payguide.base.codes import Role
from payguide.fit.bands import bands
from payguide.fit.contrasts import plain
from payguide.fit.frame import Frame
from payguide.fit.lookup import Evidence
from payguide.fit.proportions import share_spread
from payguide.fit.quantiles import cell_quantiles
from payguide.fit.regression import fit

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


@pytest.mark.parametrize("employers", [8, 25])
def test_quantiles_of_clustered_ranges(employers, make_cell):
    rng = np.random.default_rng(employers)
    # log pay: employers 0.2, jobs 0.2; each range is 30 % wide: the truth is the mixture's quantile
    points = rng.normal(0, 0.2 * 2**0.5, 500_000) + (rng.random(500_000) - 0.5) * 0.3
    truth = np.log(200_000) + np.quantile(points, [0.25, 0.5, 0.75])
    held = np.zeros(3)
    for draw in range(DRAWS):
        whose = np.repeat(np.arange(employers), sizes(rng, employers))
        middle = rng.normal(0, 0.2, employers)[whose] + rng.normal(0, 0.2, len(whose))
        cell = make_cell(whose, 2e5 * np.exp(middle - 0.15), 2e5 * np.exp(middle + 0.15), seed=draw)
        spreads = cell_quantiles(cell, np.array([0.25, 0.5, 0.75]))
        ends = np.array([spread.interval(0.9) for spread in spreads])
        held += (ends[:, 0] <= truth) & (truth <= ends[:, 1])
    assert all(inside(share) for share in held / DRAWS), held / DRAWS


@pytest.mark.parametrize("carriers", [6, 15])
def test_effects_that_few_employers_carry(carriers, make_moments):
    rng = np.random.default_rng(carriers)
    held = 0
    for draw in range(DRAWS):
        whose = np.repeat(np.arange(60), sizes(rng, 60))
        design = np.column_stack(
            [np.ones(len(whose)), whose < carriers, rng.random(len(whose)) < 0.5]
        ).astype(float)
        y = design @ [12.0, 0.1, 0.2] + rng.normal(0, 0.2, 60)[whose] + rng.normal(0, 0.2, len(whose))
        of = fit(make_moments("m", ("intercept", "d", "x"), design, y, whose, seed=draw))
        low, high = plain(of, "d").spread.interval(0.9)
        held += low <= 0.1 <= high
    assert inside(held / DRAWS), held / DRAWS


@pytest.mark.parametrize("share", [0.05, 0.4])
def test_shares_that_employers_differ_in(share, weights):
    rng = np.random.default_rng(int(share * 100))
    held = 0
    for draw in range(DRAWS):
        each = sizes(rng, 25)
        with_it = rng.binomial(each, rng.beta(4 * share, 4 * (1 - share), 25))
        drawn = np.random.default_rng(draw).poisson(1.0, (80, 25)).astype(float)
        spread = share_spread(float(with_it.sum()), float(each.sum()), drawn @ with_it, drawn @ each, 25)
        low, high = special.expit(spread.interval(0.9))
        held += low <= share <= high
    assert inside(held / DRAWS), held / DRAWS


def test_a_band_blended_from_three_sources_that_disagree(make_cell):
    """The truth is the market's median; each source is off by its own 8 %, and says so only by
    disagreeing.
    """
    rng = np.random.default_rng(3)
    frame = Frame(Role.ML_ENGINEER, date(2026, 6, 12), 0.9, "USD", "People")
    held = 0
    for draw in range(60):
        cells = []
        for name, offset in zip("abc", rng.normal(0, 0.08, 3), strict=True):
            whose = np.repeat(np.arange(15), sizes(rng, 15))
            amounts = 2e5 * np.exp(offset + rng.normal(0, 0.15, 15)[whose] + rng.normal(0, 0.15, len(whose)))
            cells.append(make_cell(whose, amounts, source=name, seed=draw * 3 + ord(name)))
        found = {item.id: item for item in bands(Evidence("ml_engineer", cells, (), (), "pooled"), frame)}[
            "band.senior.base.p50"
        ]
        held += found.low <= 2e5 <= found.high
    assert held / 60 >= 0.80, held / 60
