"""Pay bands: P10 P25 P50 P75 P90 and the mean, by level, component and population.

Each source's cell gives its own quantiles, aged to the edition's date; the sources are blended on the log
scale, each quantile by itself. So that quantiles never cross, the five values are then sorted (monotone
rearrangement: Chernozhukov, Fernandez-Val & Galichon, Econometrica 2010; the sorted curve is never further
from the truth than the one it came from), and since the true quantiles rise, the lower end of one is a
lower end of all higher ones and the upper end of one an upper end of all lower ones.

The counts shown are the pooled cell's: all evidence of all sources on that population, each piece once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
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


def bands(evidence: Evidence, frame: Frame) -> Iterator[Estimate | Unknown]:
    """Every band of the edition: level x (base, total) x (all, top); the mean for all."""
    for level in LEVELS:
        for component in (Component.BASE, Component.TOTAL):
            for population in (EVERYONE, TOP):
                yield from _band(evidence, frame, level, component, population)


def _band(
    evidence: Evidence, frame: Frame, level: str, component: Component, population: str
) -> Iterator[Estimate | Unknown]:
    stem = f"band.{level}.{component}" + ("" if population == EVERYONE else ".top")
    names = (*QUANTILES, "mean") if population == EVERYONE else tuple(QUANTILES)
    labels = {name: phrase("band", level=level, component=component, statistic=name, population=population)
              for name in names}  # fmt: skip
    pooled, cells = evidence.cells(level, component, population)
    used = [cell for cell in cells if enough(cell)]
    if not used:
        why = too_thin(pooled)
        yield from (Unknown(f"{stem}.{name}", labels[name], why) for name in names)
        return
    counts = pooled_counts(pooled, used)
    for name, blended in _blends(used, names, frame).items():
        subject = Subject(
            id=f"{stem}.{name}",
            label=labels[name],
            population=people(frame, population),
            date=frame.as_of,
            coverage=frame.coverage,
            role=frame.role,
            component=component,
            level=None if level == "any" else Level(level),
            quantile=QUANTILES.get(name),
            currency=frame.currency,
            notes=ageing_notes(used, frame.as_of, component),
        )
        yield estimate(subject, Unit.MONEY, blended, counts)


def _blends(cells: Sequence[Cell], names: Sequence[str], frame: Frame) -> dict[str, Blended]:
    probabilities = np.array(list(QUANTILES.values()))
    spreads: dict[str, list[Spread]] = {name: [] for name in names}
    for cell in cells:
        for name, spread in zip(QUANTILES, cell_quantiles(cell, probabilities), strict=True):
            spreads[name].append(spread)
        if "mean" in spreads:
            spreads["mean"].append(cell_mean(cell))
    blended = {}
    for name, found in spreads.items():
        parts = [aged(cell, spread, frame.as_of) for cell, spread in zip(cells, found, strict=True)]
        blended[name] = combine(parts, Scale.MONEY, frame.coverage)
    return blended | rearranged({name: blended[name] for name in QUANTILES})


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
