"""What a source says of a population by itself: its own quantiles, aged to the edition's date.

These are the direct estimates that stand beside the market's figures as their check.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from payguide.base.aggregates import Cell
from payguide.base.codes import Component
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.fit.bands.ageing import age
from payguide.fit.bands.intervals import EstimateWithError
from payguide.fit.bands.pooled import SourceEffect
from payguide.fit.context import EditionContext


def aged(cell: Cell, spread: EstimateWithError, frame: EditionContext) -> SourceEffect:
    """A cell's estimate on the log scale, taken to the edition's date."""
    ageing = age(cell.mean_date, frame.as_of, frame.wages)
    moved = EstimateWithError(spread.value + float(np.log(ageing.factor)), spread.error, spread.df)
    return SourceEffect(cell.key.source, cell.kind, moved, cell.n, cell.who, cell.mean_date, ageing.factor)


def ageing_notes(
    cells: Sequence[Cell], frame: EditionContext, component: Component | None
) -> tuple[str, ...]:
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
    """Why a figure is unknown: all evidence on it together is less than a figure needs."""
    wanted = f"There are fewer than {MIN_EVIDENCE} pieces of evidence from {MIN_EMPLOYERS} employers"
    if pooled is None:
        return f"{wanted}."
    named = "employers not named" if pooled.who.n_employers is None else f"from {pooled.who.employers}"
    return f"{wanted} (all together: {pooled.n}, {named})."
