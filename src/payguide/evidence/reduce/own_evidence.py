"""What the evidence on each named employer, and in each metro, states by itself (`OwnEvidence`).

A range that is advertised again is one data point, of the day when it was last advertised.
"""

from __future__ import annotations

from typing import Final

import duckdb

from payguide.base.aggregates import OwnEvidence
from payguide.base.codes import Component, EvidenceKind, LevelReading
from payguide.base.reference.minimums import MIN_OWN
from payguide.evidence.units.distinct import EXCLUDED_LEVELS

# what makes statements one data point is `distinct.IDENTITY`
_POINTS: Final = """
CREATE TEMP TABLE point AS
WITH latest AS (
    SELECT kind, cluster, role, level, zone, component, low, high, max(date) AS newest
    FROM stated WHERE NOT personal GROUP BY ALL
), known AS (
    SELECT employer_id AS employer, place_metro AS metro, role, level, trim(grade) AS grade, component, kind, low, high,
           greatest(date, newest) AS newest
    FROM evidence LEFT JOIN latest USING (kind, cluster, role, level, zone, component, low, high)
    WHERE pooled AND list_contains($components, component)
      AND NOT (list_contains($apart, level) AND level_read_from <> $by_grade)
)
SELECT * REPLACE (CASE WHEN count(*) OVER (PARTITION BY employer) >= $least THEN employer ELSE '' END AS employer)
FROM known
"""

# a grade is one however it is capitalised; in a row of all levels the level is "", in one of all years the year is 0
_ROWS: Final = """
WITH grouped AS (
    SELECT employer, metro, role, level, min(grade) AS grade, component, kind, year(newest) AS year, count(*) AS n,
           median(low) AS low, median(high) AS high, max(newest) AS newest,
           grouping(metro) = 0 AS placed, grouping(lower(grade)) = 0 AS graded, grouping(employer) = 0 AS named
    FROM point
    GROUP BY GROUPING SETS (
        (employer, role, level, component, kind, year(newest)),
        (employer, role, lower(grade), component, kind),
        (employer, metro, role, component, kind),
        (metro, role, component, kind, year(newest))
    )
    HAVING (NOT named OR employer <> '') AND (NOT placed OR metro <> '') AND (NOT graded OR min(grade) <> '')
       AND (n >= $least OR NOT (named AND (placed OR graded)))
)
SELECT coalesce(employer, '') AS employer, coalesce(metro, '') AS metro, role, coalesce(level, '') AS level,
       CASE WHEN graded THEN grade ELSE '' END AS grade, component, kind, coalesce(year, 0)::INTEGER AS year,
       n::INTEGER AS n, CASE WHEN told THEN round(low)::INTEGER END AS low,
       CASE WHEN told THEN round(high)::INTEGER END AS high, newest
FROM (SELECT *, NOT placed AND (kind = $range OR n >= $least) AS told FROM grouped)
ORDER BY ALL
"""


def own_evidence(connection: duckdb.DuckDBPyConnection) -> tuple[OwnEvidence, ...]:
    """The rows of a prepared connection (see `prepared`), in order. They are of the currency and country of its
    population.
    """
    connection.execute(
        _POINTS,
        {
            "components": [str(Component.BASE), str(Component.TOTAL)],
            "apart": [str(level) for level in EXCLUDED_LEVELS],
            "by_grade": str(LevelReading.GRADE),
            "least": MIN_OWN,
        },
    )
    parameters = {"least": MIN_OWN, "range": str(EvidenceKind.POSTED_RANGE)}
    rows = connection.sql(_ROWS, params=parameters).to_arrow_table().to_pylist()
    connection.execute("DROP TABLE point")
    return tuple(OwnEvidence(**row) for row in rows)
