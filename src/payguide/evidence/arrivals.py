"""What has come into the evidence since cells were kept: the rows of files that were not listed then.

A row's next revision lies in a later file, and so does the note that it was withdrawn (`run`): files that are there
already never say anything new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payguide.base.money import BoolArray, IntArray
from payguide.evidence.distinct import Population, narrow, statements
from payguide.evidence.engine.duckdb import DuckDB
from payguide.evidence.statements import PLAIN, Statements, batch_of, hashed
from payguide.evidence.store import Store
from payguide.evidence.tables import TABLES, schema
from payguide.evidence.versions import current

#: The tables that cells depend on.
READ: Final = ("observations", "postings", "withdrawn")

_TEXTS: Final = """
CREATE TABLE texts AS SELECT e.source, e.id, coalesce(bool_or(c.has_text), false) AS has_text
FROM postings_ever e LEFT JOIN posting c USING (source, id) GROUP BY e.source, e.id
"""

# of records that state something new the posting may have been there before
_LACKING: Final = """
SELECT DISTINCT o.source, o.record AS id FROM observations o
ANTI JOIN texts t ON t.source = o.source AND t.id = o.record
"""

_REPLACED: Final = """
SELECT position FROM kept
SEMI JOIN replacing r ON kept.key = r.key AND (r.revision IS NULL OR kept.revision = r.revision)
"""

_RETOLD: Final = """
SELECT kept.position, t.has_text FROM kept JOIN texts t ON kept.source = t.source AND kept.record = t.id
WHERE NOT kept.personal AND kept.text <> t.has_text ORDER BY position
"""


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """The statements that are new, as a batch; the positions of the kept ones that are `gone`; what all these say."""

    batch: pa.RecordBatch
    gone: IntArray
    said: NDArray[np.uint64]


def evidence_of(store: Store) -> dict[str, list[str]]:
    """The names of the files that a store lists, of the tables that cells depend on."""
    return {name: [Path(file).name for file in store.files(name)] for name in READ}


def since(
    engine: DuckDB,
    store: Store,
    before: Mapping[str, Sequence[str]],
    kept: Statements,
    population: Population,
) -> Arrived:
    """What has come into a store since it listed the files of `before`, which the statements `kept` are of. The engine
    has no tables yet.
    """
    connection = engine.connection
    _show_new(engine, store, before)
    replaced = _replaced(connection, kept)
    told_again, texts = _retold(connection, kept, replaced)
    _postings(connection, store)
    new = hashed(nw.to_native(narrow(engine, statements(engine, population)))).to_arrow_table()
    again = kept.take(told_again)
    again = again.set_column(again.schema.get_field_index("text"), PLAIN.field("text"), texts)
    gone = np.union1d(replaced, told_again)
    batch = batch_of(pa.concat_tables([new.select(PLAIN.names).cast(PLAIN), again]))
    said = np.concatenate([batch["said"].to_numpy(), kept.take(gone, ("said",))["said"].to_numpy()])
    return Arrived(batch, gone, said)


def _show_new(engine: DuckDB, store: Store, before: Mapping[str, Sequence[str]]) -> None:
    """Show the new rows of tables (`observations_ever`, ...), those that are current among them (`observations`), and
    the `texts` of all postings that are new.
    """
    connection = engine.connection
    for name in READ:
        new = [file for file in store.files(name) if Path(file).name not in set(before[name])]
        _show(connection, f"{name}_ever", name, new)
    _show(connection, "withdrawn", "withdrawn", store.files("withdrawn"))
    gone = bool(store.files("withdrawn"))
    for name, view in (("observations", "observations"), ("postings", "posting")):
        relation: duckdb.DuckDBPyRelation = nw.to_native(current(engine, name, gone=gone))
        relation.create(view)
    connection.execute(_TEXTS)


def _show(connection: duckdb.DuckDBPyConnection, view: str, name: str, files: Sequence[str]) -> None:
    if files:
        connection.read_parquet(list(files)).create_view(view)
    else:
        connection.register(view, schema(TABLES[name]).empty_table())


def _replaced(connection: duckdb.DuckDBPyConnection, kept: Statements) -> IntArray:
    """The positions of kept statements that were revised or withdrawn."""
    replacing = connection.sql(
        """
        SELECT key, NULL::INTEGER AS revision FROM observations_ever WHERE revision > 1
        UNION ALL SELECT "row", revision FROM withdrawn_ever
        """
    ).to_arrow_table()
    if not replacing.num_rows:
        return np.empty(0, np.int64)
    at = kept.where(partial(_among, name="key", words=replacing["key"]))
    connection.register("replacing", replacing)
    _register(connection, kept, at, ("key", "revision"))
    return np.sort(connection.sql(_REPLACED).fetchnumpy()["position"])


def _retold(
    connection: duckdb.DuckDBPyConnection, kept: Statements, replaced: IntArray
) -> tuple[IntArray, pa.Array]:
    """The positions of statements, but those replaced, whose posting has got a text or lost it, and whether it has."""
    names = connection.sql("SELECT id FROM texts").to_arrow_table()["id"]
    if not len(names):
        return np.empty(0, np.int64), pa.array([], pa.bool_())
    at = np.setdiff1d(kept.where(partial(_among, name="record", words=names)), replaced)
    _register(connection, kept, at, ("source", "record", "personal", "text"))
    found = connection.sql(_RETOLD).to_arrow_table()
    return found["position"].to_numpy(), found["has_text"].combine_chunks()


def _among(batch: pa.RecordBatch, name: str, words: pa.ChunkedArray) -> BoolArray:
    found: BoolArray = pc.is_in(batch[name], words.combine_chunks()).to_numpy(zero_copy_only=False)
    return found


def _register(
    connection: duckdb.DuckDBPyConnection, kept: Statements, at: IntArray, names: Sequence[str]
) -> None:
    connection.register("kept", kept.take(at, names).append_column("position", pa.array(at)))


def _postings(connection: duckdb.DuckDBPyConnection, store: Store) -> None:
    """Show which of the postings have a text that state anything new."""
    connection.execute("CREATE VIEW postings AS SELECT * FROM texts")
    lacking = connection.sql(_LACKING).to_arrow_table()
    if lacking.num_rows and store.files("postings"):
        with closing(store.connect()) as whole:
            whole.register("lacking", lacking)
            found = whole.sql(
                "SELECT source, id, has_text FROM postings SEMI JOIN lacking USING (source, id)"
            )
            connection.register("posted_before", found.to_arrow_table())
        connection.execute(
            "CREATE OR REPLACE VIEW postings AS SELECT * FROM texts UNION ALL SELECT * FROM posted_before"
        )
