"""A published band against our distributions: which reading of the band, if any, the evidence supports.

A guide prints "$180K-$260K" and does not say of what. Every reading that our figures allow is tried: base or
total pay, all employers or the top tier, the middle half (P25-P75) or the middle four fifths (P10-P90).

A reading *holds* when our median's whole interval lies inside the band and each end of the band lies in the
interval of the matching percentile, that interval widened by `ROUNDING` because guides print round numbers.
It *fails* when our median's whole interval lies outside the band. Otherwise it is *undecided*.

The plain reading is base pay at all employers, the middle half (of the readings the claim names, the first).
    supported            the plain reading holds
    contradicted         every reading fails
    not enough evidence  the plain reading's median, P25 or P75 is not published
    mixed                anything else: the band fits another reading, or fits the plain one in part
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from payguide.base.edition import Claim, Judgement, Verdict
from payguide.base.estimates import Estimate, Figure
from payguide.base.figure_id import parse
from payguide.guide import numbers, words
from payguide.guide.claims.parts import Outcome, capital, found, lacking, side

#: How far a printed end may lie from the percentile's interval: guides round to the nearest 10,000.
ROUNDING = 5_000.0

_SPANS = (("p25", "p75", "the middle half"), ("p10", "p90", "the middle four fifths"))


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a band: a population's low percentile, median and high percentile."""

    low: Estimate
    median: Estimate
    high: Estimate
    span: str

    def outcome(self, least: float, most: float) -> Outcome:
        """Whether the band [least, most] holds or fails under this reading."""
        centre = side(self.median.low, self.median.high, least, most)
        ends = _near(self.low, least) and _near(self.high, most)
        if centre is Outcome.HOLDS and not ends:
            return Outcome.UNDECIDED
        return centre

    def overlap(self, least: float, most: float) -> float:
        """The shared part of the two bands over what they span together: 0 apart, 1 equal."""
        shared = min(self.high.value, most) - max(self.low.value, least)
        spanned = max(self.high.value, most) - min(self.low.value, least)
        return max(0.0, shared) / spanned

    def describe(self) -> str:
        """What the reading is of: "the middle half of base pay at all employers"."""
        median = parse(self.median.id)
        where = "top-tier employers" if median.form.name == "band_top" else "all employers"
        return f"{self.span} of {words.word('components', median.get('component'))} at {where}"


def _near(end: Estimate, stated: float) -> bool:
    """Whether a stated end lies in the percentile's interval, allowing for rounding."""
    return end.low - ROUNDING <= stated <= end.high + ROUNDING


def readings(claim: Claim, figures: Mapping[str, Figure]) -> list[Reading]:
    """The readings whose three figures are all published, the plain one first where it is among them."""
    named = dict.fromkeys(parse(figure).with_(statistic="p50") for figure in claim.figures)
    kept = []
    for low, high, span in _SPANS:
        for median in named:
            ids = [str(median.with_(statistic=statistic)) for statistic in (low, "p50", high)]
            estimates, missing = found(ids, figures)
            if not missing:
                kept.append(Reading(estimates[0], estimates[1], estimates[2], span))
    return kept


def _position(plain: Reading, least: float, most: float) -> str:
    """Where the plain reading's median lies against the band."""
    where = {
        Outcome.HOLDS: "inside the stated band",
        Outcome.FAILS: "below the stated band" if plain.median.high < least else "above the stated band",
        Outcome.UNDECIDED: "across an end of the stated band",
    }[side(plain.median.low, plain.median.high, least, most)]
    return f"a median of {numbers.value(plain.median)} ({numbers.interval(plain.median)}), {where}"


def judge_band(claim: Claim, figures: Mapping[str, Figure]) -> Verdict:
    """A band against every reading of it (see the module)."""
    least, most = claim.stated
    first = parse(claim.figures[0])
    ids = [str(first.with_(statistic=statistic)) for statistic in ("p25", "p50", "p75")]
    _, missing = found(ids, figures)
    if missing:
        return lacking(claim, missing)
    tried = readings(claim, figures)
    plain = tried[0]
    best = max(tried, key=lambda reading: reading.overlap(least, most))
    judgement = _judgement(plain, tried, least, most)
    why = (
        f"{plain.describe()} runs from {numbers.value(plain.low)} to {numbers.value(plain.high)} with "
        f"{_position(plain, least, most)}"
    )
    if best is not plain and best.overlap(least, most) > 0:
        why += (
            f"; the band lies closest to {best.describe()}, "
            f"{numbers.value(best.low)} to {numbers.value(best.high)}"
        )
    deciding = dict.fromkeys(e.id for r in (plain, best) for e in (r.low, r.median, r.high))
    return Verdict(claim, judgement, capital(why) + ".", tuple(deciding))


def _judgement(plain: Reading, tried: list[Reading], least: float, most: float) -> Judgement:
    """The judgement of the readings together."""
    if plain.outcome(least, most) is Outcome.HOLDS:
        return Judgement.SUPPORTED
    if all(reading.outcome(least, most) is Outcome.FAILS for reading in tried):
        return Judgement.CONTRADICTED
    return Judgement.MIXED
