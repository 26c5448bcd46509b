"""A group's cells as sums over its employers, in whole numbers.

Mass, records, days, mass by kind, bins and replicates add up over employers, and so does how many employers there are,
for an employer counts once in a cell, and the squares of their pieces; the largest one's mass is a maximum. So a group
may be reduced in parts of any size, as long as all of an employer is in one part, and the parts' cells merged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

from payguide.base.aggregates import REPLICATES, UNITS_PER_PIECE
from payguide.base.codes import EvidenceKind
from payguide.base.contributors import UNNAMED
from payguide.base.money import FloatArray, IntArray
from payguide.evidence.reduce.histograms import BinnedMass, Histograms, fits_replicates, histograms
from payguide.evidence.reduce.membership import EvidenceUnits, Memberships, dimensions
from payguide.evidence.reduce.rollup import Rollup, RollupTarget
from payguide.evidence.units.categorical import Places

#: What names a cell.
KEY: Final = ("source", "role", "level", "component", "population")

#: The numbers of a cell.
NUMBERS: Final = ("sum_mass", "employers", "unnamed", "squares", "largest", "records", "days")

#: The kinds of evidence in the order of their masses.
KINDS: Final = tuple(sorted(map(str, EvidenceKind)))

_WHOLE: Final = pa.int64()

#: Two masses lie in one number of 64 bits.
_HALF: Final = 32

#: One row a cell, sparse ones too: the `sum_mass` of its pieces, of which `unnamed` names no employer and `largest` is
#: the largest unit's, whose name is `leader`; named `employers` with half a piece or more; the `squares` of the units'
#: masses; the sums of `records` and `days` times mass; mass by kind (`KINDS`); `mass` by bin and the bins'
#: `replicates`, one bin after the other.
SCHEMA: Final = pa.schema([
    *((name, pa.string()) for name in KEY),
    *((name, _WHOLE) for name in NUMBERS), ("leader", pa.string()),
    ("kinds", pa.list_(_WHOLE)),
    ("bins", pa.list_(_WHOLE)), ("mass", pa.list_(_WHOLE)), ("replicates", pa.list_(pa.int32())),
])  # fmt: skip


def reduce_group(rows: pa.Table, replicates: int = REPLICATES) -> pa.Table:
    """The cells (`SCHEMA`) of pieces of evidence of one role's component."""
    units = EvidenceUnits.of(rows)
    memberships = Memberships.of(units)
    weighed, binned = _Weighed.of(units, memberships), BinnedMass.of(units, memberships, replicates)
    result: list[pa.RecordBatch] = []
    for dimension in dimensions(units, memberships):
        rollup = Rollup.of(units, memberships, dimension)
        own, targets = rollup.own(memberships), tuple(rollup.targets())
        by_own = _by_own(units, memberships, dimension.at, own, rollup)
        by_cell = _by_cell(by_own, targets, rollup)
        cells = np.flatnonzero(np.diff(by_cell.indptr))
        columns = {
            **{name: pa.repeat(str(rows[name][0]), len(cells)) for name in ("role", "component")},
            **rollup.names(cells),
            **_who(by_cell, cells, units.names),
            **weighed.sums(dimension.at, own, targets, rollup, cells),
            "kinds": _by_kind(by_own, units, memberships, targets, rollup)[cells],
            **_bins(histograms(binned, dimension.at, own, targets, cells)),
        }
        result.append(_batch_of(columns))
    return pa.Table.from_batches(result, schema=SCHEMA)


def _by_own(
    units: EvidenceUnits, memberships: Memberships, at: IntArray | None, own: Places, rollup: Rollup
) -> sparse.csr_array:
    """The mass of own cells by employer (o, e), that of the pooled pieces in the upper 32 bits."""
    share, unit = (
        (memberships.share, memberships.unit) if at is None else (memberships.share[at], memberships.unit[at])
    )
    both = share.astype(np.int64)
    both += both * units.pooled[unit] << _HALF
    # entries come in the order of their employers: what is equal lies together in a row
    return sparse.coo_array(
        (both, (own, units.employer[unit])), shape=(rollup.owned, len(units.names))
    ).tocsr()


def _halves(both: IntArray) -> tuple[IntArray, IntArray]:
    """The lower and the upper 32 bits."""
    upper = both >> _HALF
    return both - (upper << _HALF), upper


