"""Cells: pay as histograms, by source, role, level, component and population.

A posted range puts its five units of mass at the 10, 30, 50, 70 and 90 % points of the log-uniform between
its ends (pay offered is taken to be spread evenly over the range on the log scale); a single amount puts all
five into one bin. The component `total_over_base` is the ratio of the two in one and the same record.

The engine groups, numpy weighs: mass is summed by cell, employer and bin in DuckDB, then multiplied by the
employers' replicate weights. Distinct employers and the largest one's share are a query of their own, for
counting them beside the bins costs ten times as much.

Pooled cells hold each piece of evidence once over all sources and kinds. They carry counts only, with no
bins: a range offered and a wage reported are not one distribution.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
from scipy import sparse

from payguide.base.codes import EvidenceKind
from payguide.base.figures import EVERYONE, MASS, POOLED, Cell, CellKey
from payguide.base.money import FloatArray, IntArray, bin_of
from payguide.evidence.distinct import column
from payguide.evidence.replicates import THRESHOLDS, weights

#: Disclosure: what is thinner is not made (a narrowed population) or not packaged (any).
LEAST_N: Final = 10
LEAST_EMPLOYERS: Final = 5

#: The component that is a ratio.
RATIO: Final = "total_over_base"

#: Where a posted range's units of mass lie between the logs of its ends.
POINTS: Final = (np.arange(MASS) + 0.5) / MASS

# a ratio is a piece of its own beside the two it is made of; a record with several bases or totals has none
_PIECES: Final = """
CREATE OR REPLACE TEMP TABLE piece AS
WITH stated AS (
    SELECT number, source, kind, role, levels, component, cluster, n_records, pooled, pooled_records, date,
           low, high, employer_tier, place_metro, remote, employer_industry, specialisations, top, metro_group
    FROM evidence
    UNION ALL
    SELECT t.number + (SELECT count(*) FROM evidence), t.source, t.kind, t.role, t.levels, $ratio, t.cluster, 1,
           true, 1, t.date, t.low / b.low, t.high / b.high, t.employer_tier, t.place_metro, t.remote,
           t.employer_industry, t.specialisations, t.top, t.metro_group
    FROM evidence t JOIN evidence b ON b.source = t.source AND b.record = t.record
    WHERE t.component = 'total' AND b.component = 'base' AND t.personal
    QUALIFY count(*) OVER (PARTITION BY t.source, t.record) = 1
)
SELECT *, date - DATE '1970-01-01' AS day,
       hash(source, role, levels, component, employer_tier, place_metro, remote, employer_industry,
            specialisations, top, metro_group) AS sort
