"""The reduction of drawn evidence on an engine: the same tests run on every one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeVar

import drawn_evidence as drawn
import duckdb
import pyarrow as pa
from pyspark.sql import SparkSession

from payguide.base.figures import Cell
from payguide.evidence.cells import cells
from payguide.evidence.distinct import Population, pieces, statements
from payguide.evidence.engine import Engine, Frame
from payguide.evidence.engine.duckdb import DuckDB
from payguide.evidence.engine.spark import Spark
from payguide.evidence.tables import OBSERVATIONS, POSTINGS, table_of

T = TypeVar("T")


class OnEngine:
    """Reduces drawings on the engine that `make` makes of tables; a drawing that was reduced is not reduced again."""

    def __init__(self, make: Callable[[Mapping[str, pa.Table]], Engine]) -> None:
        self._make = make
        self.pieces = cache(self._pieces)
        self.cells = cache(self._cells)

    def _found(self, drawing: str, postings: str) -> tuple[Engine, Frame]:
        engine = self._make({
            "observations": table_of(OBSERVATIONS, drawn.observations(drawing)),
            "postings": table_of(POSTINGS, drawn.postings(postings)),
        })  # fmt: skip
        return engine, pieces(engine, statements(engine, Population()))

    def _pieces(self, drawing: str, postings: str = "record") -> pa.Table:
        engine, found = self._found(drawing, postings)
        return engine.collect(found)

    def _cells(self, drawing: str) -> tuple[Cell, ...]:
        engine, found = self._found(drawing, "record")
        return cells(engine, found)


def on_duckdb(tables: Mapping[str, pa.Table]) -> DuckDB:
    """DuckDB with tables of its own."""
    connection = duckdb.connect()
    for name, rows in tables.items():
        connection.from_arrow(rows).create(name)
    return DuckDB(connection)


def on_spark(session: SparkSession) -> Callable[[Mapping[str, pa.Table]], Spark]:
    """Spark with tables of its own."""
    return lambda tables: Spark(
        session, {name: session.createDataFrame(rows) for name, rows in tables.items()}
    )
