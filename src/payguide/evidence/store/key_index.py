"""What a store holds, kept in an engine so that millions of rows fit: what is new, changed or gone.

A row is identified by its key. A statement or posting that is read again is the same row as long as what it says is the
same; when it says something else (the employer raised the pay, the reader got better) it is the next revision of
it, and the earlier one stays as its history. A statement that its record no longer makes is withdrawn.

What a run has `seen` it leaves alone and stands for until it ends: each key with the revision that says what the run
read. `key_index` is what the store held when the run began and, where others have committed since, what it holds now.
"""

from __future__ import annotations

from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.evidence.tables import REVISED, TABLES

#: Where and when a statement was seen: a later sight of the same is no other statement.
_SIGHT: Final = frozenset(
    ("key", "revision", "date", "sha256", "url", "span_start", "span_end", "quote", "found", "reason")
)

#: The tables of statements, which a record makes: in the evidence or in quarantine.
STATED: Final = ("observations", "quarantine")

_MADE: Final = """
CREATE TEMP TABLE key_index (name VARCHAR, key VARCHAR, record UBIGINT, revision INTEGER, live BOOLEAN);
CREATE TEMP TABLE seen (name VARCHAR, key VARCHAR, revision INTEGER);
CREATE TEMP TABLE reread (record UBIGINT)
"""

_FIRST: Final = """
SELECT min(position) AS position FROM chunk
WHERE key NOT IN (SELECT s.key FROM seen s SEMI JOIN chunk USING (key) WHERE s.name = $name)
GROUP BY key ORDER BY position
"""

_SORTED: Final = """
CREATE OR REPLACE TEMP TABLE sorted AS
SELECT position, chunk.key, coalesce(revision, 0) AS revision, coalesce(live, false) AS live FROM chunk
LEFT JOIN (SELECT k.* FROM key_index k SEMI JOIN chunk USING (key) WHERE k.name = $name) USING (key)
"""

_CHANGED_KEYS: Final = """
CREATE OR REPLACE TEMP TABLE changed_keys AS
SELECT key, any_value(record) AS record, max(revision) AS revision FROM (
    SELECT key, record, revision FROM arriving
    UNION ALL SELECT k.key, k.record, k.revision FROM key_index k SEMI JOIN arriving USING (key) WHERE k.name = $name
) GROUP BY key
"""

_REPLACED: Final = """
INSERT INTO key_index
SELECT $name, t.key, t.record, t.revision, w."row" IS NULL
FROM changed_keys t
LEFT JOIN (SELECT DISTINCT "row", revision FROM withdrawn WHERE $revised) w
    ON w."row" = t.key AND w.revision = t.revision
"""

_OVERRULED: Final = """
CREATE OR REPLACE TEMP TABLE overruled AS
SELECT s.name, s.key, s.revision FROM seen s LEFT JOIN key_index k USING (name, key)
WHERE list_contains($revised, s.name)
  AND (list_contains($all_of, s.name) OR NOT coalesce(k.live AND k.revision = s.revision, false))
"""


