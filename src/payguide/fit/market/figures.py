"""The figures of an edition that are of the market: bands, gaps, effects, total over base, shares above an amount.

Each is a functional of the posterior and the frame (`people.People`); its interval is that of the draws. Beside it
stand the sources' own estimates of the same population (direct: the quantiles of what they state, aged by the wage
index), each with its influence: how far the figure moves when all that the source states moves by one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from payguide.base.aggregates import EVERYONE, Cell
from payguide.base.codes import LADDER, TOP_TIERS, Component
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import FigureId, figure_id, narrower_band
from payguide.base.figure_id import band as band_id
from payguide.base.money import FloatArray
from payguide.base.reference.currency import symbol
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.estimator.market import Part as Whom
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.bands.direct import aged, too_thin
from payguide.fit.bands.pooled import (
    PooledEstimate,
    SampleSize,
    Scale,
    SourceEffect,
    cell_counts,
    enough,
    estimate,
    source_estimate,
    together,
    weakest_counts,
)
from payguide.fit.bands.quantiles import cell_mean, cell_quantiles
from payguide.fit.context import LEVELS, QUANTILES, TOP, people
from payguide.fit.context import EditionContext as Context
from payguide.fit.market.design import SPECIAL
from payguide.fit.market.frame import TIERS
from payguide.fit.market.mixture import Distribution
from payguide.fit.market.people import TOTAL, People
from payguide.fit.market.tables import tables_of

#: Populations of one dimension each, and the values in them that name none.
DIMENSIONS: Final[Mapping[str, frozenset[str]]] = {
    "tier": frozenset({"unknown"}),
    "metro": frozenset({"unknown"}),
    "remote": frozenset({"unstated"}),
    "industry": frozenset({"unknown"}),
    "specialisation": frozenset(),
}
METHOD: Final = (
    "multilevel regression and poststratification: the market's model and frame; interval of posterior draws"
)
RATIOS: Final = ("p25", "p50", "p75")
_NOBODY: Final = "The market's frame has nobody there."
_NO_TOTAL: Final = "Too few people state both base and total pay for what is paid on top of base."
_BORROWED: Final = "The evidence says hardly more of it than is known of all others."
#: A population that borrows more of what parts it from the others is none of its own.
MOST_BORROWED: Final = 0.8
_PROBABILITIES: Final = np.array(list(QUANTILES.values()))
_TOP: Final = {"tier": [TIERS.index(tier) for tier in TOP_TIERS]}


#: What a source says by itself, and its influence on the figure.
Direct = tuple[SourceEffect, float]


class Market:
    """The people of an edition, its evidence, and how figures are made of both."""

    def __init__(
        self, whose: People, evidence: AggregateIndex, context: Context, names: Mapping[str, str]
    ) -> None:
        self.whose, self.evidence, self.context, self.names = whose, evidence, context, names
        #: The market as it stands, as a model file carries it: what figures, pages and answers tell alike.
        self.tables = tables_of(whose)
        self._known: dict[tuple[str, str, str], Distribution | None] = {}

    def fixed(self, population: str) -> dict[str, list[int]] | None:
        """The values of the frame that a population of cells names; None where the frame does not know them."""
        if population == EVERYONE:
            return {}
        if population == TOP:
            return _TOP
        dimension, _, value = population.partition("=")
        if dimension == "specialisation":
            return {}
        values = TIERS if dimension == "tier" else self.whose.frame.values[dimension]
        return {dimension: [values.index(value)]} if value in values else None

    def distribution(self, component: str, level: str, population: str) -> Distribution | None:
        """How pay is distributed in a population; None where the frame has nobody there."""
        key = component, level, population
        if key not in self._known:
            fixed = self.fixed(population)
            dimension, _, value = population.partition("=")
            moved = self.special(value) if dimension == "specialisation" else None
            found = None if fixed is None else self.whose.distribution(component, level, fixed, moved)
            self._known[key] = found
        return self._known[key]

    def stated(self, component: str, level: str, population: str) -> FloatArray:
        """Ln pay at the quantiles as it stands, of the tables that pages and answers read (q,)."""
        dimension, _, value = population.partition("=")
        part = Whom(level="" if level == "any" else level)
        if population == TOP:
            part = part._replace(tier=tuple(map(str, TOP_TIERS)))
        elif dimension in ("tier", "metro", "industry", "remote"):
            part = part._replace(**{dimension: value})
        found = self.tables.quantiles(component, part, _PROBABILITIES.tolist())
        moved = round(float(self.special(value)[0]), 3) if dimension == "specialisation" else 0.0
        if found is None:
            raise ValueError(f"the frame has nobody in {population}")
        return found + moved

    def special(self, value: str) -> FloatArray:
        """By how much a specialisation moves ln pay (s + 1,)."""
        part = self.whose.posterior.base
        found = part.draws.effects[:, part.design.block("special").start + SPECIAL.index(value)]
        return np.append(found.mean(), found)

    def direct(
        self, cells: Sequence[Cell], names: Sequence[str], level: str, population: str
    ) -> dict[str, list[Direct]]:
        """What each source says of a band's statistics by itself, and its influence."""
        influence = self.whose.influence(level, self.fixed(population) or {})
        found: dict[str, list[Direct]] = {name: [] for name in names}
        for cell in filter(enough, cells):
            spreads = dict(zip(QUANTILES, cell_quantiles(cell, _PROBABILITIES), strict=True))
            if "mean" in found:
                spreads["mean"] = cell_mean(cell)
            for name in names:
                part = aged(cell, spreads[name], self.context)
                found[name].append((part, influence.get(cell.key.source, 0.0)))
        return found

    def figure(
        self, figure: FigureId, label: str, draws: FloatArray, scale: Scale, counts: SampleSize,
        direct: Sequence[Direct] = (), *, population: str = "", borrowed: float | None = None,
    ) -> Estimate:  # fmt: skip
        """The estimate of draws (s + 1,) on the working scale, the first being its value."""
        coverage = self.context.coverage
        low, high = np.quantile(draws[1:], [0.5 - coverage / 2, 0.5 + coverage / 2]).tolist()
        value = float(draws[0])
        blended = PooledEstimate(
            scale.back(value), scale.back(min(low, value)), scale.back(max(high, value)), None,
            tuple(source_estimate(part, weight, scale, coverage) for part, weight in direct), METHOD,
        )  # fmt: skip
        found = estimate(figure, label, self.context, blended, counts, population=population)
        return replace(found, borrowed=borrowed)

    def absent(self, pooled: Cell | None, component: str) -> str:
        """Why a distribution is not there: too little evidence, no total pay, or nobody in the frame."""
        if not _sufficient(pooled):
            return too_thin(pooled)
        return _NO_TOTAL if component == TOTAL and self.whose.posterior.top is None else _NOBODY

    def borrowed(self, population: str) -> float | None:
        """How much of what a narrower population differs by is borrowed; None where it is all of the market's."""
        dimension, _, value = population.partition("=")
        if population in (EVERYONE, TOP):
            return None
        if dimension == "specialisation":
            return self.whose.borrowed("special", SPECIAL.index(value))
        fixed = self.fixed(population) or {}
        return self.whose.borrowed(dimension, fixed[dimension][0]) if fixed else None


