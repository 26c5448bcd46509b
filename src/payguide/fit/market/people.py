"""The people of a market and what they are paid: every figure is read off here, from one posterior and one frame.

Arrays lead with s + 1: the first is the figure as it stands, of effects at their posterior mean, the frame as stated
and cells as spread as all draws together say; the others are the draws, whose quantiles are the interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from scipy.special import ndtr, ndtri

from payguide.base.market import WITHIN_CELL, Market
from payguide.base.money import FloatArray, IntArray
from payguide.fit.market import kernel
from payguide.fit.market.coded import ROLES
from payguide.fit.market.design import LEVELS, UNKNOWN, Design, nobody, of_unknown
from payguide.fit.market.frame import TIERS, Frame, frame
from payguide.fit.market.kernel import Employers, Shape, points
from payguide.fit.market.mixture import Distribution, Transform, distribution, of_samples, shift
from payguide.fit.market.posterior import Part, Posterior
from payguide.fit.market.sampler import EMPLOYERS_TAIL

#: Statements that a cell's spread is known from count for one in so many: those of an employer are alike.
ALIKE: Final = 4.0

#: A cell's people as they stand: equally many at each of these quantiles of all draws together, of so many draws.
NODES: Final = (np.arange(60) + 0.5) / 60
SOME: Final = 50

BASE, TOTAL, RATIO = "base", "total", "total_over_base"


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Where cells lie: ln base pay by level and tier (s + 1, l, t), and by how much each metro, industry and
    arrangement moves it (s + 1, v).
    """

    cell: FloatArray
    moved: Mapping[str, FloatArray]


