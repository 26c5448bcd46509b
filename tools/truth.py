"""What is true in the world of `world`, by figure id and in the figure's unit.

Pay of a population is a mixture: a few hundred places (level, tier, metro, ...) of a normal distribution (employer and
job) with an even one on top (a person's place in the range). Its distribution function is exact; quantiles are found on
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import world
from scipy import optimize, special

from payguide.base.aggregates import OfficialFigure
from payguide.base.codes import TOP_TIERS, Component, EvidenceKind, Statistic
from payguide.base.estimates import SourceEstimate
from payguide.base.money import FloatArray
from payguide.base.reference.country import country

#: The metros' share of the nation's jobs, as its statistical office would say.
EMPLOYMENT: Final = {"41860": 0.06, "35620": 0.09, "42660": 0.05, "14460": 0.04, "12420": 0.03}

Interactions = Mapping[tuple[str, str], float]
#: What each value adds to ln pay, and its share.
Table = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """The distribution of ln pay: places (k,) with shares (k,), the standard deviation of the normal part and half the
    width of the even one.
    """

    places: FloatArray
    shares: FloatArray
    deviation: float
    half: float

    def below(self, log: float) -> float:
        """The share of pay below."""
        z, h = (log - self.places) / self.deviation, self.half / self.deviation
        return float(self.shares @ (_integral(z + h) - _integral(z - h)) / (2 * h))

    def quantile(self, probability: float) -> float:
        """The log of a quantile."""
        ends = self.places.min() - 3.0, self.places.max() + 3.0
        return float(optimize.brentq(lambda log: self.below(log) - probability, *ends, xtol=1e-6))


def _integral(z: FloatArray) -> FloatArray:
    """The integral of the normal distribution function."""
    found: FloatArray = z * special.ndtr(z) + np.exp(-(z**2) / 2) / (2 * np.pi) ** 0.5
    return found


def market(interactions: Interactions, level: str = "any", component: str = "base") -> Market:
    """The market of a level ("any" for all) and a component of pay."""
    levels = [level] if level in world.LEVELS else list(world.LEVELS)
    crossed = [
        (world.CENTRE + lies + adds + interactions[lv, tier], share * often)
        for lv, (lies, share) in ((lv, world.LEVELS[lv]) for lv in levels)
        for tier, (adds, often) in world.TIERS.items()
    ]
    places, shares = np.array(crossed).T
    named = [
        {"named": (adds, share), "": (0.0, 1.0 - share)}
        for adds, share in (world.SPECIALISATIONS | world.SKILLS).values()
        if adds
    ]
    for table in (world.METROS, world.REMOTE, *named):
        adds, weight = np.array(list(table.values())).T
        places, shares = _merged((places[:, None] + adds).ravel(), (shares[:, None] * weight).ravel())
    deviation = np.hypot(world.EMPLOYER, world.JOB)
    if component == Component.TOTAL:
        places, deviation = places + world.UPLIFT[0], np.hypot(deviation, world.UPLIFT[1])
    return Market(places, shares / shares.sum(), float(deviation), world.RANGE / 2)


def _merged(places: FloatArray, shares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same with places that are alike (to a thousandth) taken together."""
    _, at = np.unique(np.round(places * 1000), return_inverse=True)
    weight = np.bincount(at, shares)
    return np.bincount(at, shares * places) / weight, weight


def truth(interactions: Interactions) -> dict[str, float]:
    """What figures of sources that may lie off are held against: what is so in the market."""
    return dict([*_medians(interactions), *_effects()])


def _medians(interactions: Interactions) -> Iterator[tuple[str, float]]:
    for component in world.BOTH:
        for level in (*world.LEVELS, "any"):
            median = float(np.exp(market(interactions, level, component).quantile(0.5)))
            for kind in {source.kind for source in world.SOURCES}:
                yield f"kind.{kind}.{level}.{component}.p50", median


def _effects() -> Iterator[tuple[str, float]]:
    for name, (adds, _) in world.SPECIALISATIONS.items():
        yield f"specialisation.{name}.effect", float(np.expm1(adds))
    yield from ((f"degree.required_{name}.effect", 0.0) for name in ("phd", "master"))
    yield from ((f"lifecycle.{name}.effect", 0.0) for name in ("stage", "full"))
    for name, (adds, _) in world.SKILLS.items():
        yield f"skill.{name}.premium", float(np.expm1(adds))


def of_kinds(drawn: world.Draw) -> dict[tuple[str, EvidenceKind], float]:
    """What each kind's own regression is held against: the effect as that kind sees it."""
    found = {}
    for kind, sees in drawn.kinds.items():
        tiers = _seen(_tiers(drawn.interactions), sees.tier)
        metros = _seen(world.METROS, sees.metro)
        top = country("US").top
        away = {name: told for name, told in metros.items() if name not in top}
        nation = {**EMPLOYMENT, "": 1.0 - sum(EMPLOYMENT.values())}
        average = _mean({name: (metros[name][0], share) for name, share in nation.items()})
        found |= {
            (f"{stem}.effect", kind): float(np.expm1(adds))
            for stem, adds in (
                *((f"tier.{name}", adds - _mean(tiers)) for name, (adds, _) in tiers.items()),
                ("tier.top", _mean(_only(tiers, map(str, TOP_TIERS))) - _mean(tiers)),
                *((f"industry.{name}", adds) for name, (adds, _) in _seen(world.INDUSTRIES, sees.industry).items()),
                *((f"place.{name}", adds - average) for name, (adds, _) in metros.items() if name),
                ("place.top3", _mean(_only(metros, top)) - average),
                *((f"place.spread.{name}", _mean(_only(metros, top)) - _mean(away)) for name in ("remote", "onsite")),
                *((f"remote.{name}", adds - _mean(world.REMOTE)) for name, (adds, _) in world.REMOTE.items()),
            )
        }  # fmt: skip
    return found


def _tiers(interactions: Interactions) -> Table:
    """Each tier at the average level."""
    return {
        tier: (
            adds + sum(share * interactions[level, tier] for level, (_, share) in world.LEVELS.items()),
            share,
        )
        for tier, (adds, share) in world.TIERS.items()
    }


def _seen(table: Table, beyond: FloatArray) -> Table:
    """A table as a kind sees it."""
    return {
        name: (adds + more, share)
        for (name, (adds, share)), more in zip(table.items(), beyond.tolist(), strict=True)
    }


def _only(table: Table, names: Iterable[str]) -> Table:
    return {name: table[name] for name in names}


def _mean(table: Table) -> float:
    """What a table adds on average."""
    adds, shares = np.array(list(table.values())).T
    return float(np.average(adds, weights=shares))


def offset(
    lies: Mapping[str, FloatArray], level: str, own: Iterable[SourceEstimate], other: Iterable[SourceEstimate]
) -> float:
    """How far a kind's sources at hand lie from another's at a level, in ln base pay, by their weights."""
    at = list(world.LEVELS).index(level)
    mine, others = (
        sum(source.weight * float(lies[source.source][at]) for source in side) for side in (own, other)
    )
    return mine - others


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
