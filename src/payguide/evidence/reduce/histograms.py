"""The histograms of cells: mass by bin, and its replicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from payguide.base.aggregates import RANGE_POINTS
from payguide.base.money import FloatArray, IntArray, bin_of
from payguide.evidence.reduce.membership import EvidenceUnits, Memberships, concat_ranges
from payguide.evidence.reduce.replicates import THRESHOLDS, weights
from payguide.evidence.reduce.rollup import RollupTarget
from payguide.evidence.units.categorical import Places

#: Where a posted range's points lie between the logs of its ends.
WITHIN: Final = (np.arange(RANGE_POINTS) + 0.5) / RANGE_POINTS


class BinnedMass(NamedTuple):
    """The mass of m entries in bins: that of entry i lies at `first[i]` to `first[i + 1]` (m + 1,) of `bins` (from 0
    on), `mass` and `employer`. A single amount fills one bin, a range `RANGE_POINTS`. `lowest` is the bin that is 0,
    `width` how many there are; `drawn` (e, r) are the replicate weights of the e employers.
    """

    first: IntArray
    bins: Places
    mass: Places
    employer: Places
    lowest: int
    width: int
    drawn: Places

    @classmethod
    def of(cls, units: EvidenceUnits, memberships: Memberships, replicates: int) -> BinnedMass:
        """Of a group's entries, with so many replicates."""
        ranged = units.low != units.high
        each = np.where(ranged, RANGE_POINTS, 1)
        first = np.cumsum(each) - each
        bins = np.empty(int(each.sum()), np.int64)
        bins[first[~ranged]] = bin_of(units.low[~ranged])
        bins[first[ranged, None] + np.arange(RANGE_POINTS)] = unit_bins(units.low[ranged], units.high[ranged])
        lowest = int(bins.min())
        by_entry = each[memberships.unit]
        none = np.empty((len(units.names), 0), np.int32)
        return cls(
            first=np.concatenate([[0], np.cumsum(by_entry)]),
            bins=(bins - lowest).astype(np.int32)[concat_ranges(first[memberships.unit], by_entry)],
            mass=np.repeat(memberships.share // by_entry.astype(np.int32), by_entry),
            employer=np.repeat(units.employer[memberships.unit], by_entry),
            lowest=lowest,
            width=int(bins.max()) - lowest + 1,
            drawn=weights(units.names)[:, :replicates].astype(np.int32) if replicates else none,
        )


def unit_bins(low: FloatArray, high: FloatArray) -> IntArray:
    """The bins (n, `RANGE_POINTS`) of the points of n amounts or ranges."""
    logs = np.log(low)[:, None] + np.log(high / low)[:, None] * WITHIN
    return bin_of(np.exp(logs))


class Histograms(NamedTuple):
    """The histograms of c cells, one after the other: `edges` (c + 1,) where each begins, `bins` (k,), `mass` (k,)
    and `replicates` (k, r).
    """

    edges: IntArray
    bins: IntArray
    mass: IntArray
    replicates: NDArray[np.int32]


def histograms(
    binned: BinnedMass, at: IntArray | None, own: Places, targets: Sequence[RollupTarget], cells: IntArray
) -> Histograms:
    """The histograms of some cells (c,): sums of own cells. `own` (k,) is the own cell of the entries `at` (None: all).

    All replicates are one product: a sparse matrix of bins x employers times the employers' weights.
    """
    cell, bins, mass, replicates = _of_own(binned, at, own)
    places = [target.place[cell] for target in targets if not target.pool]
    rows = [np.flatnonzero(place >= 0) for place in places]
    wide = np.concatenate(
        [
            place[row].astype(np.int64) * binned.width + bins[row]
            for place, row in zip(places, rows, strict=True)
        ]
    )
    keys, sums = np.unique(wide, return_inverse=True)
    taken = np.concatenate(rows)
    adding = sparse.csr_array((np.ones(len(sums), np.int32), (sums, taken)), shape=(len(keys), len(cell)))
    result, bins = np.divmod(keys, binned.width)
    totals = np.asarray(adding @ mass)
    fits_replicates(totals)
    edges = np.searchsorted(result, np.append(cells, np.iinfo(np.int64).max))
    return Histograms(edges, bins + binned.lowest, totals, np.asarray(adding @ replicates))


def fits_replicates(mass: IntArray) -> None:
    """See that the replicates of bins of such mass fit 32 bits.

    Raises:
        OverflowError: they may not.
    """
    most = int(mass.max(initial=0))
    if len(THRESHOLDS) * most > np.iinfo(np.int32).max:
        raise OverflowError(f"a bin of {most:,} units of mass is more than its replicates can hold")


def _of_own(
    binned: BinnedMass, at: IntArray | None, own: Places
) -> tuple[IntArray, IntArray, IntArray, NDArray[np.int32]]:
    """Own cell, bin, mass (k,) and replicates (k, r) of every bin of an own cell that holds anything, in order."""
    bins, mass, employer = binned.bins, binned.mass, binned.employer
    each = np.diff(binned.first)
    if at is not None:
        taken = concat_ranges(binned.first[at], each[at])
        each, bins, mass, employer = each[at], bins[taken], mass[taken], employer[taken]
    used = np.flatnonzero(np.bincount(own))
    place = np.empty(int(own.max()) + 1, np.int64)
    place[used] = np.arange(len(used)) * binned.width
    where = np.repeat(place[own], each) + bins
    spread = sparse.coo_array(
        (mass, (where, employer)), shape=(len(used) * binned.width, len(binned.drawn))
    ).tocsr()
    rows = np.flatnonzero(np.diff(spread.indptr))
    starts = spread.indptr[rows]
    totals: IntArray = np.add.reduceat(spread.data, starts, dtype=np.int64)
    narrow = sparse.csr_array(
        (spread.data, spread.indices, np.append(starts, spread.nnz)), shape=(len(rows), len(binned.drawn))
    )
    replicates: NDArray[np.int32] = np.asarray(narrow @ binned.drawn)
    return used[rows // binned.width], rows % binned.width, totals, replicates
