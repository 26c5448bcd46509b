"""The market in a model file: how pay is distributed in any part of the frame, at the figures as they stand.

A cell (level, tier) lies at `cell`; its people lie about it as `nodes` say, equally many at each. Place, industry and
arrangement move pay independently of each other and of what lies within the cell, given the tier, so that distributions
are convolutions on one grid of ln pay. The page's script (guide/scripts/market.js) computes the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.estimator.model_file import unpack_integers

#: What moves pay within a cell.
MOVERS: Final = ("metro", "industry", "remote")
#: What a part of the frame is told by; "" or nothing where it is all of the frame.
DIMENSIONS: Final = ("level", "tier", *MOVERS)
#: Parts that are worked out at once, which bounds memory.
_AT_ONCE: Final = 1024


class Part(NamedTuple):
    """A part of the frame: one value of each dimension, or "" for all; several tiers may stand together."""

    level: str = ""
    tier: str | tuple[str, ...] = ""
    metro: str = ""
    industry: str = ""
    remote: str = ""


class MarketTables:
    """The market of one role, ready to be asked."""

    def __init__(self, market: Mapping[str, Any], role: str) -> None:
        told = market["roles"][role]
        self.values: dict[str, list[str]] = market["values"]
        self.step, self.size = market["grid"]["step"], market["grid"]["size"]
        self.share_per_one, self.pay_per_one = market["per_one"]["share"], market["per_one"]["pay"]
        self.centre = float(told["centre"])
        tiers, levels = len(self.values["tier"]), len(self.values["level"])
        self.tier = self._shares(told["tier"]).reshape(tiers)
        #: The tiers whose employers are not all known by name.
        self.open = np.isin(self.values["tier"], told["open"])
        self.given = {
            name: self._shares(told["given"][name]).reshape(tiers, -1) for name in ("level", *MOVERS)
        }
        self.cell = self._pay(told["cell"]).reshape(levels, tiers)
        self.moved = {name: self._pay(market["moved"][name]) for name in MOVERS}
        self.nodes = {
            component: self._pay(nodes).reshape(levels, tiers, -1)
            for component, nodes in told["nodes"].items()
        }
        #: How far the estimator is to be moved to agree with the market, ln, by level and tier, each with one more for
        #: all (l + 1, t + 1), of each component: of profiles that tell no place, and of those that do; nothing before
        #: it is known (fit/market/tables.py).
        self.bench, self.bench_placed = (
            {
                component: self._pay(bench).reshape(levels + 1, tiers + 1)
                for component, bench in told.get(name, {}).items()
            }
            for name in ("bench", "bench_placed")
        )
        self._cores: dict[tuple[str, tuple[str, ...]], FloatArray] = {}
        self._moves: dict[str, Any] = {}

    def _shares(self, packed: str) -> FloatArray:
        return np.asarray(unpack_integers(packed) / self.share_per_one)

    def _pay(self, packed: str) -> FloatArray:
        return np.asarray(unpack_integers(packed) / self.pay_per_one)

    def quantiles(self, component: str, part: Part, levels: Sequence[float]) -> FloatArray | None:
        """Ln pay at probabilities (q,) in a part of the frame; None where it has nobody."""
        tiers = part.tier if isinstance(part.tier, tuple) else (part.tier,)
        alone = ((name, getattr(part, name)) for name in ("level", *MOVERS))
        level, *movers = (self.values[name].index(value) + 1 if value else 0 for name, value in alone)
        numbers = [level, len(self.tier) + 1 if part.tier else 0, *movers]
        (found,) = self.of_parts(component, np.array([numbers]), levels, np.isin(self.values["tier"], tiers))
        return None if np.isnan(found).any() else found

    def of_parts(
        self, component: str, parts: IntArray, levels: Sequence[float], together: BoolArray
    ) -> FloatArray:
        """Ln pay (m, q) at probabilities in parts of the frame (m, 5), NaN where one has nobody: the numbers of the
        values of `DIMENSIONS` from 1, 0 for all; of tiers one more stands for those `together` (t,).
        """
        found = np.full((len(parts), len(levels)), np.nan)
        filled = parts[:, 2:] > 0
        for told in np.unique(filled, axis=0):
            rows = np.flatnonzero((filled == told).all(axis=1))
            for some in np.array_split(rows, len(rows) // _AT_ONCE + 1):
                below = self._below(component, parts[some], told.tolist(), together)
                found[some] = self.centre + crossed(below, levels, self.grid + self.step / 2)
        return found

    def has(self, component: str) -> bool:
        """Whether the market tells this component of pay."""
        return component in self.nodes

    @cached_property
    def grid(self) -> FloatArray:
        """The grid of ln pay about the centre (g,)."""
        return np.asarray((np.arange(self.size) - self.size // 2) * self.step)

    def _below(
        self, component: str, parts: IntArray, filled: Sequence[bool], together: BoolArray
    ) -> FloatArray:
        """The share of parts (m, 5) whose pay lies under each point of the grid (m, g), NaN where nobody is; all name
        the same movers.
        """
        told = {name: parts[:, 2 + k] - 1 for k, name in enumerate(MOVERS) if filled[k]}
        every, each = np.ones((1, len(self.tier))), np.eye(len(self.tier))
        tier = np.vstack([every, each, together])[parts[:, 1]]
        level = (parts[:, :1] == 0) | (parts[:, :1] == np.arange(len(self.cell)) + 1)
        weights = (self.tier[:, None] * self.given["level"]).T * level[:, :, None] * tier[:, None, :]
        for name, value in told.items():
            weights = weights * self.given[name].T[value, None, :]
        found = (weights.reshape(len(parts), -1) @ self._core(component, tuple(told))).view(complex)
        for name, value in told.items():
            found = found * self._moves_of(name)[value]
        density = np.maximum(np.fft.fftshift(np.fft.irfft(found, self.size), axes=1), 0.0) + 1e-12
        below = density.cumsum(axis=1)
        below /= below[:, -1:]
        below[weights.sum(axis=(1, 2)) <= 0] = np.nan
        return np.asarray(below)

    def _core(self, component: str, but: tuple[str, ...]) -> FloatArray:
        """The transforms of the cells, level by level (l t, 2 f), real and imaginary numbers in turn, with what moves
        pay within them but for some dimensions.
        """
        key = component, but
        if key not in self._cores:
            within = np.ones(1)
            for name in MOVERS:
                if name not in but:
                    moved = np.broadcast_to(self.moved[name], self.given[name].shape)
                    within = within * self._transform(moved, self.given[name])
            cells = (
                self._transform(at[:, None] + own)
                for at, own in zip(self.cell, self.nodes[component], strict=True)
            )
            self._cores[key] = np.concatenate([found * within for found in cells]).view(float)
        return self._cores[key]

    def _moves_of(self, name: str) -> Any:
        """The transforms (v, f) of what the values of a mover do."""
        if name not in self._moves:
            self._moves[name] = self._transform(self.moved[name][:, None])
        return self._moves[name]

    def _transform(self, values: FloatArray, weights: FloatArray | None = None) -> Any:
        """The transforms (n, f) of distributions over values (n, k): each goes to the two grid points beside it."""
        n, k = values.shape
        held = np.full(values.shape, 1.0 / k) if weights is None else weights
        at = np.clip((values - self.grid[0]) / self.step, 0.0, self.size - 1.001)
        left = at.astype(np.int64)
        share = at - left
        row = np.arange(n)[:, None] * self.size
        density = np.bincount((row + left).ravel(), (held * (1 - share)).ravel(), n * self.size)
        density += np.bincount((row + left + 1).ravel(), (held * share).ravel(), n * self.size)
        return np.fft.rfft(np.fft.ifftshift(density.reshape(n, self.size), axes=1), axis=1)


def crossed(below: FloatArray, levels: Sequence[float], grid: FloatArray) -> FloatArray:
    """Where rising curves (m, g) over a grid (g,) pass levels (m, q), on the line between two points of it."""
    found = np.empty((len(below), len(levels)))
    row = np.arange(len(below))
    for k, level in enumerate(levels):
        right = np.clip((below <= level).sum(axis=1), 1, below.shape[1] - 1)
        under, over = below[row, right - 1], below[row, right]
        slope = (grid[right] - grid[right - 1]) / (over - under)
        found[:, k] = np.clip(slope * (level - under) + grid[right - 1], grid[0], grid[-1])
    return found
