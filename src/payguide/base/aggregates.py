"""The nouns of the reduction: cells, moments, tallies, what is an employer's own, rows and official figures; no record
stands in them.

Shapes use these letters: k bins, r = `REPLICATES` bootstrap replicates, p columns of a design.
Money is annual, in the currency named beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from payguide.base.codes import Component, EvidenceKind, Statistic
from payguide.base.contributors import Contributors
from payguide.base.money import BoolArray, FloatArray, IntArray

#: Bootstrap replicates: each employer's name hashes to this many Poisson(1) weights.
REPLICATES: Final = 80

#: Units of mass one piece of evidence puts into a histogram: hundredths, for a piece whose title is silent is spread
#: over the levels that it may have.
UNITS_PER_PIECE: Final = 100

#: The points over which a posted range spreads its mass.
RANGE_POINTS: Final = 5

#: The source name of a pooled aggregate: all sources of all kinds, for counts only.
POOLED: Final = "pooled"

#: The population that is not narrowed.
EVERYONE: Final = "all"


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """What a cell is about.

    `population` is "all" or `dimension=value`: tier=big_tech, top=yes, metro=41860, remote=remote,
    industry=health, specialisation=vision, kind of place... One narrowing at a time.
    `level` "any" takes every level, the unstated too. `component` is base, bonus, equity, total, or
    "total_over_base" (a ratio, counted in the same bins).
    """

    source: str
    role: str
    level: str
    component: str
    population: str = EVERYONE


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A population's pay as a histogram, with the counts that do not add up.

    bins (k,) ascending; mass (k,) in units of 1/`UNITS_PER_PIECE` pieces of evidence; replicates (r, k) the same mass
    under each replicate's employer weights (32 or 64 bits). `n` pieces of evidence (distinct employer x role x level x
    place-zone x band), `n_records` records behind them (one band in 58 postings: n 1, n_records 58), both rounded where
    pieces are spread over levels; `who` stands behind them. `mean_date` is the evidence's mean date.
    """

    key: CellKey
    kind: EvidenceKind
    bins: IntArray
    mass: IntArray
    replicates: IntArray
    n: int
    n_records: int
    who: Contributors
    mean_date: date


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Sufficient statistics of a least-squares regression of ln annual pay, with employer replicates.

    `columns` (p names; "intercept" first unless the design is demeaned within groups); xtx (p, p); xty (p,);
    yty; rep_xtx (r, p, p); rep_xty (r, p). `column_n` (p,) counts the evidence with a non-zero value in each column,
    and `column_who` (p,) stands behind it.
    """

    name: str
    columns: tuple[str, ...]
    xtx: FloatArray
    xty: FloatArray
    yty: float
    rep_xtx: FloatArray
    rep_xty: FloatArray
    n: int
    who: Contributors
    column_n: IntArray
    column_who: tuple[Contributors, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How many records of a population have an attribute, e.g. `skill=pytorch`, `degree=preferred:master+`.

    Only records that could show it are counted (postings with text for skills). `count` of `total` records;
    `with_it` stand behind those with the attribute, `who` behind all; rep_count (r,), rep_total (r,).
    """

    source: str
    role: str
    level: str
    attribute: str
    count: int
    total: int
    with_it: Contributors
    who: Contributors
    rep_count: IntArray
    rep_total: IntArray


@dataclass(frozen=True, slots=True, order=True)
class OwnEvidence:
    """What the public evidence on one employer, or in one metro, states by itself: a count of data points, with the
    medians of what they state. "" and 0 stand for all. Rows are of four kinds:

    - `employer`, `role`, `level`, `component`, `kind`, `year`: what an employer states of a level in a year;
    - `employer`, `role`, `grade`, `component`, `kind`: of one of its own grades, at all levels and in all years;
    - `employer`, `metro`, `role`, `component`, `kind`: how much of it is of a metro;
    - `metro`, `role`, `component`, `kind`, `year`: how much there is of a metro, whoever states it, names or not.

    Data points are those that figures count: no outlier, each once however many sources or postings repeat it, in the
    year of its newest repetition; interns and managers aside. Rows of one kind have no data point in common and add up,
    within a component: who states base and total pay is a data point of each. `level` is that of the title, else of the
    years required, else "unstated"; of people that of their years. `grade` is as it is written most simply.

    `low` and `high` are the median floor and ceiling of posted ranges, the same median twice of what people report and
    employers file: annual, in the population's currency, as stated, not aged. Both are None of metros, and of fewer
    than `MIN_OWN` people: that is somebody's pay. `newest` is the newest statement's day. Employers with fewer than
    `MIN_OWN` data points, and rows of grades and of an employer's metros with fewer, are left out.
    """

    employer: str
    metro: str
    role: str
    level: str
    grade: str
    component: str
    kind: str
    year: int
    n: int
    low: int | None
    high: int | None
    newest: date


@dataclass(frozen=True, slots=True, eq=False)
class PayRows:
    """The rows a model is fitted on: n statements of one component of annual pay, as columns of shape (n,).

    `low` and `high` are annual amounts in `currency` (equal for a single amount); `years` (of experience) and
    `tenure` (years with the employer) are NaN where not known; `day` is the ordinal of the statement's date; text
    columns are "" where not known. `employer` is the canonical slug, `grade` the employer's own grade, `metro` a CBSA
    code, `focus` the part of software. `specialisation` holds the names joined by "|", `degree` the respondent's or
    the required degree.
    """

    component: Component
    currency: str
    low: FloatArray
    high: FloatArray
    years: FloatArray
    tenure: FloatArray
    day: IntArray
    columns: Mapping[str, NDArray[np.str_]]

    #: The text columns every PayRows carries.
    TEXT: ClassVar[tuple[str, ...]] = (
        "source", "kind", "role", "level", "employer", "grade", "tier", "industry", "metro", "region",
        "country", "remote", "focus", "specialisation", "degree",
    )  # fmt: skip

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.low)

    def take(self, rows: BoolArray) -> PayRows:
        """The rows that `rows` (n,) marks."""
        return PayRows(
            component=self.component,
            currency=self.currency,
            low=self.low[rows],
            high=self.high[rows],
            years=self.years[rows],
            tenure=self.tenure[rows],
            day=self.day[rows],
            columns={name: values[rows] for name, values in self.columns.items()},
        )


@dataclass(frozen=True, slots=True)
class OfficialFigure:
    """One published official statistic (OEWS): a percentile or the mean of annual base pay, in its country's
    currency.

    `top_coded`: the value is a floor. `relative_error` is the published relative standard error of the mean.
    """

    source: str
    occupation: str
    title: str
    area: str
    area_code: str
    industry: str
    statistic: Statistic
    value: float | None
    employment: int | None
    date: date
    top_coded: bool = False
    footnote: str = ""
    relative_error: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Aggregates:
    """Everything an edition is computed from: no rows, only sums. `sources` maps a source's name to its card
    as plain data (title, origin, licence, kind, bias, retrieved, records, observations).
    """

    cells: tuple[Cell, ...]
    moments: tuple[Moments, ...]
    tallies: tuple[Tally, ...]
    official: tuple[OfficialFigure, ...]
    sources: Mapping[str, Mapping[str, str | int]]
    evidence_version: str
    own: tuple[OwnEvidence, ...] = ()
