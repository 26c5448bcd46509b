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
from payguide.evidence.units.distinct import EXCLUDED_LEVELS, column

#: The kinds of evidence that a market's pay is estimated from: a payroll is one employer's, a filing's pay is a floor.
FITTED: Final = (EvidenceKind.POSTED_RANGE, EvidenceKind.SELF_REPORT)

_ROWS: Final = """
SELECT source, kind, role, level, employer_id AS employer, grade, employer_tier AS tier,
       employer_industry AS industry, place_metro AS metro, place_region AS region, place_country AS country,
       remote, coalesce(focus, '') AS focus, array_to_string(list_sort(specialisations), '|') AS specialisation,
       coalesce(degree_required, '') AS degree, low, high, years_min AS years, tenure, date
FROM evidence
WHERE pooled AND component = $component AND list_contains($kinds, kind)
  AND NOT (list_contains($apart, level) AND level_read_from <> $by_grade)
ORDER BY key
"""


def training_rows(
    connection: duckdb.DuckDBPyConnection, currency: str, kinds: Sequence[EvidenceKind] = FITTED
) -> dict[str, PayRows]:
    """The model's rows of base and of total pay of a prepared connection (see `prepared`), in the order of their keys;
    of other `kinds` than those that a model is fitted on for whoever judges it.

    Interns, managers and the role "other" are left out, and so are outliers; a piece that several sources state is
    there once. Who is one only by the word of the grade ("Vice President" of a bank) stays: grades are read as such.
    """
    return {str(one): _rows(connection, one, currency, kinds) for one in (Component.BASE, Component.TOTAL)}


def _rows(
    connection: duckdb.DuckDBPyConnection, component: Component, currency: str, kinds: Sequence[EvidenceKind]
) -> PayRows:
    parameters = {
        "component": str(component),
        "kinds": [str(kind) for kind in kinds],
        "apart": [str(level) for level in EXCLUDED_LEVELS],
        "by_grade": str(LevelReading.GRADE),
    }
    rows = connection.sql(_ROWS, params=parameters).to_arrow_table()
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
