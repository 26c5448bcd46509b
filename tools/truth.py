"""What is true in the world of `world`, by figure id and in the figure's unit.

Pay of a population is a mixture: a few hundred places (level, tier, metro, ...) of a normal distribution (employer and
job) with an even one on top (a person's place in the range). Its distribution function is exact; quantiles are found on
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import world
from scipy import optimize, special

from payguide.base import market as base
from payguide.base.aggregates import OfficialFigure
from payguide.base.codes import TOP_TIERS, Component, Role, Statistic
from payguide.base.money import FloatArray

QUANTILES: Final = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90}

#: Populations of bands by the part of an id that names them: the dimension and the values that are kept.
POPULATIONS: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "": ("", ()),
    ".top": ("tier", [str(tier) for tier in TOP_TIERS]),
    **{f".tier.{tier}": ("tier", [tier]) for tier in world.TIERS},
    **{f".metro.{metro}": ("metro", [metro]) for metro in world.METROS if metro},
    **{f".remote.{remote}": ("remote", [remote]) for remote in world.REMOTE},
    **{f".industry.{industry}": ("", ()) for industry in world.INDUSTRIES},
    **{f".specialisation.{name}": (name, ["named"]) for name in world.SPECIALISATIONS},
}

#: The metros' share of the nation's jobs, as its statistical office would say.
EMPLOYMENT: Final = {"41860": 0.06, "35620": 0.09, "42660": 0.05, "14460": 0.04, "12420": 0.03}

#: Whose pay it is: the world's people.
PEOPLE: Final = base.Market(
    "US", world.DAY, Role(world.ROLE),
    {
        name: base.Margin({value or "other_us": share for value, (_, share) in table.items()}, "", None, assumed=False)
        for name, table in {
            "level": world.LEVELS, "tier": world.TIERS, "metro": world.METROS, "remote": world.REMOTE,
            "industry": {name: (0.0, share) for name, share in world.INDUSTRIES.items()},
        }.items()
    },
    "",
)  # fmt: skip

Interactions = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """The distribution of ln pay of a population: places (k,) with shares (k,), the standard deviation of the normal
    part and half the width of the even one.
    """

    places: FloatArray
    shares: FloatArray
    deviation: float
    half: float

    def below(self, log: float) -> float:
        """The share of pay below."""
        z = (log - self.places) / self.deviation
        if not self.half:
            return float(self.shares @ special.ndtr(z))
        h = self.half / self.deviation
        return float(self.shares @ (_integral(z + h) - _integral(z - h)) / (2 * h))

    def quantile(self, probability: float) -> float:
        """The log of a quantile."""
        ends = self.places.min() - 3.0, self.places.max() + 3.0
        return float(optimize.brentq(lambda log: self.below(log) - probability, *ends, xtol=1e-6))

    def mean(self) -> float:
        """The mean of pay."""
        even = np.sinh(self.half) / self.half if self.half else 1.0
        return float(self.shares @ np.exp(self.places) * np.exp(self.deviation**2 / 2) * even)


def _integral(z: FloatArray) -> FloatArray:
    """The integral of the normal distribution function."""
    found: FloatArray = z * special.ndtr(z) + np.exp(-(z**2) / 2) / (2 * np.pi) ** 0.5
    return found


def market(
    interactions: Interactions, level: str = "any", component: str = "base", population: str = ""
) -> Market:
    """The market of a level ("any" for all), a component of pay and a population of `POPULATIONS`."""
    dimension, kept = POPULATIONS[population]
    places, shares = _crossed(interactions, level, kept if dimension == "tier" else list(world.TIERS))
    tables: list[Mapping[str, tuple[float, float]]] = [
        {name: told for name, told in table.items() if dimension != which or name in kept}
        for which, table in (("metro", world.METROS), ("remote", world.REMOTE))
    ]
    for name, (adds, share) in (world.SPECIALISATIONS | world.SKILLS).items():
        if adds:
            both = {"named": (adds, share), "": (0.0, 1.0 - share)}
            tables.append({"named": both["named"]} if dimension == name else both)
    for table in tables:
        adds = np.array([told[0] for told in table.values()])
        weight = np.array([told[1] for told in table.values()])
        places = (places[:, None] + adds).ravel()
        shares = (shares[:, None] * weight / weight.sum()).ravel()
        places, shares = _merged(places, shares)
    deviation = np.hypot(world.EMPLOYER, world.JOB)
    if component == Component.TOTAL:
        places, deviation = places + world.UPLIFT[0], np.hypot(deviation, world.UPLIFT[1])
    return Market(places, shares, float(deviation), world.RANGE / 2)


def _crossed(interactions: Interactions, level: str, tiers: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Places and shares of level x tier."""
    levels = [level] if level in world.LEVELS else list(world.LEVELS)
    told = [
        (
            world.CENTRE + world.LEVELS[lv][0] + world.TIERS[tier][0] + interactions[lv, tier],
            world.LEVELS[lv][1] * world.TIERS[tier][1],
        )
        for lv in levels
        for tier in tiers
    ]
    places, shares = np.array(told).T
    return places, shares / shares.sum()


