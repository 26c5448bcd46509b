"""From parts to an `Estimate`: each source's own spread, blended, put back into the figure's unit.

Working scales: money and ratios the logarithm, shares the logit. `Scale` names the way back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from scipy import special

from payguide.base.codes import Component, EvidenceKind, Level, Role
from payguide.base.figures import Cell, Estimate, SourceEstimate, Unit
from payguide.fit.blend import Blend, blend, settings
from payguide.fit.intervals import Spread, normal


class Scale(StrEnum):
    """The working scale of a figure, and with it the way back to its unit."""

    MONEY = "money"
    EFFECT = "effect"
    SHARE = "share"

    def back(self, value: float) -> float:
        """From the working scale to the unit: dollars, a fraction more, or a share."""
        if self is Scale.MONEY:
            return math.exp(value)
        return math.expm1(value) if self is Scale.EFFECT else float(special.expit(value))

    @property
    def disagreement(self) -> float:
        """The prior scale of the disagreement between sources about levels of pay, or effects and ratios; of a
        share it follows from that of pay (`uplift`).
        """
        return settings()["disagreement"]["level" if self is Scale.MONEY else "effect"]


@dataclass(frozen=True, slots=True)
class Part:
    """One source's estimate on the working scale, already aged. `cost` is the standard error of what it borrowed, which
    all parts of a blend have in common.
    """

    source: str
    kind: EvidenceKind
    spread: Spread
    n: int
    n_employers: int
    mean_date: date
    ageing: float = 1.0
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands behind a figure: pieces of evidence, records, employers, the largest employer's share."""

    n: int
    n_records: int
    n_employers: int
    largest_share: float


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure is, apart from its value."""

    id: str
    label: str
    population: str
    date: date
    coverage: float
    role: Role | None = None
    component: Component | None = None
    level: Level | None = None
    quantile: float | None = None
    currency: str = ""
    notes: tuple[str, ...] = field(default=())
    borrowed: float | None = None


@dataclass(frozen=True, slots=True)
class Blended:
    """A blend in the figure's unit, with every source's own estimate and weight."""

    value: float
    low: float
    high: float
    heterogeneity: float | None
    sources: tuple[SourceEstimate, ...]
    method: str


def combine(
    parts: Sequence[Part], scale: Scale, coverage: float, disagreement: float | None = None
) -> Blended:
    """Blend parts (at least one) and put the result back into its unit. Sources are named in the order of their
    names.

    `disagreement` is the prior scale of how far the parts lie apart, if not the scale's own; 0 where the figure is
    about what its one part knows, so that there is nothing to disagree about. What parts borrowed may be wrong in all
    of them alike: it is added to the interval of the blend.

    Raises:
        ValueError: there is no part, or one without a positive error.
    """
    parts = sorted(parts, key=lambda part: (part.source, part.kind))
    errors = np.array([part.spread.normal_error(coverage) for part in parts])
    values = np.array([part.spread.value for part in parts])
    apart = scale.disagreement if disagreement is None else disagreement
    result = blend(values, errors, coverage=coverage, scale=apart)
    sources = tuple(
        source_estimate(p, w, scale, coverage) for p, w in zip(parts, result.weights, strict=True)
    )
    back = scale.back
    common = normal(coverage) * sum(w * part.cost for part, w in zip(parts, result.weights, strict=True))
    return Blended(
        back(result.value),
        back(result.value - math.hypot(result.value - result.low, common)),
        back(result.value + math.hypot(result.high - result.value, common)),
        result.i2,
        sources,
        _method(result, len(parts)),
    )


def source_estimate(part: Part, weight: float, scale: Scale, coverage: float) -> SourceEstimate:
    """What one source says by itself, in the figure's unit."""
    low, high = part.spread.interval(coverage)
    return SourceEstimate(
        source=part.source,
        kind=part.kind,
        value=scale.back(part.spread.value),
        low=scale.back(low),
        high=scale.back(high),
        weight=weight,
        n=part.n,
        n_employers=part.n_employers,
        mean_date=part.mean_date,
        ageing=part.ageing,
    )


def _method(result: Blend, count: int) -> str:
    told = f"random-effects blend of {count} sources" if count > 1 else "one source"
    return f"{told} ({result.rule}); employer-clustered replicate intervals"


def estimate(subject: Subject, unit: Unit, blended: Blended, counts: Counts, method: str = "") -> Estimate:
    """The `Estimate` of a subject from its blend and the evidence behind it."""
    return Estimate(
        id=subject.id,
        label=subject.label,
        unit=unit,
        value=blended.value,
        low=blended.low,
        high=blended.high,
        coverage=subject.coverage,
        n=counts.n,
        n_records=counts.n_records,
        n_employers=counts.n_employers,
        largest_share=counts.largest_share,
        method=f"{method}; {blended.method}" if method else blended.method,
        population=subject.population,
        date=subject.date,
        sources=blended.sources,
        heterogeneity=blended.heterogeneity,
        currency=subject.currency if unit is Unit.MONEY else "",
        component=subject.component,
        role=subject.role,
        level=subject.level,
        quantile=subject.quantile,
        notes=subject.notes,
        borrowed=subject.borrowed,
    )


def pooled_counts(pooled: Cell | None, cells: Iterable[Cell]) -> Counts:
    """The counts of the pooled cell; without one, sums over the sources and the fewest employers possible."""
    if pooled is not None:
        return Counts(pooled.n, pooled.n_records, pooled.n_employers, pooled.largest_share)
    used = list(cells)
    n = sum(cell.n for cell in used)
    return Counts(
        n,
        sum(cell.n_records for cell in used),
        max(cell.n_employers for cell in used),
        # at most: the largest employer may be the same in every source
        min(1.0, sum(cell.largest_share * cell.n for cell in used) / n),
    )


def beside(counts: Sequence[Counts]) -> Counts:
    """The evidence of what is held against each other: whichever side has fewer employers or a larger one speaks for
    all.
    """
    return Counts(
        sum(one.n for one in counts),
        sum(one.n_records for one in counts),
        min(one.n_employers for one in counts),
        max(one.largest_share for one in counts),
    )


def enough(cell: Cell) -> bool:
    """Whether a source's cell may enter a blend (blend.toml, entry)."""
    entry = settings()["entry"]
    return cell.n >= entry["evidence"] and cell.n_employers >= entry["employers"]
