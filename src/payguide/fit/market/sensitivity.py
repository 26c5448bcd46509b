"""How far the headline figures hang on the least known margin: each level's median where the top tiers had half the
people, or twice as many, that the market gives them.

Pay within the cells stays; the shares move, and with them what goes together with the tier (`frame`). It is the change
of the figure as it stands: its own uncertainty is in the interval of the figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from payguide.base.aggregates import EVERYONE
from payguide.base.codes import TOP_TIERS, Component
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import figure_id
from payguide.base.market import Margin, with_share
from payguide.fit.bands.pooled import PooledEstimate, cell_counts, estimate
from payguide.fit.context import LEVELS
from payguide.fit.market.figures import METHOD, Market
from payguide.fit.market.frame import TIERS
from payguide.fit.market.people import People

#: By how much the top tiers' share is multiplied, by the last part of the ids.
CHANGES: Final[Mapping[str, float]] = {"top_halved": 0.5, "top_doubled": 2.0}
_CANNOT: Final = "The top tiers' share of the market cannot be changed so."
_NOBODY: Final = "There is no median to move."
_MEDIAN: Final = np.array([0.5])


def sensitivity(of: Market) -> Iterator[Estimate | Unknown]:
    """By how much each level's median of base and total pay moves, for each of `CHANGES`."""
    for change, factor in CHANGES.items():
        other = _changed(of.whose, factor)
        for level in LEVELS:
            for component in (Component.BASE, Component.TOTAL):
                yield _moved(of, other, level, component, change)


def _changed(whose: People, factor: float) -> People | None:
    """The people where the top tiers have so many times their share; who has no tier margin has the evidence's."""
    shares = dict(zip(TIERS, whose.frame.tier[0].tolist(), strict=True))
    tier = whose.market.margins["tier"] or Margin(shares, "", None, assumed=False)
    stated = replace(whose.market, margins={**whose.market.margins, "tier": tier})
    market = with_share(stated, [str(tier) for tier in TOP_TIERS], factor)
    return None if market is None else whose.under(market)


def _moved(
    of: Market, other: People | None, level: str, component: Component, change: str
) -> Estimate | Unknown:
    figure = figure_id("market", level=level, component=component, change=change)
    pooled, _ = of.evidence.cells(level, component, EVERYONE)
    before = of.distribution(component, level, EVERYONE)
    after = other.distribution(component, level) if other else None
    if pooled is None or before is None or after is None:
        return Unknown(str(figure), figure.label(), _NOBODY if other else _CANNOT)
    by = math.expm1(float((after.quantiles(_MEDIAN)[0] - before.quantiles(_MEDIAN)[0])[0]))
    blended = PooledEstimate(by, by, by, None, (), METHOD)
    # without draws there is no interval to state the coverage of
    return replace(estimate(figure, figure.label(), of.context, blended, cell_counts(pooled)), coverage=0.0)