def _merged(places: FloatArray, shares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same with places that are alike (to a thousandth) taken together."""
    _, at = np.unique(np.round(places * 1000), return_inverse=True)
    weight = np.bincount(at, shares)
    return np.bincount(at, shares * places) / weight, weight


def truth(interactions: Interactions) -> dict[str, float]:
    """Every figure that the world knows."""
    bands = dict(_bands(interactions))
    return bands | dict([*_of_medians(bands), *_uplifts(), *_effects(interactions), *_skills()])


def _bands(interactions: Interactions) -> Iterator[tuple[str, float]]:
    for level in (*world.LEVELS, "any"):
        for component in world.BOTH:
            for population in POPULATIONS:
                found = market(interactions, level, component, population)
                stem = f"band.{level}.{component}{population}"
                yield from ((f"{stem}.{q}", float(np.exp(found.quantile(p)))) for q, p in QUANTILES.items())
                if not population:
                    yield f"{stem}.mean", found.mean()
        found = market(interactions, level, Component.TOTAL, ".top")
        for name in (300, 350, 400, 500):
            above = 1.0 - found.below(float(np.log(name * 1000.0)))
            yield f"share.{level}.total.top.over_{name}k", above


def _of_medians(bands: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """What follows from the medians: steps between levels, and what each kind of evidence would say of them."""
    for component in world.BOTH:
        for lower, upper in pairwise(world.LEVELS):
            ends = (bands[f"band.{level}.{component}.p50"] for level in (upper, lower))
            yield f"step.{upper}.{component}.effect", next(ends) / next(ends) - 1.0
        for level in (*world.LEVELS, "any"):
            for kind in {source.kind for source in world.SOURCES}:
                yield f"kind.{kind}.{level}.{component}.p50", bands[f"band.{level}.{component}.p50"]


def _uplifts() -> Iterator[tuple[str, float]]:
    mean, deviation = world.UPLIFT
    for level in (*world.LEVELS, "any"):
        for who in ("all", "top"):
            for q in ("p25", "p50", "p75"):
                log = mean + deviation * special.ndtri(QUANTILES[q])
                yield f"uplift.{level}.{who}.{q}", float(np.expm1(log))


def _effects(interactions: Interactions) -> Iterator[tuple[str, float]]:
    tiers = _tiers(interactions)
    for tier in tiers:
        yield f"tier.{tier}.effect", _against(tiers, tier)
    yield "tier.top.effect", _against(tiers, *map(str, TOP_TIERS))
    yield from ((f"industry.{name}.effect", 0.0) for name in world.INDUSTRIES)
    yield from ((f"remote.{name}.effect", _against(world.REMOTE, name)) for name in ("remote", "hybrid"))
    for name, (adds, _) in world.SPECIALISATIONS.items():
        yield f"specialisation.{name}.effect", float(np.expm1(adds))
    yield from ((f"place.{metro}.effect", _against(world.METROS, metro)) for metro in world.METROS if metro)
    yield from ((f"degree.required_{name}.effect", 0.0) for name in ("phd", "master"))
    yield from ((f"lifecycle.{name}.effect", 0.0) for name in ("stage", "full"))


def _tiers(interactions: Interactions) -> dict[str, tuple[float, float]]:
    """What each tier adds at the average level, and its share."""
    return {
        tier: (
            adds + sum(share * interactions[level, tier] for level, (_, share) in world.LEVELS.items()),
            share,
        )
        for tier, (adds, share) in world.TIERS.items()
    }


def _against(table: Mapping[str, tuple[float, float]], *names: str) -> float:
    """By how much more some values are paid than all others, by shares."""
    inside = np.array([name in names for name in table])
    adds, shares = np.array(list(table.values())).T
    means = [np.average(adds[which], weights=shares[which]) for which in (inside, ~inside)]
    return float(np.expm1(means[0] - means[1]))


def _skills() -> Iterator[tuple[str, float]]:
    for name, (adds, _) in world.SKILLS.items():
        yield f"skill.{name}.premium", float(np.expm1(adds))


def official() -> tuple[OfficialFigure, ...]:
    """What a statistical office says of the role's occupation: enough for limits of plausible pay and for places."""
    found = []
    nation = {Statistic.P10: 120_000.0, Statistic.P50: 190_000.0, Statistic.P90: 320_000.0}
    for area, _, factor, share in (
        ("0000000", "United States", 1.0, 1.0),
        *(
            (f"00{code}", f"Metro {code}, TX", np.exp(world.METROS[code][0]), EMPLOYMENT[code])
            for code in EMPLOYMENT
        ),
    ):
        found += [
            OfficialFigure("oews", soc, "Data Scientists", area, area, "000000", statistic, value * factor,
                           int(1_000_000 * share), world.DAY)
            for soc in ("15-2051", "15-1221", "15-1252") for statistic, value in nation.items()
        ]  # fmt: skip
    return tuple(found)
