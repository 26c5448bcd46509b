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

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payguide.base.figures import REPLICATES, Cell, OfficialFigure
from payguide.evidence import arrivals, delta, touched
from payguide.evidence.cells import COUNTED, GROUP, cells, cells_of, in_order, summed
from payguide.evidence.distinct import Population, largest, metros, pieces, ratios, with_metro_group
from payguide.evidence.engine.duckdb import DuckDB
from payguide.evidence.kept import Draft, Groups, Keeper, State
from payguide.evidence.ledger import cells_now
from payguide.evidence.outliers import Fences, Limits, fences, limits_of, marks_of, middles_of
from payguide.evidence.prepared import Prepared, Standing, prepare_here
from payguide.evidence.statements import BATCH, Statements, batch_of, hashed
from payguide.evidence.store import Store
from payguide.evidence.sums import SCHEMA, joined, of_group

#: The part of all statements that may be touched, and the size of a change beside its base, before all cells are made
#: anew; and how many times statements are added before that.
MOST: Final = 0.1
HEAVIEST: Final = 0.25
TIMES: Final = 100


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
    with closing(duckdb.connect()) as connection, delta.guarded(store.path):
        scratch = _Scratch(connection)
        arrived = arrivals.since(scratch.engine(), store, state.evidence, state.statements, population)
        difference = _difference(scratch, state, arrived, by_place)
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
    scratch: _Scratch, state: State, arrived: arrivals.Arrived, by_place: Limits
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
    old, new = (_Pieces.of(scratch, every.take(at), by_place) for at in sides)
    standing = state.standing.changed(old.standing, new.standing)
    before, after = (_View.of(one, by_place) for one in (state.standing, standing))
    also = touched.beside(every, seen, before.metros ^ after.metros, before.fences, after.fences)
    if len(seen) + len(also) > MOST * len(kept):
        return None
    beside = _Pieces.of(scratch, every.take(also), by_place).found
    was = before.counted(scratch, pa.concat_tables([old.found, beside]))
    now = after.counted(scratch, pa.concat_tables([new.found, beside]))
    given = scratch.engine().connection.from_arrow
    taken = given(was).except_(given(now)).project("*, -1 AS times").to_arrow_table()
    more = given(now).except_(given(was)).project("*, 1 AS times").to_arrow_table()
    return pa.concat_tables([taken, more]), standing


class _Scratch:
    """Engines for steps on few rows, each without the tables of the others: one connection for all of them, for it
    takes longer to open one than to run a step.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._names = count()

    def engine(self) -> DuckDB:
        """An engine for the next step; none of before is used any more."""
        name = f"step_{next(self._names)}"
        self._connection.execute(f"CREATE SCHEMA {name}; USE {name}")
        return DuckDB(self._connection)


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Pieces of evidence, and how they count for all others."""

    found: pa.Table
    standing: Standing

    @classmethod
    def of(cls, scratch: _Scratch, stated: pa.Table, by_place: Limits) -> _Pieces:
        """The pieces among statements (`statements.PLAIN`), which are all that say the same."""
        engine = scratch.engine()
        found = engine.collect(pieces(engine, engine.given(stated)))
        return cls(found, Standing(metros(engine, engine.given(found)), middles_of(found, by_place)))


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

    def counted(self, scratch: _Scratch, found: pa.Table) -> pa.Table:
        """What of some pieces is counted in cells (`cells.COUNTED`), ratios too."""
        marked = marks_of(found, self.fences, self.by_place)
        counting = found.filter(pc.invert(pc.is_in(found["key"], marked["key"].combine_chunks())))
        engine = scratch.engine()
        whole = with_metro_group(engine, engine.given(counting), self.large)
        parts = (whole.select(*COUNTED), ratios(whole).select(*COUNTED))
        return pa.concat_tables([engine.collect(part) for part in parts])


def _added(change: Groups, rows: pa.Table) -> Groups:
    """A change with signed rows reduced on top of it."""
    names = rows.select(GROUP).group_by(GROUP).aggregate([]).to_pylist()
    parts = {
        tuple(name.values()): rows.filter(pc.and_(*(pc.equal(rows[key], word) for key, word in name.items())))
        for name in names
    }
    found = dict(change)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, made in zip(parts, pool.map(partial(of_group, keeping=True), parts.values()), strict=True):
            both = [pa.Table.from_batches([found[name]]), made] if name in found else [made]
            found[name] = joined(pa.concat_tables(both)).to_batches()[0]
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
