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

from payguide.evidence.engine import Frame, OfAGroup

#: How many rows of several groups are worked on at a time.
_IN_MEMORY: Final = 5_000_000


class DuckDB:
    """The reduction on a connection that has the evidence's tables as views (`Store.connect`)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

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

    def grouped(
        self, frame: Frame, by: Sequence[str], function: OfAGroup, schema: pa.Schema
    ) -> Iterator[pa.Table]:
        """The function of each group's rows, in as many threads as there are cores, while the next groups are read;
        large groups wait for each other, so that memory holds them.
        """
        threads = os.cpu_count() or 1
        with ThreadPoolExecutor(threads) as pool:
            waiting: deque[tuple[int, Future[pa.Table]]] = deque()
            for group in self.collect(frame.select(*by).unique()).to_pylist():
                rows = self.collect(frame.filter(*(nw.col(name) == value for name, value in group.items())))
                held = rows.num_rows
                while waiting and (len(waiting) > threads or held + sum(n for n, _ in waiting) > _IN_MEMORY):
                    yield waiting.popleft()[1].result()
                waiting.append((held, pool.submit(function, rows)))
                del rows
            while waiting:
                yield waiting.popleft()[1].result()
