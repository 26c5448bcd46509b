"""Cells: pay as histograms, by source, role, level, component and population.

A posted range puts a fifth of its mass at each of the 10, 30, 50, 70 and 90 % points of the log-uniform between
its ends (pay offered is taken to be spread evenly over the range on the log scale); a single amount puts all of it
into one bin. A posting whose title is silent on the level is spread over the levels that the years it asks for make
likely (`level_mix`), and counts whole in "any". The component `total_over_base` is the ratio of the two in one and
the same record.

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
from itertools import pairwise
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payguide.base.codes import EvidenceKind
from payguide.base.figures import EVERYONE, MASS, REPLICATES, Cell, CellKey
from payguide.base.money import BoolArray, IntArray
from payguide.evidence.distinct import column, ratios
from payguide.evidence.engine import Engine, Frame, Reduction
from payguide.evidence.members import LEAST_EMPLOYERS, LEAST_N
from payguide.evidence.sums import KEY, KINDS, SCHEMA, joined, of_group

#: What of a piece is counted.
COUNTED: Final = (
    "source", "kind", "cluster", "role", "level", "component", "low", "high", "date", "employer_tier",
    "employer_industry", "place_metro", "metro_group", "remote", "specialisations", "asked", "n_records", "pooled",
    "pooled_records",
)  # fmt: skip

#: What is counted together.
GROUP: Final = ("role", "component")

_NUMBERS: Final = ("sum_mass", "employers", "largest", "records", "days")


def cells(engine: Engine, pieces: Frame, replicates: int = REPLICATES) -> tuple[Cell, ...]:
    """The cells of the pieces of evidence (see `distinct.pieces`), in the order of their keys, with so many
    replicates. A narrowed population has a cell from 10 pieces of evidence of 5 employers on.
    """
    reduction = Reduction(partial(of_group, replicates=replicates), joined, SCHEMA, KEY, "cluster")
    made: list[Cell] = []
    for stated in (pieces.select(*COUNTED), engine.keep(ratios(pieces).select(*COUNTED), "ratio")):
        for group in engine.grouped(stated, GROUP, reduction):
            made += cells_of(group, replicates)
    return tuple(sorted(made, key=lambda cell: cell.key))


def cells_of(sums: pa.Table, replicates: int = REPLICATES) -> Iterator[Cell]:
    """The cells that are thick enough among their sums (`sums.SCHEMA`)."""
    for batch in sums.filter(pa.array(_thick(sums))).to_batches():
        lists = {name: _lists(batch[name]) for name in ("bins", "mass", "replicates")}
        kinds = batch["kinds"].flatten().to_numpy().reshape(-1, len(KINDS)).argmax(axis=1).tolist()
        for at, row in enumerate(batch.select([*KEY, *_NUMBERS]).to_pylist()):
            bins, mass, drawn = (lists[name][at] for name in lists)
            yield _cell(row, KINDS[kinds[at]], bins, mass, drawn.reshape(len(bins), replicates).T)


def _thick(sums: pa.Table) -> BoolArray:
    mass, employers = column(sums, "sum_mass"), column(sums, "employers")
    narrowed = pc.not_equal(sums["population"], EVERYONE).to_numpy()
    enough: BoolArray = ~narrowed | ((mass >= LEAST_N * MASS) & (employers >= LEAST_EMPLOYERS))
    return enough & (employers > 0)


def _lists(column: pa.ListArray) -> list[NDArray[Any]]:
    values = column.values.to_numpy()
    return [values[a:b] for a, b in pairwise(column.offsets.to_pylist())]


def _cell(row: dict[str, Any], kind: str, bins: IntArray, mass: IntArray, replicates: NDArray[Any]) -> Cell:
    everything = row["sum_mass"]
    return Cell(
        key=CellKey(*(row[name] for name in KEY)),
        kind=EvidenceKind(kind),
        bins=bins,
        mass=mass,
        replicates=replicates,
        n=_whole(everything),
        n_records=_whole(row["records"]),
        n_employers=row["employers"],
        largest_share=row["largest"] / everything,
        mean_date=date.fromordinal(date(1970, 1, 1).toordinal() + round(row["days"] / everything)),
    )


def _whole(mass: int) -> int:
    """Units of mass as pieces, rounded (halves up)."""
    return (mass + MASS // 2) // MASS