class KeyIndex:
    """The keys of a store's tables with their revisions, and what one run has seen of them. The connection has the
    store's views.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        connection.execute(_MADE)

    def add(self, name: str) -> None:
        """Take a table's rows as known, when the run begins."""
        rows = f"SELECT '{name}', key, 0, 1, true FROM {name}"  # noqa: S608
        if name in REVISED:
            rows = f"""
                SELECT '{name}', e.key, any_value({_record(name)}), max(e.revision), bool_or(c.key IS NOT NULL)
                FROM {name}_ever e LEFT JOIN {name} c ON c.key = e.key AND c.revision = e.revision GROUP BY e.key
            """  # noqa: S608
        self._connection.execute(f"INSERT INTO key_index {rows}")

    def learn(self, name: str, view: str) -> None:
        """Take the rows of a view as known too: those of the files that a table has got since. The views of the
        store show it as it is now.
        """
        connection, revised = self._connection, name in REVISED
        columns = f"{_record(name)} AS record, revision" if revised else "0 AS record, 1 AS revision"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE arriving AS SELECT key, {columns} FROM {view} e")  # noqa: S608
        connection.execute(_CHANGED_KEYS, {"name": name})
        connection.execute(
            "DELETE FROM key_index WHERE name = $name AND key IN (SELECT key FROM changed_keys)",
            {"name": name},
        )
        connection.execute(_REPLACED, {"name": name, "revised": revised})

    def take_away(self, view: str) -> None:
        """Know that the rows which a view of the table `withdrawn` names are no longer current."""
        self._connection.execute(
            f'UPDATE key_index SET live = false FROM {view} w WHERE key_index.key = w."row" '  # noqa: S608
            "AND key_index.revision = w.revision AND list_contains($revised, key_index.name)",
            {"revised": list(REVISED)},
        )

    def first(self, name: str, rows: pa.Table) -> pa.Table:
        """The rows whose key this run has not seen, the first of each key, in order."""
        if not rows.num_rows:
            return rows
        self._register(rows)
        result = self._connection.execute(_FIRST, {"name": name}).fetchnumpy()["position"]
        return rows if len(result) == rows.num_rows else rows.take(result)

    def fresh(self, name: str, rows: pa.Table, *, again: bool = False) -> pa.Table:
        """The rows that are new or changed, in order, with their revision; each key is there once, and is seen from
        now on. With `again` they were judged before, and others have committed since.
        """
        if not rows.num_rows:
            return rows
        self._register(rows)
        self._connection.execute(_SORTED, {"name": name})
        result = self._connection.execute("SELECT revision, live FROM sorted ORDER BY position").fetchnumpy()
        new = ~result["live"]
        new[self._changed(name, rows)] = True
        revisions = pa.array((result["revision"] + new).astype(np.int32), pa.int32())
        self._see(name, rows["key"], revisions, again=again)
        if name in REVISED:
            rows = rows.set_column(rows.schema.get_field_index("revision"), "revision", revisions)
        return rows if new.all() else rows.filter(pa.array(new))

    def _see(self, name: str, keys: pa.ChunkedArray, revisions: pa.Array, *, again: bool) -> None:
        """Stand for rows from now on."""
        self._connection.register("standing", pa.table({"key": keys, "revision": revisions}))
        if again:
            self._connection.execute(
                "DELETE FROM seen WHERE name = $name AND key IN (SELECT key FROM standing)", {"name": name}
            )
        self._connection.execute("INSERT INTO seen SELECT $name, key, revision FROM standing", {"name": name})

    def _register(self, rows: pa.Table) -> None:
        keys = pa.table({"key": rows["key"], "position": np.arange(rows.num_rows)})
        self._connection.register("chunk", keys)

    def _changed(self, name: str, rows: pa.Table) -> NDArray[np.int64]:
        """Positions of live rows that say something else than the store's."""
        again = self._connection.execute("SELECT position FROM sorted WHERE live").fetchnumpy()["position"]
        if name not in REVISED or not len(again):
            return np.empty(0, np.int64)
        incoming = rows.take(again).append_column("position", pa.array(again))
        self._connection.register("incoming", incoming)
        differs = " OR ".join(
            f'i."{column.name}" IS DISTINCT FROM t."{column.name}"'
            for column in TABLES[name]
            if column.name not in _SIGHT
        )
        stored = self._connection.table(name).set_alias("t")
        both = self._connection.table("incoming").set_alias("i").join(stored, "i.key = t.key")
        result: NDArray[np.int64] = both.filter(differs).project("i.position").fetchnumpy()["position"]
        return result

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
            SELECT name, key, revision FROM key_index SEMI JOIN reread USING (record)
            WHERE list_contains($stated, name) AND live
              AND key NOT IN (SELECT key FROM seen)
            ORDER BY name, key
            """,
            params={"stated": STATED},
        ).to_arrow_table()

    def overruled(self, all_of: tuple[str, ...] = ()) -> dict[str, pa.Table]:
        """By table, the rows that this run has seen and that no longer stand as it saw them, because other runs have
        committed since; with `all_of` every row that it saw of those tables. They count as not seen from now on.
        """
        self._connection.execute(_OVERRULED, {"revised": list(REVISED), "all_of": list(all_of)})
        rows = {
            name: self._connection.sql(
                f"""
                SELECT e.* FROM {name}_ever e SEMI JOIN (SELECT * FROM overruled WHERE name = $name) o
                    ON e.key = o.key AND e.revision = o.revision ORDER BY e.key
                """,  # noqa: S608
                params={"name": name},
            ).to_arrow_table()
            for name in REVISED
        }
        self._connection.execute(
            "DELETE FROM seen USING overruled o WHERE seen.name = o.name AND seen.key = o.key"
        )
        return rows


def _record(name: str) -> str:
    """What makes a row, of the row `e`: statements of one record are withdrawn together."""
    return "hash(e.source, e.record)" if name in STATED else "0"
