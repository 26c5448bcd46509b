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
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from payguide.base.codes import Component, EvidenceKind, Role, Statistic
from payguide.base.figures import Estimate, OfficialFigure, SourceEstimate, Unit, Unknown
from payguide.base.money import FloatArray
from payguide.fit.frame import QUANTILES, Frame
from payguide.fit.intervals import normal, student
from payguide.fit.labels import phrase

#: The fewest metros that a rank correlation is given for.
LEAST_METROS = 5

_NO_ERROR = "BLS publishes no sampling error for percentiles: no interval is stated."
_JOBS = "n is the number of jobs in the occupation as BLS estimates it, not of answers."


@cache
def _settings() -> dict[str, dict[str, list[str]]]:
    data: dict[str, dict[str, list[str]]] = tomllib.loads(
        (files("payguide.fit") / "official.toml").read_text(encoding="utf-8")
    )
    return data


def official(
    figures: Iterable[OfficialFigure], frame: Frame, metros: Iterable[str]
) -> Iterator[Estimate | Unknown]:
    """The national statistics of the role's occupations, and their medians in the given metros (CBSA
    codes).
    """
    occupations = _settings().get(str(frame.role), {"occupations": []})["occupations"]
    found = _index(figures)
    for soc in occupations:
        for statistic in Statistic:
            figure_id = f"official.{soc}.{statistic}"
            yield _figure(
                found.get((soc, NATION, statistic)), figure_id, soc, statistic, "United States", frame
            )
        for code in sorted(metros):
            figure_id = f"official.{soc}.{code}.p50"
            figure = found.get((soc, code, Statistic.P50))
            area = figure.area if figure else f"metro {code}"
            yield _figure(figure, figure_id, soc, Statistic.P50, area, frame)


#: The key of the nation among areas.
NATION = "nation"


def _index(figures: Iterable[OfficialFigure]) -> dict[tuple[str, str, Statistic], OfficialFigure]:
    """Figures of all industries together, by occupation, area ("nation" or CBSA code) and statistic."""
    found: dict[tuple[str, str, Statistic], OfficialFigure] = {}
    for figure in figures:
        if figure.industry in ALL_INDUSTRIES:
            area = _area(figure.area_code)
            found.setdefault((figure.occupation, area, figure.statistic), figure)
    return found


@cache
def _area(code: str) -> str:
    """OEWS writes a metro as "00" and its CBSA code."""
    short = code.removeprefix("00") if len(code) == 7 else code
    return NATION if short in NATION_CODES else short


#: How the nation and all industries together are written by readers of OEWS.
NATION_CODES = frozenset({"", "US", "99", "00000"})
ALL_INDUSTRIES = frozenset({"", "000000", "000001", "cross-industry", "Cross-industry"})


def _figure(
    figure: OfficialFigure | None, figure_id: str, soc: str, statistic: Statistic, area: str, frame: Frame
) -> Estimate | Unknown:
    label = phrase("official", title=figure.title if figure else soc, statistic=statistic, area=area)
    if figure is None:
        return Unknown(figure_id, label, "BLS publishes no such figure.")
    if figure.value is None:
        return Unknown(figure_id, label, f"BLS withholds it: {figure.footnote or 'no reason given'}.")
    value = figure.value
    notes = [_JOBS]
    half, coverage = 0.0, 0.0
    if statistic is Statistic.MEAN and figure.relative_error is not None:
        half, coverage = normal(frame.coverage) * figure.relative_error * value, frame.coverage
    else:
        notes.insert(0, _NO_ERROR if statistic is not Statistic.MEAN else "BLS gives no error for this mean.")
    if figure.top_coded:
        notes.insert(0, "BLS gives this value as a floor: pay is at least this.")
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
        id=figure_id,
        label=label,
        unit=Unit.MONEY,
        value=value,
        low=value - half,
        high=value + half,
        coverage=coverage,
        n=jobs,
        n_records=1,
        n_employers=0,
        largest_share=0.0,
        method="published by BLS OEWS as it stands",
        population=f"wage and salary workers, {figure.title}, {area}",
        date=figure.date,
        sources=(source,),
        currency="USD",
        component=Component.BASE,
        quantile=QUANTILES.get(str(statistic)),
        notes=tuple(notes),
    )


def metro_names(figures: Iterable[OfficialFigure]) -> dict[str, str]:
    """Each metro's name in the official statistics: its first city ("San Francisco")."""
    return {
        _area(figure.area_code): figure.area.split(",")[0].split("-")[0].strip()
        for figure in figures
        if _area(figure.area_code) != NATION
    }


def employment_shares(
    figures: Iterable[OfficialFigure], role: Role, metros: Iterable[str]
) -> dict[str, float] | None:
    """Each metro's share of the nation's jobs in the role's occupations, and "other_us" for the rest.

    None where BLS gives no national employment, or that of no metro.
    """
    found = _index(figures)
    occupations = _place_occupations(role)

    def jobs(area: str) -> int:
        rows = [found.get((soc, area, Statistic.P50)) for soc in occupations]
        return sum(row.employment or 0 for row in rows if row is not None)

    nation = jobs(NATION)
    counted = {code: jobs(code) for code in sorted(metros)}
    if nation == 0 or not any(counted.values()):
        return None
    shares = {code: count / nation for code, count in counted.items() if count}
    return shares | {"other_us": max(0.0, 1.0 - sum(shares.values()))}