class People:
    """The people of one role in a market."""

    def __init__(self, posterior: Posterior, market: Market, role: str, seed: int = 7) -> None:
        self.posterior, self.market, self.role = posterior, market, role
        self.number = ROLES.index(role)
        rng = np.random.default_rng(seed)
        draws = len(posterior.base.draws.effects)
        stated = frame(market, posterior.seeds[role], 0, rng)
        drawn = frame(market, posterior.seeds[role], draws, rng)
        self.frame = Frame(
            stated.values,
            np.concatenate([stated.tier, drawn.tier]),
            {name: np.concatenate([stated.given[name], drawn.given[name]]) for name in stated.given},
        )
        self.rng = rng
        self.located = self._located(rng)
        self.tiers = np.flatnonzero(self.frame.tier.max(axis=0) > 0)
        self.kernels = self._kernels()
        self._known: dict[tuple[object, ...], Transform] = {}
        self.centre = float(np.einsum("lt,lt->", self._joint()[0], self.located.cell[0]))

    def under(self, market: Market) -> People:
        """The same pay within the same cells, in another market's shares: as it stands, without draws."""
        other = copy(self)
        other.market, other._known = market, {}
        other.__dict__.pop("_moves", None)  # it is of the frame
        other.frame = frame(market, self.posterior.seeds[self.role], 0, self.rng)
        other.located = Located(
            self.located.cell[:1], {name: by[:1] for name, by in self.located.moved.items()}
        )
        other.kernels = {name: found[:1] for name, found in self.kernels.items()}
        other.mean_offset = self.mean_offset[:1]
        return other

    def _joint(self) -> FloatArray:
        """Shares by level and tier (s + 1, l, t)."""
        return np.asarray(np.einsum("st,stl->slt", self.frame.tier, self.frame.given["level"]))

    def _located(self, rng: np.random.Generator) -> Located:
        part = self.posterior.base
        effects = _with_mean(part.draws.effects)
        cell = _cells(part.design, effects, self.number)
        cell[1:] += WITHIN_CELL * rng.standard_normal((len(cell) - 1, 1, cell.shape[2]))
        names = ("metro", "industry", "remote")
        moved = {name: effects @ _move_rows(part.design, name).T for name in names}
        return Located(cell, moved)

    def _kernels(self) -> dict[str, Transform]:
        """The transforms of each cell about its location (s + 1, l, t, f)."""
        made: dict[str, list[Transform]] = {BASE: [], TOTAL: [], RATIO: []}
        top = self.posterior.top
        over = _cells(top.design, top.draws.effects, self.number) if top else None
        self.mean_offset = np.zeros(self.located.cell.shape)
        self.nodes = {name: np.zeros((len(LEVELS), len(TIERS), len(NODES))) for name in (BASE, TOTAL)}
        for t in range(len(TIERS)):
            who = kernel.pick(self._employers(t), len(self.located.cell) - 1, self.rng)
            base = self._within(t, who)
            self.mean_offset[1:, :, t] = base.mean(axis=2)
            total = base if top is None or over is None else base + self._on_top(top, t, who, over[:, :, t])
            for name, values in ((BASE, base), (TOTAL, total), (RATIO, total - base)):
                found = of_samples(values)
                made[name].append(np.concatenate([found.mean(axis=0, keepdims=True), found]))
                if name in self.nodes:
                    some = values[:: max(1, len(values) // SOME)].transpose(1, 0, 2).reshape(len(LEVELS), -1)
                    self.nodes[name][:, t] = np.quantile(some, NODES, axis=1).T
        self.mean_offset[0] = self.mean_offset[1:].mean(axis=0)
        return {name: np.stack(found, axis=2) for name, found in made.items()}

    def _within(self, t: int, who: IntArray) -> FloatArray:
        """How far base pay of a tier's people, whose employers are `who` (s, n), lies from their cells (s, l, n)."""
        part = self.posterior.base
        employer = self._effect(part, who)
        spread = _drawn_spread(part.shape, t, len(employer), self.rng)
        left = part.shape.at(points()[:, 2])
        return employer[:, None, :] + spread[:, :, None] * left[None, None, :]

    def _on_top(self, part: Part, t: int, who: IntArray, over: FloatArray) -> FloatArray:
        """ln(total / base) of the same people, at cells whose ln of it lies at `over` (s, l): (s, l, n)."""
        rho = self.posterior.correlation
        at = points()
        beside = ndtr(rho * ndtri(at[:, 2]) + np.sqrt(1 - rho**2) * ndtri(at[:, 4]))
        spread = _drawn_spread(part.shape, t, len(over), self.rng)
        log = over[:, :, None] + self._effect(part, who)[:, None, :]
        log = log + spread[:, :, None] * part.shape.at(beside)[None, None, :]
        some = at[None, None, :, 3] >= self.posterior.nothing[: len(over), :, t][:, :, None]
        return np.where(some, np.exp(np.clip(log, -12.0, 1.0)), 0.0)

    def _effect(self, part: Part, who: IntArray) -> FloatArray:
        """The effects of the points' employers in each draw (s, n)."""
        new = kernel.new_effects(part.draws.employer_sd, EMPLOYERS_TAIL)
        if not part.draws.employers.shape[1]:
            return new
        met = np.take_along_axis(part.draws.employers, np.maximum(who, 0), axis=1)
        return np.where(who < 0, new, met)

    def _employers(self, t: int) -> Employers:
        """A tier's employers; those that no list knows are of the open tiers where the frame has none of their own."""
        own, unknown = self.posterior.employers[t], self.posterior.employers[UNKNOWN]
        share = float(of_unknown(self.frame.tier[0])[t])
        if t == UNKNOWN or not share or not len(unknown.number):
            return own
        return Employers(
            np.concatenate([own.number, unknown.number]),
            np.concatenate([own.statements, unknown.statements * share]),
            min(own.unmet, 1.0) if own.statements.sum() > share * unknown.statements.sum() else unknown.unmet,
        )

    @cached_property
    def _moves(self) -> dict[str, Transform]:
        """The transforms of place, industry and arrangement within each tier (s + 1, t, f)."""
        return {
            name: np.einsum(
                "stv,svf->stf", self.frame.given[name].astype(np.float32), shift(by), optimize=True
            )
            for name, by in self.located.moved.items()
        }

    def weights(self, level: str, fixed: Mapping[str, Sequence[int]]) -> FloatArray:
        """The shares of a population by level and tier (s + 1, l, t), which need not add up to one. `fixed` names
        values of dimensions.
        """
        found = self._joint()
        if level != "any":
            found = found * (np.arange(len(LEVELS)) == LEVELS.index(level))[None, :, None]
        for name, values in fixed.items():
            if name == "tier":
                found = found * np.isin(np.arange(len(TIERS)), values)[None, None, :]
            else:
                found = found * self.frame.given[name][:, :, list(values)].sum(axis=2)[:, None, :]
        return found

    def distribution(
        self,
        component: str,
        level: str,
        fixed: Mapping[str, Sequence[int]] | None = None,
        moved: FloatArray | None = None,
    ) -> Distribution | None:
        """How pay is distributed in a population: (s + 1). None where it has nobody, or where nothing tells what total
        pay is beyond base. `moved` (s + 1,) is added.
        """
        if component == TOTAL and self.posterior.top is None:
            return None
        fixed = fixed or {}
        weights = self.weights(level, fixed)[:, :, self.tiers].astype(np.complex64)
        if not weights[0].real.sum() > 0:
            return None
        within = [name for name in fixed if name != "tier"]
        levels = range(len(LEVELS)) if level == "any" else [LEVELS.index(level)]
        parts = (
            np.matmul(weights[:, None, number], self._cores(component, number, *within))[:, 0]
            for number in levels
        )
        found = sum(parts, np.zeros(1, np.complex64))
        for name in within:
            found = found * self._only(name, fixed[name])
        made = distribution(found, self.centre)
        return made if moved is None else replace(made, centre=made.centre + moved[:, None])

    def _cores(self, component: str, level: int, *but: str) -> Transform:
        """The transforms of a level's cells (s + 1, t, f), with what moves pay within them but for some dimensions."""
        key = component, level, *but
        if key not in self._known:
            lies = self.located.cell[:, level, self.tiers] - self.centre
            found = shift(lies) * self.kernels[component][:, level, self.tiers]
            for name, transform in self._moves.items():
                if name not in but:
                    found = found * transform[:, self.tiers]
            self._known[key] = found
        return self._known[key]

    def ratio(self, level: str, fixed: Mapping[str, Sequence[int]] | None = None) -> Distribution | None:
        """How ln(total / base) is distributed in a population: (s + 1). None as for total pay."""
        weights = self.weights(level, fixed or {})
        if self.posterior.top is None or weights[0].sum() <= 0:
            return None
        found = np.einsum("slt,sltf->sf", weights.astype(np.float32), self.kernels[RATIO], optimize=True)
        return distribution(found, 0.0)

    def level_medians(self, component: str) -> FloatArray:
        """The median of each level in each draw: ln (s, l)."""
        found = [self.distribution(component, level) for level in LEVELS]
        middle = np.array([0.5])
        told = [
            np.zeros(len(self.located.cell)) if one is None else one.quantiles(middle)[:, 0] for one in found
        ]
        return np.stack(told, axis=1)[1:]

    def cells_on_top(self) -> FloatArray:
        """Where ln of ln(total / base) lies by level and tier in each draw: (s, l, t); nothing where nothing tells."""
        top = self.posterior.top
        return np.zeros((0, 0, 0)) if top is None else _cells(top.design, top.draws.effects, self.number)

    def mean_on_top(self, moved: FloatArray | float = 0.0) -> FloatArray:
        """The people's mean of ln(total / base) in each draw (s,), its curve `moved` (s,); nothing for some of them."""
        if self.posterior.top is None:
            return np.zeros(1)
        paid = np.exp(np.clip(self.cells_on_top() + np.reshape(moved, (-1, 1, 1)), -12.0, 1.0))
        return np.asarray(
            np.einsum("lt,slt->s", self._joint()[0], (1 - self.posterior.nothing[: len(paid)]) * paid)
        )

    def influence(self, level: str, fixed: Mapping[str, Sequence[int]] | None = None) -> Mapping[str, float]:
        """How far a population's mean of ln base pay moves when all that a source states moves by one."""
        fixed = fixed or {}
        part = self.posterior.base
        weights = self.weights(level, fixed)[0]
        row = (weights / weights.sum()).ravel() @ self._grid
        for name, by in self._move_rows.items():
            share = self.frame.margin(name)[0] if name not in fixed else np.zeros(len(by))
            if name in fixed:
                share[list(fixed[name])] = self.frame.margin(name)[0][list(fixed[name])]
                share = share / max(float(share.sum()), 1e-12)
            row = row + share @ by
        moved = row @ part.draws.influence
        return dict(zip(part.design.values["source"], moved.tolist(), strict=True))

    @cached_property
    def _grid(self) -> FloatArray:
        return _grid(self.posterior.base.design, self.number)

    @cached_property
    def _move_rows(self) -> dict[str, FloatArray]:
        plan = self.posterior.base.design
        return {name: _move_rows(plan, name) for name in self.located.moved}

    def borrowed(self, name: str, value: int) -> float:
        """How much of what parts a value from the others of its block is its parents': the variance that is left, as a
        share of that before any evidence.
        """
        part = self.posterior.base
        block = part.design.block(name)
        effects = part.draws.effects[:, block.at]
        own = effects[:, value] - effects.mean(axis=1)
        before = float(np.mean(part.draws.blocks[:, part.design.blocks.index(block)] ** 2))
        return min(float(own.var()) / before, 1.0)

    def _only(self, name: str, values: Sequence[int]) -> Transform:
        """The transform of those of some values of a dimension (s + 1, f), by their shares of the frame."""
        share = self.frame.margin(name)[:, list(values)]
        share = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-12)
        by = shift(self.located.moved[name][:, list(values)])
        return np.asarray(np.einsum("sv,svf->sf", share.astype(np.float32), by))

    def tier_effect(self, values: Sequence[int]) -> FloatArray | None:
        """By how much the people of some tiers are paid more than all others, other things equal: ln (s + 1,)."""
        inside = np.isin(np.arange(len(TIERS)), values)
        shares = [self._joint() * which for which in (inside, ~inside)]
        both = np.logical_and(*((share[0] > 0).any(axis=1) for share in shares))
        if not both.any():
            return None
        mean = (self.located.cell + self.mean_offset)[:, both]
        level = self.frame.margin("level")[:, both]
        apart = np.subtract(
            *(
                np.einsum("slt,slt->sl", own, mean) / own.sum(axis=2)
                for own in (share[:, both] for share in shares)
            )
        )
        return np.asarray(np.einsum("sl,sl->s", level / level.sum(axis=1, keepdims=True), apart))

    def effect(self, name: str, values: Sequence[int]) -> FloatArray | None:
        """By how much some values of a dimension pay more than all others of the frame: ln (s + 1,)."""
        share, by = self.frame.margin(name), self.located.moved[name]
        inside = np.isin(np.arange(share.shape[1]), values)
        if share[0, inside].sum() <= 0 or share[0, ~inside].sum() <= 0:
            return None

        means = [
            (share * by)[:, which].sum(axis=1) / share[:, which].sum(axis=1) for which in (inside, ~inside)
        ]
        return np.asarray(means[0] - means[1])


def _with_mean(draws: FloatArray) -> FloatArray:
    return np.concatenate([draws.mean(axis=0, keepdims=True), draws])


def _grid(plan: Design, role: int) -> FloatArray:
    """What people of a role at each level and tier meet (l * t, q), at the frame's mean of all else."""
    level, tier = np.divmod(np.arange(len(LEVELS) * len(TIERS)), len(TIERS))
    codes = nobody(len(level), level=level, tier=tier, role=np.full(len(level), role))
    return np.asarray((plan.rows(codes) @ plan.centre).toarray())


def _cells(plan: Design, effects: FloatArray, role: int) -> FloatArray:
    """Where each level and tier of a role lies (s, l, t), at the edition's date."""
    return (effects @ _grid(plan, role).T).reshape(len(effects), len(LEVELS), len(TIERS))


def _move_rows(plan: Design, name: str) -> FloatArray:
    """What parts each value of a dimension from the frame's mean (v, q)."""
    n = len(plan.values[name])
    rows = plan.rows(nobody(n, **{name: np.arange(n)})) - plan.rows(nobody(n))
    return np.asarray((rows @ plan.centre).toarray())


def _drawn_spread(shape: Shape, t: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """The spreads of a tier's cells (s, l), as exactly as their statements tell them."""
    freedom = shape.counts[:, t] / ALIKE + kernel.SPREAD
    return np.asarray(shape.spread[:, t] * np.sqrt(freedom / rng.chisquare(freedom, (draws, len(LEVELS)))))