def market_figures(market: Market) -> Iterator[Estimate | Unknown]:
    """Every figure that is of the market but effects (`effect`), which have regressions beside them."""
    yield from _bands(market)
    yield from _populations(market)
    yield from _gaps(market)
    yield from _thresholds(market)
    yield from _total_over_base(market)


def _sufficient(pooled: Cell | None) -> bool:
    """Whether all evidence on a population together is enough for a figure of it."""
    return pooled is not None and pooled.n >= MIN_EVIDENCE and pooled.who.units >= MIN_EMPLOYERS


def _bands(market: Market) -> Iterator[Estimate | Unknown]:
    for level in LEVELS:
        for component in (Component.BASE, Component.TOTAL):
            for population in (EVERYONE, TOP):
                top = population != EVERYONE
                ids = {
                    name: band_id(level, component, name, top=top)
                    for name in (*QUANTILES, *(() if top else ("mean",)))
                }
                labels = {name: one.label() for name, one in ids.items()}
                yield from _band(
                    market, ids, labels, level, component, population, people(market.context, population)
                )


def _populations(market: Market) -> Iterator[Estimate | Unknown]:
    for component in (Component.BASE, Component.TOTAL):
        for dimension, silent in DIMENSIONS.items():
            for value in market.evidence.values("any", component, dimension):
                if value in silent:
                    continue
                said = {"metro": market.names.get(value, f"metro {value}")} if dimension == "metro" else {}
                for level in LEVELS:
                    ids = {
                        name: narrower_band(level, component, dimension, value, name) for name in QUANTILES
                    }
                    labels = {name: one.label(**said) for name, one in ids.items()}
                    whose = f"{market.context.population}; {ids['p50'].among(**said)}"
                    yield from _band(market, ids, labels, level, component, f"{dimension}={value}", whose)


