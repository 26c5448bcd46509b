"""One run: a process that adds to a store while others may do the same.

Nothing is locked. Every commit is pinned to the version of its table that the run has seen; where another run came
first the run looks at what was added, judges its own rows again by that, and tries again. So no key gets a revision
twice, and what another run has added meanwhile is known.

Runs end one after the other: the run's own row is pinned too, and gets the next number. At its end a run puts right
what others have changed of what it read: what they withdrew or revised is stated again, what they added to its
records is withdrawn, and where the contract has changed its statements are judged by the new one. Had another run
ended meanwhile, it looks again. So where two runs read a record at the same time, the one that ends last counts, as if
the two had come one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
from deltalake.transaction import AddAction

from payguide.base.version import VERSION
from payguide.evidence.contract.rules import judge, stated
from payguide.evidence.store import damage, delta, duckdb_views
from payguide.evidence.store.key_index import STATED, KeyIndex
from payguide.evidence.store.location import Location
from payguide.evidence.tables import EVIDENCE, REVISED, RUNS, TABLES, WITHDRAWN, digest, schema

#: In which tables a run looks for what others have added, and in which order: a row is in its new place before it
#: leaves its old one, so who looks first for what has left misses none.
REFRESH_ORDER = tuple(reversed(("observations", "postings", "rejections", "quarantine", "documents", "withdrawn",
                       "contracts", "openings", "runs")))  # fmt: skip


@dataclass(slots=True)
class PendingWrite:
    """A table's rows on their way into the store: what a run read, what is new of it, the file that holds that."""

    name: str
    rows: pa.Table
    fresh: pa.Table
    #: How many conflicts what is new knows of.
    conflicts: int
    part: AddAction | None = None
    written: bool = False


