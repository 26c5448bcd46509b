"""Steps between levels: how much the median of a level lies above that of the level below, and whether it does.

Each source that knows both levels is read against itself: what it is off by cancels, and so does what its employers
have in common, by the replicates. The sources' steps are then blended like effects. The two bands of a level and its
neighbour do not say this: they rest on different sources, and their intervals hold what sources are off by twice.

Where the interval of a step holds zero the evidence cannot order the two levels, and the page says so.

What breaks it: titles that mean different rungs in one and the same source.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from payguide.base.aggregates import EVERYONE, Cell
from payguide.base.codes import LADDER, Component, Level
from payguide.base.contributors import weaker
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import figure_id
from payguide.fit.ageing import age
from payguide.fit.combine import (
    Part,
    Scale,
    beside,
    combine,
    enough,
    estimate,
    pooled_counts,
)
from payguide.fit.frame import Frame
from payguide.fit.intervals import Spread, replicate_spread
from payguide.fit.lookup import Evidence
from payguide.fit.quantiles import BIN_ERROR, cell_curve

_MEDIAN = np.array([0.5])


def steps(evidence: Evidence, frame: Frame) -> Iterator[Estimate | Unknown]:
    """Each level of the ladder over the one below, base and total pay."""
    for component in (Component.BASE, Component.TOTAL):
        for lower, upper in pairwise(LADDER):
            yield _step(evidence, frame, component, lower, upper)


def _step(
    evidence: Evidence, frame: Frame, component: Component, lower: Level, upper: Level
) -> Estimate | Unknown:
    figure = figure_id("step", level=upper, component=component)
    label = figure.label(lower=lower)
    pooled, found = zip(
        *(evidence.cells(level, component, EVERYONE) for level in (lower, upper)), strict=True
    )
    below, above = ({cell.key.source: cell for cell in cells if enough(cell)} for cells in found)
    both = sorted(below.keys() & above.keys())
    if not both:
        return Unknown(str(figure), label, "No source has enough evidence on both levels.")
    parts = [_part(below[name], above[name], frame) for name in both]
    counts = [pooled_counts(cell, used.values()) for cell, used in zip(pooled, (below, above), strict=True)]
    blended = combine(parts, Scale.EFFECT, frame.coverage)
    method = "each source's median against its own"
    return estimate(figure, label, frame, blended, beside(counts), method=method)


def _part(below: Cell, above: Cell, frame: Frame) -> Part:
    """One source's step, both levels aged to the edition's date."""
    curves = [cell_curve(cell, _MEDIAN) for cell in (below, above)]
    aged = [float(np.log(age(cell.mean_date, frame.as_of, frame.wages).factor)) for cell in (below, above)]
    step = curves[1].values - curves[0].values
    replicates = (curves[1].replicates - curves[0].replicates)[:, 0]
    spread = replicate_spread(
        float(step[0]),
        replicates,
        min(curve.effective for curve in curves),
        min(curve.df for curve in curves),
        BIN_ERROR,
    )
    moved = Spread(spread.value + aged[1] - aged[0], spread.error, spread.df)
    n = below.n + above.n
    who = weaker([below.who, above.who])
    return Part(above.key.source, above.kind, moved, n, who, above.mean_date)
