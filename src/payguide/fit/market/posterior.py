"""The market's model, fitted: draws of every effect on base pay, and on what total pay is beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import EvidenceKind
from payguide.base.errors import InputError
from payguide.base.market import Market
from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.base.reference.country import Country
from payguide.base.reference.wage_index import wage_index
from payguide.fit.bands.ageing import age
from payguide.fit.market.coded import ROLES, codes_of, on_ladder, seed_of, settings, values_of
from payguide.fit.market.design import (
    GROUP,
    GROUPS,
    LEVELS,
    UNKNOWN,
    Codes,
    Design,
    design,
    nobody,
    of_unknown,
)
from payguide.fit.market.frame import TIERS, Frame, Seed, frame
from payguide.fit.market.kernel import Employers, Shape, employers_by_tier, shape_of
from payguide.fit.market.sampler import Draws, Rows, r_hat, sample, together
from payguide.fit.parallel import parallel_map

#: Ends the name of an employer of filings.
FILED: Final = "/filed"
#: Statements that something is learnt from at all.
FEWEST: Final = 30
#: Total pay that exceeds base by less than this is base pay.
NOTHING: Final = 0.005
#: Statements by which the share who have nothing on top is drawn to that of the tier, and how many count as one:
#: those of an employer are alike.
ALIKE: Final = 10.0
CLUSTERED: Final = 4.0


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many chains, and the sweeps of each: before what is kept, the draws kept, and the sweeps for one of them; of
    what is on top of base pay more, for its draws hang together longer.
    """

    chains: int = 2
    burn: int = 60
    keep: int = 100
    thin: int = 3
    thin_top: int = 10


SAMPLING: Final = Sampling()


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One regression, fitted: its design, its draws, what is left within a cell, and the employers of each tier."""

    design: Design
    draws: Draws
    shape: Shape
    r_hat: float


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """The fitted market of a country, at its date: base pay; what is on top of it (None where no source tells), with
    the share (s, l, t) who have nothing, and the correlation with base pay within a cell; the employers of base pay
    by tier, their names and industries; the region of each metro; how the evidence of each role lies.
    """

    as_of: date
    currency: str
    base: Part
    top: Part | None
    nothing: FloatArray
    correlation: float
    employers: list[Employers]
    names: tuple[str, ...]
    industries: tuple[str, ...]
    regions: tuple[str, ...]
    seeds: Mapping[str, Seed]


def fit_market(
    base: PayRows, top: PayRows | None, *, market: Market, country: Country, as_of: date, seed: int,
    sampling: Sampling = SAMPLING,
) -> Posterior:  # fmt: skip
    """From statements of base pay, and of people who state both base (`low`) and total (`high`).

    Raises:
        InputError: no statement of base pay is of a level that the market knows, or tells none.
    """
    base, top = on_ladder(base), None if top is None else on_ladder(top)
    if not len(base):
        raise InputError(
            f"no statement of base pay in {base.currency} to fit a market on",
            remedy="collect evidence of base pay: total pay is taken as what people have on top of it",
        )
    values = values_of([base] if top is None else [base, top], market, country)
    codes = codes_of(base, values, as_of)
    names, employer = _employers(base)
    seeds = {role: seed_of(base, codes, values, number) for number, role in enumerate(ROLES)}
    stated = frame(market, seeds[str(market.role)], 0, np.random.default_rng(seed))
    trend = _trend(base, as_of, country)
    y = (np.log(base.low) + np.log(base.high)) / 2 + trend
    rows = Rows(y, codes, employer, len(names), np.ones(len(base)))
    plan = design(values, stated, _knots(codes), settings()["base"])
    fitted = _part(rows, plan, seed, settings()["time"]["sd"], sampling)
    people = base.columns["kind"] != str(EvidenceKind.FILING)
    met = employers_by_tier(
        employer[people], codes.of["tier"][people], np.ones(int(people.sum())), len(TIERS)
    )
    nothing, correlation, part = np.ones((1, len(LEVELS), len(TIERS))), 0.0, None
    if top is not None and len(top):
        part, nothing, correlation = _top(
            top, fitted, values, stated, names, as_of, country, seed + sampling.chains, sampling
        )
    found = Posterior(
        as_of, base.currency, fitted, part, nothing, correlation, met, names, _industries(base, names),
        _regions(base, values["metro"]), seeds,
    )  # fmt: skip
    return _without_filed(found)


def _without_filed(posterior: Posterior) -> Posterior:
    """The posterior without the employers of filings, which have done their part."""
    kept = np.flatnonzero([not name.endswith(FILED) for name in posterior.names])
    place = np.full(len(posterior.names), -1)
    place[kept] = np.arange(len(kept))

    def part(one: Part) -> Part:
        return replace(one, draws=replace(one.draws, employers=one.draws.employers[:, kept]))

    return replace(
        posterior, base=part(posterior.base), top=part(posterior.top) if posterior.top else None,
        employers=[replace(one, number=place[one.number]) for one in posterior.employers],
        names=tuple(posterior.names[k] for k in kept), industries=tuple(posterior.industries[k] for k in kept),
    )  # fmt: skip


def _employers(rows: PayRows) -> tuple[tuple[str, ...], IntArray]:
    """The employers' names, and each row's (n,). What an employer files is a floor that it keeps its own distance from:
    its filings are another employer's, as far as the model goes.
    """
    filed = rows.columns["kind"] == str(EvidenceKind.FILING)
    named = np.char.add(
        rows.columns["employer"], np.where(filed & (rows.columns["employer"] != ""), FILED, "")
    )
    names, number = np.unique(named, return_inverse=True)
    named = names != ""
    place = np.where(named, np.cumsum(named) - 1, -1)
    return tuple(map(str, names[named])), place[number.ravel()].astype(np.int64)


def _industries(rows: PayRows, names: tuple[str, ...]) -> tuple[str, ...]:
    """Each employer's industry, that of its last row; "" where it is not known."""
    found = dict(zip(rows.columns["employer"].tolist(), rows.columns["industry"].tolist(), strict=True))
    return tuple(str(found[name.removesuffix(FILED)]) for name in names)


