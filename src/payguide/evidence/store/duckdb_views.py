"""What DuckDB sees of a store: a view of each table at one version."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import cache

import duckdb
import narwhals as nw

from payguide.evidence.contract import contract_config
from payguide.evidence.engine.duckdb import DuckDB
from payguide.evidence.store import delta
from payguide.evidence.store.location import Location
from payguide.evidence.store.private import scratch
from payguide.evidence.store.revisions import current
from payguide.evidence.tables import REVISED, TABLES, schema

#: Every refusal that counts: rejections, and the rows in quarantine. A store of before there was a quarantine has
#: rejections without their rows; once such a row lies in quarantine, that decides.
_REFUSED = """
CREATE OR REPLACE TEMP VIEW refused AS
SELECT rule, found, "where", source, sha256 FROM rejections
    ANTI JOIN quarantine_ever USING (rule, found, "where", source, sha256)
UNION ALL SELECT rule, found, "where", source, sha256 FROM quarantine
"""


def started() -> duckdb.DuckDBPyConnection:
    """A DuckDB of its own. What does not fit into memory goes to a temporary folder of this process, not to where the
    user stands.
    """
    connection = duckdb.connect(config={"temp_directory": scratch()})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@cache
def _running(_process: int) -> duckdb.DuckDBPyConnection:
    return started()


def session() -> duckdb.DuckDBPyConnection:
    """A connection to the one DuckDB that runs as long as this process: to start another takes longer than most
    questions. What is temporary is seen by the connection that made it alone, and all that is made with it has to be.
    """
    connection = _running(os.getpid()).cursor()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def show(
    connection: duckdb.DuckDBPyConnection,
    location: Location,
    tables: Mapping[str, delta.Table],
    hidden: Sequence[str] = (),
) -> None:
    """Make or replace the views of a store's tables, which are temporary: their current rows, and of what may be
    revised all its revisions too (`observations_ever`). A table that is not there is empty. What is of a `hidden`
    source is in none.

    Raises:
        StoreError: a table cannot be read.
    """
    for name, columns in TABLES.items():
        view = f"{name}_ever" if name in REVISED else name
        if name in tables:
            of_a_source = any(column.name == "source" for column in columns)
            tables[name].show(connection, view, schema(columns), hidden=hidden if of_a_source else ())
        else:
            connection.register(view, schema(columns).empty_table())
    gone = "withdrawn" in tables and bool(tables["withdrawn"].files)
    with delta.guarded(location):
        for name in REVISED:
            revised = name in tables and bool(tables[name].files) and tables[name].most("revision") != 1
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {_current(name, revised, gone)}")
        connection.execute(_REFUSED)


@cache
def _current(name: str, revised: bool, gone: bool) -> str:
    """The query of a table's current rows as DuckDB's SQL. It depends on the tables' columns alone: it is bound once
    on empty ones, not again for every connection.
    """
    with closing(session()) as connection:
        for table, columns in ((f"{name}_ever", TABLES[name]), ("withdrawn", TABLES["withdrawn"])):
            connection.register(table, schema(columns).empty_table())
        rows: duckdb.DuckDBPyRelation = nw.to_native(
            current(DuckDB(connection), name, revised=revised, gone=gone)
        )
        return rows.sql_query()


def contract(connection: duckdb.DuckDBPyConnection) -> contract_config.Contract:
    """The contract in force: that of the last revalidation, the packaged one before the first."""
    result = connection.sql("SELECT text, name FROM contracts ORDER BY since DESC, key LIMIT 1").fetchall()
    return contract_config.merged(*result[0]) if result else contract_config.packaged()


def retrieved(connection: duckdb.DuckDBPyConnection) -> dict[str, date]:
    """The day on which each document was last retrieved, by its SHA-256."""
    return dict(connection.sql("SELECT sha256, max(retrieved_at) FROM documents GROUP BY sha256").fetchall())