FROM stated
"""

# Words become numbers before anything is multiplied: a piece counts in a dozen cells, and there are few kinds of
# piece: `sort` stands for what decides a piece's cells, `slot` for a cell that may be made.
_NUMBERED: Final = (
    """
    CREATE OR REPLACE TEMP TABLE employer AS
    SELECT cluster, row_number() OVER (ORDER BY cluster) - 1 AS employer FROM (SELECT DISTINCT cluster FROM piece)
    """,
    """
    CREATE OR REPLACE TEMP TABLE sort AS
    SELECT *, list_filter(
        [$everyone, CASE WHEN top THEN 'top=yes' ELSE 'top=no' END, 'tier=' || employer_tier,
         CASE WHEN place_metro <> '' THEN 'metro=' || place_metro END,
         CASE WHEN metro_group <> place_metro THEN 'metro=' || metro_group END, 'remote=' || remote,
         'industry=' || employer_industry]
        || list_transform(specialisations, lambda s: 'specialisation=' || s), lambda p: p IS NOT NULL
    ) AS populations
    FROM (SELECT DISTINCT sort, source, role, levels, component, employer_tier, place_metro, remote,
                          employer_industry, specialisations, top, metro_group FROM piece)
    """,
    """
    CREATE OR REPLACE TEMP TABLE place AS
    WITH one AS (SELECT sort, source, role, unnest(levels) AS level, component, populations FROM sort),
    each AS (SELECT * EXCLUDE (populations), unnest(populations) AS population FROM one)
    SELECT sort, source, role, level, component, population, false AS is_pooled FROM each
    UNION ALL SELECT sort, $pooled, role, level, component, population, true FROM each
    """,
    """
    CREATE OR REPLACE TEMP TABLE slot AS
    SELECT *, row_number() OVER (ORDER BY source, role, level, component, population)::INTEGER AS slot
    FROM (SELECT DISTINCT source, role, level, component, population, is_pooled FROM place)
    """,
    """
    CREATE OR REPLACE TEMP TABLE member AS
    SELECT number::INTEGER AS number, slot, is_pooled, employer::INTEGER AS employer, kind, day::INTEGER AS day,
           (CASE WHEN is_pooled THEN pooled_records ELSE n_records END)::INTEGER AS records
    FROM piece
    JOIN employer USING (cluster)
    JOIN (SELECT sort, slot, is_pooled FROM place
          JOIN slot USING (source, role, level, component, population, is_pooled)) AS target USING (sort)
    WHERE pooled OR NOT is_pooled
    """,
)

_CELLS: Final = """
CREATE OR REPLACE TEMP TABLE cell AS
WITH held AS (
    SELECT slot, employer, count(*) AS n, sum(records) AS records, sum(day) AS days FROM member GROUP BY ALL
), counted AS (
    SELECT slot, sum(n)::BIGINT AS n, count(*) AS n_employers, max(n) AS largest,
           sum(records)::BIGINT AS n_records, sum(days)::DOUBLE / sum(n) AS day
    FROM held GROUP BY slot
), kinds AS (
    SELECT slot, kind FROM member GROUP BY slot, kind
    QUALIFY row_number() OVER (PARTITION BY slot ORDER BY count(*) DESC, kind) = 1
)
SELECT row_number() OVER (ORDER BY slot) - 1 AS cell, *
FROM counted JOIN kinds USING (slot) JOIN slot USING (slot)
WHERE population = $everyone OR (n >= $least_n AND n_employers >= $least_employers)
"""

# cell, bin and employer in one number: grouping and sorting by one is twice as fast
_MASS: Final = """
SELECT ((cell * $bins + bin + $bins // 2) << $employer_bits) + employer AS packed, sum(mass)::BIGINT AS mass
FROM member JOIN (SELECT slot, cell FROM cell) AS made USING (slot) JOIN unit USING (number)
WHERE NOT is_pooled GROUP BY packed ORDER BY packed
"""

#: How many bins there can be: those of a ratio of a hundredth to those of billions.
_BINS: Final = 1 << 14
#: How many bits of the number hold the employer.
_EMPLOYER: Final = 24


def cells(connection: duckdb.DuckDBPyConnection) -> tuple[Cell, ...]:
    """The cells of the table `evidence` (see `distinct.prepare`), in the order of their keys. A narrowed
    population has a cell from 10 pieces of evidence of 5 employers on.
    """
    connection.execute(_PIECES, {"ratio": RATIO})
    for made in _NUMBERED:
        given = {"everyone": EVERYONE, "pooled": POOLED}
        connection.execute(made, {name: word for name, word in given.items() if f"${name}" in made})
    connection.execute(_CELLS, {"everyone": EVERYONE, "least_n": LEAST_N, "least_employers": LEAST_EMPLOYERS})
    pieces = connection.sql("SELECT number, low, high FROM piece ORDER BY number").to_arrow_table()
    units = _units(column(pieces, "number"), column(pieces, "low"), column(pieces, "high"))
    connection.register("unit", units)
    mass = connection.sql(_MASS, params={"bins": _BINS, "employer_bits": _EMPLOYER}).to_arrow_table()
    found = connection.sql("SELECT * FROM cell ORDER BY cell").to_arrow_table().to_pylist()
    names = (
        connection.sql("SELECT cluster FROM employer ORDER BY employer")
        .to_arrow_table()["cluster"]
        .to_pylist()
    )
    histograms = _histograms(mass, names, len(found))
    return tuple(_cell(row, *histogram) for row, histogram in zip(found, histograms, strict=True))


def unit_bins(low: FloatArray, high: FloatArray) -> IntArray:
    """The bins (n, `MASS`) of the units of mass of n amounts or ranges."""
    logs = np.log(low)[:, None] + np.log(high / low)[:, None] * POINTS
    return bin_of(np.exp(logs))


def _units(number: IntArray, low: FloatArray, high: FloatArray) -> pa.Table:
    """Each piece's bins with their mass; a single amount is one row."""
    single = low == high
    spread = unit_bins(low[~single], high[~single])
    return pa.table(
        {
            "number": np.concatenate([number[single], np.repeat(number[~single], MASS)]),
            "bin": np.concatenate([bin_of(low[single]), spread.ravel()]),
            "mass": np.concatenate([np.full(int(single.sum()), MASS), np.ones(spread.size, np.int64)]),
        }
    )


Histogram = tuple[IntArray, IntArray, IntArray]


def _histograms(mass: pa.Table, names: list[str], count: int) -> list[Histogram]:
    """Bins, mass and replicates of each cell 0..count-1, from rows sorted by cell and bin.

    All replicates are one product: a sparse matrix of bins x employers times the employers' weights.
    """
    packed, units = column(mass, "packed"), column(mass, "mass")
    employer = packed & ((1 << _EMPLOYER) - 1)
    cell, bins = np.divmod(packed >> _EMPLOYER, _BINS)
    bins -= _BINS // 2
    starts = np.flatnonzero((np.diff(cell, prepend=-1) != 0) | (np.diff(bins, prepend=0) != 0))
    rows = np.append(starts, len(bins))
    spread = sparse.csr_array((units, employer, rows), shape=(len(starts), len(names)))
    totals = np.add.reduceat(units, starts) if len(starts) else units
    # half the memory where no replicate of a bin can leave 32 bits: a weight is at most len(THRESHOLDS)
    small = len(THRESHOLDS) * int(totals.max(initial=0)) < np.iinfo(np.int32).max
    kind = np.int32 if small else np.int64
    replicates = spread.astype(kind) @ weights(names).astype(kind)
    edges = np.searchsorted(cell[starts], np.arange(count + 1))
    return [(bins[starts[a:b]], totals[a:b], replicates[a:b].T) for a, b in pairwise(edges.tolist())]


def _cell(row: dict[str, object], bins: IntArray, mass: IntArray, replicates: IntArray) -> Cell:
    key = CellKey(*(str(row[name]) for name in ("source", "role", "level", "component", "population")))
    n, largest = int(str(row["n"])), int(str(row["largest"]))
    return Cell(
        key=key,
        kind=EvidenceKind(str(row["kind"])),
        bins=bins,
        mass=mass,
        replicates=replicates,
        n=n,
        n_records=int(str(row["n_records"])),
        n_employers=int(str(row["n_employers"])),
        largest_share=largest / n,
        mean_date=date.fromordinal(date(1970, 1, 1).toordinal() + round(float(str(row["day"])))),
    )
