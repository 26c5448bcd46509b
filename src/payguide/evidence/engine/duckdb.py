"""DuckDB: one machine."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import duckdb
import narwhals as nw
import pyarrow as pa

from payguide.evidence.engine import ROWS, Frame, Reduction

#: How many parts' results are held before they are joined.
_JOINED: Final = 3


class DuckDB:
    """The reduction on a connection that has the evidence's tables as views (`Store.connect`), so many rows of a group
    at a time.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, rows: int = ROWS) -> None:
        self.connection = connection
        self._rows = rows

    def table(self, name: str) -> Frame:
        """The current rows of a table of the evidence."""
        return nw.from_native(self.connection.table(name)).lazy()

    def given(self, rows: pa.Table) -> Frame:
        """A small table of our own."""
        return nw.from_native(self.connection.from_arrow(rows)).lazy()

    def keep(self, frame: Frame, name: str, words: Sequence[str] = ()) -> Frame:
        """The same rows in a table of that name. Words become an ENUM, which takes a byte or two instead of 16."""
        relation: duckdb.DuckDBPyRelation = nw.to_native(frame)
        if words:
            relation = self._encoded(relation, name, words)
        relation.create(name)
        return self.table(name)

    def _encoded(
        self, relation: duckdb.DuckDBPyRelation, name: str, words: Sequence[str]
    ) -> duckdb.DuckDBPyRelation:
        found = relation.aggregate(", ".join(f"list(DISTINCT {word})" for word in words)).fetchall()
        for word, values in zip(words, found[0], strict=True):
            # a type takes no parameter: the words stand in it as literals
            literals = ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values or [""]))
            self.connection.execute(f"CREATE TYPE {name}_{word} AS ENUM ({literals})")
        columns = [f"{column}::{name}_{column} AS {column}" if column in words else column
                   for column in relation.columns]  # fmt: skip
        return relation.project(", ".join(columns))

    def collect(self, frame: Frame) -> pa.Table:
        """The rows themselves."""
        relation: duckdb.DuckDBPyRelation = nw.to_native(frame)
        return relation.to_arrow_table()

    def grouped(self, frame: Frame, by: Sequence[str], reduction: Reduction) -> Iterator[pa.Table]:
        """The function of each group's rows, in as many threads as there are cores, while the next rows are read."""
        threads = os.cpu_count() or 1
        counted = self.collect(frame.group_by(*by).agg(rows=nw.len())).to_pylist()
        with ThreadPoolExecutor(threads) as pool:
            working: deque[Future[pa.Table]] = deque()
            made: deque[Future[pa.Table]] = deque()
            for group in sorted(counted, key=lambda group: -int(group["rows"])):
                parts = -(-int(group.pop("rows")) // self._rows)
                wanted = frame.filter(*(nw.col(name) == value for name, value in group.items()))
                results: list[Future[pa.Table]] = []
                for rows in self._in_parts(wanted, reduction.together, parts):
                    while len(working) > threads:
                        working.popleft().result()
                    results.append(pool.submit(reduction.of, rows))
                    working.append(results[-1])
                    if len(results) == _JOINED:
                        results = [pool.submit(_joined, reduction, results)]
                made.append(results[0] if len(results) == 1 else pool.submit(_joined, reduction, results))
                while made and (made[0].done() or len(made) > threads):
                    yield made.popleft().result()
            while made:
                yield made.popleft().result()

    def _in_parts(self, frame: Frame, together: str, parts: int) -> Iterator[pa.Table]:
        """The rows in so many parts, those of one value of `together` in one of them; a part may have none."""
        if parts == 1:
            yield self.collect(frame)
            return
        relation: duckdb.DuckDBPyRelation = nw.to_native(frame)
        for part in range(parts):
            rows = relation.filter(f"hash({together}) % {parts} = {part}").to_arrow_table()
            if rows.num_rows:
                yield rows


def _joined(reduction: Reduction, parts: Sequence[Future[pa.Table]]) -> pa.Table:
    """The parts' results as one. Threads begin in the order of their work, so what is waited for has begun."""
    return reduction.joined(pa.concat_tables([part.result() for part in parts]))
