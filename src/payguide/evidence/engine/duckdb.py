"""DuckDB: one machine."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb
import narwhals as nw
import pyarrow as pa

from payguide.evidence.engine import ROWS, Frame, Reduction

#: How many parts' results are held before they are merged.
_MERGED: Final = 3


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

    def drop(self, name: str) -> None:
        """Let go of what is kept under a name."""
        self.connection.execute(f"DROP TABLE {name}")

    def collect(self, frame: Frame) -> pa.Table:
        """The rows themselves."""
        relation: duckdb.DuckDBPyRelation = nw.to_native(frame)
        return relation.to_arrow_table()

    def grouped(self, frame: Frame, by: Sequence[str], reduction: Reduction) -> Iterator[pa.Table]:
        """The function of each group's rows, in as many threads as there are cores, while the next rows are read."""
        threads = os.cpu_count() or 1
        with ThreadPoolExecutor(threads) as pool:
            working: deque[Future[pa.Table]] = deque()
            made: deque[Future[pa.Table]] = deque()
            for parts in self._groups(frame, by, reduction.together):
                results: list[Future[pa.Table]] = []
                for rows in parts:
                    while len(working) > threads:
                        working.popleft().result()
                    results.append(pool.submit(reduction.of, rows))
                    working.append(results[-1])
                    if len(results) == _MERGED:
                        results = [pool.submit(_merged, reduction, results)]
                made.append(results[0] if len(results) == 1 else pool.submit(_merged, reduction, results))
                while made and (made[0].done() or len(made) > threads):
                    yield made.popleft().result()
            while made:
                yield made.popleft().result()

    def _groups(self, frame: Frame, by: Sequence[str], together: str) -> Iterator[Iterator[pa.Table]]:
        """The rows of each group, the largest group first, in parts of about `rows`; those of one value of `together`
        are in one part.
        """
        counted = self.collect(frame.group_by(*by).agg(rows=nw.len())).sort_by([("rows", "descending")])
        parts = [-(-count // self._rows) for count in counted["rows"].to_pylist()]
        if max(parts, default=1) > 1:
            yield from self._laid_out(frame, counted.select(by), parts, together)
            return
        for group in counted.select(by).to_pylist():
            yield iter([self.collect(frame.filter(*(nw.col(name) == word for name, word in group.items())))])

    def _laid_out(
        self, frame: Frame, groups: pa.Table, parts: Sequence[int], together: str
    ) -> Iterator[Iterator[pa.Table]]:
        """The same where groups are in several parts: the rows are written once, each part into files of its own, for
        to look for every part among all rows costs the square of their number.
        """
        ends = list(accumulate(parts, initial=0))
        numbered = groups.append_column("first", pa.array(ends[:-1], pa.int64())).append_column(
            "parts", pa.array(parts, pa.int64())
        )
        relation: duckdb.DuckDBPyRelation = nw.to_native(
            frame.join(self.given(numbered), on=groups.column_names)
        )
        placed = relation.project(
            f"* EXCLUDE (first, parts), first + (hash({together}) % parts::UBIGINT)::BIGINT AS part"
        )
        with TemporaryDirectory(prefix="payguide-") as folder:
            placed.to_parquet(folder, partition_by=["part"], overwrite=True)
            for first, end in pairwise(ends):
                yield self._written([f"{folder}/part={part}" for part in range(first, end)])

    def _written(self, parts: Sequence[str]) -> Iterator[pa.Table]:
        """The rows of parts that were written; one may have none."""
        for part in parts:
            if Path(part).exists():
                yield self.connection.read_parquet(
                    f"{part}/*.parquet", hive_partitioning=False
                ).to_arrow_table()


def _merged(reduction: Reduction, parts: Sequence[Future[pa.Table]]) -> pa.Table:
    """The parts' results as one. Threads begin in the order of their work, so what is waited for has begun."""
    return reduction.merged(pa.concat_tables([part.result() for part in parts]))
