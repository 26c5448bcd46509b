"""The statements that kept cells were made from, so laid out that a few of many millions are found at once.

They lie in batches, mapped and never read whole. `said` is what a statement says: that of a posting or filing is the
same for all that are one piece of evidence, that of a person the same for all of one record. So whatever a new
statement can change of the pieces has its `said`. A batch is in the order of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.base.money import BoolArray, IntArray
from payguide.evidence.distinct import IDENTITY, NARROW, WORDS
from payguide.evidence.members import runs

#: Statements in one batch.
BATCH: Final = 1_000_000

_TYPES: Final[Mapping[str, pa.DataType]] = {
    **{name: pa.string() for name in NARROW}, "low": pa.float64(), "high": pa.float64(), "asked": pa.float64(),
    "date": pa.date32(), "revision": pa.int32(), "personal": pa.bool_(), "text": pa.bool_(),
    "specialisations": pa.list_(pa.string()),
}  # fmt: skip

#: Statements (`distinct.NARROW`), with words as text.
PLAIN: Final = pa.schema([("said", pa.uint64()), *_TYPES.items()])

_WORD: Final = pa.dictionary(pa.int32(), pa.string())

#: A batch.
SCHEMA: Final = pa.schema([(field.name, _WORD if field.name in WORDS else field.type) for field in PLAIN])

#: Whether something holds of each statement of a batch (n,).
Condition = Callable[[pa.RecordBatch], BoolArray]


def hashed(stated: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Statements (`distinct.NARROW`) with `said`."""
    identity = ", ".join(f"{name}::VARCHAR" if name in WORDS else name for name in IDENTITY)
    said = f"CASE WHEN personal THEN hash(source::VARCHAR, record) ELSE hash({identity}) END AS said"
    return stated.project(f"{said}, " + ", ".join(NARROW))


def batch_of(rows: pa.Table | pa.RecordBatch) -> pa.RecordBatch:
    """Some statements as a batch."""
    table = pa.table(rows)
    order = pa.array(np.argsort(table["said"].to_numpy()))
    columns = [table[name].combine_chunks().take(order).cast(SCHEMA.field(name).type) for name in PLAIN.names]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def codes(batch: pa.RecordBatch, name: str) -> tuple[list[str], NDArray[np.int32]]:
    """The distinct words of a column, and which one each statement has (n,)."""
    column = batch[name]
    return column.dictionary.to_pylist(), column.indices.to_numpy()


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """Batches of statements, one after the other; a statement's position counts through them all. Those that are `gone`
    (g,) are no longer stated.
    """

    batches: Sequence[pa.RecordBatch]
    gone: IntArray

    def __len__(self) -> int:
        """How many there are, gone or not."""
        return sum(batch.num_rows for batch in self.batches)

    def saying(self, said: NDArray[np.uint64]) -> IntArray:
        """The positions of all statements that say one of these (ascending)."""
        found = []
        for start, batch in self._each():
            every = batch["said"].to_numpy()
            first, last = (np.searchsorted(every, np.unique(said), side) for side in ("left", "right"))
            found.append(runs(first, last - first) + start)
        return self._stated(found)

    def where(self, condition: Condition) -> IntArray:
        """The positions of all statements for which a condition on batches holds (ascending)."""
        return self._stated([np.flatnonzero(condition(batch)) + start for start, batch in self._each()])

    def _each(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Each batch and the position of its first statement."""
        start = 0
        for batch in self.batches:
            yield start, batch
            start += batch.num_rows

    def _stated(self, found: Sequence[IntArray]) -> IntArray:
        every = np.concatenate([np.empty(0, np.int64), *found])
        return np.setdiff1d(every, self.gone)

    def take(self, at: IntArray, names: Sequence[str] = tuple(PLAIN.names)) -> pa.Table:
        """Columns of the statements at positions that ascend, words as text."""
        wanted = pa.schema([PLAIN.field(name) for name in names])
        parts = [wanted.empty_table()]
        for start, batch in self._each():
            here = at[np.searchsorted(at, start) : np.searchsorted(at, start + batch.num_rows)] - start
            if len(here):
                rows = pa.Table.from_batches([batch.select(list(names)).take(pa.array(here))])
                parts.append(rows.cast(wanted))
        return pa.concat_tables(parts)
