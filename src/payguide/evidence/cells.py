"""Cells: pay as histograms, by source, role, level, component and population.

A posted range puts a fifth of its mass at each of the 10, 30, 50, 70 and 90 % points of the log-uniform between
its ends (pay offered is taken to be spread evenly over the range on the log scale); a single amount puts all of it
into one bin. A posting whose title is silent on the level is spread over the levels that the years it asks for make
likely (`level_mix`), and counts whole in "any". The component `total_over_base` is the ratio of the two in one and
the same record.

An engine finds the distinct pieces of evidence (`distinct`) and brings them group by group: what one source says
of one role's component. A group is counted and weighed by one pure function, the same on every engine, in whole
numbers: so engines agree to the last unit.

Pooled cells hold each piece of evidence once over all sources and kinds. They carry counts only, with no
bins: a range offered and a wage reported are not one distribution.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any, Final, NamedTuple

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from payguide.base.codes import EvidenceKind
from payguide.base.figures import POINTS, POOLED, REPLICATES, Cell, CellKey
from payguide.base.money import FloatArray, IntArray, bin_of
from payguide.evidence.distinct import ratios
from payguide.evidence.engine import Engine, Frame
from payguide.evidence.members import Counts, Members, Pieces, Places, counts, memberships, whole, within
from payguide.evidence.replicates import THRESHOLDS, weights

#: Where a posted range's points lie between the logs of its ends.
WITHIN: Final = (np.arange(POINTS) + 0.5) / POINTS

_INTS: Final = pa.list_(pa.int64())
_SMALL: Final = pa.list_(pa.int32())
_TEXT: Final = pa.string()
_WHOLE: Final = pa.int64()

#: One row a cell; `replicates` are its bins' replicates, one bin after the other; `all_mass` is that of its pieces,
#: of which `largest` is the largest employer's; `days` is the sum of its dates times mass.
SCHEMA: Final = pa.schema([
    ("source", _TEXT), ("role", _TEXT), ("level", _TEXT), ("component", _TEXT), ("population", _TEXT),
    ("kind", _TEXT), ("all_mass", _WHOLE), ("n_records", _WHOLE), ("n_employers", _WHOLE), ("largest", _WHOLE),
    ("days", _WHOLE), ("bins", _INTS), ("mass", _INTS), ("replicates", _SMALL),
])  # fmt: skip

#: What of a piece is counted.
_COUNTED: Final = (
    "source", "kind", "cluster", "role", "level", "component", "low", "high", "date", "employer_tier",
    "employer_industry", "place_metro", "metro_group", "remote", "specialisations", "asked", "n_records", "pooled",
    "pooled_records",
)  # fmt: skip

#: What one group says.
_GROUP: Final = ("source", "role", "component")


def cells(engine: Engine, pieces: Frame, replicates: int = REPLICATES) -> tuple[Cell, ...]:
    """The cells of the pieces of evidence (see `distinct.pieces`), in the order of their keys, with so many
    replicates. A narrowed population has a cell from 10 pieces of evidence of 5 employers on.
    """
    function = partial(of_group, replicates=replicates)
    found = pieces.select(*_COUNTED)
    made: list[Cell] = []
    for stated in (found, engine.keep(ratios(pieces).select(*_COUNTED), "ratio")):
        pooled = stated.filter(nw.col("pooled")).with_columns(
            source=nw.lit(POOLED), n_records=nw.col("pooled_records")
        )
        for frame in (stated, pooled):
            made += [
                cell
                for group in engine.grouped(frame, _GROUP, function, SCHEMA)
                for cell in _cells(group, replicates)
            ]
    return tuple(sorted(made, key=lambda cell: cell.key))


def unit_bins(low: FloatArray, high: FloatArray) -> IntArray:
    """The bins (n, `POINTS`) of the points of n amounts or ranges."""
    logs = np.log(low)[:, None] + np.log(high / low)[:, None] * WITHIN
    return bin_of(np.exp(logs))


def of_group(rows: pa.Table, replicates: int = REPLICATES) -> pa.Table:
    """The cells (`SCHEMA`) of one group's pieces of evidence, at least one."""
    group = {name: rows[name][0].as_py() for name in _GROUP}
    pieces = Pieces.of(rows)
    units = None if group["source"] == POOLED else _units(pieces, replicates)
    found: list[pa.RecordBatch] = []
    for members in memberships(pieces):
        counted = counts(members, pieces)
        if len(counted.slot):
            histogram = _histograms(within(members, counted.slot), len(counted.slot), units)
            found.append(_batch(group, members, counted, histogram))
    return pa.Table.from_batches(found, schema=SCHEMA)


class _Units(NamedTuple):
    """The mass of a group's n pieces. `bins` (n, u) from 0 on share it evenly: a range fills `POINTS` bins, and
    where there is no range u is 1. `first` is the bin that is 0, `width` how many there are; `employer` (n,)
    are places among e employers, whose replicate weights are `drawn` (e, r).
    """

    bins: Places
    first: int
    width: int
    employer: Places
    drawn: Places