def _band(
    market: Market, ids: Mapping[str, FigureId], labels: Mapping[str, str], level: str, component: Component,
    population: str, whose: str,
) -> Iterator[Estimate | Unknown]:  # fmt: skip
    pooled, cells = market.evidence.cells(level, component, population)
    borrowed = market.borrowed(population)
    told = _sufficient(pooled) and (borrowed is None or borrowed <= MOST_BORROWED)
    found = market.distribution(component, level, population) if told else None
    if found is None or pooled is None:
        why = market.absent(pooled, component) if told or not _sufficient(pooled) else _BORROWED
        yield from (Unknown(str(one), labels[name], why) for name, one in ids.items())
        return
    draws = dict(zip(QUANTILES, found.quantiles(_PROBABILITIES).T, strict=True))
    for name, value in zip(QUANTILES, market.stated(component, level, population), strict=True):
        draws[name] = draws[name] + (value - draws[name][0])
    if "mean" in ids:
        draws["mean"] = found.mean()
    direct = market.direct(cells, tuple(ids), level, population)
    for name, one in ids.items():
        yield market.figure(
            one, labels[name], draws[name], Scale.MONEY, cell_counts(pooled), direct[name],
            population=whose, borrowed=borrowed,
        )  # fmt: skip


def _gaps(market: Market) -> Iterator[Estimate | Unknown]:
    """Each level of the ladder over the one below: the medians' ratio less 1."""
    for component in (Component.BASE, Component.TOTAL):
        for lower, upper in pairwise(LADDER):
            figure = figure_id("step", level=upper, component=component)
            label = figure.label(lower=lower)
            pooled = [market.evidence.cells(level, component, EVERYONE)[0] for level in (lower, upper)]
            both = [market.distribution(component, str(level), EVERYONE) for level in (lower, upper)]
            if not all(_sufficient(cell) for cell in pooled) or both[0] is None or both[1] is None:
                yield Unknown(str(figure), label, "There is not enough evidence on both levels.")
                continue
            medians = [one.quantiles(np.array([0.5]))[:, 0] for one in both if one is not None]
            for draws, level in zip(medians, (lower, upper), strict=True):
                draws += market.stated(component, str(level), EVERYONE)[2] - draws[0]
            counts = weakest_counts([cell_counts(cell) for cell in pooled if cell is not None])
            yield market.figure(figure, label, medians[1] - medians[0], Scale.EFFECT, counts)


