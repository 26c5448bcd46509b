"""Kinds of evidence side by side: what each says by itself, and how far they lie apart at the same level.

A kind's median is the blend of its own sources. Its offset is what it says over self-reports, level by level, and over
the levels that both know together. An offset is about the sources at hand: its interval holds what resampling their
employers would change, and not what other sources of the kind would say, for one source cannot be told from its kind.

Sources are independent, so a level's errors add up squared. Levels are not, for a source's levels have employers in
common: over levels the errors themselves are averaged, which errs to the wide side.

What breaks it: kinds that know different employers. What is an offset here may be a difference of who was asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from payguide.base.aggregates import EVERYONE, Cell
from payguide.base.codes import LADDER, Component, EvidenceKind
from payguide.base.contributors import joined
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import FigureId, figure_id, word
from payguide.base.money import FloatArray
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.bands.direct import aged, ageing_notes
from payguide.fit.bands.intervals import EstimateWithError
from payguide.fit.bands.pooled import (
    PooledEstimate,
    SampleSize,
    Scale,
    SourceEffect,
    cell_counts,
    combine,
    enough,
    estimate,
    source_estimate,
    together,
    weakest_counts,
)
from payguide.fit.bands.quantiles import cell_quantiles
from payguide.fit.context import LEVELS, EditionContext

#: The kind that the others are held against: what people say that they are paid.
REFERENCE = EvidenceKind.SELF_REPORT

#: The name, in ids, of all levels that two kinds know.
SAME = "same"

_MEDIAN = np.array([0.5])

#: The parts of each kind at each level, and the cells that they are made of.
_Kinds = Mapping[EvidenceKind, Mapping[str, "_Side"]]


@dataclass(frozen=True, slots=True)
class _Side:
    """What one kind says of a level: its sources' medians and cells, blended."""

    parts: tuple[SourceEffect, ...]
    cells: tuple[Cell, ...]
    blended: PooledEstimate

    @property
    def spread(self) -> EstimateWithError:
        """The blend on the log scale with the sampling error of its parts alone."""
        weights = np.array([source.weight for source in self.blended.sources])
        variances = weights**2 * np.array([part.spread.error**2 for part in self.parts])
        freedom = np.array([part.spread.df for part in self.parts])
        total = float(variances.sum())
        df = total**2 / float(np.sum(variances**2 / freedom))
        return EstimateWithError(float(np.log(self.blended.value)), total**0.5, df)

    @property
    def counts(self) -> SampleSize:
        """The evidence of its cells."""
        return together([cell_counts(cell) for cell in self.cells])


def kinds(evidence: AggregateIndex, frame: EditionContext) -> Iterator[Estimate | Unknown]:
    """The median of each kind at each level, and its offset against self-reports; a kind without evidence has none."""
    for component in (Component.BASE, Component.TOTAL):
        found = _kinds(evidence, frame, component)
        for kind, levels in found.items():
            for level, side in levels.items():
                yield _median(frame, component, kind, level, side)
        for kind in found:
            if kind is not REFERENCE and REFERENCE in found:
                yield from _offsets(frame, component, kind, found)


def _kinds(evidence: AggregateIndex, frame: EditionContext, component: Component) -> _Kinds:
    found: dict[EvidenceKind, dict[str, _Side]] = {}
    for level in LEVELS:
        cells = [cell for cell in evidence.cells(level, component, EVERYONE)[1] if enough(cell)]
        for kind in sorted({cell.kind for cell in cells}):
            own = tuple(cell for cell in cells if cell.kind is kind)
            parts = tuple(aged(cell, cell_quantiles(cell, _MEDIAN)[0], frame) for cell in own)
            side = _Side(parts, own, combine(parts, Scale.MONEY, frame.coverage))
            found.setdefault(kind, {})[level] = side
    return found


def _median(
    frame: EditionContext, component: Component, kind: EvidenceKind, level: str, side: _Side
) -> Estimate:
    figure = figure_id("kind", kind=kind, level=level, component=component)
    return estimate(
        figure,
        figure.label(),
        frame,
        side.blended,
        side.counts,
        population=f"{frame.population}; {word('kind', kind)}",
        notes=ageing_notes(side.cells, frame, component),
    )


