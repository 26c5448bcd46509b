"""Engines: what runs the reduction. A query is spelled once in Narwhals; an engine reads the tables and runs it.

An engine is one file here. DuckDB runs it on one machine, Spark on a cluster, and the two agree exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import narwhals as nw
import pyarrow as pa

Frame = nw.LazyFrame[Any]

#: A pure function of one group's rows.
OfAGroup = Callable[[pa.Table], pa.Table]


class Engine(Protocol):
    """What the reduction asks of an engine."""

    def table(self, name: str) -> Frame:
        """The current rows of a table of the evidence."""

    def given(self, rows: pa.Table) -> Frame:
        """A small table of our own."""

    def keep(self, frame: Frame, name: str, words: Sequence[str] = ()) -> Frame:
        """The same rows, evaluated once and kept under a name; `words` are its columns of few distinct words."""

    def collect(self, frame: Frame) -> pa.Table:
        """The rows themselves; for few rows."""

    def grouped(
        self, frame: Frame, by: Sequence[str], function: OfAGroup, schema: pa.Schema
    ) -> Iterator[pa.Table]:
        """The results (of that schema) of a pure function of each group's rows, in no particular order. A group is
        held in memory whole, by one process.
        """