class Run:
    """What one run sees of the store at a place, and what it adds. The connection has the store's views."""

    def __init__(
        self, location: Location, tables: Mapping[str, delta.Table], connection: duckdb.DuckDBPyConnection
    ) -> None:
        self.location = location
        self.tables = tables
        self.connection = connection
        self.keys = KeyIndex(connection)
        for name in EVIDENCE:
            self.keys.add(name)
        self.contract = duckdb_views.contract(connection)
        #: How many commits of others this run has met with.
        self.conflicts = 0
        self._contract_changed = False
        self._runs_seen = tables["runs"].version
        self._read = {name: set(tables[name].files) for name in REFRESH_ORDER}

    def judged(self, rows: Mapping[str, pa.Table]) -> list[PendingWrite]:
        """Rows by table, as writes of what this run had not read yet."""
        first = {name: self.keys.first(name, table) for name, table in rows.items()}
        return [
            PendingWrite(name, table, self.keys.fresh(name, table), self.conflicts)
            for name, table in first.items()
        ]

    def again(self, writes: list[PendingWrite]) -> None:
        """Judge again what is not written yet. A file that holds the same still is kept."""
        for pending in writes:
            if not pending.written:
                fresh = self.keys.fresh(pending.name, pending.rows, again=True)
                pending.conflicts = self.conflicts
                if not fresh.equals(pending.fresh):
                    pending.fresh, pending.part = fresh, None

    def commit(self, writes: list[PendingWrite]) -> None:
        """Commit writes, table by table.

        Raises:
            CommitConflict: another run has committed first, or has been met since; what is written by then is marked.
            StoreError: a table cannot be written.
        """
        for pending in writes:
            if pending.conflicts != self.conflicts and not pending.written:
                raise delta.CommitConflict
            if not pending.written and pending.fresh.num_rows:
                table = self.tables[pending.name]
                pending.part = pending.part or table.put(pending.fresh)
                table.commit(pending.part)
            pending.written = True

    def write(self, writes: list[PendingWrite]) -> None:
        """Commit writes, with as many retries as it takes.

        Raises:
            StoreError: a table cannot be written, or others were first too often.
        """
        for _ in delta.retries(self.location):
            try:
                return self.commit(writes)
            except delta.CommitConflict:
                self.refresh()
                self.again(writes)
        return None

    def refresh(self) -> None:
        """See what other runs have committed since this one began or looked last. Who has met another once knows what
        it has committed itself from then on too.
        """
        before = {name: self.tables[name].version for name in REFRESH_ORDER}
        for name in REFRESH_ORDER:
            self.tables[name].refresh()
        conflict = any(self.tables[name].version != before[name] for name in REFRESH_ORDER)
        if conflict or self.conflicts:
            self.conflicts += conflict
            duckdb_views.show(self.connection, self.location, self.tables)
            in_force = duckdb_views.contract(self.connection)
            self._contract_changed |= in_force.sha256 != self.contract.sha256
            self.contract = in_force
            # revised tables first: of what is withdrawn, only what is known can be taken away
            for name in sorted(EVIDENCE, key=lambda name: name not in REVISED):
                self._learn(name)

    def _learn(self, name: str) -> None:
        """Know the rows of the files that a table has got since this run read it."""
        table = self.tables[name]
        new = sorted(set(table.files).difference(self._read[name]))
        self._read[name].update(new)
        if new:
            table.show(self.connection, "added", schema(TABLES[name]), new)
            self.keys.learn(name, "added")
            if name == "withdrawn":
                self.keys.take_away("added")

    @property
    def number(self) -> int:
        """The number of the run that ends next."""
        return int(self.connection.sql("SELECT coalesce(max(number), 0) FROM runs").fetchall()[0][0]) + 1

    def reassert(self) -> list[PendingWrite]:
        """State again what others have changed of what this run read, and judge it by the contract in force; what
        is written by that.

        Raises:
            StoreError: a table cannot be written.
        """
        self.refresh()
        self._runs_seen = self.tables["runs"].version
        if not self.conflicts:
            return []
        rows = self.keys.overruled(STATED if self._contract_changed else ())
        self._contract_changed = False
        statements = pa.concat_tables([rows["observations"], stated(rows["quarantine"])])
        judged = judge(statements, duckdb_views.retrieved(self.connection), self.contract)
        again = {"observations": judged.kept, "postings": rows["postings"], "quarantine": judged.refused}
        writes = self.judged(again)
        self.write(writes)
        return writes

    def withdraw(self, gone: pa.Table) -> None:
        """Commit that rows (`key`, `revision`) are no longer current.

        Raises:
            StoreError: the table cannot be written.
        """
        if not gone.num_rows:
            return
        pairs = zip(gone["key"].to_pylist(), gone["revision"].to_pylist(), strict=True)
        number = self.number
        rows = [
            {"key": digest(key, str(revision)), "row": key, "revision": revision, "run": number}
            for key, revision in pairs
        ]
        self.write(self.judged({"withdrawn": pa.Table.from_pylist(rows, schema=schema(WITHDRAWN))}))

    @property
    def versions(self) -> dict[str, int]:
        """The Delta versions of the evidence's tables, as this run sees and leaves them."""
        return {name: self.tables[name].version for name in EVIDENCE}

    def end(self, command: str, counts: Mapping[str, object], *, complete: bool = True) -> bool:
        """Commit the run itself, the last thing that it does; False where another run has ended since this one has
        stated again what others changed. A `complete` run has brought back what an earlier one of the same command had
        added and was lost.

        Raises:
            StoreError: the table of runs cannot be written.
        """
        if self.tables["runs"].version != self._runs_seen:
            return False
        finished = datetime.now(UTC)
        runs, number = self.tables["runs"], self.number
        row = {
            "key": digest(command, finished.isoformat()),
            "number": number,
            "versions": ".".join(f"{name}-{version}" for name, version in self.versions.items()),
            "command": command,
            "finished": finished,
            "code": VERSION,
            **{name: value for name, value in counts.items() if name in schema(RUNS).names},
        }
        runs.owed = [one for one in runs.owed if not (complete and one == command)]
        try:
            runs.append(pa.Table.from_pylist([row], schema=schema(RUNS)))
        except delta.CommitConflict:
            return False
        damage.note_last(self.location, number)
        return True
