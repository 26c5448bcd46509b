"""What a store holds, kept in an engine so that millions of rows fit: what is new, changed or gone.

A row is told by its key. A statement or posting that is read again is the same row as long as what it says is the
same; when it says something else (the employer raised the pay, the reader got better) it is the next revision of
it, and the earlier one stays as its history. A statement that its record no longer makes is withdrawn.
"""

from __future__ import annotations

from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from payguide.evidence.tables import REVISED, TABLES

#: Where and when a statement was seen: a later sight of the same is no other statement.
_SIGHT: Final = frozenset(
    ("key", "revision", "date", "sha256", "url", "span_start", "span_end", "found", "reason")
)

#: The tables of statements, which a record makes: in the evidence or in quarantine.
_STATED: Final = ("observations", "quarantine")

_MADE: Final = """
CREATE TEMP TABLE known (name VARCHAR, key VARCHAR, record UBIGINT, revision INTEGER, live BOOLEAN);
CREATE TEMP TABLE seen (name VARCHAR, key VARCHAR);
CREATE TEMP TABLE reread (record UBIGINT)
"""

_SORTED: Final = """
CREATE OR REPLACE TEMP TABLE sorted AS
SELECT position, chunk.key, coalesce(revision, 0) AS revision, coalesce(live, false) AS live
FROM (SELECT min(position) AS position, key FROM chunk
      WHERE key NOT IN (SELECT s.key FROM seen s SEMI JOIN chunk USING (key) WHERE s.name = $name) GROUP BY key) chunk
LEFT JOIN (SELECT k.* FROM known k SEMI JOIN chunk USING (key) WHERE k.name = $name) USING (key)
"""


class Known:
    """The keys of a store's tables with their revisions, and what one run has seen of them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        connection.execute(_MADE)

    def add(self, name: str) -> None:
        """Take a table's rows as known; the connection has its view and, where it is revised, its history."""
        table = self._connection.table(name).set_alias("c")
        if name in REVISED:
            record = "hash(e.source, e.record)" if name in _STATED else "0"
            rows = (
                self._connection.table(f"{name}_ever")
                .set_alias("e")
                .join(table, "c.key = e.key AND c.revision = e.revision", how="left")
                .aggregate(
                    f"'{name}', e.key, any_value({record}), max(e.revision), bool_or(c.key IS NOT NULL)",
                    "e.key",
                )
            )
        else:
            rows = table.project(f"'{name}', key, 0, 1, true")
        rows.insert_into("known")

    def fresh(self, name: str, rows: pa.Table) -> pa.Table:
        """The rows that are new or changed, the first of each key in this run, in order, with their revision."""
        keys = pa.table({"key": rows["key"], "position": np.arange(rows.num_rows)})
        self._connection.register("chunk", keys)
        self._connection.execute(_SORTED, {"name": name})
        changed = self._changed(name, rows)
        found = self._connection.execute(
            """
            SELECT position, revision FROM sorted
            WHERE NOT live OR list_contains($changed, position) ORDER BY position
            """,
            {"changed": changed},
        ).fetchnumpy()
        # what a run has seen it leaves alone until it ends, so `known` stays as the store was when it began
        self._connection.execute("INSERT INTO seen SELECT $name, key FROM sorted", {"name": name})
        everything = len(found["position"]) == rows.num_rows
        fresh = rows if everything else rows.take(found["position"])
        if name not in REVISED:
            return fresh
        revisions = pa.array(found["revision"].astype(np.int32) + np.int32(1), pa.int32())
        return fresh.set_column(rows.schema.get_field_index("revision"), "revision", revisions)

    def _changed(self, name: str, rows: pa.Table) -> list[int]:
        """Positions of live rows that say something else than the store's."""
        again = self._connection.execute("SELECT position FROM sorted WHERE live").fetchnumpy()["position"]
        if name not in REVISED or not len(again):
            return []
        incoming = rows.take(again).append_column("position", pa.array(again))
        self._connection.register("incoming", incoming)
        differs = " OR ".join(
            f'i."{column.name}" IS DISTINCT FROM t."{column.name}"'
            for column in TABLES[name]
            if column.name not in _SIGHT
        )
        stored = self._connection.table(name).set_alias("t")
        both = self._connection.table("incoming").set_alias("i").join(stored, "i.key = t.key")
        found = both.filter(differs).project("i.position").fetchnumpy()["position"]
        return [int(position) for position in found]

    def reread(self, records: pa.Table) -> None:
        """Records (`source`, `record`) whose statements have all been read in this run, or will be before it ends."""
        self._connection.register("pairs", records)
        self._connection.execute("INSERT INTO reread SELECT DISTINCT hash(source, record) FROM pairs")

    def withdrawn(self) -> pa.Table:
        """Keys and revisions of the statements that the reread records no longer make, and the table of each.
        One that moved into quarantine, or out of it, is no longer made where it stood.
        """
        return self._connection.sql(
            """
            SELECT name, key, revision FROM known SEMI JOIN reread USING (record)
            WHERE list_contains($stated, name) AND live AND key NOT IN (SELECT key FROM seen)
            ORDER BY name, key
            """,
            params={"stated": _STATED},
        ).to_arrow_table()
