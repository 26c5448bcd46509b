"""What the market paid in earlier years, against the edition's date, and what the wage index says of the same.

The same people at an earlier day: the time curve of the market's model, of base pay; of total pay with the curve of
what is paid on top. A figure is of the middle of its year. A date moves total pay as it moves base pay wherever a
profile is answered (estimator/anchored.py), so that is what the figure of total pay says too; its interval is wider by
what is known of what is on top.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from payguide.base.aggregates import EVERYONE
from payguide.base.codes import Component
from payguide.base.estimates import Estimate
from payguide.base.figure_id import figure_id
from payguide.base.money import FloatArray
from payguide.base.reference.wage_index import wage_index
from payguide.fit.bands.pooled import PooledEstimate, SampleSize, Scale, cell_counts, estimate
from payguide.fit.market.figures import Market
from payguide.fit.market.people import People
from payguide.fit.market.posterior import Part

_DAYS: Final = 365.25
_INDEX: Final = "the published wage index by itself, which has no interval"


def time_figures(of: Market) -> Iterator[Estimate]:
    """Of each year that the curves reach, base and total pay and the wage index: what was paid over what is paid at the
    edition's date, less 1. None where the evidence has no base pay.
    """
    cells = {one: of.evidence.cells("any", one, EVERYONE)[0] for one in (Component.BASE, Component.TOTAL)}
    counts = {one: cell_counts(cell) for one, cell in cells.items() if cell is not None}
    if of.whose.posterior.top is None:
        counts.pop(Component.TOTAL, None)
    if Component.BASE in counts:
        for day in _middles(of.whose.posterior.base, of.whose.posterior.top, of.context.as_of):
            yield from _of_year(of, day, counts)


def _middles(base: Part, top: Part | None, as_of: date) -> list[date]:
    """The middles of the years from the first on that every curve reaches."""
    first = max(float(part.design.knots[0]) for part in (base, top) if part is not None)
    days = (date(year, 7, 1) for year in range(as_of.year - math.ceil(-first), as_of.year + 1))
    return [day for day in days if first <= (day - as_of).days / _DAYS <= 0]


def _of_year(of: Market, day: date, counts: Mapping[Component, SampleSize]) -> Iterator[Estimate]:
    as_of, index = of.context.as_of, wage_index(of.context.country.wage_index)
    years, log = (day - as_of).days / _DAYS, index.log_at(day) - index.log_at(as_of)
    posterior = of.whose.posterior
    base = log + _curve(posterior.base, years)
    for component, held in counts.items():
        draws = base + _on_top(of.whose, years) if component is Component.TOTAL else base
        about = np.append(base.mean(), draws - draws.mean() + base.mean())
        figure = figure_id("time", year=str(day.year), component=component)
        yield of.figure(figure, figure.label(), about, Scale.EFFECT, held)
    figure, by = figure_id("time_index", year=str(day.year)), math.expm1(log)
    alone = PooledEstimate(by, by, by, None, (), f"{_INDEX}: {index.title}")
    found = estimate(figure, figure.label(), of.context, alone, counts[Component.BASE])
    yield replace(found, coverage=0.0)


def _curve(part: Part, years: float) -> FloatArray:
    """What a part's time curve says of a day beyond the wage index: ln (s,)."""
    at = part.draws.effects[:, part.design.block("time").at]
    knots = np.append(at, np.zeros((len(at), 1)), axis=1)
    return np.array([np.interp(years, part.design.knots, row) for row in knots])


def _on_top(whose: People, years: float) -> FloatArray:
    """By how much more ln total pay moved than ln base pay, on the people's mean: (s,)."""
    top = whose.posterior.top
    moved = 0.0 if top is None else _curve(top, years)
    return whose.mean_on_top(moved) - whose.mean_on_top()
