"""Aggregates as tables and back, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
import pyarrow as pa

from payguide.base.aggregates import REPLICATES, Cell, CellKey, Moments, OwnEvidence, Tally
from payguide.base.codes import EvidenceKind
from payguide.base.contributors import Contributors
from payguide.base.money import FloatArray, IntArray
from payguide.evidence.pack.replicate_codec import decode, encode

_INTS: Final = pa.list_(pa.int64())
_REALS: Final = pa.list_(pa.float64())
_CONTRIBUTORS: Final = pa.struct(
    [
        ("employers", pa.int64()), ("unnamed", pa.int64()), ("effective", pa.float64()),
        ("largest_share", pa.float64()), ("largest", pa.string()),
    ]
)  # fmt: skip
_KEY: Final = ("source", "role", "level", "component", "population")
_TALLY: Final = ("source", "role", "level", "attribute")
_COUNTS: Final = ("n", "n_records")
_TALLIED: Final = ("count", "total")
_SUMS: Final = ("yty", "n")
_OWN: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("employer", "metro", "role", "level", "grade", "component", "kind")),
        *((name, pa.int32()) for name in ("year", "n", "low", "high")),
        ("newest", pa.date32()),
    ]
)  # fmt: skip
_WHO: Final = tuple(one.name for one in fields(Contributors))


def _replicates(matrices: Iterable[FloatArray]) -> dict[str, pa.Array]:
    """Columns `codes` and `replicates` of matrices (m, `REPLICATES`)."""
    pairs = [encode(np.ascontiguousarray(matrix)) for matrix in matrices]
    return {
        "codes": pa.array([codes for codes, _ in pairs], pa.binary()),
        "replicates": pa.array([body for _, body in pairs], pa.binary()),
    }


def _decoded(row: dict[str, Any]) -> FloatArray:
    return decode(row["codes"], row["replicates"], REPLICATES)


def _attributes(items: Sequence[object], names: Sequence[str]) -> dict[str, pa.Array]:
    return {name: pa.array([getattr(item, name) for item in items]) for name in names}


def _plain(who: Contributors) -> dict[str, Any]:
    return {name: getattr(who, name) for name in _WHO}


def _contributors(who: Iterable[Contributors]) -> pa.Array:
    return pa.array([_plain(one) for one in who], _CONTRIBUTORS)


def cells_table(cells: Sequence[Cell]) -> pa.Table:
    """One row a cell. Bins are written as steps from one to the next."""
    return pa.table(
        {
            **_attributes([cell.key for cell in cells], _KEY),
            "kind": pa.array([str(cell.kind) for cell in cells]),
            **_attributes(cells, _COUNTS),
            "who": _contributors([cell.who for cell in cells]),
            "mean_date": pa.array([cell.mean_date for cell in cells], pa.date32()),
            "bins": pa.array([np.diff(cell.bins, prepend=0) for cell in cells], _INTS),
            "mass": pa.array([cell.mass for cell in cells], _INTS),
            **_replicates(cell.replicates.T.astype(np.float64) for cell in cells),
        }
    )


def cells_of(table: pa.Table) -> tuple[Cell, ...]:
    """The cells of a table made by `cells_table`."""
    return tuple(
        Cell(
            key=CellKey(*(row[name] for name in _KEY)),
            kind=EvidenceKind(row["kind"]),
            bins=np.cumsum(np.array(row["bins"], np.int64)),
            mass=np.array(row["mass"], np.int64),
            replicates=np.ascontiguousarray(_decoded(row).T.astype(np.int64)),
            mean_date=row["mean_date"],
            who=Contributors(**row["who"]),
            **{name: row[name] for name in _COUNTS},
        )
        for row in table.to_pylist()
    )


def moments_table(moments: Sequence[Moments]) -> pa.Table:
    """One row a regression. X'X is symmetric: its upper triangle is written, X'y after it."""
    return pa.table(
        {
            "name": pa.array([one.name for one in moments]),
            "columns": pa.array([list(one.columns) for one in moments], pa.list_(pa.string())),
            **_attributes(moments, _SUMS),
            "who": _contributors([one.who for one in moments]),
            "xtx": pa.array([_upper(one.xtx[None])[:, 0] for one in moments], _REALS),
            "xty": pa.array([one.xty for one in moments], _REALS),
            "column_n": pa.array([one.column_n for one in moments], _INTS),
            "column_who": pa.array(
                [[_plain(who) for who in one.column_who] for one in moments], pa.list_(_CONTRIBUTORS)
            ),
            "sources": pa.array([list(one.sources) for one in moments], pa.list_(pa.string())),
            **_replicates(np.concatenate([_upper(one.rep_xtx), one.rep_xty.T]) for one in moments),
        }
    )


def moments_of(table: pa.Table) -> tuple[Moments, ...]:
    """The moments of a table made by `moments_table`."""
    return tuple(_moments(row) for row in table.to_pylist())


def _moments(row: dict[str, Any]) -> Moments:
    size = len(row["columns"])
    replicates = _decoded(row)
    return Moments(
        name=row["name"],
        columns=tuple(row["columns"]),
        xtx=_square(np.array(row["xtx"])[:, None], size)[0],
        xty=np.array(row["xty"], np.float64),
        rep_xtx=_square(replicates[:-size], size),
        rep_xty=np.ascontiguousarray(replicates[-size:].T),
        column_n=np.array(row["column_n"], np.int64),
        column_who=tuple(Contributors(**who) for who in row["column_who"]),
        who=Contributors(**row["who"]),
        sources=tuple(row["sources"]),
        **{name: row[name] for name in _SUMS},
    )


def _upper(matrices: FloatArray) -> FloatArray:
    """The upper triangles (p(p+1)/2, r) of symmetric matrices (r, p, p)."""
    rows, columns = np.triu_indices(matrices.shape[1])
    return np.ascontiguousarray(matrices[:, rows, columns].T)


def _square(upper: FloatArray, size: int) -> FloatArray:
    """The symmetric matrices (r, p, p) of upper triangles (p(p+1)/2, r)."""
    rows, columns = np.triu_indices(size)
    matrices = np.empty((upper.shape[1], size, size))
    matrices[:, rows, columns] = upper.T
    matrices[:, columns, rows] = upper.T
    return matrices


def tallies_table(tallies: Sequence[Tally]) -> pa.Table:
    """One row a tally."""
    return pa.table(
        {
            **_attributes(tallies, _TALLY),
            **_attributes(tallies, _TALLIED),
            "with_it": _contributors([one.with_it for one in tallies]),
            "who": _contributors([one.who for one in tallies]),
            **_replicates(np.stack([t.rep_count, t.rep_total]).astype(np.float64) for t in tallies),
        }
    )


def tallies_of(table: pa.Table) -> tuple[Tally, ...]:
    """The tallies of a table made by `tallies_table`."""
    return tuple(
        Tally(
            **{name: row[name] for name in (*_TALLY, *_TALLIED)},
            with_it=Contributors(**row["with_it"]),
            who=Contributors(**row["who"]),
            rep_count=_whole(row)[0],
            rep_total=_whole(row)[1],
        )
        for row in table.to_pylist()
    )


def _whole(row: dict[str, Any]) -> IntArray:
    return _decoded(row).astype(np.int64)


def own_table(rows: Sequence[OwnEvidence]) -> pa.Table:
    """One row a row."""
    return pa.table(_attributes(rows, _OWN.names), _OWN)


def own_of(table: pa.Table) -> tuple[OwnEvidence, ...]:
    """The rows of a table made by `own_table`."""
    return tuple(OwnEvidence(**row) for row in table.to_pylist())
