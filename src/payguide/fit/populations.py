"""Bands of narrower populations: tier, metro, arrangement, industry and specialisation, by level and component.

Where a cell should lie (its parent, `shrink`) is built up within one source, so that what the source is off by
cancels:

    all levels of a population     all employers of the source
    a level of a population        the level at all employers, and what all levels of the population differ by

The second is the log-linear model without a product term: a population pays so much more or less at every level. What
is special about one population at one level is what thin evidence cannot tell, and what it borrows in its place. The
variances between populations, and of what is special, are learnt for each dimension from all its cells of all
sources.

Nothing is borrowed across levels, nor by all employers together: the levels' order is to be found, not made. A cell
that the gate withholds stays withheld: who borrows must have enough of its own to be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from payguide.base.aggregates import EVERYONE, Cell
from payguide.base.codes import Component
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import narrower_band
from payguide.fit.bands import Band, Parts, aged, figures
from payguide.fit.combine import enough
from payguide.fit.frame import LEVELS, QUANTILES, Frame
from payguide.fit.lookup import Evidence
from payguide.fit.quantiles import Curve, cell_curve
from payguide.fit.shrink import Apart, Parent, Shrunk, apart, between, shrink

#: The dimensions, and the values in them that name no population.
DIMENSIONS: Mapping[str, frozenset[str]] = {
    "tier": frozenset({"unknown"}),
    "metro": frozenset({"unknown"}),
    "remote": frozenset({"unstated"}),
    "industry": frozenset({"unknown"}),
    "specialisation": frozenset(),
}

_PROBABILITIES = np.array(list(QUANTILES.values()))


@dataclass(frozen=True, slots=True)
class _Key:
    """One source's cell of a population at a level."""

    source: str
    level: str
    value: str


@dataclass(slots=True)
class _Known:
    """The curves of one component and dimension, and of all employers (no value), found once each."""

    cells: dict[_Key, Cell] = field(default_factory=dict)
    curves: dict[_Key, Curve] = field(default_factory=dict)

    def add(self, value: str, level: str, cells: list[Cell]) -> None:
        """Add the sources' cells that may enter a blend."""
        for cell in cells:
            if enough(cell):
                key = _Key(cell.key.source, level, value)
                self.cells[key], self.curves[key] = cell, cell_curve(cell, _PROBABILITIES)


def populations(evidence: Evidence, frame: Frame, metros: Mapping[str, str]) -> Iterator[Estimate | Unknown]:
    """The bands of every population that the evidence holds at any level. `metros` names CBSA codes."""
    for component in (Component.BASE, Component.TOTAL):
        everyone = _Known()
        for level in LEVELS:
            everyone.add("", level, evidence.cells(level, component, EVERYONE)[1])
        for dimension, silent in DIMENSIONS.items():
            values = [value for value in evidence.values("any", component, dimension) if value not in silent]
            known = _Known(dict(everyone.cells), dict(everyone.curves))
            for level in LEVELS:
                for value in values:
                    known.add(value, level, evidence.cells(level, component, f"{dimension}={value}")[1])
            shrunk = _shrunk(known)
            for value in values:
                for level in LEVELS:
                    band = _band(frame, level, component, dimension, value, metros)
                    pooled, _ = evidence.cells(level, component, f"{dimension}={value}")
                    own = {
                        key: one for key, one in shrunk.items() if (key.level, key.value) == (level, value)
                    }
                    cells = [known.cells[key] for key in own]
                    parts = [_parts(cell, one, frame) for cell, one in zip(cells, own.values(), strict=True)]
                    yield from figures(band, parts, cells, pooled, frame) if own else band.unknown(pooled)


def _shrunk(known: _Known) -> dict[_Key, Shrunk]:
    """Every cell of a dimension with what it borrows."""
    keys = [key for key in known.cells if key.value]
    broad = _borrowing({key: _of_all(known, key) for key in keys if key.level == "any"})
    return broad | _borrowing({key: _of_level(known, key, broad) for key in keys if key.level != "any"})


def _borrowing(found: Mapping[_Key, Apart]) -> dict[_Key, Shrunk]:
    variance = between(list(found.values()))
    return {key: shrink(one, variance) for key, one in found.items()}


def _of_all(known: _Known, key: _Key) -> Apart:
    """All levels of a population against all employers."""
    everyone = known.curves[_Key(key.source, "any", "")]
    return apart(known.curves[key], Parent(everyone.values, everyone.replicates, everyone.df))


def _of_level(known: _Known, key: _Key, broad: Mapping[_Key, Shrunk]) -> Apart:
    """A level of a population against the level at all employers and what the population differs by at all levels.

    Both are there wherever the cell is: they hold its evidence.
    """
    everyone = known.curves[_Key(key.source, key.level, "")]
    differs = broad[_Key(key.source, "any", key.value)]
    parent = Parent(
        everyone.values + differs.kept,
        everyone.replicates + differs.kept_replicates,
        everyone.df,
        differs.cost,
    )
    return apart(known.curves[key], parent)


def _parts(cell: Cell, one: Shrunk, frame: Frame) -> Parts:
    spreads = zip(QUANTILES, one.spreads, strict=True)
    borrowed = {"borrowed": one.share, "cost": one.cost**0.5}
    return {name: replace(aged(cell, spread, frame), **borrowed) for name, spread in spreads}


def _band(
    frame: Frame, level: str, component: Component, dimension: str, value: str, metros: Mapping[str, str]
) -> Band:
    ids = {name: narrower_band(level, component, dimension, value, name) for name in QUANTILES}
    said = {}
    if dimension == "metro":
        said["metro"] = metros.get(value, f"metro {value}" if value.isdigit() else value)
    among = ids["p50"].among(**said)
    return Band(
        {name: (figure, figure.label(**said)) for name, figure in ids.items()},
        f"{frame.population}; {among}",
    )
