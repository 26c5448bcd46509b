"""Official statistics beside our own: BLS OEWS percentiles and means, and how our place effects compare
with them.

OEWS (Occupational Employment and Wage Statistics) is base pay of wage and salary workers from 1.1 million
establishments. It publishes a relative standard error for the mean only: that gives the mean's interval
(normal theory). For percentiles none is published, so the interval is the value itself with a stated
coverage of 0, and a note says so. A top-coded value is a floor. Nothing is aged: the figure is BLS's own,
at BLS's date.

The outside check of place: Spearman's rank correlation of our metro effects with the mean log ratio of
metro to national medians over the role's occupations; interval by Fisher's z with Bonett & Wright's
variance (1 + r^2/2)/(k - 3) (Psychometrika 2000). With ten metros it is wide, and it says only that the
order agrees. The mean distance of the two on the log scale says how far they lie apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from payguide.base.aggregates import OfficialFigure
from payguide.base.codes import EvidenceKind, Statistic
from payguide.base.contributors import Contributors, joined
from payguide.base.estimates import Estimate, SourceEstimate, Unknown
from payguide.base.figure_id import FigureId, figure_id
from payguide.base.money import FloatArray
from payguide.base.reference.country import Country
from payguide.fit.bands.intervals import normal, student
from payguide.fit.context import EditionContext

#: The fewest metros that a rank correlation is given for.
MIN_METROS = 5


def official(
    figures: Iterable[OfficialFigure], frame: EditionContext, metros: Iterable[str]
) -> Iterator[Estimate | Unknown]:
    """The national statistics of the role's occupations, and their medians in the given metros (their codes)."""
    found = _index(figures, frame.country)
    for occupation in frame.country.held.get(frame.role, ()):
        for statistic in Statistic:
            figure_of = figure_id("official", occupation=occupation, statistic=statistic)
            yield _figure(found.get((occupation, NATION, statistic)), figure_of, frame.country.name, frame)
        for code in sorted(metros):
            figure = found.get((occupation, code, Statistic.P50))
            figure_of = figure_id("official_metro", occupation=occupation, metro=code)
            yield _figure(figure, figure_of, figure.area if figure else f"metro {code}", frame)


#: The key of the nation among areas.
NATION = ""


def _index(
    figures: Iterable[OfficialFigure], country: Country
) -> dict[tuple[str, str, Statistic], OfficialFigure]:
    """Figures of all industries together, by occupation, area (`NATION` or a metro's code) and statistic."""
    found: dict[tuple[str, str, Statistic], OfficialFigure] = {}
    for figure in figures:
        if figure.industry in country.official.industries:
            area = country.official.area(figure.area_code)
            found.setdefault((figure.occupation, area, figure.statistic), figure)
    return found


def _figure(
    figure: OfficialFigure | None, named: FigureId, area: str, frame: EditionContext
) -> Estimate | Unknown:
    agency, programme = frame.country.official.agency, frame.country.official.programme
    statistic = named.get("statistic")
    label = named.label(title=figure.title if figure else named.get("occupation"), area=area)
    if figure is None:
        return Unknown(str(named), label, f"{agency} publishes no such figure.")
    if figure.value is None:
        return Unknown(str(named), label, f"{agency} withholds it: {figure.footnote or 'no reason given'}.")
    value = figure.value
    notes = [f"n is the number of jobs in the occupation as {agency} estimates it, not of answers."]
    half, coverage = 0.0, 0.0
    if statistic == Statistic.MEAN and figure.relative_error is not None:
        half, coverage = normal(frame.coverage) * figure.relative_error * value, frame.coverage
    elif statistic == Statistic.MEAN:
        notes.insert(0, f"{agency} gives no error for this mean.")
    else:
        notes.insert(0, f"{agency} publishes no sampling error for percentiles: no interval is stated.")
    if figure.top_coded:
        notes.insert(0, f"{agency} gives this value as a floor: pay is at least this.")
    jobs = figure.employment or 0
    source = SourceEstimate(
        source=figure.source,
        kind=EvidenceKind.STATISTIC,
        value=value,
        low=value - half,
        high=value + half,
        weight=1.0,
        n=jobs,
        n_employers=0,
        mean_date=figure.date,
    )
    return Estimate(
        id=str(named),
        label=label,
        unit=named.form.unit,
        value=value,
        low=value - half,
        high=value + half,
        coverage=coverage,
        n=jobs,
        n_records=1,
        n_employers=0,
        n_unnamed=0,
        effective=0.0,
        largest_share=0.0,
        largest="",
        method=f"published by {programme} as it stands",
        population=f"wage and salary workers, {figure.title}, {area}",
        date=figure.date,
        sources=(source,),
        currency=frame.currency,
        component=named.component,
        quantile=named.quantile,
        notes=tuple(notes),
    )


def metro_names(figures: Iterable[OfficialFigure], country: Country) -> dict[str, str]:
    """Each metro's name in the official statistics: its first city ("San Francisco")."""
    areas = {country.official.area(figure.area_code): figure.area for figure in figures}
    return {code: area.split(",")[0].split("-")[0].strip() for code, area in areas.items() if code != NATION}


def employment_shares(
    figures: Iterable[OfficialFigure], frame: EditionContext, metros: Iterable[str]
) -> dict[str, float] | None:
    """Each metro's share of the nation's jobs in the role's occupations, and that of elsewhere in the country.

    None where the statistics give no national employment, or that of no metro.
    """
    found = _index(figures, frame.country)
    occupations = frame.country.tested.get(frame.role, ())

    def jobs(area: str) -> int:
        rows = [found.get((occupation, area, Statistic.P50)) for occupation in occupations]
        return sum(row.employment or 0 for row in rows if row is not None)

    nation = jobs(NATION)
    counted = {code: jobs(code) for code in sorted(metros)}
    if nation == 0 or not any(counted.values()):
        return None
    shares = {code: count / nation for code, count in counted.items() if count}
    return shares | {frame.country.elsewhere: max(0.0, 1.0 - sum(shares.values()))}


