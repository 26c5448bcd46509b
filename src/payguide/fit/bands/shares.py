"""Shares of postings: skills asked for, degrees, duties by level, single-band remote employers.

Pooled over sources, unlike pay. Pay sources measure different things (a range offered, a wage reported) and
are blended; that a posting names a skill is the same fact on whichever board it stood, read by the same
reader, so sources differ only in which employers they hold, and the employer-clustered interval carries
that. Each source's own share is kept on the figure, weighted by its postings, and I2 shows how far they
disagree.

The interval is made on the logit scale from the replicate counts (`proportions`). What breaks it: boards
that leave out parts of the text (a cut description names fewer skills), and postings that list everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy import special

from payguide.base.aggregates import POOLED, Tally
from payguide.base.codes import LADDER, Duty, EvidenceKind
from payguide.base.contributors import joined
from payguide.base.estimates import Estimate, SourceEstimate, Unknown
from payguide.base.figure_id import FigureId, figure_id
from payguide.base.reference.minimums import MIN_EVIDENCE
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.bands.intervals import EstimateWithError
from payguide.fit.bands.meta_analysis import heterogeneity
from payguide.fit.bands.pooled import PooledEstimate, SampleSize, estimate
from payguide.fit.bands.proportions import share_spread
from payguide.fit.context import EditionContext, people

#: What the role itself does: the duties that do not tell levels apart.
ROLE_DUTIES = (Duty.BUILD_MODELS, Duty.DEPLOY, Duty.MAINTAIN, Duty.RESEARCH_TO_PRODUCTION)

#: The attribute, in tallies, of a remote employer that advertises one band.
SINGLE_BAND = "employer.single_band"

_METHOD = "share of all postings with text, pooled over sources; employer-clustered replicate interval"


def shares(evidence: AggregateIndex, frame: EditionContext) -> Iterator[Estimate | Unknown]:
    """Every share of the edition."""
    yield from _skills(evidence, frame)
    for strength in ("required", "preferred"):
        for degree in ("bachelor", "master", "phd", "advanced"):
            figure = figure_id("degree_share", strength=strength, degree=degree)
            yield _figure(evidence, frame, figure, f"degree={strength}:{degree}")
    yield _figure(evidence, frame, figure_id("degree_unmentioned"), "degree=unmentioned")
    for level in LADDER:
        for duty in Duty:
            yield _figure(evidence, frame, figure_id("duty", level=level, duty=duty), f"duty={duty}")
    for duty in ROLE_DUTIES:
        yield _figure(evidence, frame, figure_id("role_duty", duty=duty), f"duty={duty}")
    yield _figure(evidence, frame, figure_id("single_band"), SINGLE_BAND)


def _skills(evidence: AggregateIndex, frame: EditionContext) -> Iterator[Estimate | Unknown]:
    found = sorted(
        attribute.removeprefix("skill=")
        for level, attribute in evidence.tallies
        if level == "any" and attribute.startswith("skill=")
    )
    for skill in found:
        yield _figure(evidence, frame, figure_id("skill_demand", skill=skill), f"skill={skill}")


def _figure(
    evidence: AggregateIndex, frame: EditionContext, figure: FigureId, attribute: str
) -> Estimate | Unknown:
    level = figure.get("level") or "any"
    tallies = _tallies(evidence, level, attribute)
    # a single-band tally counts employers, who may stand in several sources: it is pooled already or one
    # source's
    pooled = tallies.get(POOLED) or (next(iter(tallies.values())) if len(tallies) == 1 else None)
    if pooled is None or pooled.total == 0:
        return Unknown(str(figure), figure.label(), "No posting states it, or too few to count.")
    spread = _spread(pooled)
    low, high = spread.interval(frame.coverage)
    share = pooled.count / pooled.total
    sources, heterogeneity = _sources(evidence, frame, tallies)
    blended = PooledEstimate(
        value=share,
        low=min(share, float(special.expit(low))),
        high=max(share, float(special.expit(high))),
        heterogeneity=heterogeneity,
        sources=sources,
        method=_METHOD,
    )
    units = "employers" if attribute == SINGLE_BAND else "postings"
    counts = SampleSize(pooled.total, pooled.total, pooled.who)
    among = f"{people(frame)}; {units}" + ("" if level == "any" else f", {level} level")
    return estimate(figure, figure.label(), frame, blended, counts, population=among)


def _tallies(evidence: AggregateIndex, level: str, attribute: str) -> Mapping[str, Tally]:
    """The tallies of an attribute by source; "advanced" degrees are the sum of master's and PhD if not
    counted.

    A posting has one required degree (the lowest) and one preferred degree (the highest), so the two add
    up.
    """
    found = evidence.tallies.get((level, attribute), {})
    if found or not attribute.endswith(":advanced"):
        return found
    stem = attribute.removesuffix("advanced")
    parts = [evidence.tallies.get((level, f"{stem}{degree}"), {}) for degree in ("master", "phd")]
    return {
        source: _sum([part[source] for part in parts if source in part]) for source in {*parts[0], *parts[1]}
    }


def _sum(parts: Sequence[Tally]) -> Tally:
    """Exclusive attributes of the same population as one: counts add up, the total stays."""
    return replace(
        parts[0],
        count=sum(part.count for part in parts),
        with_it=joined([(part.count, part.with_it) for part in parts]),
        rep_count=np.sum([part.rep_count for part in parts], axis=0),
    )


def _spread(tally: Tally) -> EstimateWithError:
    counts, totals = tally.rep_count.astype(np.float64), tally.rep_total.astype(np.float64)
    return share_spread(
        float(tally.count),
        float(tally.total),
        counts,
        totals,
        employers=tally.who.units,
        largest_share=tally.who.largest_share,
    )


def _sources(
    evidence: AggregateIndex, frame: EditionContext, tallies: Mapping[str, Tally]
) -> tuple[tuple[SourceEstimate, ...], float | None]:
    """Each source's own share, weighted by its postings, and I2 between the sources of ten and more."""
    own = [tally for name, tally in sorted(tallies.items()) if name != POOLED and tally.total > 0]
    total = sum(tally.total for tally in own)
    kinds, dates = evidence.kinds, evidence.mean_dates
    made, values, errors = [], [], []
    for tally in own:
        spread = _spread(tally)
        low, high = (float(special.expit(end)) for end in spread.interval(frame.coverage))
        share = tally.count / tally.total
        made.append(
            SourceEstimate(
                source=tally.source,
                kind=kinds.get(tally.source, EvidenceKind.POSTED_RANGE),
                value=share,
                low=min(share, low),
                high=max(share, high),
                weight=tally.total / total,
                n=tally.total,
                n_employers=tally.who.n_employers,
                mean_date=dates.get(tally.source, frame.as_of),
            )
        )
        if tally.total >= MIN_EVIDENCE:
            values.append(spread.value)
            errors.append(spread.error)
    i2 = heterogeneity(np.array(values), np.array(errors) ** 2) if len(values) > 1 else None
    return tuple(made), i2
