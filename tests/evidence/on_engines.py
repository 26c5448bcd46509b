"""The reduction of drawn evidence on an engine: the same tests run on every one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar

import drawn_evidence as drawn
import duckdb
import pyarrow as pa
from pyspark.sql import SparkSession

from payguide.base.aggregates import Cell
from payguide.evidence.engine import ROWS, Engine
from payguide.evidence.engine.duckdb import DuckDB
from payguide.evidence.engine.spark import Spark
from payguide.evidence.reduce.cells import cells
from payguide.evidence.tables import OBSERVATIONS, POSTINGS, table_of
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.prepare import Prepared, prepare

T = TypeVar("T")


class OnEngine:
    """Reduces drawings on the engine that `make` makes of tables; a drawing that was reduced is not reduced again."""

    def __init__(self, make: Callable[[Mapping[str, pa.Table]], Engine]) -> None:
        self._make = make
        self.pieces = cache(self._pieces)
        self.cells = cache(self._cells)

    def prepared(self, drawing: str, postings: str = "record") -> Prepared:
        """The pieces of a drawing, outliers marked."""
        engine = self._make({
            "observations": table_of(OBSERVATIONS, drawn.observations(drawing)),
            "postings": table_of(POSTINGS, drawn.postings(postings)),
        })  # fmt: skip
        return prepare(engine, Population(), ())

    def _pieces(self, drawing: str, postings: str = "record") -> pa.Table:
        found = self.prepared(drawing, postings)
        return found.engine.collect(found.units)

    def _cells(self, drawing: str) -> tuple[Cell, ...]:
        found = self.prepared(drawing)
        return cells(found.engine, found.counting)


def on_duckdb(tables: Mapping[str, pa.Table], rows: int = ROWS) -> DuckDB:
    """DuckDB with tables of its own."""
    connection = duckdb.connect()
    for name, table in tables.items():
        connection.from_arrow(table).create(name)
    return DuckDB(connection, rows)


def on_spark(session: SparkSession, rows: int = ROWS) -> Callable[[Mapping[str, pa.Table]], Spark]:
    """Spark with tables of its own."""
    return lambda tables: Spark(
        session, {name: session.createDataFrame(table) for name, table in tables.items()}, rows
    )
