"""The market as the model file carries it: what `estimator.market` and the page's script read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Protocol

import numpy as np

from payguide.base.money import FloatArray, IntArray
from payguide.base.reference.country import Country
from payguide.base.reference.wage_index import wage_index
from payguide.estimator.anchored import UNMET
from payguide.estimator.market import MOVERS, MarketTables, Part
from payguide.estimator.model_file import pack_integers
from payguide.fit.bands.ageing import age
from payguide.fit.market.design import IN_POST, LEVELS, of_unknown
from payguide.fit.market.frame import TIERS
from payguide.fit.market.kernel import Employers
from payguide.fit.market.mixture import SIZE, STEP
from payguide.fit.market.people import People
from payguide.fit.market.posterior import Posterior


class Raw(Protocol):
    """The estimator as it stands."""

    def has(self, component: str) -> bool:
        """Whether it knows a component of pay."""

    def medians(self, component: str, profiles: Sequence[Mapping[str, Any]]) -> FloatArray:
        """The medians of profiles (n,)."""


#: Shares and ln pay are whole numbers, so many to 1.
SHARE: Final = 100_000
PAY: Final = 1_000
#: Years of experience of people at each level, over which what years do within it averages to nothing.
YEARS: Final[Mapping[str, Sequence[int]]] = {
    "entry": (0, 1, 2), "mid": (3, 4, 5), "senior": (6, 7, 8, 9, 10), "staff": (11, 13, 15, 18, 22),
}  # fmt: skip
#: Years that the drift is told for after the edition's date.
AHEAD: Final = 2.0
#: The largest employers of a tier that the estimator is benchmarked over.
LARGEST: Final = 60


def role_table(whose: People) -> dict[str, Any]:
    """One role's frame and cells, as they stand."""
    frame, centre = whose.frame, round(whose.centre, 3)
    return {
        "centre": centre,
        "tier": _shares(frame.tier[0]),
        "given": {name: _shares(frame.given[name][0]) for name in ("level", *MOVERS)},
        "open": [tier for tier, share in zip(TIERS, of_unknown(frame.tier[0]), strict=True) if share > 0],
        "cell": _pay(whose.located.cell[0] - centre),
        "nodes": {component: _pay(nodes) for component, nodes in whose.nodes.items()},
    }


def market_table(peoples: Mapping[str, People], country: Country) -> dict[str, Any]:
    """The market part of a model file, of the people of each role; without the benchmark (`benchmarked`)."""
    first = next(iter(peoples.values()))
    special = first.posterior.base.design.block("special")
    moves = first.posterior.base.draws.effects[:, special.at].mean(axis=0)
    return {
        **_common(first),
        "as_of": first.posterior.as_of.toordinal(),
        "drift": _drift(first.posterior, country),
        "years": {level: list(years) for level, years in YEARS.items()},
        "special": dict(zip(special.labels, np.round(moves, 3).tolist(), strict=True)),
        "roles": {role: role_table(whose) for role, whose in peoples.items()},
    }


def sources_beside(model: Mapping[str, Any]) -> dict[str, str]:
    """As which source the estimator is asked beside the market, for each component: the one with most statements of
    people in post, or with most of any; so that what it contrasts are contrasts of one population.
    """
    found = {}
    for component, part in model["components"].items():
        names, kinds = part["vocabulary"]["source"], part["vocabulary"]["kind"]
        in_post = [kind >= 0 and kinds[kind] == IN_POST for kind in part["blend"]["kind"]]
        order = sorted(zip(in_post, part["blend"]["n"], names, strict=False), reverse=True)
        found[component] = order[0][2] if order else ""
    return found


def benchmarked(
    market: Mapping[str, Any], peoples: Mapping[str, People], raw: Raw, sources: Mapping[str, str], code: str
) -> dict[str, Any]:
    """The market with how far the estimator is to be moved, by role, component, level and tier, so that over the
    employers of a tier, by their people, it agrees with the market: `bench` for profiles that tell no place,
    `bench_placed` for those that do. `raw` is the estimator as it stands, asked as `sources`, in the country of a
    `code`.
    """
    roles = {}
    for role, whose in peoples.items():
        table = MarketTables(market, role)
        found = {
            component: _bench(whose, table, component, raw, sources[component], code)
            for component in whose.nodes if raw.has(component)
        }  # fmt: skip
        benches = {
            name: {component: _pay(both[k]) for component, both in found.items()}
            for k, name in enumerate(("bench", "bench_placed"))
        }
        roles[role] = {**market["roles"][role], **benches}
    return {**market, "source": dict(sources), "roles": roles}


