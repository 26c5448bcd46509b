"""Spark: a cluster, or all cores of one machine. Needs the extra: pip install 'payguide[spark]'.

Spark's Python workers run the same pure functions as DuckDB's threads do, so they need the same interpreter with
the same packages: on this machine `session` sees to it, on a cluster whoever runs it sets PYSPARK_PYTHON.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence

import narwhals as nw
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession, functions
from pyspark.sql.pandas.types import from_arrow_schema

from payguide.evidence.engine import ROWS, Frame, Reduction


def session(master: str = "", remote: str = "") -> SparkSession:
    """A Spark session: at a cluster's `master` URL (default: all cores of this machine), or at a Spark Connect
    server's `remote` URL.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("payguide").config("spark.sql.session.timeZone", "UTC")
    if remote:
        return builder.remote(remote).getOrCreate()
    builder = builder.master(master or "local[*]").config("spark.ui.showConsoleProgress", "false")
    if not master:
        # 200 partitions are made for a cluster: here each is a moment lost
        cores = os.cpu_count() or 1
        builder = builder.config("spark.ui.enabled", "false")
        builder = builder.config("spark.sql.shuffle.partitions", str(2 * cores))
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


class Spark:
    """The reduction on a session that is given the evidence's tables, so many rows of a group at a time."""

    def __init__(self, session: SparkSession, tables: Mapping[str, DataFrame], rows: int = ROWS) -> None:
        self.session = session
        self._tables = dict(tables)
        self._rows = rows

    def table(self, name: str) -> Frame:
        """The current rows of a table of the evidence."""
        found: Frame = nw.from_native(self._tables[name])
        return found

    def given(self, rows: pa.Table) -> Frame:
        """A small table of our own."""
        found: Frame = nw.from_native(self.session.createDataFrame(rows))
        return found

    def keep(self, frame: Frame, name: str, words: Sequence[str] = ()) -> Frame:
        """The same rows, in the cluster's memory or on its disks; Spark writes words small by itself."""
        self._tables[name] = nw.to_native(frame).persist()
        return self.table(name)

    def drop(self, name: str) -> None:
        """Let go of what is kept under a name."""
        self._tables.pop(name).unpersist()

    def collect(self, frame: Frame) -> pa.Table:
        """The rows themselves."""
        found: pa.Table = nw.to_native(frame).toArrow()
        return found

    def grouped(self, frame: Frame, by: Sequence[str], reduction: Reduction) -> Iterator[pa.Table]:
        """The reduction of each group's rows, where the rows are."""
        rows: DataFrame = nw.to_native(frame)
        sizes = rows.groupBy(*by).agg(functions.count("*").alias("rows")).agg(functions.max("rows"))
        parts = -(-(sizes.collect()[0][0] or 0) // self._rows)
        result = from_arrow_schema(reduction.schema)

        # Spark takes plain functions only
        def of(group: pa.Table) -> pa.Table:
            return reduction.of(group)

        def merged(group: pa.Table) -> pa.Table:
            return reduction.merged(group)

        if parts <= 1:
            yield rows.groupBy(*by).applyInArrow(of, result).toArrow()
        else:
            part = functions.pmod(functions.hash(reduction.together), functions.lit(parts))
            made = rows.groupBy(*by, part).applyInArrow(of, result)
            yield made.groupBy(*reduction.key).applyInArrow(merged, result).toArrow()
