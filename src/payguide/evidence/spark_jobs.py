"""Evidence on Spark: documents read there, a store's rows reduced there. Needs the extra: pip install
'payguide[spark]'.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence

import narwhals as nw
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from payguide.base.aggregates import Cell, OfficialFigure
from payguide.base.version import VERSION
from payguide.evidence.engine.spark import Spark
from payguide.evidence.reduce.cells import cells
from payguide.evidence.store import Store
from payguide.evidence.store.read_batches import RESULT, BatchExecutor, Read, read_rows
from payguide.evidence.store.revisions import current
from payguide.evidence.tables import REVISED, TABLES, schema
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.prepare import prepare


def read_on(session: SparkSession, read: Read) -> BatchExecutor:
    """Has documents' rows read by the Python workers of a Spark session. `read` is a function that they can import."""
    shape, version = from_arrow_schema(RESULT), VERSION

    # Spark takes a plain function only
    def of_rows(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return read_rows(read, batches, version)

    def executor(sent: pa.Table) -> pa.Table:
        result = session.createDataFrame(sent).mapInArrow(of_rows, shape).toArrow()
        # Spark's handles lie in cycles, and as long as they do it keeps the documents in its memory
        gc.collect()
        return result

    return executor


def on_spark(store: Store, session: SparkSession) -> Spark:
    """The evidence of a store, read by the cluster from the files of the store's version; of what lies in S3 by
    Hadoop's own name for that, `s3a`. What the store's reader is not shown is left out.
    """
    tables = {}
    for name in (*REVISED, "withdrawn"):
        files = [file.replace("s3://", "s3a://", 1) for file in store.files(name)]
        columns = schema(TABLES[name]).empty_table()
        stored = f"{name}_ever" if name in REVISED else name
        tables[stored] = session.read.parquet(*files) if files else session.createDataFrame(columns)
        if store.hidden and name in REVISED:
            tables[stored] = tables[stored].filter(~tables[stored]["source"].isin(*store.hidden))
    engine = Spark(session, tables)
    current_rows: dict[str, DataFrame] = {name: nw.to_native(current(engine, name)) for name in REVISED}
    return Spark(session, tables | current_rows)


def cells_on(
    session: SparkSession, store: Store, population: Population, official: Sequence[OfficialFigure]
) -> tuple[Cell, ...]:
    """The cells of a store's evidence, reduced on a Spark session: the same as on one machine."""
    prepared = prepare(on_spark(store, session), population, official)
    return cells(prepared.engine, prepared.counting)