def _offsets(
    frame: EditionContext, component: Component, kind: EvidenceKind, found: _Kinds
) -> Iterator[Estimate | Unknown]:
    """The offset at each level that both kinds know, and over those levels."""
    every: list[_Offset] = []
    for level in LADDER:
        own, other = found[kind].get(level), found[REFERENCE].get(level)
        if own is not None and other is not None:
            every.append(_offset(own, other))
            yield _figure(frame, component, kind, str(level), every[-1])
    if every:
        yield _figure(frame, component, kind, SAME, _together(every))
    else:
        figure, label = _named(component, kind, SAME)
        yield Unknown(str(figure), label, "No level is known to both kinds.")


@dataclass(frozen=True, slots=True)
class _Offset:
    """How far a kind lies from the reference, and each of its sources, with their weights in it."""

    spread: EstimateWithError
    parts: tuple[SourceEffect, ...]
    weights: tuple[float, ...]
    counts: SampleSize


def _offset(own: _Side, other: _Side) -> _Offset:
    against = other.spread
    return _Offset(
        _difference(own.spread, against),
        tuple(replace(part, spread=_difference(part.spread, against)) for part in own.parts),
        tuple(source.weight for source in own.blended.sources),
        weakest_counts([own.counts, other.counts]),
    )


def _difference(own: EstimateWithError, other: EstimateWithError) -> EstimateWithError:
    """The difference of two that are independent; Welch's degrees of freedom."""
    variances = own.error**2, other.error**2
    total = sum(variances)
    df = total**2 / (variances[0] ** 2 / own.df + variances[1] ** 2 / other.df)
    return EstimateWithError(own.value - other.value, total**0.5, df)


def _together(every: Sequence[_Offset]) -> _Offset:
    """Several levels as one, and each source over the levels that it knows."""
    shares = _shares([one.spread for one in every])
    weighed = [
        (part, share * weight)
        for one, share in zip(every, shares, strict=True)
        for part, weight in zip(one.parts, one.weights, strict=True)
    ]
    names = sorted({part.source for part, _ in weighed})
    held = {name: [pair for pair in weighed if pair[0].source == name] for name in names}
    parts = tuple(
        replace(
            pairs[0][0],
            spread=_mean([part.spread for part, _ in pairs]),
            n=sum(part.n for part, _ in pairs),
            who=joined([(part.n, part.who) for part, _ in pairs]),
        )
        for pairs in held.values()
    )
    return _Offset(
        _mean([one.spread for one in every]),
        parts,
        tuple(float(sum(weight for _, weight in pairs)) for pairs in held.values()),
        together([one.counts for one in every]),
    )


def _shares(spreads: Sequence[EstimateWithError]) -> FloatArray:
    """Shares by precision, adding up to one."""
    weights = np.array([spread.error**-2 for spread in spreads])
    found: FloatArray = weights / weights.sum()
    return found


def _mean(spreads: Sequence[EstimateWithError]) -> EstimateWithError:
    """The mean by precision of what is not independent: errors are averaged, not their squares."""
    shares = _shares(spreads)
    return EstimateWithError(
        float(shares @ [spread.value for spread in spreads]),
        float(shares @ [spread.error for spread in spreads]),
        min(spread.df for spread in spreads),
    )


def _named(component: Component, kind: EvidenceKind, level: str) -> tuple[FigureId, str]:
    figure = figure_id("offset", kind=kind, level=level, component=component)
    return figure, figure.label(other=word("kind", REFERENCE))


def _figure(
    frame: EditionContext, component: Component, kind: EvidenceKind, level: str, found: _Offset
) -> Estimate:
    figure, label = _named(component, kind, level)
    low, high = found.spread.interval(frame.coverage)
    scale = Scale.EFFECT
    blended = PooledEstimate(
        scale.back(found.spread.value),
        scale.back(low),
        scale.back(high),
        None,
        tuple(
            source_estimate(part, weight, scale, frame.coverage)
            for part, weight in zip(found.parts, found.weights, strict=True)
        ),
        "employer-clustered replicate intervals",
    )
    return estimate(
        figure,
        label,
        frame,
        blended,
        found.counts,
        population=f"{frame.population}; the sources at hand",
        method="difference of the kinds' medians at the same level",
    )