def place_check(
    figures: Sequence[OfficialFigure], places: Mapping[str, Estimate], frame: Frame, heaviest: float
) -> Estimate | Unknown:
    """The rank correlation of our place effects (by CBSA code) with official metro medians; `heaviest` is the most
    evidence that one employer can have on them.
    """
    figure_id, label = "place.oews.correlation", phrase("correlation")
    codes, ours, theirs = _beside(figures, places, frame)
    if len(codes) < LEAST_METROS:
        return Unknown(figure_id, label, _few(codes))
    if len(set(ours.tolist())) == 1 or len(set(theirs.tolist())) == 1:
        return Unknown(
            figure_id, label, "All places pay the same in one of the two: there is no order to compare."
        )
    value = float(np.corrcoef(_ranks(ours), _ranks(theirs))[0, 1])
    ends = rank_interval(value, len(codes), frame.coverage)
    method = f"Spearman's rank correlation over {len(codes)} metros; Fisher z, Bonett-Wright variance"
    used = [places[code] for code in codes]
    return _checked(figure_id, label, Unit.CORRELATION, (value, *ends), method, used, frame, heaviest)


def _ranks(values: FloatArray) -> FloatArray:
    """The ranks (n,) of values (n,) from 1; those that tie share the mean of theirs."""
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: FloatArray = (np.cumsum(counts) - (counts - 1) / 2)[where]
    return found


def place_error(
    figures: Sequence[OfficialFigure], places: Mapping[str, Estimate], frame: Frame, heaviest: float
) -> Estimate | Unknown:
    """How far our place effects lie from official metro medians on the log scale, on average over the metros; Student's
    interval of that mean, never below zero. `heaviest` as in `place_check`.
    """
    figure_id, label = "place.oews.error", phrase("place_error")
    codes, ours, theirs = _beside(figures, places, frame)
    if len(codes) < LEAST_METROS:
        return Unknown(figure_id, label, _few(codes))
    apart = np.abs(np.log1p(ours) - theirs)
    value = float(apart.mean())
    half = student(frame.coverage, len(codes) - 1) * float(apart.std(ddof=1)) / math.sqrt(len(codes))
    ends = max(0.0, value - half), value + half
    method = f"mean absolute difference of log pay over {len(codes)} metros; Student's interval over metros"
    used = [places[code] for code in codes]
    return _checked(figure_id, label, Unit.RATIO, (value, *ends), method, used, frame, heaviest)


def _beside(
    figures: Sequence[OfficialFigure], places: Mapping[str, Estimate], frame: Frame
) -> tuple[list[str], FloatArray, FloatArray]:
    """The metros that have both, our effects in them and the official log ratios to the nation."""
    relative = _relative_medians(figures, _place_occupations(frame.role))
    codes = sorted(set(places) & set(relative))
    return (
        codes,
        np.array([places[code].value for code in codes]),
        np.array([relative[code] for code in codes]),
    )


def _few(codes: Sequence[str]) -> str:
    return f"Only {len(codes)} metros have both a place effect and an official median."


def _checked(
    figure_id: str,
    label: str,
    unit: Unit,
    ends: tuple[float, float, float],
    method: str,
    used: Sequence[Estimate],
    frame: Frame,
    heaviest: float,
) -> Estimate:
    """A comparison of the places' effects, `ends` its value, low and high.

    Who the largest employer of a place is is not known: at most it is the same in all of them, and at most it has there
    all that it has anywhere.
    """
    n = sum(estimate.n for estimate in used)
    largest = min(sum(estimate.largest_share * estimate.n for estimate in used), heaviest)
    return Estimate(
        id=figure_id,
        label=label,
        unit=unit,
        value=ends[0],
        low=ends[1],
        high=ends[2],
        coverage=frame.coverage,
        n=n,
        n_records=sum(estimate.n_records for estimate in used),
        n_employers=max(estimate.n_employers for estimate in used),
        largest_share=min(1.0, largest / n),
        method=method,
        population=f"{frame.population}; {len(used)} metros",
        date=frame.as_of,
        role=frame.role,
        component=Component.BASE,
        notes=("Official medians: the mean over the role's occupations of the log ratio to the nation.",),
    )


def rank_interval(value: float, count: int, coverage: float) -> tuple[float, float]:
    """The interval of a rank correlation of `count` pairs, at least 4."""
    inside = min(max(value, -0.999999), 0.999999)
    half = normal(coverage) * math.sqrt((1.0 + inside * inside / 2.0) / (count - 3))
    centre = math.atanh(inside)
    return min(value, math.tanh(centre - half)), max(value, math.tanh(centre + half))


def _place_occupations(role: Role) -> list[str]:
    return _settings().get(str(role), {"place": []})["place"]


def _relative_medians(figures: Iterable[OfficialFigure], occupations: Sequence[str]) -> dict[str, float]:
    """Each metro's mean log ratio of its medians to the nation's, over the occupations it publishes."""
    found = _index(figures)
    ratios: dict[str, list[float]] = {}
    for (soc, area, statistic), figure in found.items():
        nation = found.get((soc, NATION, Statistic.P50))
        if soc not in occupations or area == NATION or not area.isdigit() or statistic is not Statistic.P50:
            continue
        if figure.value and nation is not None and nation.value:
            ratios.setdefault(area, []).append(math.log(figure.value / nation.value))
    return {area: sum(values) / len(values) for area, values in sorted(ratios.items())}