def _units(pieces: Pieces, replicates: int) -> _Units:
    low, high = pieces.low, pieces.high
    bins = bin_of(low)[:, None]
    ranged = np.flatnonzero(low != high)
    if len(ranged):
        bins = np.repeat(bins, POINTS, axis=1)
        bins[ranged] = unit_bins(low[ranged], high[ranged])
    first = int(bins.min())
    employer = pieces.words["cluster"]
    none = np.empty((len(employer.words), 0), np.int32)
    drawn = weights(employer.words)[:, :replicates].astype(np.int32) if replicates else none
    return _Units((bins - first).astype(np.int32), first, int(bins.max()) - first + 1, employer.codes, drawn)


class _Histograms(NamedTuple):
    """The histograms of c cells, one after the other: `edges` (c + 1,) where each begins, `bins` (k,), `mass` (k,)
    and `replicates` (k, r).
    """

    edges: IntArray
    bins: IntArray
    mass: IntArray
    replicates: NDArray[np.int32]


def _histograms(members: Members, count: int, units: _Units | None) -> _Histograms:
    """Bins, mass and replicates of the cells 0..count-1, the slots of the members.

    All replicates are one product: a sparse matrix of bins x employers times the employers' weights.
    """
    if units is None:
        nothing = np.empty(0, np.int64)
        return _Histograms(
            np.zeros(count + 1, np.int64), nothing, nothing, np.empty((0, REPLICATES), np.int32)
        )
    each = units.bins.shape[1]
    where = members.slot[:, None] * np.int32(units.width) + units.bins[members.piece]
    employer = np.repeat(units.employer[members.piece], each)
    mass = np.repeat(members.share // np.int32(each), each)
    spread = sparse.coo_array(
        (mass, (where.ravel(), employer)), shape=(count * units.width, len(units.drawn))
    ).tocsr()
    rows = np.flatnonzero(np.diff(spread.indptr))
    totals = np.add.reduceat(spread.data, spread.indptr[rows], dtype=np.int64)
    if len(THRESHOLDS) * int(totals.max()) > np.iinfo(np.int32).max:
        raise OverflowError(f"a bin of {totals.max():,} units of mass is more than its replicates can hold")
    cell, bins = np.divmod(rows, units.width)
    edges = np.searchsorted(cell, np.arange(count + 1))
    return _Histograms(edges, bins + units.first, totals, spread[rows] @ units.drawn)


def _batch(group: dict[str, str], members: Members, counted: Counts, made: _Histograms) -> pa.RecordBatch:
    names = [members.name(slot) for slot in counted.slot.tolist()]
    size = len(names)
    edges = made.edges.astype(np.int32)
    columns = {
        **{name: pa.repeat(word, size) for name, word in group.items()},
        "level": pa.array([level for level, _ in names], _TEXT),
        "population": pa.array([population for _, population in names], _TEXT),
        "kind": pa.array([counted.kind_of(at) for at in range(size)], _TEXT),
        "all_mass": pa.array(counted.mass),
        "n_records": pa.array(counted.records),
        "n_employers": pa.array(counted.employers),
        "largest": pa.array(counted.largest),
        "days": pa.array(counted.days),
        "bins": pa.ListArray.from_arrays(edges, made.bins),
        "mass": pa.ListArray.from_arrays(edges, made.mass),
        "replicates": pa.ListArray.from_arrays(edges * made.replicates.shape[1], made.replicates.ravel()),
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def _cells(group: pa.Table, replicates: int) -> Iterator[Cell]:
    """The cells of a table of them."""
    for batch in group.to_batches():
        lists = {name: _lists(batch[name]) for name in ("bins", "mass", "replicates")}
        for at, row in enumerate(batch.drop_columns(list(lists)).to_pylist()):
            bins, mass, drawn = (lists[name][at] for name in lists)
            yield _cell(row, bins, mass, drawn.reshape(len(bins), replicates).T)


def _lists(column: pa.ListArray) -> list[NDArray[Any]]:
    values = column.values.to_numpy()
    return [values[a:b] for a, b in pairwise(column.offsets.to_pylist())]


def _cell(row: dict[str, Any], bins: IntArray, mass: IntArray, replicates: NDArray[Any]) -> Cell:
    return Cell(
        key=CellKey(*(row[name] for name in ("source", "role", "level", "component", "population"))),
        kind=EvidenceKind(row["kind"]),
        bins=bins,
        mass=mass,
        replicates=replicates,
        n=int(whole(row["all_mass"])),
        n_records=row["n_records"],
        n_employers=row["n_employers"],
        largest_share=row["largest"] / row["all_mass"],
        mean_date=date.fromordinal(date(1970, 1, 1).toordinal() + round(row["days"] / row["all_mass"])),
    )
