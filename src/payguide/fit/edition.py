"""The one door of the room: aggregates in, every figure of an edition out, each an `Estimate` or an
`Unknown`.

The ids are the contract between this room, the gate and the guide; `ids` of the returned list are unique.
"""

from __future__ import annotations

from datetime import date

from payguide.base.aggregates import POOLED, Aggregates
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import parse
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.bands.official import employment_shares, metro_names, official, place_check, place_error
from payguide.fit.bands.reported import reported
from payguide.fit.bands.shares import shares
from payguide.fit.context import edition_context
from payguide.fit.effects.adjusted import effects, framed_effects
from payguide.fit.effects.places import heaviest, metros, places
from payguide.fit.effects.role_premium import premium
from payguide.fit.effects.skills import skills
from payguide.fit.effects.source_differences import kinds
from payguide.fit.market.figures import Market, market_figures
from payguide.fit.market.people import People
from payguide.fit.market.sensitivity import sensitivity
from payguide.fit.market.time import time_figures


def estimate(
    aggregates: Aggregates, whose: People, *, role: str, country: str, as_of: date, coverage: float = 0.9
) -> list[Estimate | Unknown]:
    """Every figure of the edition of one role in one country (its ISO 3166 code), of the people `whose` pay it is.

    Money is in the country's currency, a year, at the level of `as_of`; `coverage` is the stated coverage of every
    interval but those of official percentiles, which have none.

    Raises:
        UsageError: there is no such country.
        ValueError: `role` is not in the vocabulary, or the coverage is not between 0 and 1.
    """
    if not 0.0 < coverage < 1.0:
        raise ValueError(f"a coverage lies between 0 and 1, not {coverage}")
    frame = edition_context(role, country, as_of, coverage)
    market = frame.country
    evidence = AggregateIndex(role, aggregates.cells, aggregates.moments, aggregates.tallies, POOLED)
    names = metro_names(aggregates.official, market) | {code: market.places[code] for code in market.top}
    names[market.elsewhere] = market.elsewhere_name
    codes = {*market.top, *metros(evidence, frame.role)}
    jobs = employment_shares(aggregates.official, frame, codes)
    of = Market(whose, evidence, frame, names)
    placed = list(places(evidence, frame, names, jobs, of))
    effect_of = {
        code: figure
        for figure in placed
        if isinstance(figure, Estimate) and (code := parse(figure.id).get("metro")).isdigit()
    }
    most = heaviest(evidence, frame.role)
    return [
        *market_figures(of),
        *sensitivity(of),
        *time_figures(of),
        *kinds(evidence, frame),
        *reported(evidence, frame),
        *framed_effects(evidence, frame, of),
        *effects(evidence, frame),
        *placed,
        *skills(evidence, frame),
        *shares(evidence, frame),
        *premium(evidence, frame),
        *official(aggregates.official, frame, codes),
        place_check(aggregates.official, effect_of, frame, most),
        place_error(aggregates.official, effect_of, frame, most),
    ]