def _regions(rows: PayRows, metros: tuple[str, ...]) -> tuple[str, ...]:
    """The region of each metro, that of its last row; "" where there is none."""
    found = dict(zip(rows.columns["metro"].tolist(), rows.columns["region"].tolist(), strict=True))
    return tuple(str(found.get(metro, "")) for metro in metros)


def _trend(rows: PayRows, as_of: date, country: Country) -> FloatArray:
    """Ln of what ages each row to the edition's date, by the wage index (n,)."""
    index = wage_index(country.wage_index)
    days, where = np.unique(rows.day, return_inverse=True)
    logs = [np.log(age(date.fromordinal(int(day)), as_of, index).factor) for day in days]
    return np.asarray(np.array(logs)[where], float)


def _knots(codes: Codes) -> FloatArray:
    step = settings()["time"]["step"]
    first = min(float(codes.years.min()), -step)
    return np.asarray(np.round(np.arange(-np.ceil(-first / step), 1) * step, 4))


def _part(rows: Rows, plan: Design, seed: int, drift: float, sampling: Sampling) -> Part:
    """Several chains of one regression, together."""
    steps = np.diff(np.eye(len(plan.knots)), axis=0)[:, :-1]
    precision = steps.T @ steps / drift**2
    watched = _watched(plan)
    run = partial(_chain, rows, plan, precision, watched, sampling)
    chains = parallel_map(run, [seed + k for k in range(sampling.chains)], len(rows))
    worst = float(np.max(r_hat(np.array([chain.trace for chain in chains]))))
    draws = together(chains)
    fitted = Part(plan, draws, Shape(np.zeros(1), np.zeros((1, 1)), np.zeros((1, 1))), worst)
    left = _residuals(fitted, rows.y, rows.codes.with_level(draws.level.argmax(axis=1)), rows.employer)
    in_post = _in_post(rows.codes)
    of = rows.codes.of
    shape = shape_of(left[in_post], of["level"][in_post], of["tier"][in_post], len(LEVELS), len(TIERS))
    return replace(fitted, shape=shape)


def _watched(plan: Design) -> FloatArray:
    """What every role is paid at each level, at the frame's mean of all else (f, q)."""
    role, level = np.divmod(np.arange(len(ROLES) * len(LEVELS)), len(LEVELS))
    return np.asarray(plan.rows(nobody(len(role), role=role, level=level)) @ plan.centre.toarray())


def _chain(
    rows: Rows, plan: Design, precision: FloatArray, watched: FloatArray, sampling: Sampling, seed: int
) -> Draws:
    burn, keep, thin = sampling.burn, sampling.keep, sampling.thin
    return sample(rows, plan, precision, watched, burn=burn, keep=keep, thin=thin, seed=seed)


