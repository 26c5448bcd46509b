"""A published band against our distributions: the readings of the band that our figures allow.

A guide prints "$180K-$260K" and does not say of what. Every reading that our figures allow is tried: base or
total pay, all employers or the top tier, the middle half (P25-P75) or the middle four fifths (P10-P90). The plainest is
the middle half of what the claim names first (base pay at all employers); the others its words leave possible.

Our median decides: where its interval lies outside the band the reading fails, where it reaches across an end it is
open. Where it lies inside, the reading holds if each end of the band lies in the interval of the matching percentile,
that interval widened by `ROUNDING` because guides print round numbers, and fails if an end does not: the band is of
something else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from payguide.base.edition import Claim, Outcome, Rank, Reading
from payguide.base.estimates import Estimate, Figure
from payguide.base.figure_id import FigureId, parse
from payguide.guide import numbers, words
from payguide.guide.claims.parts import found, side

#: How far a printed end may lie from the percentile's interval: guides round to the nearest 10,000.
ROUNDING = 5_000.0

_SPANS = (("p25", "p75", "the middle half"), ("p10", "p90", "the middle four fifths"))


def band(claim: Claim, ids: Sequence[str], figures: Mapping[str, Figure]) -> list[Reading]:
    """A band under every reading of it (see the module), the plainest first."""
    medians = dict.fromkeys(parse(figure).with_(statistic="p50") for figure in ids)
    readings: list[Reading] = []
    nearest, overlap = "", 0.0
    for low, high, span in _SPANS:
        for median in medians:
            named = [str(median.with_(statistic=statistic)) for statistic in (low, "p50", high)]
            estimates, missing = found(claim, named, figures)
            rank = Rank.LOOSE if readings else Rank.PLAIN
            name = f"{span} of {_population(median)}"
            if missing:
                clause = "; ".join(one.clause for one in missing)
                readings.append(Reading(Outcome.OPEN, name, clause, (), rank))
                continue
            readings.append(replace(_reading(estimates, claim.stated, name), rank=rank))
            shared = _overlap(estimates, claim.stated)
            if shared > overlap:
                nearest, overlap = name, shared
    if nearest and nearest != readings[0].name:
        readings[0] = replace(readings[0], clause=f"{readings[0].clause}; the band lies closest to {nearest}")
    return readings


def _reading(estimates: Sequence[Estimate], stated: Sequence[float], name: str) -> Reading:
    """One reading: a population's low percentile, median and high percentile against the band."""
    low, median, high = estimates
    least, most = stated
    outcome = side(median.low, median.high, least, most)
    where = {
        Outcome.HOLDS: "inside the stated band",
        Outcome.FAILS: "below the stated band" if median.high < least else "above the stated band",
        Outcome.OPEN: "across an end of the stated band",
    }[outcome]
    if outcome is Outcome.HOLDS and not (_near(low, least) and _near(high, most)):
        outcome, where = Outcome.FAILS, "inside the stated band, whose ends are others"
    clause = (
        f"{name} runs from {numbers.value(low)} to {numbers.value(high)} with a median of "
        f"{numbers.value(median)} ({numbers.interval(median)}), {where}"
    )
    return Reading(outcome, name, clause, tuple(one.id for one in estimates))


def _near(end: Estimate, stated: float) -> bool:
    """Whether a stated end lies in the percentile's interval, allowing for rounding."""
    return end.low - ROUNDING <= stated <= end.high + ROUNDING


def _overlap(estimates: Sequence[Estimate], stated: Sequence[float]) -> float:
    """The shared part of the two bands over what they span together: 0 apart, 1 equal."""
    (low, _, high), (least, most) = estimates, stated
    shared = min(high.value, most) - max(low.value, least)
    return max(0.0, shared) / (max(high.value, most) - min(low.value, least))


def _population(median: FigureId) -> str:
    """Whose pay a reading is of: "base pay at all employers"."""
    part = words.word("components", median.get("component"))
    if median.form.dimension:
        return f"{part}, {words.population(*median.population)}"
    return f"{part} at {'top-tier employers' if median.form.name == 'band_top' else 'all employers'}"
