"""How pay lies within a cell of the frame: its people's employers, and what else parts people of one cell.

A cell's distribution is given by joint samples of how far base and total pay lie from the cell's location of base pay
(ln): an employer of the tier, by its share of the tier's statements (each draw's from their Dirichlet distribution:
Rubin 1981), or one that was never met, whose effect is new; then what is left between people of one employer and cell,
as people in post report it; then what total pay is beyond base: nothing for some, for others ln(total / base), which
goes with base pay. Total is so never under base, person by person. The points are the same in every draw and for every
population (Sobol), so that what parts two of them is no noise of sampling.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from scipy.special import stdtrit

from payguide.base.money import FloatArray, IntArray

#: Joint samples of a cell.
POINTS: Final = 512
#: Quantiles by which the shape of what is left is kept.
NODES: Final = 199
#: Statements by which a cell's spread is drawn to that of its level.
SPREAD: Final = 20.0
#: What lies further off than so many spreads is a gross error, not a spread.
GROSS: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What is left between people of one employer and cell: nodes (k,) are its quantiles in spreads; spread (l, t) the
    spread of each cell, known as from so many statements, counts (l, t).
    """

    nodes: FloatArray
    spread: FloatArray
    counts: FloatArray

    def at(self, probability: FloatArray) -> FloatArray:
        """Its quantiles at probabilities (...)."""
        grid = (np.arange(len(self.nodes)) + 0.5) / len(self.nodes)
        return np.asarray(np.interp(probability, grid, self.nodes))


def shape_of(left: FloatArray, level: IntArray, tier: IntArray, levels: int, tiers: int) -> Shape:
    """From what is left of in-post statements (n,), with their level and tier (n,), -1 where it is not told."""
    whole = max(float(np.median(np.abs(left)) * 1.4826), 1e-3)
    held = np.clip(left, -GROSS * whole * 2, GROSS * whole * 2)
    told = (level >= 0) & (tier >= 0)
    square = held**2
    everyone = float(square.mean())
    count_l = np.bincount(level[level >= 0], minlength=levels)
    sum_l = np.bincount(level[level >= 0], square[level >= 0], levels)
    of_level = (sum_l + SPREAD * everyone) / (count_l + SPREAD)
    cell = level[told] * tiers + tier[told]
    counts = np.bincount(cell, minlength=levels * tiers).reshape(levels, tiers).astype(float)
    sums = np.bincount(cell, square[told], levels * tiers).reshape(levels, tiers)
    spread = np.sqrt((sums + SPREAD * of_level[:, None]) / (counts + SPREAD))
    scaled = held[told] / spread[level[told], tier[told]] if told.any() else held / np.sqrt(everyone)
    nodes = np.quantile(scaled, (np.arange(NODES) + 0.5) / NODES)
    return Shape(nodes, spread, counts)


@dataclass(frozen=True, slots=True, eq=False)
class Employers:
    """A tier's employers: their numbers (e,), the statements of each (e,), and the share of its people whose employer
    was never met.
    """

    number: IntArray
    statements: FloatArray
    unmet: float


def employers_by_tier(employer: IntArray, tier: IntArray, weight: FloatArray, tiers: int) -> list[Employers]:
    """The employers of each tier from statements (n,). Who was never met is as many as those met once (Good 1953)."""
    found = []
    for t in range(tiers):
        here = (employer >= 0) & (tier == t)
        number, where = np.unique(employer[here], return_inverse=True)
        statements = np.asarray(np.bincount(where, weight[here], len(number)), float)
        once = float(statements[statements < 1.5].sum())
        found.append(Employers(number, statements, (once + 1.0) / (float(statements.sum()) + 1.0)))
    return found


@cache
def points() -> FloatArray:
    """Points (n, 5) of the unit cube, each coordinate evenly spread: which employer, its effect where it is new, what
    is left of base, whether there is anything on top, and how much.

    `points.npy` has their ranks in each coordinate, those of a scrambled Sobol sequence (Owen 1998) of scipy.stats,
    which takes longer to load than a build takes to draw its pages (tests/fit/market/test_market_kernel.py).
    """
    ranks = np.load(Path(__file__).with_name("points.npy"))
    return np.asarray((ranks + 0.5) / len(ranks))


def pick(employers: Employers, draws: int, rng: np.random.Generator) -> IntArray:
    """Which employer each point is of, in each draw (s, n): -1 one that was never met."""
    at = points()[:, 0]
    if not len(employers.number) or employers.statements.sum() <= 0:
        return np.full((draws, POINTS), -1)
    weight = rng.standard_gamma(employers.statements, (draws, len(employers.number)))
    ends = weight.cumsum(axis=1)
    ends = employers.unmet + (1 - employers.unmet) * ends / ends[:, -1:]
    found = np.array([np.searchsorted(row, at, side="right") for row in ends])
    found = employers.number[np.minimum(found, len(employers.number) - 1)]
    return np.where(at[None] < employers.unmet, -1, found)


def new_effects(sd: FloatArray, tail: float) -> FloatArray:
    """The effects of employers that were never met, (s, n), of draws whose standard deviation is sd (s,)."""
    return np.asarray(sd[:, None] * stdtrit(tail, points()[:, 1])[None])
