"""Designs of regressions: pieces of evidence as columns of numbers.

Each dimension's most frequent value is its reference and has no column. A value with fewer than 10 pieces of
evidence or 5 employers is rolled into the dimension's "other"; an "other", attribute or multi-valued column
that is still thinner is left out, and its evidence counts with the reference. Where the title is silent a piece's level
is its distribution over the ladder (`level_probabilities`): the columns hold what is expected of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.base.aggregates import UNITS_PER_PIECE
from payguide.base.codes import LADDER, Stage
from payguide.base.money import FloatArray, IntArray
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.evidence.units.categorical import Categorical
from payguide.evidence.units.distinct import column
from payguide.evidence.units.level_probabilities import shares_of

#: Stages of the lifecycle from which on a posting covers it all.
FULL: Final = 5

#: Days in a year, for trends.
DAYS_A_YEAR: Final = 365.25

#: The day from which time is counted, and the years of experience around which they are centred (per ten).
_EPOCH: Final = np.datetime64("2020-01-01")
_YEARS_CENTRE: Final = 5.0
_YEARS_SCALE: Final = 10.0

Mask = NDArray[np.bool_]
Named = tuple[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class DesignMatrix:
    """n pieces of evidence: matrix (n, p) of `columns`, y (n,) the mean of the logs of a pay's ends,
    `employer` (n,) positions in `names`; `sources` of the pieces.
    """

    columns: tuple[str, ...]
    matrix: FloatArray
    y: FloatArray
    employer: IntArray
    names: tuple[str, ...]
    sources: tuple[str, ...]


def controls(rows: pa.Table, *, personal: bool, constant: Sequence[str] = ()) -> DesignMatrix:
    """The design of adjusted effects. `personal`: self-reports (years of experience, no lifecycle).
    Dimensions named in `constant` are left out because all rows share a value.
    """
    named = Categorical.of(rows["cluster"])
    employer = named.codes.astype(np.int64)
    made: list[Named] = [("intercept", np.ones(rows.num_rows))]
    for dimension, values in _dimensions(rows).items():
        if dimension not in constant:
            made += _dummies(dimension, values, employer)
    made += _many("specialisation", column(rows, "specialisations"), employer)
    if personal:
        made += _experience(column(rows, "years_min"))
    else:
        made += _lifecycle(rows, employer)
    days = column(rows, "date").astype("datetime64[D]")
    made.append(("time", (days - _EPOCH).astype(np.float64) / DAYS_A_YEAR))
    return DesignMatrix(
        columns=tuple(name for name, _ in made),
        matrix=np.column_stack([values for _, values in made]),
        y=(np.log(column(rows, "low")) + np.log(column(rows, "high"))) / 2,
        employer=employer,
        names=named.words,
        sources=tuple(sorted(set(column(rows, "source")))),
    )


def with_skills(
    design: DesignMatrix, skills: NDArray[Any], *, least_n: int, least_employers: int
) -> DesignMatrix:
    """The design with a column for each skill named by enough pieces of evidence; skills (n,) of lists."""
    added = list(_many("skill", skills, design.employer, least_n, least_employers))
    return DesignMatrix(
        columns=(*design.columns, *(name for name, _ in added)),
        matrix=np.column_stack([design.matrix, *(values for _, values in added)]),
        y=design.y,
        employer=design.employer,
        names=design.names,
        sources=design.sources,
    )


def sufficient(
    held: Mask | FloatArray,
    employer: IntArray,
    least_n: int = MIN_EVIDENCE,
    least_employers: int = MIN_EMPLOYERS,
) -> bool:
    """Whether the pieces held (n,), whole or in part, are enough, and of enough employers, to have a column. An
    employer counts from half a piece on.
    """
    each = np.bincount(employer, held)
    return float(each.sum()) >= least_n - 1e-9 and int((each >= 0.5 - 1e-9).sum()) >= least_employers


def _dimensions(rows: pa.Table) -> Mapping[str, Mapping[str, FloatArray]]:
    """Of each dimension its values, and how much of each piece (n,) is of each."""
    degree = np.array([word or "none" for word in column(rows, "degree_required")], dtype=object)
    return {
        "source": _held(column(rows, "source")),
        "level": _levels(column(rows, "level"), column(rows, "years_required").astype(np.float64)),
        "tier": _held(column(rows, "employer_tier")),
        "metro": _held(column(rows, "metro_group")),
        "remote": _held(column(rows, "remote")),
        "industry": _held(column(rows, "employer_industry")),
        "degree": _held(degree),
    }


def _held(values: NDArray[Any]) -> dict[str, FloatArray]:
    text = values.astype(str)
    return {value: (text == value).astype(np.float64) for value in np.unique(text).tolist()}


def _levels(level: NDArray[Any], years_required: FloatArray) -> dict[str, FloatArray]:
    """The levels; pieces (n,) whose title is silent are spread over the ladder by the years asked for."""
    silent = ~np.isnan(years_required)
    held = _held(np.where(silent, "", level.astype(str)))
    held.pop("", None)
    spread = shares_of(years_required[silent]) / UNITS_PER_PIECE
    for step, shares in zip(map(str, LADDER), spread.T, strict=True):
        if shares.any():
            held.setdefault(step, np.zeros(len(level)))[silent] = shares
    return held


def _dummies(dimension: str, held: Mapping[str, FloatArray], employer: IntArray) -> Iterator[Named]:
    order = sorted(held, key=lambda value: (-float(held[value].sum()), value))
    others = np.zeros(len(employer))
    for value in sorted(order[1:]):
        if sufficient(held[value], employer):
            yield f"{dimension}={value}", held[value]
        else:
            others += held[value]
    if sufficient(others, employer):
        yield f"{dimension}=other", others


def _many(
    name: str,
    lists: NDArray[Any],
    employer: IntArray,
    least_n: int = MIN_EVIDENCE,
    least_employers: int = MIN_EMPLOYERS,
) -> Iterator[Named]:
    """A column for each word that occurs in enough lists."""
    where: dict[str, list[int]] = {}
    for row, words in enumerate(lists):
        for word in set(words):
            where.setdefault(word, []).append(row)
    for word in sorted(where):
        mask = np.zeros(len(lists), np.bool_)
        mask[where[word]] = True
        if sufficient(mask, employer, least_n, least_employers):
            yield f"{name}={word}", mask.astype(np.float64)


def _flags(pairs: Iterable[tuple[str, Mask]], employer: IntArray) -> Iterator[Named]:
    for name, mask in pairs:
        if sufficient(mask, employer):
            yield name, mask.astype(np.float64)


def _lifecycle(rows: pa.Table, employer: IntArray) -> Iterator[Named]:
    preferred = np.isin(column(rows, "degree_preferred").astype(str), ["master", "phd"])
    yield from _flags([("preferred=advanced", preferred)], employer)
    stages = stage_counts(column(rows, "stages"))
    if sufficient(stages > 0, employer):
        yield "stages", stages.astype(np.float64)
    yield from _flags([("stages=full", stages >= FULL)], employer)


def stage_counts(lists: NDArray[Any]) -> IntArray:
    """How many stages of the lifecycle each list names."""
    known = set(map(str, Stage))
    return np.array([len(known.intersection(stages)) for stages in lists], np.int64)


def _experience(years: NDArray[Any]) -> Iterator[Named]:
    """Years of experience and their square; unknown years stand at the centre, separate by their source."""
    centred = np.nan_to_num((years.astype(np.float64) - _YEARS_CENTRE) / _YEARS_SCALE, nan=0.0)
    if np.any(centred):
        yield "years", centred
        yield "years2", centred**2
