"""What was reported, as it was reported: the share of top-tier totals above a threshold, not aged.

The reports of all sources are one sample of reports, whatever their dates: they are counted together, and nothing is
said of today's pay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from payguide.base.aggregates import UNITS_PER_PIECE, Cell
from payguide.base.codes import LADDER, Component
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import figure_id
from payguide.base.reference.currency import symbol
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.bands.direct import too_thin
from payguide.fit.bands.pooled import Scale, SourceEffect, cell_counts, combine, enough, estimate, together
from payguide.fit.bands.proportions import share_spread
from payguide.fit.bands.quantiles import share_above
from payguide.fit.context import TOP, EditionContext, people


def reported(evidence: AggregateIndex, frame: EditionContext) -> Iterator[Estimate | Unknown]:
    """The share of top-tier totals that were reported above each threshold of the country, by level."""
    for level in LADDER:
        pooled, cells = evidence.cells(level, Component.TOTAL, TOP)
        used = [cell for cell in cells if enough(cell)]
        for amount in frame.country.thresholds:
            figure = figure_id("reported", level=level, threshold=f"{amount // 1000}k")
            label = figure.label(threshold=f"{symbol(frame.currency)}{amount:,}")
            if not used:
                yield Unknown(str(figure), label, too_thin(pooled))
                continue
            yield estimate(
                figure,
                label,
                frame,
                combine([_above(used, amount)], Scale.SHARE, frame.coverage, 0.0),
                together([cell_counts(cell) for cell in used]),
                population=people(frame, TOP),
                method="share of all reports, not aged",
            )


def _above(cells: Sequence[Cell], amount: float) -> SourceEffect:
    """The share of several sources' reports above an amount, as pieces of evidence."""
    counts = together([cell_counts(cell) for cell in cells])
    own, rows = [], []
    for cell in cells:
        masses = np.vstack([cell.mass, cell.replicates])
        totals = masses.sum(axis=1) / UNITS_PER_PIECE
        shares = [share_above(cell.bins, row, amount) if row.any() else 0.0 for row in masses]
        own.append(np.array(shares) * totals)
        rows.append(totals)
    above, total = np.sum(own, axis=0), np.sum(rows, axis=0)
    spread = share_spread(
        float(above[0]),
        float(total[0]),
        above[1:],
        total[1:],
        employers=counts.who.units,
        largest_share=counts.who.largest_share,
    )
    first = max(cells, key=lambda cell: cell.mean_date)
    source = " + ".join(cell.key.source for cell in cells)
    return SourceEffect(source, first.kind, spread, counts.n, counts.who, first.mean_date)