def place_check(
    figures: Sequence[OfficialFigure], places: Mapping[str, Estimate], frame: EditionContext, heaviest: float
) -> Estimate | Unknown:
    """The rank correlation of our place effects (by CBSA code) with official metro medians; `heaviest` is the most
    evidence that one employer can have on them.
    """
    named = figure_id("correlation")
    codes, ours, theirs = _beside(figures, places, frame)
    if len(codes) < MIN_METROS:
        return Unknown(str(named), named.label(), _few(codes))
    if len(set(ours.tolist())) == 1 or len(set(theirs.tolist())) == 1:
        why = "All places pay the same in one of the two: there is no order to compare."
        return Unknown(str(named), named.label(), why)
    value = float(np.corrcoef(_ranks(ours), _ranks(theirs))[0, 1])
    ends = rank_interval(value, len(codes), frame.coverage)
    method = f"Spearman's rank correlation over {len(codes)} metros; Fisher z, Bonett-Wright variance"
    used = [places[code] for code in codes]
    return _checked(named, (value, *ends), method, used, frame, heaviest)


def _ranks(values: FloatArray) -> FloatArray:
    """The ranks (n,) of values (n,) from 1; those that tie share the mean of theirs."""
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: FloatArray = (np.cumsum(counts) - (counts - 1) / 2)[where]
    return found


def place_error(
    figures: Sequence[OfficialFigure], places: Mapping[str, Estimate], frame: EditionContext, heaviest: float
) -> Estimate | Unknown:
    """How far our place effects lie from official metro medians on the log scale, on average over the metros; Student's
    interval of that mean, never below zero. `heaviest` as in `place_check`.
    """
    named = figure_id("place_error")
    codes, ours, theirs = _beside(figures, places, frame)
    if len(codes) < MIN_METROS:
        return Unknown(str(named), named.label(), _few(codes))
    apart = np.abs(np.log1p(ours) - theirs)
    value = float(apart.mean())
    half = student(frame.coverage, len(codes) - 1) * float(apart.std(ddof=1)) / math.sqrt(len(codes))
    ends = max(0.0, value - half), value + half
    method = f"mean absolute difference of log pay over {len(codes)} metros; Student's interval over metros"
    used = [places[code] for code in codes]
    return _checked(named, (value, *ends), method, used, frame, heaviest)


def _beside(
    figures: Sequence[OfficialFigure], places: Mapping[str, Estimate], frame: EditionContext
) -> tuple[list[str], FloatArray, FloatArray]:
    """The metros that have both, our effects in them and the official log ratios to the nation."""
    relative = _relative_medians(figures, frame.country, frame.country.tested.get(frame.role, ()))
    codes = sorted(set(places) & set(relative))
    return (
        codes,
        np.array([places[code].value for code in codes]),
        np.array([relative[code] for code in codes]),
    )


def _few(codes: Sequence[str]) -> str:
    return f"Only {len(codes)} metros have both a place effect and an official median."


def _checked(
    named: FigureId,
    ends: tuple[float, float, float],
    method: str,
    used: Sequence[Estimate],
    frame: EditionContext,
    heaviest: float,
) -> Estimate:
    """A comparison of the places' effects, `ends` its value, low and high.

    Who the largest employer of a place is is not known: at most it is the same in all of them, and at most it has there
    all that it has anywhere.
    """
    n = sum(estimate.n for estimate in used)
    who = joined([(one.n, _who(one)) for one in used])
    return Estimate(
        id=str(named),
        label=named.label(),
        unit=named.form.unit,
        value=ends[0],
        low=ends[1],
        high=ends[2],
        coverage=frame.coverage,
        n=n,
        n_records=sum(estimate.n_records for estimate in used),
        n_employers=who.n_employers,
        n_unnamed=who.unnamed,
        effective=who.effective,
        largest_share=min(who.largest_share, heaviest / n),
        largest=who.largest,
        method=method,
        population=f"{frame.population}; {len(used)} metros",
        date=frame.as_of,
        role=frame.role,
        component=named.component,
        notes=("Official medians: the mean over the role's occupations of the log ratio to the nation.",),
    )


def rank_interval(value: float, count: int, coverage: float) -> tuple[float, float]:
    """The interval of a rank correlation of `count` pairs, at least 4."""
    inside = min(max(value, -0.999999), 0.999999)
    half = normal(coverage) * math.sqrt((1.0 + inside * inside / 2.0) / (count - 3))
    centre = math.atanh(inside)
    return min(value, math.tanh(centre - half)), max(value, math.tanh(centre + half))


def _relative_medians(
    figures: Iterable[OfficialFigure], country: Country, occupations: Sequence[str]
) -> dict[str, float]:
    """Each metro's mean log ratio of its medians to the nation's, over the occupations it publishes."""
    found = _index(figures, country)
    ratios: dict[str, list[float]] = {}
    for (soc, area, statistic), figure in found.items():
        nation = found.get((soc, NATION, Statistic.P50))
        if soc not in occupations or area == NATION or not area.isdigit() or statistic is not Statistic.P50:
            continue
        if figure.value and nation is not None and nation.value:
            ratios.setdefault(area, []).append(math.log(figure.value / nation.value))
    return {area: sum(values) / len(values) for area, values in sorted(ratios.items())}


def _who(estimate: Estimate) -> Contributors:
    employers, unnamed = estimate.n_employers or 0, estimate.n_unnamed
    return Contributors(employers, unnamed, estimate.effective, estimate.largest_share, estimate.largest)
