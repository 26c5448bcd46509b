"""Pay bands: P10 P25 P50 P75 P90 and the mean, by level and component, for all employers and the top tiers.

Each source's cell gives its own quantiles, aged to the edition's date; the sources are blended on the log
scale, each quantile by itself. So that quantiles never cross, the five values are then sorted (monotone
rearrangement: Chernozhukov, Fernandez-Val & Galichon, Econometrica 2010; the sorted curve is never further
from the truth than the one it came from), and since the true quantiles rise, the lower end of one is a
lower end of all higher ones and the upper end of one an upper end of all lower ones.

These bands borrow from nobody: a level that borrowed from its neighbours would be in order by construction. Narrower
populations do (`populations`).

The counts shown are the pooled cell's: all evidence of all sources on that population, each piece once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from payguide.base.aggregates import EVERYONE, Cell
from payguide.base.codes import Component
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import FigureId
from payguide.base.figure_id import band as band_id
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.fit.ageing import age
from payguide.fit.combine import (
    Blended,
    Part,
    Scale,
    combine,
    enough,
    estimate,
    pooled_counts,
)
from payguide.fit.frame import LEVELS, QUANTILES, TOP, Frame, people
from payguide.fit.intervals import Spread
from payguide.fit.lookup import Evidence
from payguide.fit.quantiles import cell_mean, cell_quantiles


@dataclass(frozen=True, slots=True)
class Band:
    """Whose band it is: the ids and labels of its statistics (by their names, in the order of the quantiles, the mean
    behind them), and the population in words.
    """

    figures: Mapping[str, tuple[FigureId, str]]
    people: str

    def unknown(self, pooled: Cell | None) -> Iterator[Unknown]:
        """All of it, not known."""
        yield from (Unknown(str(figure), label, too_thin(pooled)) for figure, label in self.figures.values())


#: What one source says of a band: its part of the blend of each statistic, by the statistics' names.
Parts = Mapping[str, Part]


def bands(evidence: Evidence, frame: Frame) -> Iterator[Estimate | Unknown]:
    """Every band of the edition: level x (base, total) x (all, top); the mean for all."""
    for level in LEVELS:
        for component in (Component.BASE, Component.TOTAL):
            for population in (EVERYONE, TOP):
                yield from _band(evidence, frame, level, component, population)


def _band(
    evidence: Evidence, frame: Frame, level: str, component: Component, population: str
) -> Iterator[Estimate | Unknown]:
    top = population != EVERYONE
    names = tuple(QUANTILES) if top else (*QUANTILES, "mean")
    ids = {name: band_id(level, component, name, top=top) for name in names}
    band = Band({name: (one, one.label()) for name, one in ids.items()}, people(frame, population))
    pooled, cells = evidence.cells(level, component, population)
    used = [cell for cell in cells if enough(cell)]
    parts = [_parts(cell, names, frame) for cell in used]
    yield from figures(band, parts, used, pooled, frame) if used else band.unknown(pooled)


def _parts(cell: Cell, names: Sequence[str], frame: Frame) -> Parts:
    probabilities = np.array(list(QUANTILES.values()))
    spreads = dict(zip(QUANTILES, cell_quantiles(cell, probabilities), strict=True))
    spreads |= {"mean": cell_mean(cell)} if "mean" in names else {}
    return {name: aged(cell, spread, frame) for name, spread in spreads.items()}


def figures(
    band: Band, parts: Sequence[Parts], cells: Sequence[Cell], pooled: Cell | None, frame: Frame
) -> Iterator[Estimate]:
    """The figures of a band that some sources know: the parts of each, and their cells."""
    counts = pooled_counts(pooled, cells)
    blended = {
        name: combine([one[name] for one in parts], Scale.MONEY, frame.coverage) for name in band.figures
    }
    blended |= rearranged({name: blended[name] for name in QUANTILES})
    for name, found in blended.items():
        figure, label = band.figures[name]
        notes = ageing_notes(cells, frame, figure.component)
        yield estimate(figure, label, frame, found, counts, population=band.people, notes=notes)


def rearranged(curve: dict[str, Blended]) -> dict[str, Blended]:
    """The same curve (keys in rising probability) with its values in rising order and its ends made to
    agree.
    """
    rows = list(curve.values())
    values = sorted(row.value for row in rows)
    lows = np.maximum.accumulate([row.low for row in rows]).tolist()
    highs = np.minimum.accumulate([row.high for row in reversed(rows)])[::-1].tolist()
    return {
        name: replace(row, value=value, low=min(low, value), high=max(high, value))
        for (name, row), value, low, high in zip(curve.items(), values, lows, highs, strict=True)
    }


def aged(cell: Cell, spread: Spread, frame: Frame) -> Part:
    """A cell's estimate on the log scale, taken to the edition's date."""
    ageing = age(cell.mean_date, frame.as_of, frame.wages)
    moved = Spread(spread.value + float(np.log(ageing.factor)), spread.error, spread.df)
    return Part(cell.key.source, cell.kind, moved, cell.n, cell.who, cell.mean_date, ageing.factor)


def ageing_notes(cells: Sequence[Cell], frame: Frame, component: Component | None) -> tuple[str, ...]:
    """What a reader must know of the ageing of a figure."""
    notes = []
    index = frame.wages
    if any(age(cell.mean_date, frame.as_of, index).extrapolated for cell in cells):
        notes.append(
            f"The wage index is extrapolated beyond {index.last.isoformat()} at its last 12-month rate."
        )
    if component is not Component.BASE:
        notes.append("Aged by an index of wages and salaries; there is none for total pay.")
    return tuple(notes)


def too_thin(pooled: Cell | None) -> str:
    """Why a figure is unknown: no source has the evidence a blend asks for."""
    if pooled is None:
        return "No source has evidence on it."
    named = "employers not named" if pooled.who.n_employers is None else f"from {pooled.who.employers}"
    return (
        f"No single source has {MIN_EVIDENCE} pieces of evidence from {MIN_EMPLOYERS} employers "
        f"(all together: {pooled.n}, {named})."
    )
