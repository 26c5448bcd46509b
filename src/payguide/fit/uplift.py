"""Total pay: how far it exceeds base pay, and how often it passes a threshold.

The ratio total/base of one and the same report is counted in cells of its own ("total_over_base"); its
quantiles are blended on the log scale and 1 is taken off. Nothing is aged: both parts of a ratio carry the
same date. The share of totals above a threshold is read after ageing, that is with the threshold divided by
the source's ageing factor, and blended on the logit scale.

What breaks it: reports that leave equity out (a ratio of 1 that is not one), and equity valued on the day
of grant.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from payguide.base.aggregates import EVERYONE, UNITS_PER_PIECE, Cell
from payguide.base.codes import Component
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import figure_id
from payguide.base.reference.currency import symbol
from payguide.fit.ageing import age
from payguide.fit.bands import ageing_notes, rearranged, too_thin
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
from payguide.fit.lookup import Evidence
from payguide.fit.proportions import share_spread
from payguide.fit.quantiles import cell_quantiles, share_above

#: The component name of the ratio's cells.
RATIO = "total_over_base"

#: The quantiles of the ratio that are shown.
SHOWN = ("p25", "p50", "p75")


def uplift(evidence: Evidence, frame: Frame) -> Iterator[Estimate | Unknown]:
    """Total over base less 1, by level, for all and for the top tiers."""
    for level in LEVELS:
        for name, population in (("all", EVERYONE), ("top", TOP)):
            ids = {q: figure_id("uplift", level=level, population=name, statistic=q) for q in SHOWN}
            pooled, cells = evidence.cells(level, RATIO, population)
            used = [cell for cell in cells if enough(cell)]
            if not used:
                yield from (Unknown(str(one), one.label(), too_thin(pooled)) for one in ids.values())
                continue
            counts, among = pooled_counts(pooled, used), people(frame, population)
            for q, blended in _ratios(used, frame).items():
                yield estimate(ids[q], ids[q].label(), frame, blended, counts, population=among)


def _ratios(cells: list[Cell], frame: Frame) -> dict[str, Blended]:
    spreads = [cell_quantiles(cell, np.array([QUANTILES[q] for q in SHOWN])) for cell in cells]
    curve = {}
    for position, name in enumerate(SHOWN):
        parts = [
            Part(c.key.source, c.kind, own[position], c.n, c.who, c.mean_date)
            for c, own in zip(cells, spreads, strict=True)
        ]
        curve[name] = combine(parts, Scale.EFFECT, frame.coverage)
    return rearranged(curve)


def thresholds(evidence: Evidence, frame: Frame) -> Iterator[Estimate | Unknown]:
    """The share of top-tier total pay above each threshold of the country, by level."""
    sign = symbol(frame.currency)
    for level in LEVELS[:-1]:
        pooled, cells = evidence.cells(level, Component.TOTAL, TOP)
        used = [cell for cell in cells if enough(cell)]
        for amount in frame.country.thresholds:
            figure = figure_id("share", level=level, threshold=f"{amount // 1000}k")
            label = figure.label(threshold=f"{sign}{amount:,}")
            if not used:
                yield Unknown(str(figure), label, too_thin(pooled))
                continue
            parts = [_above(cell, amount, frame) for cell in used]
            # sources lie apart in pay; so far apart do shares then lie, by how steeply they fall with the amount
            apart = Scale.MONEY.disagreement * max(_slope(cell, amount, frame) for cell in used)
            yield estimate(
                figure,
                label,
                frame,
                combine(parts, Scale.SHARE, frame.coverage, apart),
                pooled_counts(pooled, used),
                population=people(frame, TOP),
                notes=ageing_notes(used, frame, Component.TOTAL),
            )


def _above(cell: Cell, amount: float, frame: Frame) -> Part:
    """A cell's share of pay above an amount of the edition's date, as pieces of evidence."""
    ageing = age(cell.mean_date, frame.as_of, frame.wages)
    then = amount / ageing.factor
    totals = cell.replicates.sum(axis=1) / UNITS_PER_PIECE
    counts = np.array([share_above(cell.bins, row, then) if row.any() else 0.0 for row in cell.replicates])
    total = float(cell.mass.sum()) / UNITS_PER_PIECE
    share = share_above(cell.bins, cell.mass, then)
    spread = share_spread(
        share * total,
        total,
        counts * totals,
        totals,
        employers=cell.who.units,
        largest_share=cell.who.largest_share,
    )
    return Part(cell.key.source, cell.kind, spread, cell.n, cell.who, cell.mean_date, ageing.factor)


def _slope(cell: Cell, amount: float, frame: Frame) -> float:
    """How much the logit of a cell's share above an amount falls for one unit of ln pay, taken over a fifth around
    it; half a piece of evidence stands on either side of every amount.
    """
    then = amount / age(cell.mean_date, frame.as_of, frame.wages).factor
    n = float(cell.mass.sum()) / UNITS_PER_PIECE
    low, high = (share_above(cell.bins, cell.mass, then * factor) for factor in (np.exp(-0.1), np.exp(0.1)))
    odds = [float(special.logit((share * n + 0.5) / (n + 1.0))) for share in (low, high)]
    return (odds[0] - odds[1]) / 0.2
