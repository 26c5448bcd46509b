"""Engines: what runs the reduction. A query is spelled once in Narwhals; an engine reads the tables and runs it.

An engine is one file here. DuckDB runs it on one machine, Spark on a cluster, and the two agree exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import narwhals as nw
import pyarrow as pa

Frame = nw.LazyFrame[Any]

#: How many rows of a group are reduced at a time.
ROWS: Final = 750_000


@dataclass(frozen=True, slots=True)
class Reduction:
    """A pure function `of` a group's rows. Where it is given rows in parts, those of one value of the column `together`
    are in one part, and the pure function `merged` makes one result of the parts'. Results have a `schema`, and `key`
    names the rows of one that may be merged by themselves.
    """

    of: Callable[[pa.Table], pa.Table]
    merged: Callable[[pa.Table], pa.Table]
    schema: pa.Schema
    key: Sequence[str]
    together: str


class Engine(Protocol):
    """What the reduction asks of an engine."""

    def table(self, name: str) -> Frame:
        """The current rows of a table of the evidence."""

    def given(self, rows: pa.Table) -> Frame:
        """A small table of our own."""

    def keep(self, frame: Frame, name: str, words: Sequence[str] = ()) -> Frame:
        """The same rows, evaluated once and kept under a name; `words` are its columns of few distinct words."""

    def drop(self, name: str) -> None:
        """Let go of what is kept under a name, which nothing reads any more."""

    def collect(self, frame: Frame) -> pa.Table:
        """The rows themselves; for few rows."""

    def grouped(self, frame: Frame, by: Sequence[str], reduction: Reduction) -> Iterator[pa.Table]:
        """The results of a reduction of each group's rows, in no particular order. A group of more than `ROWS` is
        reduced in parts, so that memory is bounded whatever the size of a group.
        """
