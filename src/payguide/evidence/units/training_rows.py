"""The rows that the estimator is fitted on: distinct pieces of evidence, posted ranges and self-reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from payguide.base.aggregates import PayRows
from payguide.base.codes import Component, EvidenceKind, LevelReading
from payguide.evidence.units.distinct import EXCLUDED_LEVELS, PERSONAL, column

#: The kinds of evidence that a market's pay is estimated from: a payroll is one employer's, a filing's pay is a floor.
FITTED: Final = (EvidenceKind.POSTED_RANGE, EvidenceKind.SELF_REPORT)

_COLUMNS: Final = """
SELECT source, kind, role, level, employer_id AS employer, grade, employer_tier AS tier,
       employer_industry AS industry, place_metro AS metro, place_region AS region, place_country AS country,
       remote, coalesce(focus, '') AS focus, array_to_string(list_sort(specialisations), '|') AS specialisation,
       coalesce(degree_required, '') AS degree, {pay}, years_min AS years, tenure, date
FROM evidence {also}
WHERE pooled AND component = $component AND list_contains($kinds, kind)
  AND NOT (list_contains($apart, level) AND level_read_from <> $by_grade)
ORDER BY key
"""
_ROWS: Final = _COLUMNS.format(pay="low, high", also="")

#: Total pay of people who state their base pay, once, in the same record.
_BOTH: Final = _COLUMNS.format(
    pay="base AS low, low AS high",
    also="""JOIN (SELECT source, record, min(low) AS base FROM evidence WHERE component = $base GROUP BY ALL
                  HAVING count(*) = 1 AND min(low) = max(high)) USING (source, record)""",
)


def training_rows(
    connection: duckdb.DuckDBPyConnection, currency: str, kinds: Sequence[EvidenceKind] = FITTED
) -> dict[str, PayRows]:
    """The model's rows of base and of total pay of a prepared connection (see `prepared`), in the order of their keys;
    of other `kinds` than those that a model is fitted on for whoever judges it.

    Interns, managers and the role "other" are left out, and so are outliers; a piece that several sources state is
    there once. Who is one only by the word of the grade ("Vice President" of a bank) stays: grades are read as such.
    """
    return {str(one): _rows(connection, one, currency, kinds) for one in (Component.BASE, Component.TOTAL)}


def base_and_total(connection: duckdb.DuckDBPyConnection, currency: str) -> PayRows:
    """The statements of people who state both base pay, as `low`, and total pay, as `high`; otherwise as
    `training_rows`.
    """
    return _rows(connection, Component.TOTAL, currency, PERSONAL, _BOTH)


def _rows(
    connection: duckdb.DuckDBPyConnection, component: Component, currency: str, kinds: Sequence[EvidenceKind],
    query: str = _ROWS,
) -> PayRows:  # fmt: skip
    parameters = {
        "component": str(component),
        "kinds": [str(kind) for kind in kinds],
        "apart": [str(level) for level in EXCLUDED_LEVELS],
        "by_grade": str(LevelReading.GRADE),
    }
    if query is _BOTH:
        parameters["base"] = str(Component.BASE)
    rows = connection.sql(query, params=parameters).to_arrow_table()
    days = rows["date"].cast(pa.int32()).to_numpy().astype(np.int64)
    return PayRows(
        component=component,
        currency=currency,
        low=column(rows, "low"),
        high=column(rows, "high"),
        years=column(rows, "years").astype(np.float64),
        tenure=column(rows, "tenure").astype(np.float64),
        day=days + date(1970, 1, 1).toordinal(),
        columns={name: column(rows, name).astype(np.str_) for name in PayRows.TEXT},
    )
