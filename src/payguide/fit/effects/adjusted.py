"""Adjusted effects: what tier, place, arrangement, field, breadth, degree and skills do to base pay, other
things equal.

Each kind of evidence (posted ranges, self-reports) is a regression of its own, from its moments; where both
know an effect they are blended. An effect is exp(coefficient) - 1, against the market average or against
those without the attribute (`contrasts`), never a difference of medians. Skills are tested together and
held to a false-discovery rate. What the market's frame knows (tier, arrangement, industry, place) is the
market's effect, with these regressions beside as the check.

Assumes that effects multiply and are the same at every level; what breaks it is an employer mix that goes
with the attribute in a way the controls (source, level, tier, metro, arrangement, industry, degree, time)
do not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from payguide.base.aggregates import Cell
from payguide.base.codes import (
    TOP_TIERS,
    EvidenceKind,
    Industry,
    Remote,
    Specialisation,
    Tier,
)
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import FigureId, figure_id, word
from payguide.base.reference.country import Country
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.bands.pooled import SampleSize, Scale, SourceEffect, combine, estimate, together
from payguide.fit.context import EditionContext, people
from payguide.fit.effects.contrasts import (
    Measured,
    ReferenceCategory,
    against_average,
    left_out,
    plain,
)
from payguide.fit.effects.regression import Fit, fit
from payguide.fit.market import figures

#: The kinds of evidence that have regressions of their own, by the name in their moments.
KINDS = {"posted_range": EvidenceKind.POSTED_RANGE, "self_report": EvidenceKind.SELF_REPORT}

#: What an effect is read against, for its method.
AVERAGE = "adjusted effect against the evidence-weighted average of its dimension"
WITHOUT = "adjusted effect against those without it"

#: An effect read off one regression.
Reading = Callable[[Fit, "Effects"], Measured | None]


class Effects:
    """The regressions of one role, fitted once each, and the left-out values of their dimensions."""

    def __init__(self, evidence: AggregateIndex, frame: EditionContext) -> None:
        self.evidence = evidence
        self.frame = frame
        self._dates = evidence.mean_dates
        self._fits: dict[tuple[str, tuple[str, ...]], Fit] = {}
        self._left_out: dict[tuple[str, str], ReferenceCategory | None] = {}

    def fit(self, name: str, without: Sequence[str] = ()) -> Fit | None:
        """The fit of the moments of a name, or None where there are none."""
        moments = self.evidence.moments.get(name)
        if moments is None:
            return None
        key = (name, tuple(without))
        if key not in self._fits:
            self._fits[key] = fit(moments, without)
        return self._fits[key]

    def left_out(self, of: Fit, dimension: str) -> ReferenceCategory | None:
        """The value of a dimension that has no column because it is the reference."""
        key = (of.moments.name, dimension)
        if key not in self._left_out:
            cells: dict[str, list[Cell]] = {}
            for value in _values(dimension, self.frame.country):
                _, found = self.evidence.cells("any", "base", f"{dimension}={value}")
                cells[value] = [cell for cell in found if cell.key.source in of.moments.sources]
            self._left_out[key] = left_out(of, dimension, cells)
        return self._left_out[key]

    def part(self, kind: str, of: Fit, measured: Measured) -> SourceEffect:
        """A kind's effect as a part of a blend; its date is the mean of its sources'."""
        days = [self._dates[name].toordinal() for name in of.moments.sources if name in self._dates]
        frame_day = self.frame.as_of.toordinal()
        mean_day = round(sum(days) / len(days)) if days else frame_day
        return SourceEffect(
            source=" + ".join(sorted(of.moments.sources)) or kind,
            kind=KINDS[kind],
            spread=measured.spread,
            n=measured.counts.n,
            who=measured.counts.who,
            mean_date=self.frame.as_of.fromordinal(mean_day),
        )

    def parts(
        self,
        reading: Reading,
        kinds: Sequence[str],
        model: str = "effects.{kind}.base.{role}",
        without: Sequence[str] = (),
    ) -> tuple[list[SourceEffect], list[SampleSize]]:
        """What each kind's regression says of an effect, and the evidence that it rests on."""
        parts, counts = [], []
        for kind in kinds:
            found = self.fit(model.format(kind=kind, role=self.frame.role), without)
            measured = reading(found, self) if found is not None else None
            if found is not None and measured is not None:
                parts.append(self.part(kind, found, measured))
                counts.append(measured.counts)
        return parts, counts

    def figure(
        self,
        figure: FigureId,
        reading: Reading,
        *,
        label: str = "",
        kinds: Sequence[str] = tuple(KINDS),
        method: str = AVERAGE,
        without: Sequence[str] = (),
        notes: tuple[str, ...] = (),
        model: str = "effects.{kind}.base.{role}",
        population: str = "",
    ) -> Estimate | Unknown:
        """The effect that `reading` takes from each kind's regression, blended; Unknown where none has it.

        `label` stands in for the id's own. What only one kind can know is an effect among its own statements, and its
        population says so.
        """
        label = label or figure.label()
        parts, counts = self.parts(reading, kinds, model, without)
        if not parts:
            why = "The evidence with it is too thin for an adjusted effect, or there is none."
            return Unknown(str(figure), label, why)
        blended = combine(parts, Scale.EFFECT, self.frame.coverage, 0.0 if len(kinds) == 1 else None)
        told = [people(self.frame), *([word("kind", kinds[0])] if len(kinds) == 1 else []), population]
        return estimate(
            figure,
            label,
            self.frame,
            blended,
            together(counts),
            population="; ".join(filter(None, told)),
            notes=notes,
            method=method,
        )