def _bench(
    whose: People, table: MarketTables, component: str, raw: Raw, source: str, code: str
) -> tuple[FloatArray, FloatArray]:
    """Market less estimator, ln, by level and tier, each with one more for all (l + 1, t + 1): of profiles that tell no
    place, and of those that do.
    """
    found = np.zeros((2, len(LEVELS) + 1, len(TIERS) + 1))
    asked: list[tuple[int, int, float, list[dict[str, Any]]]] = []
    for row, level in enumerate((*LEVELS, "")):
        for t, tier in enumerate(TIERS):
            stated = table.quantiles(component, Part(level=level, tier=tier), (0.5,))
            if stated is not None:
                about = {
                    "role": whose.role, "component": component, "level": level, "tier": tier, "source": source,
                }  # fmt: skip
                profiles = [*_largest(whose, t, about), *_placed(whose, about, code)]
                asked.append((row, t, float(stated[0]), profiles))
    # all of them at once: a question of a few profiles takes as long as one of hundreds
    medians = np.log(raw.medians(component, [one for *_, profiles in asked for one in profiles]))
    ends = np.cumsum([len(profiles) for *_, profiles in asked])
    for (row, t, stated_at, _), logs in zip(asked, np.split(medians, ends[:-1]), strict=True):
        places = len(whose.posterior.regions)
        found[:, row, t] = stated_at - _of_largest(whose, t, logs[:-places])
        found[1, row, t] -= _of_placed(whose, t, logs[-places:])
    for row, level in enumerate((*LEVELS, "")):
        shares = whose.weights(level or "any", {})[0].sum(axis=0)
        known = shares > 0
        found[:, row, -1] = found[:, row, :-1][:, known] @ shares[known] / shares.sum()
        found[:, row, :-1][:, ~known] = found[:, row, -1:]
    return found[0], found[1]


def _largest(whose: People, t: int, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Profiles of a tier's largest employers; of one that was not met where there is none."""
    posterior, met = whose.posterior, whose.posterior.employers[t]
    return [
        {**about, "employer": posterior.names[k], "industry": posterior.industries[k]}
        for k in met.number[_by_size(met)]
    ] or [{**about, "employer": UNMET}]


def _of_largest(whose: People, t: int, medians: FloatArray) -> float:
    """The ln medians of `_largest`, by the employers' people."""
    met = whose.posterior.employers[t]
    weights = met.statements[_by_size(met)] if len(met.number) else np.ones(1)
    return float(weights @ medians / weights.sum())


def _by_size(met: Employers) -> IntArray:
    return np.argsort(-met.statements, kind="stable")[:LARGEST]


def _placed(whose: People, about: Mapping[str, Any], code: str) -> list[dict[str, Any]]:
    """A profile that tells no place, and one of each place."""
    metros, regions = whose.frame.values["metro"], whose.posterior.regions
    return [
        {**about, "employer": UNMET},
        *(
            {**about, "employer": UNMET, "metro": metro, "region": region, "country": code}
            for metro, region in zip(metros[:-1], regions[:-1], strict=True)
        ),
    ]


def _of_placed(whose: People, t: int, logs: FloatArray) -> float:
    """By how much the ln medians of `_placed` say more of the tier's people where they tell their places, by the
    frame, than where they tell none.
    """
    share = whose.frame.given["metro"][0, t, :-1]
    return float(share @ (logs[1:] - logs[0]) / share.sum()) if share.sum() > 0 else 0.0


def tables_of(whose: People) -> MarketTables:
    """One role's market as it will be read."""
    return MarketTables({**_common(whose), "roles": {whose.role: role_table(whose)}}, whose.role)


def _common(whose: People) -> dict[str, Any]:
    """What all roles have in common."""
    plan = whose.posterior.base.design
    values = {"level": list(LEVELS), "tier": list(TIERS)} | {name: list(plan.values[name]) for name in MOVERS}
    return {
        "grid": {"step": STEP, "size": SIZE}, "per_one": {"share": SHARE, "pay": PAY}, "values": values,
        "moved": {name: _pay(whose.located.moved[name][0]) for name in MOVERS},
    }  # fmt: skip


def _drift(posterior: Posterior, country: Country) -> dict[str, Any]:
    """What pay was at each knot of time against the edition's date, ln, and each tier's own slope a year."""
    part = posterior.base
    knots = part.design.knots
    dev = np.append(part.draws.effects[:, part.design.block("time").at].mean(axis=0), 0.0)
    index = wage_index(country.wage_index)
    years = [*knots.tolist(), AHEAD]
    days = [posterior.as_of + timedelta(days=round(365.25 * year)) for year in years]
    trend = [float(np.log(age(day, posterior.as_of, index).factor)) for day in days[:-1]]
    trend.append(-float(np.log(age(posterior.as_of, days[-1], index).factor)))
    logs = np.append(dev, 0.0) - np.array(trend)
    slopes = part.draws.effects[:, part.design.block("tier_time").at].mean(axis=0)
    return {"years": years, "ln": np.round(logs, 4).tolist(), "tier": np.round(slopes, 4).tolist()}


def _shares(values: FloatArray) -> str:
    return pack_integers(np.rint(values.ravel() * SHARE))


def _pay(values: FloatArray) -> str:
    return pack_integers(np.rint(values.ravel() * PAY))
