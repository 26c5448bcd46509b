"""How far sources of pay lie apart, measured on the packaged evidence: `python tools/disagreement.py`.

For every role, level and component of pay that two or more sources of a kind know, their aged medians and errors; for
every adjusted effect that two kinds know, theirs. The scale of a half-normal distribution of tau is the one under which
they are likeliest, mu and each tau integrated out (Turner et al., Statistics in Medicine 2015, for medicine).
fit/bands/meta_analysis.toml takes it as its prior. Groups that share sources are taken as independent, so that the
likelihood is a little too sure of itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from scipy import optimize

from payguide.base.aggregates import POOLED, Aggregates
from payguide.base.codes import Role
from payguide.base.estimates import Estimate, SourceEstimate, Unknown
from payguide.base.figure_id import figure_id
from payguide.base.money import FloatArray
from payguide.evidence.pack import read_pack
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.bands.intervals import normal
from payguide.fit.bands.meta_analysis import grid, log_likelihood
from payguide.fit.bands.official import employment_shares
from payguide.fit.context import edition_context
from payguide.fit.effects.adjusted import Effects, averaged, effects, framed
from payguide.fit.effects.places import TOP3, metros
from payguide.fit.effects.skills import skills
from payguide.fit.effects.source_differences import kinds

#: The day to which the sources are aged: the edition's.
DAY: Final = date(2026, 11, 1)

_COVERAGE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Scale:
    """The likeliest scale of a half-normal tau, the range of scales whose log likelihood is within 1.35 of its (nine in
    ten), and the number of groups behind it.
    """

    scale: float
    low: float
    high: float
    groups: int


Group = tuple[FloatArray, FloatArray]


def direct(aggregates: Aggregates, role: str, as_of: date, coverage: float) -> list[Estimate | Unknown]:
    """What the aggregates say by themselves: kinds' medians and offsets, regressions' effects, skills."""
    frame = edition_context(role, "US", as_of, coverage)
    evidence = AggregateIndex(role, aggregates.cells, aggregates.moments, aggregates.tallies, POOLED)
    codes = {*frame.country.top, *metros(evidence, frame.role)}
    jobs, found = employment_shares(aggregates.official, frame, codes), Effects(evidence, frame)
    return [
        *kinds(evidence, frame),
        *(found.figure(one.figure, averaged(one.dimension, one.values), kinds=one.kinds) for one in framed()),
        *(
            found.figure(figure_id("place", metro=code), averaged("metro", (code,), jobs))
            for code in sorted(codes)
        ),
        found.figure(figure_id("place", metro=TOP3), averaged("metro", frame.country.top, jobs)),
        *effects(evidence, frame),
        *skills(evidence, frame),
    ]


def groups(aggregates: Aggregates) -> tuple[list[Group], list[Group]]:
    """The values and variances, on the log scale, of medians that several sources of a kind know, and of effects that
    several kinds know.
    """
    levels: list[Group] = []
    found: list[Group] = []
    for role in Role:
        for figure in direct(aggregates, role, DAY, _COVERAGE):
            form = figure.id.partition(".")[0]
            if not isinstance(figure, Estimate) or len(figure.sources) < 2:
                continue
            if form == "kind":
                levels.append(_group(figure.sources, math.log))
            elif form != "offset":
                found.append(_group(figure.sources, math.log1p))
    return levels, found


def _group(sources: Iterable[SourceEstimate], log: Callable[[float], float]) -> Group:
    told = [(log(one.value), (log(one.high) - log(one.low)) / 2 / normal(_COVERAGE)) for one in sources]
    values, errors = np.array(told).T
    return values, errors**2


def scale_of(found: list[Group]) -> Scale:
    """The likeliest scale."""

    def log_scale(log: float) -> float:
        return sum(_marginal(values, variances, math.exp(log)) for values, variances in found)

    best = optimize.minimize_scalar(lambda log: -log_scale(log), bounds=(-6.0, 0.0), method="bounded")
    peak, top = float(best.x), -float(best.fun)
    ends = [
        float(optimize.brentq(lambda log: log_scale(log) - top + 1.35, *sorted((peak, end))))
        if log_scale(end) < top - 1.35
        else end
        for end in (-6.0, 1.0)
    ]
    return Scale(math.exp(peak), math.exp(ends[0]), math.exp(ends[1]), len(found))


def _marginal(values: FloatArray, variances: FloatArray, scale: float) -> float:
    """The log likelihood of one group with tau integrated out over a half-normal of that scale."""
    taus = grid(scale)
    prior = np.exp(-0.5 * (taus / scale) ** 2)
    likelihood = log_likelihood(values, variances, taus)
    top = float(likelihood.max())
    return top + math.log(float(prior @ np.exp(likelihood - top)) / float(prior.sum()))


def measured() -> Iterator[tuple[str, Scale]]:
    """The scales of levels and of effects."""
    for name, found in zip(("level", "effect"), groups(read_pack()), strict=True):
        yield name, scale_of(found)


if __name__ == "__main__":
    for name, scale in measured():
        print(f"{name}: {scale.scale:.3f} ({scale.low:.3f} to {scale.high:.3f}), {scale.groups} groups")
