"""From parts to an `Estimate`: each source's own spread, blended, put back into the figure's unit.

Working scales: money and ratios the logarithm, shares the logit. `Scale` names the way back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from scipy import special

from payguide.base.aggregates import Cell
from payguide.base.codes import EvidenceKind
from payguide.base.contributors import Contributors, joined, weaker
from payguide.base.estimates import Estimate, SourceEstimate, Unit
from payguide.base.figure_id import FigureId
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.fit.bands.intervals import EstimateWithError
from payguide.fit.bands.meta_analysis import Blend, blend, settings
from payguide.fit.context import EditionContext


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
        """The prior scale of the disagreement between sources about levels of pay, or about effects."""
        return settings()["disagreement"]["level" if self is Scale.MONEY else "effect"]


@dataclass(frozen=True, slots=True)
class SourceEffect:
    """One source's estimate on the working scale, already aged."""

    source: str
    kind: EvidenceKind
    spread: EstimateWithError
    n: int
    who: Contributors
    mean_date: date
    ageing: float = 1.0


@dataclass(frozen=True, slots=True)
class SampleSize:
    """What stands behind a figure: pieces of evidence, records, and whose they are."""

    n: int
    n_records: int
    who: Contributors


@dataclass(frozen=True, slots=True)
class PooledEstimate:
    """A blend in the figure's unit, with every source's own estimate and weight."""

    value: float
    low: float
    high: float
    heterogeneity: float | None
    sources: tuple[SourceEstimate, ...]
    method: str


def combine(
    parts: Sequence[SourceEffect], scale: Scale, coverage: float, disagreement: float | None = None
) -> PooledEstimate:
    """Blend parts (at least one) and put the result back into its unit. Sources are named in the order of their
    names.

    `disagreement` is the prior scale of how far the parts lie apart, if not the scale's own; 0 where the figure is
    about what its one part knows, so that there is nothing to disagree about.

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
    return PooledEstimate(
        back(result.value),
        back(result.low),
        back(result.high),
        result.i2,
        sources,
        _method(result, len(parts)),
    )


def source_estimate(part: SourceEffect, weight: float, scale: Scale, coverage: float) -> SourceEstimate:
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
        n_employers=part.who.n_employers,
        mean_date=part.mean_date,
        ageing=part.ageing,
    )


def _method(result: Blend, count: int) -> str:
    told = f"random-effects blend of {count} sources" if count > 1 else "one source"
    return f"{told} ({result.rule}); employer-clustered replicate intervals"


def estimate(
    figure: FigureId,
    label: str,
    frame: EditionContext,
    blended: PooledEstimate,
    counts: SampleSize,
    *,
    population: str = "",
    notes: tuple[str, ...] = (),
    method: str = "",
) -> Estimate:
    """The `Estimate` of a figure from its blend and the evidence behind it; of all the edition's people where no
    population is given.
    """
    return Estimate(
        id=str(figure),
        label=label,
        unit=figure.form.unit,
        value=blended.value,
        low=blended.low,
        high=blended.high,
        coverage=frame.coverage,
        n=counts.n,
        n_records=counts.n_records,
        n_employers=counts.who.n_employers,
        n_unnamed=counts.who.unnamed,
        effective=counts.who.effective,
        largest_share=counts.who.largest_share,
        largest=counts.who.largest,
        method=f"{method}; {blended.method}" if method else blended.method,
        population=population or frame.population,
        date=frame.as_of,
        sources=blended.sources,
        heterogeneity=blended.heterogeneity,
        currency=frame.currency if figure.form.unit is Unit.MONEY else "",
        component=figure.component,
        role=frame.role,
        level=figure.level,
        quantile=figure.quantile,
        notes=notes,
    )


def cell_counts(cell: Cell) -> SampleSize:
    """What stands behind a cell."""
    return SampleSize(cell.n, cell.n_records, cell.who)


def together(parts: Sequence[SampleSize]) -> SampleSize:
    """The evidence of several groups whose employers may be the same."""
    who = joined([(part.n, part.who) for part in parts])
    return SampleSize(sum(part.n for part in parts), sum(part.n_records for part in parts), who)


def weakest_counts(counts: Sequence[SampleSize]) -> SampleSize:
    """The evidence of what is held against each other: whichever side has fewer employers or a larger one speaks for
    all.
    """
    return SampleSize(
        sum(one.n for one in counts),
        sum(one.n_records for one in counts),
        weaker([one.who for one in counts]),
    )


def enough(cell: Cell) -> bool:
    """Whether a source's cell may enter a blend: with the evidence that the gate asks for."""
    return cell.n >= MIN_EVIDENCE and cell.who.units >= MIN_EMPLOYERS