def _thresholds(market: Market) -> Iterator[Estimate | Unknown]:
    """The share of top-tier total pay above each threshold of the country, by level."""
    sign = symbol(market.context.currency)
    for level in LEVELS[:-1]:
        pooled, _ = market.evidence.cells(level, Component.TOTAL, TOP)
        found = market.distribution(TOTAL, level, TOP) if _sufficient(pooled) else None
        for amount in market.context.country.thresholds:
            figure = figure_id("share", level=level, threshold=f"{amount // 1000}k")
            label = figure.label(threshold=f"{sign}{amount:,}")
            if found is None or pooled is None:
                yield Unknown(str(figure), label, market.absent(pooled, TOTAL))
                continue
            share = np.clip(found.above(math.log(amount)), 1e-4, 1 - 1e-4)
            logit = np.log(share / (1 - share))
            yield market.figure(
                figure, label, logit, Scale.SHARE, cell_counts(pooled), population=people(market.context, TOP)
            )


def _total_over_base(market: Market) -> Iterator[Estimate | Unknown]:
    """Total over base less 1, by level, for all and for the top tiers."""
    for level in LEVELS:
        for name, population in (("all", EVERYONE), ("top", TOP)):
            ids = {q: figure_id("uplift", level=level, population=name, statistic=q) for q in RATIOS}
            pooled, cells = market.evidence.cells(level, "total_over_base", population)
            fixed = market.fixed(population) or {}
            found = market.whose.ratio(level, fixed) if _sufficient(pooled) else None
            if found is None or pooled is None:
                why = market.absent(pooled, TOTAL)
                yield from (Unknown(str(one), one.label(), why) for one in ids.values())
                continue
            draws = np.maximum(found.quantiles(np.array([QUANTILES[q] for q in RATIOS])), 0.0).T
            for q, own in zip(RATIOS, draws, strict=True):
                direct = [(_ratio_part(cell, q), 0.0) for cell in cells if enough(cell)]
                yield market.figure(
                    ids[q], ids[q].label(), own, Scale.EFFECT, cell_counts(pooled), direct,
                    population=people(market.context, population),
                )  # fmt: skip


def _ratio_part(cell: Cell, statistic: str) -> SourceEffect:
    """What a source says of total over base by itself: both parts carry the same date, so that nothing is aged."""
    spread = cell_quantiles(cell, np.array([QUANTILES[statistic]]))[0]
    return SourceEffect(cell.key.source, cell.kind, spread, cell.n, cell.who, cell.mean_date)


def effect(
    market: Market,
    figure: FigureId,
    dimension: str,
    values: Sequence[str],
    checks: Sequence[SourceEffect],
    label: str = "",
) -> Estimate | Unknown:
    """By how much the people of some values of the frame are paid more than all others of it, other things equal, with
    what the regressions of each kind of evidence say beside it as the check.
    """
    label = label or figure.label()
    found = [market.evidence.cells("any", Component.BASE, f"{dimension}={value}")[0] for value in values]
    pooled = [cell for cell in found if cell is not None]
    if not any(_sufficient(cell) for cell in pooled):
        return Unknown(str(figure), label, too_thin(pooled[0] if pooled else None))
    known = TIERS if dimension == "tier" else market.whose.frame.values[dimension]
    numbers = [known.index(value) for value in values if value in known]
    find = (
        market.whose.tier_effect if dimension == "tier" else lambda rows: market.whose.effect(dimension, rows)
    )
    draws = find(numbers) if numbers else None
    borrowed = market.borrowed(f"{dimension}={values[0]}") if len(numbers) == 1 == len(values) else None
    if draws is None or (borrowed or 0.0) > MOST_BORROWED:
        return Unknown(str(figure), label, _NOBODY if draws is None else _BORROWED)
    counts = together([cell_counts(cell) for cell in pooled])
    # what the regressions would weigh in a blend of them is no influence on the market's effect
    direct = [(part, 0.0) for part in checks]
    return market.figure(figure, label, draws, Scale.EFFECT, counts, direct, borrowed=borrowed)
