"""The frame: the market's people by tier, and given the tier by level, metro, industry and arrangement.

The margins of a market file are raked (iterative proportional fitting: Deming & Stephan 1940) into tables of tier by
each other dimension, begun from how the evidence's employers (of levels: its statements) lie in them, smoothed; raking
keeps what goes together (labs are in San Francisco) and gives both margins as stated. Given the tier the other
dimensions are taken as independent of each other.

A margin with a `certainty` is drawn from a Dirichlet distribution of so many people, once for each posterior draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from payguide.base.codes import Tier
from payguide.base.market import Margin, Market
from payguide.base.money import FloatArray

TIERS: Final = tuple(map(str, Tier))
#: The dimensions that are raked against the tier.
WITHIN: Final = ("level", "metro", "industry", "remote")
#: How many employers of the average mix smooth each tier's own.
SMOOTHING: Final = 5.0
#: Rounds of raking.
ROUNDS: Final = 50
#: The least share that a draw gives to what has any.
LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Seed:
    """How the evidence lies: for each dimension of `WITHIN` its values, and counts by tier and value (t, v); and the
    statements of each tier (t,).
    """

    values: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, FloatArray]
    tiers: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Shares of people, as drawn s times: tier (s, t); within each tier those of each dimension, given[name] (s, t, v),
    of the values in `values`.
    """

    values: Mapping[str, tuple[str, ...]]
    tier: FloatArray
    given: Mapping[str, FloatArray]

    def margin(self, name: str) -> FloatArray:
        """The shares of a dimension's values over all tiers (s, v)."""
        return np.asarray(np.einsum("st,stv->sv", self.tier, self.given[name]))


def frame(market: Market, seed: Seed, draws: int, rng: np.random.Generator) -> Frame:
    """The frame as stated, for no draws; else drawn so many times."""
    tier = _drawn(market.margins["tier"], TIERS, seed.tiers, draws, rng)
    given = {}
    for name in WITHIN:
        start = smoothed(seed.counts[name])
        margin = market.margins[name]
        if margin is None:
            given[name] = np.broadcast_to(start, (len(tier), *start.shape))
        else:
            values, counts = seed.values[name], seed.counts[name].sum(axis=0)
            drawn = _drawn(margin, values, counts, draws, rng)
            if name == "metro":
                drawn = _others_parted(drawn, [value not in margin.shares for value in values], counts)
            given[name] = rake(start, tier, drawn)
    return Frame(seed.values, tier, given)


def smoothed(counts: FloatArray) -> FloatArray:
    """Each tier's shares (t, v), drawn to those of all tiers together as if by `SMOOTHING` counts of them."""
    every = counts.sum(axis=0) + 1e-3
    every = every / every.sum()
    found = counts + SMOOTHING * every
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def rake(start: FloatArray, tier: FloatArray, margin: FloatArray) -> FloatArray:
    """Shares within each tier (s, t, v) whose means over the tiers (s, t) are the margin (s, v), nearest to the `start`
    (t, v) in relative entropy.
    """
    scale = np.ones_like(margin)
    for _ in range(ROUNDS):
        shares = start[None] * scale[:, None, :]
        shares /= shares.sum(axis=2, keepdims=True)
        reached = np.einsum("st,stv->sv", tier, shares)
        scale *= np.divide(margin, reached, out=np.zeros_like(margin), where=reached > 0)
    shares = start[None] * scale[:, None, :]
    return np.asarray(shares / shares.sum(axis=2, keepdims=True))


def _drawn(
    margin: Margin | None, values: tuple[str, ...], counts: FloatArray, draws: int, rng: np.random.Generator
) -> FloatArray:
    """A margin's shares (s, v): those of the counts where it is not stated."""
    shares = margin.shares if margin else dict(zip(values, (counts / counts.sum()).tolist(), strict=True))
    stated = np.array([shares.get(value, 0.0) for value in values])
    # a metro that the evidence does not name is one of all others, which stand last
    stated[-1] += sum(share for value, share in shares.items() if value not in values)
    if not draws:
        return np.asarray(stated[None])
    if margin is None or margin.certainty is None:
        return np.tile(stated, (draws, 1))
    found = np.zeros((draws, len(values)))
    # no stated share is drawn as none: a population has somebody in every draw
    drawn = np.maximum(rng.dirichlet(stated[stated > 0] * margin.certainty, draws), LEAST)
    found[:, stated > 0] = drawn / drawn.sum(axis=1, keepdims=True)
    return found


def _others_parted(drawn: FloatArray, unnamed: Sequence[bool], counts: FloatArray) -> FloatArray:
    """Shares of places (s, v) where that of all others, which stand last, is parted among them and those that the
    margin does not name (v,), as the evidence (v,) has it.
    """
    others = np.array([*unnamed[:-1], True])
    parts = np.where(others, counts, 0.0)
    if parts.sum() <= 0:
        return drawn
    return np.where(others, drawn[:, -1:] * parts / parts.sum(), drawn)