def _by_cell(by_own: sparse.csr_array, targets: Sequence[RollupTarget], rollup: Rollup) -> sparse.csr_array:
    """The mass of all cells by employer (c, e)."""
    by_employer = by_own.tocsc()
    employer = np.repeat(np.arange(by_own.shape[1], dtype=np.int32), np.diff(by_employer.indptr))
    halves = [half.astype(np.int32) for half in _halves(by_employer.data)]
    cell, of, mass = [], [], []
    for target in targets:
        place, half = target.place[by_employer.indices], halves[target.pool]
        counts = np.flatnonzero((place >= 0) & (half != 0))
        cell.append(place[counts])
        of.append(employer[counts])
        mass.append(half[counts])
    where = (np.concatenate(cell), np.concatenate(of))
    return sparse.coo_array((np.concatenate(mass), where), shape=(rollup.size, by_own.shape[1])).tocsr()


def _who(by_cell: sparse.csr_array, cells: IntArray, names: Sequence[str]) -> dict[str, Any]:
    """Whose the pieces of some cells (c,) are: the sums of `NUMBERS`, and the `leader`'s name."""
    starts, mass = by_cell.indptr[cells], by_cell.data
    is_named = np.array([UNNAMED not in name for name in names], bool)[by_cell.indices]
    sums = {
        "sum_mass": mass,
        "employers": is_named & (mass * 2 >= UNITS_PER_PIECE),
        "unnamed": mass * ~is_named,
        "squares": np.rint(mass.astype(np.float64) ** 2),
    }
    largest = np.maximum.reduceat(mass, starts)
    # of equals the first by name leads, so that it is the same whatever the order in which they come
    rank = np.empty(len(names), np.int64)
    rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    lengths = np.diff(np.append(starts, len(mass)))
    leads = mass == np.repeat(largest, lengths)
    first = np.minimum.reduceat(np.where(leads, rank[by_cell.indices], len(names)), starts)
    by_rank = sorted(names)
    return {
        **{name: np.add.reduceat(one, starts, dtype=np.int64) for name, one in sums.items()},
        "largest": largest.astype(np.int64),
        "leader": pa.array([by_rank[at] for at in first.tolist()], pa.string()),
    }


