"""The pieces of evidence on one role, one by one, as whoever checks a figure sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import duckdb
import numpy as np

from payguide.base.aggregates import UNITS_PER_PIECE
from payguide.base.codes import LADDER, Component, EvidenceKind
from payguide.base.edition import EvidenceRecord
from payguide.evidence.units.level_probabilities import shares_of

_RECORDS: Final = """
SELECT f.key, o.role, o.source, o.kind, o.component, f.level::VARCHAR AS level, f.years_required, o.employer_name,
       o.employer_id,
       o.title, o.place_city, o.place_region, o.place_country, o.place_metro, o.remote, o.employer_tier,
       o.employer_industry, o.specialisations, f.low, f.high, o.low AS stated_low, o.high AS stated_high, o.currency,
       o.period, o.quote, o.date, o.url, f.n_records, f.outlier
FROM units f JOIN observations o USING (key)
WHERE list_contains($roles, o.role)
ORDER BY o.date DESC, o.source, f.key
"""


def records(connection: duckdb.DuckDBPyConnection, roles: Sequence[str]) -> dict[str, list[EvidenceRecord]]:
    """Every piece of evidence on the pay of each role of a prepared connection (see `prepared`), outliers too, the
    newest first.
    """
    rows = connection.sql(_RECORDS, params={"roles": list(roles)}).to_arrow_reader(10_000)
    result: dict[str, list[EvidenceRecord]] = {role: [] for role in roles}
    for row in _rows(rows):
        result[row["role"]].append(_record(row))
    return result


def _rows(batches: Any) -> Iterator[Mapping[str, Any]]:
    for batch in batches:
        yield from batch.to_pylist()


def _record(row: Mapping[str, Any]) -> EvidenceRecord:
    return EvidenceRecord(
        key=row["key"],
        source=row["source"],
        kind=EvidenceKind(row["kind"]),
        component=Component(row["component"]),
        levels=_levels(row["level"], row["years_required"]),
        employer=row["employer_name"],
        title=row["title"],
        place=_place(row),
        metro=row["place_metro"],
        remote=row["remote"],
        tier=row["employer_tier"],
        industry=row["employer_industry"],
        specialisations=tuple(row["specialisations"]),
        low=row["low"],
        high=row["high"],
        stated=_stated(row),
        quote=row["quote"],
        date=row["date"],
        url=row["url"],
        n_records=row["n_records"],
        outlier=row["outlier"],
        employer_id=row["employer_id"],
    )


def _levels(level: str, years_required: float | None) -> dict[str, float]:
    """The levels that a piece counts in (`membership`), each with its share."""
    if years_required is None:
        return {level: 1.0} if level in set(LADDER) else {}
    (shares,) = shares_of(np.array([years_required]))
    return {
        str(step): share / UNITS_PER_PIECE
        for step, share in zip(LADDER, shares.tolist(), strict=True)
        if share
    }


def _place(row: Mapping[str, Any]) -> str:
    named = (row["place_city"], row["place_region"], row["place_country"])
    return ", ".join(part for part in named if part)


def _stated(row: Mapping[str, Any]) -> str:
    """The band as the source states it: "USD 72.50–90 an hour"."""
    low, high = (f"{row[end]:,.2f}".removesuffix(".00") for end in ("stated_low", "stated_high"))
    amount = low if low == high else f"{low}–{high}"
    return f"{row['currency']} {amount} {'an' if row['period'] == 'hour' else 'a'} {row['period']}"
