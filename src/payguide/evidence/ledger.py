"""Kept sums of cells and what has changed since: a base, and one change on top of it.

Both are sums of one group (`sums.SCHEMA`) with the masses by employer; those of the change are signed, and of its
cells only what adds up counts. So a change costs what it touches: the cells that it names are made whole here, the
others are read from the base as they lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payguide.base.figures import MASS, Cell
from payguide.base.money import IntArray
from payguide.evidence.cells import cells_of
from payguide.evidence.histograms import fits_replicates
from payguide.evidence.members import runs
from payguide.evidence.sums import KEY, KINDS, batch_of, list_of

#: What adds up of a cell's numbers.
_SUMS = ("sum_mass", "records", "days")


def cells_now(base: pa.RecordBatch, change: pa.RecordBatch, replicates: int) -> Iterator[Cell]:
    """The cells of a group's base with its change."""
    row = pc.index_in(_names(change), _names(base)).fill_null(-1).to_numpy(zero_copy_only=False)
    untouched = np.ones(base.num_rows, np.bool_)
    untouched[row[row >= 0]] = False
    yield from cells_of(pa.Table.from_batches([base]), replicates, untouched)
    yield from cells_of(pa.Table.from_batches([whole(base, change, row, replicates)]), replicates)


def whole(base: pa.RecordBatch, change: pa.RecordBatch, row: IntArray, replicates: int) -> pa.RecordBatch:
    """The cells of a change (c,) with all that the base holds of them, without masses by employer. `row` (c,) is where
    each lies in the base, -1 where it is new.
    """
    columns: dict[str, Any] = {name: change[name] for name in KEY}
    for name in _SUMS:
        columns[name] = _at(base[name].to_numpy(), row) + change[name].to_numpy()
    kinds = [_values(cells, "kinds").reshape(-1, len(KINDS)) for cells in (base, change)]
    columns["kinds"] = _at(kinds[0], row) + kinds[1]
    columns |= _employers(base, change, row)
    columns |= _bins(base, change, row, replicates)
    nothing = list_of(np.zeros(len(row) + 1, np.int64), np.empty(0, np.int64))
    return batch_of({**columns, "ids": nothing, "held": nothing.cast(pa.list_(pa.int32()))})


def _names(cells: pa.RecordBatch) -> pa.Array:
    """One word for each cell."""
    return pc.binary_join_element_wise(*(cells[name] for name in KEY), "\x1f")


def _at(values: NDArray[Any], row: IntArray) -> NDArray[Any]:
    """Values at some rows; nothing at -1."""
    found = np.zeros((len(row), *values.shape[1:]), values.dtype)
    found[row >= 0] = values[row[row >= 0]]
    return found


def _values(cells: pa.RecordBatch, name: str) -> NDArray[Any]:
    """All values of a column of lists."""
    found: NDArray[Any] = cells[name].flatten().to_numpy()
    return found


def _edges(cells: pa.RecordBatch, name: str) -> IntArray:
    """Where each cell's part of a column of lists begins, and where the last one ends (c + 1,)."""
    lengths = pc.list_value_length(cells[name]).to_numpy()
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def _employers(base: pa.RecordBatch, change: pa.RecordBatch, row: IntArray) -> dict[str, IntArray]:
    """How many employers cells have with half a piece or more, and the mass of the largest one (c,) each."""
    edges = _edges(change, "ids")
    of = np.repeat(np.arange(len(row)), np.diff(edges))
    ids, added = _values(change, "ids"), _values(change, "held").astype(np.int64)
    before = _held(base, row[of], ids)
    after = before + added
    employers, largest = (_at(base[name].to_numpy(), row) for name in ("employers", "largest"))
    np.add.at(employers, of, (after * 2 >= MASS).astype(np.int64) - (before * 2 >= MASS))
    fallen = np.unique(of[(added < 0) & (before == largest[of])])
    np.maximum.at(largest, of, after)
    base_edges, base_ids, base_held = _edges(base, "ids"), _values(base, "ids"), _values(base, "held")
    for cell in fallen.tolist():
        old, new = (slice(*found[at : at + 2]) for found, at in ((base_edges, row[cell]), (edges, cell)))
        _, who = np.unique(np.concatenate([base_ids[old], ids[new]]), return_inverse=True)
        largest[cell] = int(np.bincount(who, np.concatenate([base_held[old], added[new]])).max())
    return {"employers": employers, "largest": largest}


def _held(cells: pa.RecordBatch, row: IntArray, ids: IntArray) -> IntArray:
    """The mass (n,) that employers have in cells, whose employers ascend: what is left is halved until it is found.
    Nothing in row -1.
    """
    every, held = _values(cells, "ids"), _values(cells, "held")
    edges = _edges(cells, "ids")
    first, ends = _at(edges[:-1], row), _at(edges[1:], row)
    last = ends.copy()
    while (open_ := np.flatnonzero(first < last)).size:
        middle = (first[open_] + last[open_]) // 2
        below = every[middle] < ids[open_]
        first[open_[below]] = middle[below] + 1
        last[open_[~below]] = middle[~below]
    found = np.zeros(len(row), np.int64)
    hit = np.flatnonzero(first < ends)
    hit = hit[every[first[hit]] == ids[hit]]
    found[hit] = held[first[hit]]
    return found


def _bins(
    base: pa.RecordBatch, change: pa.RecordBatch, row: IntArray, replicates: int
) -> dict[str, pa.Array]:
    """The bins of cells, with mass and replicates."""
    edges = _edges(base, "bins")
    each = _at(np.diff(edges), row)
    at = runs(_at(edges[:-1], row), each)
    old, new = _values(base, "bins")[at], _values(change, "bins")
    lowest = min(int(old.min(initial=0)), int(new.min(initial=0)))
    width = max(int(old.max(initial=0)), int(new.max(initial=0))) - lowest + 1
    cells = np.arange(len(row)) * width - lowest
    keys = np.repeat(cells, each) + old
    changed = np.repeat(cells, np.diff(_edges(change, "bins"))) + new
    place = np.searchsorted(keys, changed)
    missing = np.append(keys, -1)[place] != changed
    at = np.insert(at, place[missing], -1)
    keys = np.insert(keys, place[missing], changed[missing])
    place = np.searchsorted(keys, changed)
    total = _at(_values(base, "mass"), at)
    total[place] += _values(change, "mass")
    # a bin that has lost all its mass is no bin
    left = np.flatnonzero(total)
    fits_replicates(total)
    ends = np.searchsorted(keys[left], np.append(cells + lowest, len(row) * width))
    drawn = _drawn(base, at[left], replicates)
    stays = total[place] != 0
    drawn[np.searchsorted(left, place[stays])] += _values(change, "replicates").reshape(-1, replicates)[stays]
    return {
        "bins": list_of(ends, keys[left] % width + lowest),
        "mass": list_of(ends, total[left]),
        "replicates": list_of(ends * replicates, drawn.ravel()),
    }


def _drawn(base: pa.RecordBatch, at: IntArray, replicates: int) -> NDArray[np.int32]:
    """The replicates (k, r) of some bins of the base; nothing at -1."""
    held = _values(base, "replicates").reshape(-1, replicates)
    found = np.zeros((len(at), replicates), np.int32)
    if len(held):
        # straight into place: this is most of what a change costs
        held.take(at, axis=0, out=found, mode="clip")
        found[at < 0] = 0
    return found