def _in_post(codes: Codes) -> BoolArray:
    """Which rows say what people are paid, with their level (n,); where none does, those that say a level, or all."""
    levelled = codes.of["level"] >= 0
    told = (codes.of["kind"] < 0) & levelled
    found = told if told.any() else levelled if levelled.any() else np.ones(len(codes), bool)
    return np.asarray(found)


def _top(
    rows: PayRows, base: Part, values: Mapping[str, tuple[str, ...]], stated: Frame, names: tuple[str, ...],
    as_of: date, country: Country, seed: int, sampling: Sampling,
) -> tuple[Part | None, FloatArray, float]:  # fmt: skip
    """What total pay is beyond base: its regression, the shares who have nothing, its correlation with base pay."""
    codes = codes_of(rows, values, as_of)
    place = {name: k for k, name in enumerate(names)}
    employer = np.array([place.get(str(one), -1) for one in rows.columns["employer"]], np.int64)
    ratio = np.log(rows.high / rows.low)
    rng, unknown = np.random.default_rng(seed), of_unknown(stated.tier[0])
    nothing = _nothing(codes, ratio <= NOTHING, unknown, sampling.chains * sampling.keep, rng)
    some = np.flatnonzero(ratio > NOTHING)
    if len(some) < FEWEST:
        return None, np.ones_like(nothing), 0.0
    fitted = Rows(np.log(ratio[some]), codes.take(some), employer[some], len(names), np.ones(len(some)))
    plan = design(values, stated, _knots(fitted.codes), settings()["top"])
    longer = replace(sampling, thin=sampling.thin_top)
    part = _part(fitted, plan, seed, 2 * settings()["time"]["sd"], longer)
    told = np.flatnonzero(fitted.codes.of["level"] >= 0)
    pay = (np.log(rows.low) + _trend(rows, as_of, country))[some]
    left = [
        _residuals(one, y[told], fitted.codes.take(told), fitted.employer[told])
        for one, y in ((base, pay), (part, fitted.y))
    ]
    return part, nothing, _correlation(*left)


def _nothing(
    codes: Codes, none: BoolArray, unknown: FloatArray, draws: int, rng: np.random.Generator
) -> FloatArray:
    """The share of each cell who have nothing on top (s, l, t); employers that no list knows are of tiers `unknown`
    (t,). A cell is drawn to its tier, that to its group, and that to everyone.
    """
    shape = len(LEVELS), len(TIERS)
    told = (codes.of["level"] >= 0) & (codes.of["tier"] >= 0)
    cell = codes.of["level"][told] * shape[1] + codes.of["tier"][told]
    n = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
    zero = np.asarray(np.bincount(cell, none[told], shape[0] * shape[1]).reshape(shape), float)
    for counts in (n, zero):
        spread = np.outer(counts[:, UNKNOWN], unknown)
        counts[:, UNKNOWN] = 0.0
        counts += spread
    everyone = (none.sum() + 0.5) / (len(none) + 1.0)
    group = np.eye(len(GROUPS))[list(GROUP)]
    of_group = (zero.sum(axis=0) @ group + ALIKE * everyone) / (n.sum(axis=0) @ group + ALIKE)
    of_tier = (zero.sum(axis=0) + ALIKE * (group @ of_group)) / (n.sum(axis=0) + ALIKE)
    a, b = zero + ALIKE * of_tier, n - zero + ALIKE * (1 - of_tier)
    return np.asarray(rng.beta(a / CLUSTERED + 1e-3, b / CLUSTERED + 1e-3, (draws, *shape)))


def _residuals(part: Part, y: FloatArray, codes: Codes, employer: IntArray) -> FloatArray:
    """What is left of y (n,) within cell and employer."""
    mean = part.draws.effects.mean(axis=0), np.append(part.draws.employers.mean(axis=0), 0.0)
    return np.asarray(y - part.design.rows(codes) @ (part.design.centre @ mean[0]) - mean[1][employer])


def _correlation(base: FloatArray, top: FloatArray) -> float:
    """The correlation of normal scores of two residuals (n,), by their ranks (Pearson 1907)."""
    if len(base) < FEWEST:
        return 0.0
    ranks = np.argsort(np.argsort(base)), np.argsort(np.argsort(top))
    return float(2 * np.sin(np.pi / 6 * np.corrcoef(*ranks)[0, 1]))