@dataclass(frozen=True, slots=True)
class Framed:
    """An effect of the market's frame: of some values of a dimension, which the regressions of these kinds know too."""

    figure: FigureId
    dimension: str
    values: Sequence[str]
    kinds: Sequence[str] = tuple(KINDS)


def framed() -> Iterator[Framed]:
    """The effects of tiers, arrangements and industries."""
    for tier in Tier:
        if tier != Tier.UNKNOWN:
            yield Framed(figure_id("tier", tier=tier), "tier", (tier,))
    yield Framed(figure_id("tier", tier="top"), "tier", TOP_TIERS)
    for remote in (Remote.REMOTE, Remote.HYBRID):
        # self-reports do not say where the work may be done
        yield Framed(figure_id("remote", remote=remote), "remote", (remote,), ("posted_range",))
    for industry in Industry:
        if industry != Industry.UNKNOWN:
            yield Framed(figure_id("industry", industry=industry), "industry", (industry,))


def framed_effects(
    evidence: AggregateIndex, frame: EditionContext, market: figures.Market
) -> Iterator[Estimate | Unknown]:
    """The market's effects of tiers, arrangements and industries on base pay, with the regressions beside them."""
    found = Effects(evidence, frame)
    for one in framed():
        parts, _ = found.parts(averaged(one.dimension, one.values), one.kinds)
        yield figures.effect(market, one.figure, one.dimension, one.values, parts)


def effects(evidence: AggregateIndex, frame: EditionContext) -> Iterator[Estimate | Unknown]:
    """The adjusted effects on base pay that no frame knows but those of skills: fields, breadth, degrees."""
    found = Effects(evidence, frame)
    yield from _breadth(found)
    yield from _degrees(found)


def _values(dimension: str, country: Country) -> tuple[str, ...]:
    """The values a dimension may have left out."""
    known: dict[str, tuple[str, ...]] = {
        "tier": tuple(Tier),
        "remote": tuple(Remote),
        "industry": tuple(Industry),
        "metro": (*country.top, country.elsewhere, "unknown"),
        "degree": ("", "none", "unknown", "bachelor", "master", "phd"),
    }
    return known.get(dimension, ())


def averaged(dimension: str, values: Sequence[str], market: Mapping[str, float] | None = None) -> Reading:
    """The reading of one or several values of a dimension, against its average (weighed by `market` if
    given).
    """
    return lambda of, effects: against_average(of, dimension, values, effects.left_out(of, dimension), market)


def own(column: str) -> Reading:
    """The reading of a column's own coefficient."""
    return lambda of, effects: plain(of, column)


def _breadth(found: Effects) -> Iterator[Estimate | Unknown]:
    for one in Specialisation:
        figure = figure_id("specialisation", specialisation=one)
        yield found.figure(figure, own(f"specialisation={one}"), method=WITHOUT)
    # the count of stages and "five or more" measure the same thing: each is read with the other left out
    yield found.figure(
        figure_id("stage"),
        own("stages"),
        kinds=("posted_range",),
        without=("stages=full",),
        method="adjusted effect of one more stage named",
    )
    yield found.figure(
        figure_id("full"),
        own("stages=full"),
        kinds=("posted_range",),
        without=("stages",),
        method=WITHOUT,
    )


def _degrees(found: Effects) -> Iterator[Estimate | Unknown]:
    for degree in ("phd", "master"):
        yield found.figure(
            figure_id("degree_required", degree=degree),
            averaged("degree", (degree,)),
            kinds=("posted_range",),
        )
    yield found.figure(
        figure_id("degree_preferred"),
        own("preferred=advanced"),
        kinds=("posted_range",),
        method=WITHOUT,
    )
