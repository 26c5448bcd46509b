"""What a confidential source says by itself, for whoever holds it: the quantiles of its own distribution, by level.

They stand beside the public figures and enter none. The source is all there is of itself: nothing is inferred from it
to others, so no interval is stated, and its coverage is 0. Pay is aged to the edition's date, as all pay is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

import numpy as np

from payguide.base.aggregates import EVERYONE, Cell
from payguide.base.codes import Component
from payguide.base.estimates import Estimate
from payguide.base.figure_id import figure_id
from payguide.fit.bands.direct import aged, ageing_notes
from payguide.fit.bands.intervals import EstimateWithError
from payguide.fit.bands.pooled import PooledEstimate, Scale, cell_counts, estimate, source_estimate
from payguide.fit.bands.quantiles import log_quantiles
from payguide.fit.context import LEVELS, QUANTILES, edition_context

_METHOD: Final = (
    "the source's own distribution, as it is: nothing is inferred from it, and no interval is stated"
)


def own_figures(
    cells: Iterable[Cell], sources: Mapping[str, str], *, role: str, country: str, as_of: date
) -> Iterator[Estimate]:
    """The figures of the sources that are named, each with its part of an id, among cells; money as in `estimate`.

    Raises:
        UsageError: there is no such country.
        ValueError: `role` is not in the vocabulary.
    """
    frame = edition_context(role, country, as_of, coverage=0.0)
    probabilities = np.array(list(QUANTILES.values()))
    for cell in cells:
        key = cell.key
        wanted = key.component in (Component.BASE, Component.TOTAL) and key.level in LEVELS
        if key.source not in sources or (key.role, key.population) != (role, EVERYONE) or not wanted:
            continue
        counts = cell_counts(cell)
        notes = ageing_notes([cell], frame, Component(key.component))
        logs = log_quantiles(cell.bins, cell.mass, probabilities)
        for statistic, log in zip(QUANTILES, logs.tolist(), strict=True):
            said = source_estimate(aged(cell, EstimateWithError(log, 0.0, 1.0), frame), 1.0, Scale.MONEY, 0.0)
            figure = figure_id(
                "own",
                source=sources[key.source],
                level=key.level,
                component=key.component,
                statistic=statistic,
            )
            alone = PooledEstimate(said.value, said.value, said.value, None, (said,), _METHOD)
            yield estimate(figure, figure.label(), frame, alone, counts, notes=notes)
