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
from datetime import date

import numpy as np

from payguide.base.codes import Component, Level
from payguide.base.figures import EVERYONE, Cell, Estimate, Unit, Unknown
from payguide.fit.ageing import age, last_value
from payguide.fit.combine import (
    Blended,
    Part,
    Scale,
    Subject,
    combine,
    enough,
    estimate,
    pooled_counts,
)
from payguide.fit.frame import LEVELS, QUANTILES, TOP, Frame, people
from payguide.fit.intervals import Spread
from payguide.fit.labels import phrase
from payguide.fit.lookup import Evidence
from payguide.fit.quantiles import cell_mean, cell_quantiles


@dataclass(frozen=True, slots=True)
class Band:
    """Whose band it is: the start of its ids, the labels of its statistics (their names in the order of the quantiles,
    the mean behind them), and the population in words.
    """

    stem: str
    level: str
    component: Component
    labels: Mapping[str, str]
    people: str

    def unknown(self, pooled: Cell | None) -> Iterator[Unknown]:
        """All of it, not known."""
        yield from (
            Unknown(f"{self.stem}.{name}", label, too_thin(pooled)) for name, label in self.labels.items()
        )


@dataclass(frozen=True, slots=True)
class Own:
    """What one source says of a band: its cell, a spread to each statistic on the log scale, the share that is borrowed
    (None where nothing may be) and the standard error of that.
    """

    cell: Cell
    spreads: Mapping[str, Spread]
    borrowed: float | None = None
    cost: float = 0.0


def bands(evidence: Evidence, frame: Frame) -> Iterator[Estimate | Unknown]:
    """Every band of the edition: level x (base, total) x (all, top); the mean for all."""
    for level in LEVELS:
        for component in (Component.BASE, Component.TOTAL):
            for population in (EVERYONE, TOP):
                yield from _band(evidence, frame, level, component, population)


def _band(
    evidence: Evidence, frame: Frame, level: str, component: Component, population: str
) -> Iterator[Estimate | Unknown]:
    names = (*QUANTILES, "mean") if population == EVERYONE else tuple(QUANTILES)
    told = {"level": level, "component": component, "population": population}
    band = Band(
        stem=f"band.{level}.{component}" + ("" if population == EVERYONE else ".top"),
        level=level,
        component=component,
        labels={name: phrase("band", statistic=name, **told) for name in names},
        people=people(frame, population),
    )
    pooled, cells = evidence.cells(level, component, population)
    own = [_own(cell, names) for cell in cells if enough(cell)]
    yield from figures(band, own, pooled, frame) if own else band.unknown(pooled)


def _own(cell: Cell, names: Sequence[str]) -> Own:
    probabilities = np.array(list(QUANTILES.values()))
    spreads = dict(zip(QUANTILES, cell_quantiles(cell, probabilities), strict=True))
    return Own(cell, spreads | ({"mean": cell_mean(cell)} if "mean" in names else {}))


def figures(band: Band, own: Sequence[Own], pooled: Cell | None, frame: Frame) -> Iterator[Estimate]:
    """The figures of a band that some sources know."""
    cells = [one.cell for one in own]
    counts = pooled_counts(pooled, cells)
    blended = {name: _blend(name, own, frame) for name in band.labels}
    blended |= rearranged({name: blended[name] for name in QUANTILES})
    for name, found in blended.items():
        subject = Subject(
            id=f"{band.stem}.{name}",
            label=band.labels[name],
            population=band.people,
            date=frame.as_of,
            coverage=frame.coverage,
            role=frame.role,
            component=band.component,
            level=None if band.level == "any" else Level(band.level),
            quantile=QUANTILES.get(name),
            currency=frame.currency,
            notes=ageing_notes(cells, frame.as_of, band.component),
            borrowed=_borrowed(own, found),
        )
        yield estimate(subject, Unit.MONEY, found, counts)


def _blend(name: str, own: Sequence[Own], frame: Frame) -> Blended:
    parts = [replace(aged(one.cell, one.spreads[name], frame.as_of), cost=one.cost) for one in own]
    return combine(parts, Scale.MONEY, frame.coverage)


def _borrowed(own: Sequence[Own], found: Blended) -> float | None:
    """The share of a blend's weight that its sources borrowed; None where none may borrow."""
    shares = {(one.cell.key.source, one.cell.kind): one.borrowed for one in own}
    each = [(source.weight, shares[source.source, source.kind]) for source in found.sources]
    known = [weight * share for weight, share in each if share is not None]
    return sum(known) if known else None


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


def aged(cell: Cell, spread: Spread, as_of: date) -> Part:
    """A cell's estimate on the log scale, taken to the edition's date."""
    ageing = age(cell.mean_date, as_of)
    moved = Spread(spread.value + float(np.log(ageing.factor)), spread.error, spread.df)
    return Part(cell.key.source, cell.kind, moved, cell.n, cell.n_employers, cell.mean_date, ageing.factor)


def ageing_notes(cells: Sequence[Cell], as_of: date, component: str) -> tuple[str, ...]:
    """What a reader must know of the ageing of a figure."""
    notes = []
    if any(age(cell.mean_date, as_of).extrapolated for cell in cells):
        notes.append(
            f"The wage index is extrapolated beyond {last_value().isoformat()} at its last 12-month rate."
        )
    if component != Component.BASE:
        notes.append("Aged by an index of wages and salaries; there is none for total pay.")
    return tuple(notes)


def too_thin(pooled: Cell | None) -> str:
    """Why a figure is unknown: no source has the evidence a blend asks for."""
    if pooled is None:
        return "No source has evidence on it."
    return (
        f"No single source has 10 pieces of evidence from 5 employers "
        f"(all together: {pooled.n} from {pooled.n_employers})."
    )
