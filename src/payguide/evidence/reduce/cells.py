"""Cells: pay as histograms, by source, role, level, component and population.

A posted range puts a fifth of its mass at each of the 10, 30, 50, 70 and 90 % points of the log-uniform between
its ends (pay offered is taken to be spread evenly over the range on the log scale); a single amount puts all of it
into one bin. A posting whose title is silent on the level is spread over the levels that the years it asks for make
likely (`level_probabilities`), and counts whole in "any". The component `total_over_base` is the ratio of the two in
one and the same record.

An engine finds the distinct pieces of evidence (`distinct`) and brings them group by group, what all sources say of one
role's component, large groups in parts. A part is counted and weighed by one pure function (`sums`), the same on every
engine, in whole numbers: so engines agree to the last unit.

Pooled cells hold each piece of evidence once over all sources and kinds. They carry counts only, with no
bins: a range offered and a wage reported are not one distribution.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payguide.base.aggregates import EVERYONE, REPLICATES, UNITS_PER_PIECE, Cell, CellKey
from payguide.base.codes import EvidenceKind
from payguide.base.contributors import UNNAMED, Contributors
from payguide.base.money import BoolArray, IntArray
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.evidence.engine import Engine, Frame, Reduction
from payguide.evidence.reduce.sums import KEY, KINDS, NUMBERS, SCHEMA, merged, reduce_group
from payguide.evidence.units.distinct import ratios

#: What of a piece is counted.
COUNTED: Final = (
    "source", "kind", "cluster", "role", "level", "component", "low", "high", "date", "employer_tier",
    "employer_industry", "place_metro", "metro_group", "remote", "specialisations", "years_required", "n_records",
    "pooled", "pooled_records",
)  # fmt: skip

#: What is counted together.
GROUP: Final = ("role", "component")

_KINDS: Final = tuple(map(EvidenceKind, KINDS))
_EPOCH: Final = date(1970, 1, 1).toordinal()


def cells(engine: Engine, units: Frame, replicates: int = REPLICATES) -> tuple[Cell, ...]:
    """The cells of the pieces of evidence (see `distinct.deduplicate`), in the order of their keys, with so many
    replicates. A narrowed population has a cell from 10 pieces of evidence of 5 employers on, or of as
    many respondents or ranges where none is named.
    """
    made = (cell for group in _summed(engine, units, replicates) for cell in _cells(group, replicates))
    return tuple(sorted(made, key=attrgetter(*(f"key.{name}" for name in KEY))))


def _summed(engine: Engine, units: Frame, replicates: int) -> Iterator[pa.RecordBatch]:
    """The cells as sums (`sums.SCHEMA`), sparse ones too."""
    reduction = Reduction(partial(reduce_group, replicates=replicates), merged, SCHEMA, KEY, "cluster")
    for stated in (units.select(*COUNTED), engine.keep(ratios(units).select(*COUNTED), "ratio")):
        for group in engine.grouped(stated, GROUP, reduction):
            yield from group.to_batches()
    engine.drop("ratio")


def _sufficient(sums: pa.RecordBatch) -> BoolArray:
    mass = sums["sum_mass"].to_numpy()
    units = sums["employers"].to_numpy() + _whole(sums["unnamed"].to_numpy())
    narrowed = pc.not_equal(sums["population"], EVERYONE).to_numpy(zero_copy_only=False)
    enough: BoolArray = ~narrowed | ((mass >= MIN_EVIDENCE * UNITS_PER_PIECE) & (units >= MIN_EMPLOYERS))
    counted: BoolArray = enough & (units > 0)
    return counted


def _cells(sums: pa.RecordBatch, replicates: int) -> Iterator[Cell]:
    """The cells that are sufficient, as they lie: their arrays are views of the sums'."""
    at = np.flatnonzero(_sufficient(sums))
    everything, employers, unnamed, squares, largest, records, days = (
        sums[name].to_numpy()[at] for name in NUMBERS
    )
    kinds = np.asarray(sums["kinds"].flatten()).reshape(-1, len(KINDS))[at].argmax(axis=1)
    bins, mass, drawn = (sums[name].values.to_numpy() for name in ("bins", "mass", "replicates"))
    drawn = drawn.reshape(-1, replicates) if replicates else np.empty((len(bins), 0), np.int32)
    edges = sums["bins"].offsets.to_numpy()
    numbers = (
        edges[at], edges[at + 1], kinds, _whole(everything), _whole(records),
        _EPOCH + np.rint(days / everything).astype(np.int64),
    )  # fmt: skip
    shares = (
        employers,
        _whole(unnamed),
        np.square(everything, dtype=np.float64) / squares,
        largest / everything,
    )
    leaders = ("" if UNNAMED in name else name for name in _words(sums["leader"], at))
    who = map(Contributors, *(column.tolist() for column in shares), leaders)
    keys = map(CellKey, *(_words(sums[name], at) for name in KEY))
    columns = (column.tolist() for column in numbers)
    for key, by, first, last, kind, n, n_records, day in zip(keys, who, *columns, strict=True):
        yield Cell(
            key=key,
            kind=_KINDS[kind],
            bins=bins[first:last],
            mass=mass[first:last],
            replicates=drawn[first:last].T,
            n=n,
            n_records=n_records,
            who=by,
            mean_date=date.fromordinal(day),
        )


def _words(column: pa.Array, at: IntArray) -> list[str]:
    """The words at some places, of which there are few."""
    encoded = column.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    return [words[code] for code in encoded.indices.to_numpy()[at].tolist()]


def _whole(mass: IntArray) -> IntArray:
    """Units of mass as pieces, rounded (halves up)."""
    return (mass + UNITS_PER_PIECE // 2) // UNITS_PER_PIECE
