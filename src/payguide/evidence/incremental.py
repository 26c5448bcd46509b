"""Cells that are kept and only added to: new evidence updates the cells that it touches.

What a new, revised or withdrawn statement can change are the pieces of evidence that say the same (`statements`), and
what these owe to all others: which metros are large, and where the fences stand. So the pieces of what is touched are
found twice, by the same functions as all pieces are: as they were and as they are now. Their difference, what is taken
away being negative, is reduced as all pieces are (`sums.of_group`) and added to what is kept (`ledger`). Whose metro
has become large or small, or what lies beyond a fence that has moved, is touched as well; and as three pieces of an
employer beyond a fence are how it pays, so are all that lie beyond a fence of an employer who has a touched one there.

The cells are exactly those that are made of all the evidence (tests/evidence/test_incremental.py). Where much has
changed, or files that were counted are no longer listed (they were joined to others), all are made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payguide.base.figures import REPLICATES, Cell, OfficialFigure
from payguide.base.money import IntArray
from payguide.evidence import arrivals, delta, touched
from payguide.evidence.cells import COUNTED, GROUP, cells, cells_of, in_order, summed
from payguide.evidence.distinct import (
    LISTED,
    NARROW,
    Population,
    largest,
    metros,
    pieces,
    ratios,
    with_metro_group,
)
from payguide.evidence.engine.arrow import Arrow
from payguide.evidence.kept import Draft, Groups, Keeper, State
from payguide.evidence.ledger import cells_now
from payguide.evidence.outliers import Fences, Limits, added, fences, limits_of, marks_of, middles_of
from payguide.evidence.prepared import Prepared, Standing, prepare_here
from payguide.evidence.statements import BATCH, Statements, batch_of, hashed
from payguide.evidence.store import Store
from payguide.evidence.sums import SCHEMA, joined, of_group

#: The part of all statements that may be touched, and the size of a change beside its base, before all cells are made
#: anew; and how many times statements are added before that.
MOST: Final = 0.1
HEAVIEST: Final = 0.25
TIMES: Final = 100

#: What the pieces of few statements are found with.
ARROW: Final = Arrow()


@dataclass(frozen=True, slots=True)
class Kept:
    """Makes the cells of a store: with what is kept of the last time, or all of them anew. `found` is what is prepared
    of all the evidence already, if anything.
    """

    found: Prepared | None = None
    fresh: bool = False

    def __call__(
        self, store: Store, population: Population, official: Sequence[OfficialFigure]
    ) -> tuple[Cell, ...]:
        """The cells of a store's evidence.

        Raises:
            StoreError: the store cannot be read.
        """
        by_place = limits_of(official)
        keeper = None
        # an old version is read once; and what is in a storage is reduced where there is room for it
        if isinstance(store.path, Path) and store.newest:
            keeper = Keeper.of(store.path, population, by_place)
        state = keeper.load() if keeper and not self.fresh else None
        if keeper is not None and state is not None:
            made = updated(store, keeper, state, population, by_place)
            if made is not None:
                return made
        if self.found is not None:
            return _anew(self.found, keeper, store)
        with closing(store.connect()) as connection:
            return _anew(prepare_here(connection, population, official), keeper, store)


def _anew(found: Prepared, keeper: Keeper | None, store: Store) -> tuple[Cell, ...]:
    """All cells, which are kept where the folder may be written."""
    if keeper is None:
        return cells(found.engine, found.counting)
    groups = [
        group.combine_chunks() for group in summed(found.engine, found.counting, keeping=True) if len(group)
    ]
    stated: duckdb.DuckDBPyRelation = hashed(nw.to_native(found.narrow))
    draft = Draft(
        evidence=arrivals.evidence_of(store),
        statements=map(batch_of, stated.to_arrow_reader(BATCH)),
        base=(batch for group in groups for batch in group.to_batches()),
        change=(),
        standing=found.standing,
        gone=np.empty(0, np.int64),
    )
    with suppress(OSError, duckdb.Error):
        keeper.commit(draft, None)
    return in_order(cell for group in groups for cell in cells_of(group))


def updated(
    store: Store, keeper: Keeper, state: State, population: Population, by_place: Limits
) -> tuple[Cell, ...] | None:
    """The cells of a store, made of what is kept and what has come since, which is kept from then on; None where all
    are to be made anew.

    Raises:
        StoreError: the store cannot be read.
    """
    now = arrivals.evidence_of(store)
    if any(set(files).difference(now[name]) for name, files in state.evidence.items()):
        keeper.away("are of files that the evidence no longer lists")
        return None
    if now == state.evidence:
        return _cells(state.base, state.change)
    with delta.guarded(store.path):
        arrived = arrivals.since(store, state.evidence, state.statements, population)
    difference = _difference(state, arrived, by_place)
    if difference is None:
        return None
    rows, standing = difference
    change = _added(state.change, rows)
    if _weight(change) > HEAVIEST * _weight(state.base):
        return None
    gone = np.union1d(state.statements.gone, arrived.gone)
    with suppress(OSError):
        keeper.commit(Draft(now, [arrived.batch], (), change.values(), standing, gone), state)
    return _cells(state.base, change)


def _difference(
    state: State, arrived: arrivals.Arrived, by_place: Limits
) -> tuple[pa.Table, Standing] | None:
    """What is counted no longer, `times` -1, and what is counted now; and the standing of all pieces from now on. None
    where too much is touched.
    """
    kept = state.statements
    every = Statements([*kept.batches, arrived.batch], kept.gone)
    seen = every.saying(arrived.said)
    if len(seen) > MOST * len(kept) or len(every.batches) > TIMES:
        return None
    sides = (seen[seen < len(kept)], np.setdiff1d(seen, arrived.gone))
    old, new = (_Pieces.of(every, at, by_place) for at in sides)
    standing = state.standing.changed(old.standing, new.standing)
    before, after = (_View.of(one, by_place) for one in (state.standing, standing))
    also = touched.beside(every, seen, before.metros ^ after.metros, before.fences, after.fences)
    if len(seen) + len(also) > MOST * len(kept):
        return None
    beside = _found(every, also)
    was = before.counted(pa.concat_tables([old.found, beside]))
    now = after.counted(pa.concat_tables([new.found, beside]))
    return _apart(every, was, now), standing


def _apart(every: Statements, was: pa.Table, now: pa.Table) -> pa.Table:
    """The rows of one table of pieces that are not in the other (`cells.COUNTED`), with `times`."""
    both = [rows.append_column("times", pa.repeat(times, len(rows))) for rows, times in ((was, -1), (now, 1))]
    rows = added(pa.concat_tables(both))
    positions, row = np.unique(rows[LISTED].to_numpy(), return_inverse=True)
    lists = every.take(positions, (LISTED,))[LISTED].take(pa.array(row))
    return rows.set_column(rows.column_names.index(LISTED), LISTED, lists)


def _found(every: Statements, at: IntArray) -> pa.Table:
    """The pieces among some statements, which are all that say the same: in the place of lists, which no step reads,
    stands the position of the statement that has them.
    """
    stated = every.take(at, [name for name in NARROW if name != LISTED]).append_column(LISTED, pa.array(at))
    return ARROW.collect(pieces(ARROW, ARROW.given(stated)))


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Pieces of evidence, and how they count for all others."""

    found: pa.Table
    standing: Standing

    @classmethod
    def of(cls, every: Statements, at: IntArray, by_place: Limits) -> _Pieces:
        """The pieces among some statements, which are all that say the same."""
        found = _found(every, at)
        return cls(found, Standing(metros(ARROW, ARROW.given(found)), middles_of(found, by_place)))


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """How all pieces of a time see one: the metros that are `large`, the fences, the official limits."""

    large: pa.Table
    fences: Fences
    by_place: Limits

    @classmethod
    def of(cls, standing: Standing, by_place: Limits) -> _View:
        """What the standing of all pieces comes to."""
        return cls(largest(standing.metros), fences(standing.middles), by_place)

    @property
    def metros(self) -> touched.Metros:
        """Kind, role and name of the large metros."""
        return frozenset(tuple(row.values())[:3] for row in self.large.to_pylist())

    def counted(self, found: pa.Table) -> pa.Table:
        """What of some pieces is counted in cells (`cells.COUNTED`), ratios too."""
        marked = marks_of(found, self.fences, self.by_place)
        counting = found.filter(pc.invert(pc.is_in(found["key"], marked["key"].combine_chunks())))
        whole = with_metro_group(ARROW, ARROW.given(counting), self.large)
        parts = (whole.select(*COUNTED), ratios(whole).select(*COUNTED))
        return pa.concat_tables([ARROW.collect(part) for part in parts])


def _added(change: Groups, rows: pa.Table) -> Groups:
    """A change with signed rows reduced on top of it."""
    names = rows.select(GROUP).group_by(GROUP).aggregate([]).to_pylist()
    parts = {
        tuple(name.values()): rows.filter(pc.and_(*(pc.equal(rows[key], word) for key, word in name.items())))
        for name in names
    }
    found = dict(change)
    for name, part in parts.items():
        made = of_group(part, keeping=True)
        if name in found:
            made = joined(pa.concat_tables([pa.Table.from_batches([found[name]]), made]))
        [found[name]] = made.combine_chunks().to_batches()
    return found


def _cells(base: Groups, change: Groups) -> tuple[Cell, ...]:
    """The cells of a base and its change."""
    nothing = pa.RecordBatch.from_pylist([], SCHEMA)

    def every() -> Iterator[Cell]:
        for name in {**base, **change}:
            if name in change:
                yield from cells_now(base.get(name, nothing), change[name], REPLICATES)
            else:
                yield from cells_of(pa.Table.from_batches([base[name]]))

    return in_order(every())


def _weight(groups: Mapping[tuple[str, str], pa.RecordBatch]) -> int:
    return sum(batch.nbytes for batch in groups.values())
