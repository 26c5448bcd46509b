"""The one door of the room: aggregates in, every figure of an edition out, each an `Estimate` or an
`Unknown`.

The ids are the contract between this room, the gate and the guide; `ids` of the returned list are unique.
"""

from __future__ import annotations

from datetime import date

from payguide.base.codes import Role
from payguide.base.figures import POOLED, Aggregates, Estimate, Unknown
from payguide.fit.bands import bands
from payguide.fit.effects import TOP_METROS, effects
from payguide.fit.frame import Frame
from payguide.fit.labels import phrase, word
from payguide.fit.lookup import Evidence
from payguide.fit.official import employment_shares, metro_names, official, place_check, place_error
from payguide.fit.offsets import kinds
from payguide.fit.places import heaviest, metros, places
from payguide.fit.populations import populations
from payguide.fit.premium import premium
from payguide.fit.shares import shares
from payguide.fit.skills import skills
from payguide.fit.steps import steps
from payguide.fit.uplift import thresholds, uplift


def estimate(
    aggregates: Aggregates, *, role: str, as_of: date, coverage: float = 0.9
) -> list[Estimate | Unknown]:
    """Every figure of one role's edition.

    Money is in US dollars a year at the level of `as_of`; `coverage` is the stated coverage of every
    interval but those of official percentiles, which have none.

    Raises:
        ValueError: `role` is not in the vocabulary, or the coverage is not between 0 and 1.
    """
    if not 0.0 < coverage < 1.0:
        raise ValueError(f"a coverage lies between 0 and 1, not {coverage}")
    frame = Frame(
        role=Role(role),
        as_of=as_of,
        coverage=coverage,
        currency="USD",
        population=phrase("population", of=f"{word('role', role)} in the United States"),
    )
    evidence = Evidence(role, aggregates.cells, aggregates.moments, aggregates.tallies, POOLED)
    names = metro_names(aggregates.official) | {code: word("metro", code) for code in TOP_METROS}
    codes = {*TOP_METROS, *metros(evidence, frame.role)}
    market = employment_shares(aggregates.official, frame.role, codes)
    placed = list(places(evidence, frame, names, market))
    effect_of = {
        figure.id.split(".")[1]: figure
        for figure in placed
        if isinstance(figure, Estimate) and figure.id.split(".")[1].isdigit()
    }
    most = heaviest(evidence, frame.role)
    return [
        *bands(evidence, frame),
        *populations(evidence, frame, names),
        *steps(evidence, frame),
        *kinds(evidence, frame),
        *thresholds(evidence, frame),
        *effects(evidence, frame),
        *placed,
        *skills(evidence, frame),
        *shares(evidence, frame),
        *uplift(evidence, frame),
        *premium(evidence, frame),
        *official(aggregates.official, frame, codes),
        place_check(aggregates.official, effect_of, frame, most),
        place_error(aggregates.official, effect_of, frame, most),
    ]
