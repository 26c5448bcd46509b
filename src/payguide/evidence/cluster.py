"""The evidence of a store on Spark. Needs the extra: pip install 'payguide[spark]'."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
from pyspark.sql import DataFrame, SparkSession

from payguide.base.figures import Cell, OfficialFigure
from payguide.evidence.cells import cells
from payguide.evidence.distinct import Population
from payguide.evidence.engine.spark import Spark
from payguide.evidence.prepared import prepare
from payguide.evidence.store import Store
from payguide.evidence.tables import REVISED, TABLES, schema
from payguide.evidence.versions import current


def on_spark(store: Store, session: SparkSession) -> Spark:
    """The evidence of a store, read by the cluster from the files of the store's version; of what lies in S3 by
    Hadoop's own name for that, `s3a`.
    """
    tables = {}
    for name in (*REVISED, "withdrawn"):
        files = [file.replace("s3://", "s3a://", 1) for file in store.files(name)]
        columns = schema(TABLES[name]).empty_table()
        stored = f"{name}_ever" if name in REVISED else name
        tables[stored] = session.read.parquet(*files) if files else session.createDataFrame(columns)
    engine = Spark(session, tables)
    current_rows: dict[str, DataFrame] = {name: nw.to_native(current(engine, name)) for name in REVISED}
    return Spark(session, tables | current_rows)


def cells_on(
    session: SparkSession, store: Store, population: Population, official: Sequence[OfficialFigure]
) -> tuple[Cell, ...]:
    """The cells of a store's evidence, reduced on a Spark session: the same as on one machine."""
    prepared = prepare(on_spark(store, session), population, official)
    return cells(prepared.engine, prepared.counting)
