"""figures.csv and figures.parquet: one table with a typed row a figure. What is not published has no numbers: missing
is not zero.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from payguide.base.estimates import Figure, Published
from payguide.base.money import DIGITS
from payguide.guide import csv_text
from payguide.guide.codec import figures_data

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
        ("n_unnamed", pa.int64()),
        ("effective", pa.float64()),
        ("largest_share", pa.float64()),
        ("largest", pa.string()),
        ("heterogeneity", pa.float64()),
        ("borrowed", pa.float64()),
        ("significant", pa.bool_()),
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


#: The columns of the CSV file; `sources` and `note` are put into words there.
CSV_COLUMNS: Final = (
    "id", "label", "status", "value", "low", "high", "coverage", "unit", "currency", "component", "n",
    "n_records", "n_employers", "n_unnamed", "largest_share", "largest", "borrowed", "significant", "sources",
    "method", "date", "note",
)  # fmt: skip


def table(figures: Mapping[str, Figure]) -> pa.Table:
    """All figures as one table, sorted by id; money is annual, shares and effects are fractions of one.

    Numbers have as many digits as in edition.json, and texts are as they are there.
    """
    data = figures_data(figures)
    rows = [_row(figure, data[name]) for name, figure in sorted(figures.items())]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def as_parquet(figures: pa.Table, told: Mapping[str, str]) -> bytes:
    """The table as Parquet; `told` is what the file says of itself. The same figures give the same bytes: there is no
    time in it.
    """
    out = io.BytesIO()
    pq.write_table(figures.replace_schema_metadata(dict(sorted(told.items()))), out, compression="zstd")
    return out.getvalue()


def as_csv(figures: pa.Table) -> str:
    """The table as CSV with a header, lines ended by LF."""
    return csv_text.write(CSV_COLUMNS, map(_cells, figures.to_pylist()))


def _cells(row: Mapping[str, Any]) -> list[object]:
    rule = f"{row['rule']}: " if row["rule"] else ""
    words = {
        "sources": "; ".join(f"{one['source']} {one['weight']:.0%}" for one in row["sources"] or ()),
        "note": f"{rule}{row['why']}" if row["why"] else " ".join(row["notes"] or ()),
    }
    told = {**row, **words}
    return [_plain(told[column]) for column in CSV_COLUMNS]


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}" if abs(value) < 1e6 else f"{value:.0f}"
    return "" if value is None else value


def _row(figure: Figure, data: Mapping[str, Any]) -> dict[str, Any]:
    """A figure's columns, as edition.json has them; those that are not there are missing."""
    row = {name: None if value == "" else value for name, value in data.items() if name != "sources"}
    if isinstance(figure, Published):
        row["date"] = figure.estimate.date
        row["notes"] = row.get("notes", [])
        row["sources"] = [
            {**written, "mean_date": source.mean_date}
            for written, source in zip(data["sources"], figure.estimate.sources, strict=True)
        ]
    return row
