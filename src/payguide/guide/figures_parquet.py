"""figures.parquet: one typed row a figure, for programs. What is not published has no numbers: missing is not zero."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from payguide.base.figures import Figure, Published
from payguide.guide.codec import figure_data
from payguide.guide.figures_csv import safe

_SOURCE: Final = pa.struct(
    [
        ("source", pa.string()),
        ("kind", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("weight", pa.float64()),
        ("n", pa.int64()),
        ("n_employers", pa.int64()),
        ("mean_date", pa.date32()),
        ("ageing", pa.float64()),
    ]
)

#: The columns: those of an estimate, its status, and the gate's rule and reason where it is kept back or not known.
SCHEMA: Final = pa.schema(
    [
        ("id", pa.string()),
        ("label", pa.string()),
        ("status", pa.string()),
        ("unit", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("coverage", pa.float64()),
        ("n", pa.int64()),
        ("n_records", pa.int64()),
        ("n_employers", pa.int64()),
        ("largest_share", pa.float64()),
        ("heterogeneity", pa.float64()),
        ("borrowed", pa.float64()),
        ("currency", pa.string()),
        ("component", pa.string()),
        ("role", pa.string()),
        ("level", pa.string()),
        ("quantile", pa.float64()),
        ("population", pa.string()),
        ("date", pa.date32()),
        ("method", pa.string()),
        ("notes", pa.list_(pa.string())),
        ("sources", pa.list_(_SOURCE)),
        ("rule", pa.string()),
        ("why", pa.string()),
    ]
)


def write_parquet(figures: Mapping[str, Figure], told: Mapping[str, str]) -> bytes:
    """All figures as Parquet, sorted by id; money is annual, shares and effects are fractions of one. `told` is what
    the file says of itself. The same figures give the same bytes: there is no time in it.

    Numbers have as many digits as in edition.json, and texts cannot become formulas when a table is made of them.
    """
    schema = SCHEMA.with_metadata(dict(sorted(told.items())))
    table = pa.Table.from_pylist([_row(figure) for _, figure in sorted(figures.items())], schema=schema)
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _row(figure: Figure) -> dict[str, Any]:
    """A figure's columns, as edition.json has them; those that are not there are missing."""
    data = figure_data(figure)
    row = {name: _safe(value) for name, value in data.items() if name != "sources"}
    if isinstance(figure, Published):
        row["date"] = figure.estimate.date
        row["notes"] = row.get("notes", [])
        row["sources"] = [
            {name: _safe(value) for name, value in written.items()} | {"mean_date": source.mean_date}
            for written, source in zip(data["sources"], figure.estimate.sources, strict=True)
        ]
    return row


def _safe(value: Any) -> Any:
    """A value with every text in it made safe; an empty text is a missing one."""
    if isinstance(value, str):
        return safe(value) if value else None
    return [_safe(item) for item in value] if isinstance(value, list) else value
