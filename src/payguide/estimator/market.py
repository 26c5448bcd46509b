"""The market in a model file: how pay is distributed in any part of the frame, at the figures as they stand.

A cell (level, tier) lies at `cell`; its people lie about it as `nodes` say, equally many at each. Place, industry and
arrangement move pay independently of each other and of what lies within the cell, given the tier, so that distributions
are convolutions on one grid of ln pay. The page's script (guide/scripts/market.js) computes the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from payguide.base.money import FloatArray
from payguide.estimator.model_file import unpack_integers

#: What a part of the frame is told by; "" or nothing where it is all of the frame.
DIMENSIONS: Final = ("level", "tier", "metro", "industry", "remote")
#: What moves pay within a cell.
MOVERS: Final = ("metro", "industry", "remote")


@dataclass(frozen=True, slots=True)
class Part:
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
        self._known: dict[tuple[str, Part, tuple[float, ...]], FloatArray | None] = {}
        self._cores: dict[tuple[str, int, tuple[str, ...]], Any] = {}
        self._moves: dict[tuple[str, str], Any] = {}

    def _shares(self, packed: str) -> FloatArray:
        return np.asarray(unpack_integers(packed) / self.share_per_one)

    def _pay(self, packed: str) -> FloatArray:
        return np.asarray(unpack_integers(packed) / self.pay_per_one)

    def quantiles(self, component: str, part: Part, levels: Sequence[float]) -> FloatArray | None:
        """Ln pay at probabilities (q,) in a part of the frame; None where it has nobody."""
        key = component, part, tuple(levels)
        if key not in self._known:
            below = self._below(component, part)
            self._known[key] = (
                None if below is None else self.centre + np.interp(levels, below, self.grid + self.step / 2)
            )
        return self._known[key]

    def has(self, component: str) -> bool:
        """Whether the market tells this component of pay."""
        return component in self.nodes

    @cached_property
    def grid(self) -> FloatArray:
        """The grid of ln pay about the centre (g,)."""
        return np.asarray((np.arange(self.size) - self.size // 2) * self.step)

    def _below(self, component: str, part: Part) -> FloatArray | None:
        """The share of a part whose pay lies under each point of the grid (g,)."""
        weights = self._weights(part)
        if not weights.sum() > 0:
            return None
        told = tuple(name for name in MOVERS if getattr(part, name))
        found = np.zeros(self.size // 2 + 1, complex)
        for level in np.flatnonzero(weights.sum(axis=1)).tolist():
            found = found + weights[level] @ self._core(component, level, told)
        for name in told:
            found = found * self._move(name, getattr(part, name))
        density = np.maximum(np.fft.fftshift(np.fft.irfft(found, self.size)), 0.0) + 1e-12
        below = density.cumsum()
        return np.asarray(below / below[-1])

    def _weights(self, part: Part) -> FloatArray:
        """The shares of a part by level and tier (l, t), which need not add up to one."""
        found = (self.tier[:, None] * self.given["level"]).T.copy()
        if part.level:
            found[np.arange(len(found)) != self._number("level", part.level)] = 0.0
        if part.tier:
            names = (part.tier,) if isinstance(part.tier, str) else part.tier
            found[:, [name not in names for name in self.values["tier"]]] = 0.0
        for name in MOVERS:
            if value := getattr(part, name):
                found = found * self.given[name][:, self._number(name, value)]
        return found

    def _number(self, dimension: str, value: str) -> int:
        return self.values[dimension].index(value)

    def _core(self, component: str, level: int, but: tuple[str, ...]) -> Any:
        """The transforms of a level's cells (t, f), with what moves pay within them but for some dimensions."""
        key = component, level, but
        if key not in self._cores:
            found = self._transform(self.cell[level][:, None] + self.nodes[component][level])
            for name in MOVERS:
                if name not in but:
                    found = found * self._transform(
                        np.broadcast_to(self.moved[name], self.given[name].shape), self.given[name]
                    )
            self._cores[key] = found
        return self._cores[key]

    def _move(self, name: str, value: str) -> Any:
        """The transform of what one value of a mover does (f,)."""
        if (name, value) not in self._moves:
            at = self.moved[name][self._number(name, value)]
            self._moves[name, value] = self._transform(np.array([[at]]))[0]
        return self._moves[name, value]

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