def _by_kind(
    by_own: sparse.csr_array,
    units: EvidenceUnits,
    memberships: Memberships,
    targets: Sequence[RollupTarget],
    rollup: Rollup,
) -> IntArray:
    """The mass of all cells by kind (c, `KINDS`)."""
    row = np.repeat(np.arange(rollup.owned), np.diff(by_own.indptr))
    halves = [np.bincount(row, half, rollup.owned) for half in _halves(by_own.data)]
    named = np.array([KINDS.index(word) for word in units.words["kind"].words])
    kind = np.repeat(named[memberships.kind], rollup.owned // len(memberships.kind))
    result = np.zeros(rollup.size * len(KINDS), np.int64)
    for target in targets:
        at = np.flatnonzero(target.place >= 0)
        into = target.place[at] * len(KINDS) + kind[at]
        result += np.bincount(into, halves[target.pool][at], len(result)).astype(np.int64)
    return result.reshape(-1, len(KINDS))


class _Weighed(NamedTuple):
    """What adds up of m entries, times their mass, each (m,): records and days in their sources, and in the pool."""

    records: FloatArray
    days: FloatArray
    pooled_records: FloatArray
    pooled_days: FloatArray

    @classmethod
    def of(cls, units: EvidenceUnits, memberships: Memberships) -> _Weighed:
        """Of a group's entries."""
        share, unit = memberships.share.astype(np.float64), memberships.unit
        records, days = units.records[unit] * share, units.day[unit] * share
        if units.pooled.all() and np.array_equal(units.records, units.pooled_records):
            return cls(records, days, records, days)
        share *= units.pooled[unit]
        return cls(records, days, units.pooled_records[unit] * share, units.day[unit] * share)

    def sums(
        self,
        at: IntArray | None,
        own: Places,
        targets: Sequence[RollupTarget],
        rollup: Rollup,
        cells: IntArray,
    ) -> dict[str, IntArray]:
        """Records and days of some cells (c,), exact below 2^53."""
        by_own = {
            id(column): np.bincount(own, column if at is None else column[at], rollup.owned)
            for column in self
        }
        result = {}
        for name, columns in (("records", self[::2]), ("days", self[1::2])):
            sums = np.zeros(rollup.size)
            for target in targets:
                into = np.flatnonzero(target.place >= 0)
                added = by_own[id(columns[target.pool])][into]
                sums += np.bincount(target.place[into], added, rollup.size)
            result[name] = sums[cells].astype(np.int64)
        return result


def _bins(result: Histograms) -> dict[str, pa.Array]:
    edges, width = result.edges, result.replicates.shape[1]
    return {
        "bins": _list_of(edges, result.bins),
        "mass": _list_of(edges, result.mass),
        "replicates": _list_of(edges * width, result.replicates.ravel()),
    }


def _list_of(edges: IntArray, values: NDArray[Any]) -> pa.ListArray:
    """A column of lists: where each begins and the last ends (c + 1,), and all values."""
    return pa.ListArray.from_arrays(pa.array(edges, pa.int32()), pa.array(values))


def _batch_of(columns: Mapping[str, Any]) -> pa.RecordBatch:
    """Cells (`SCHEMA`) of columns, `kinds` as an array (c, k)."""
    arrays = []
    for field in SCHEMA:
        values = columns[field.name]
        if field.name == "kinds":
            values = _list_of(np.arange(len(values) + 1) * len(KINDS), values.ravel())
        arrays.append(values if isinstance(values, pa.Array) else pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def merged(sums: pa.Table) -> pa.Table:
    """The sums of cells that were made in parts, one row a cell."""
    names = pc.binary_join_element_wise(*(sums[name] for name in KEY), "\x1f")
    encoded = names.combine_chunks().dictionary_encode()
    row, count = encoded.indices.to_numpy(), len(encoded.dictionary)
    first = np.full(count, sums.num_rows)
    np.minimum.at(first, row, np.arange(sums.num_rows))
    columns: dict[str, Any] = {name: sums[name].take(pa.array(first)).combine_chunks() for name in KEY}
    for name in NUMBERS:
        columns[name] = np.zeros(count, np.int64)
        add = np.maximum if name == "largest" else np.add
        add.at(columns[name], row, sums[name].to_numpy())
    columns["leader"] = _leaders(sums, row, columns["largest"])
    columns["kinds"] = np.zeros((count, len(KINDS)), np.int64)
    np.add.at(columns["kinds"], row, _flat(sums, "kinds").reshape(-1, len(KINDS)))
    columns |= _merged_bins(sums, row, count)
    return pa.Table.from_batches([_batch_of(columns)])


def _leaders(sums: pa.Table, row: IntArray, largest: IntArray) -> pa.Array:
    """The first by name of the units of each cell whose mass is the largest."""
    found: dict[int, str] = {}
    told = zip(row.tolist(), sums["leader"].to_pylist(), sums["largest"].to_pylist(), strict=True)
    for at, name, mass in told:
        if mass == largest[at] and name <= found.get(at, name):
            found[at] = name
    return pa.array([found[at] for at in range(len(largest))], pa.string())


def _merged_bins(sums: pa.Table, row: IntArray, count: int) -> dict[str, pa.Array]:
    of, bins, mass = _owners(sums, "bins", row), _flat(sums, "bins"), _flat(sums, "mass")
    replicates = _flat(sums, "replicates").reshape(len(bins), -1 if len(bins) else 0)
    lowest = int(bins.min(initial=0))
    width = int(bins.max(initial=0)) - lowest + 1
    keys, into = np.unique(of * width + (bins - lowest), return_inverse=True)
    taken = (np.ones(len(into), np.int32), (into, np.arange(len(into))))
    adding = sparse.csr_array(taken, shape=(len(keys), len(into)))
    cell, bins = np.divmod(keys, width)
    totals = adding @ mass
    fits_replicates(totals)
    edges = np.searchsorted(cell, np.arange(count + 1))
    return _bins(Histograms(edges, bins + lowest, totals, adding @ replicates))


def _flat(sums: pa.Table, name: str) -> NDArray[Any]:
    """The values of a column of lists, one list after the other."""
    result: NDArray[Any] = sums[name].combine_chunks().flatten().to_numpy()
    return result


def _owners(sums: pa.Table, name: str, row: IntArray) -> IntArray:
    """The cell (`row` of it) of each value of a column of lists."""
    lengths = pc.list_value_length(sums[name]).to_numpy()
    return np.repeat(row.astype(np.int64), lengths)
