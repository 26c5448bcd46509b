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
from payguide.evidence.store import delta
from payguide.evidence.store import duckdb_views as views
from payguide.evidence.store.key_index import STATED, Known
from payguide.evidence.store.location import Where
from payguide.evidence.tables import EVIDENCE, REVISED, RUNS, TABLES, WITHDRAWN, digest, schema

#: In which tables a run looks for what others have added, and in which order: a row is in its new place before it
#: leaves its old one, so who looks first for what has left misses none.
LOOK = tuple(reversed(("observations", "postings", "rejections", "quarantine", "documents", "withdrawn",
                       "contracts", "runs")))  # fmt: skip


@dataclass(slots=True)
class Landing:
    """A table's rows on their way into the store: what a run read, what is new of it, the file that holds that."""

    name: str
    rows: pa.Table
    fresh: pa.Table
    #: Of how many meetings with others what is new knows.
    met: int
    part: AddAction | None = None
    landed: bool = False


class Run:
    """What one run sees of the store at a place, and what it adds. The connection has the store's views."""

    def __init__(
        self, where: Where, tables: Mapping[str, delta.Table], connection: duckdb.DuckDBPyConnection
    ) -> None:
        self.where = where
        self.tables = tables
        self.connection = connection
        self.known = Known(connection)
        for name in EVIDENCE:
            self.known.add(name)
        self.contract = views.contract(connection)
        #: How often this run has met commits of others.
        self.met = 0
        self._contract_changed = False
        self._runs_seen = tables["runs"].version
        self._read = {name: set(tables[name].files) for name in LOOK}

    def judged(self, rows: Mapping[str, pa.Table]) -> list[Landing]:
        """Rows by table, as landings of what this run had not read yet."""
        first = {name: self.known.first(name, table) for name, table in rows.items()}
        return [
            Landing(name, table, self.known.fresh(name, table), self.met) for name, table in first.items()
        ]

    def again(self, landings: list[Landing]) -> None:
        """Judge again what has not landed. A file that holds the same still is kept."""
        for landing in landings:
            if not landing.landed:
                fresh = self.known.fresh(landing.name, landing.rows, again=True)
                landing.met = self.met
                if not fresh.equals(landing.fresh):
                    landing.fresh, landing.part = fresh, None

    def commit(self, landings: list[Landing]) -> None:
        """Commit landings, table by table.

        Raises:
            Moved: another run has committed first, or has been met since; what has landed by then is marked.
            StoreError: a table cannot be written.
        """
        for landing in landings:
            if landing.met != self.met and not landing.landed:
                raise delta.Moved
            if not landing.landed and landing.fresh.num_rows:
                table = self.tables[landing.name]
                landing.part = landing.part or table.put(landing.fresh)
                table.commit(landing.part)
            landing.landed = True

    def land(self, landings: list[Landing]) -> None:
        """Commit landings, in as many turns as it takes.

        Raises:
            StoreError: a table cannot be written, or others were first too often.
        """
        for _ in delta.turns(self.where):
            try:
                return self.commit(landings)
            except delta.Moved:
                self.look()
                self.again(landings)
        return None

    def look(self) -> None:
        """See what other runs have committed since this one began or looked last. Who has met another once knows what
        it has committed itself from then on too.
        """
        before = {name: self.tables[name].version for name in LOOK}
        for name in LOOK:
            self.tables[name].look()
        met = any(self.tables[name].version != before[name] for name in LOOK)
        if met or self.met:
            self.met += met
            views.show(self.connection, self.where, self.tables)
            in_force = views.contract(self.connection)
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
            self.known.learn(name, "added")
            if name == "withdrawn":
                self.known.take_away("added")

    @property
    def number(self) -> int:
        """The number of the run that ends next."""
        return int(self.connection.sql("SELECT count(*) FROM runs").fetchall()[0][0]) + 1

    def restate(self) -> list[Landing]:
        """State again what others have changed of what this run read, and judge it by the contract in force; what
        has landed by that.

        Raises:
            StoreError: a table cannot be written.
        """
        self.look()
        self._runs_seen = self.tables["runs"].version
        if not self.met:
            return []
        rows = self.known.overruled(STATED if self._contract_changed else ())
        self._contract_changed = False
        statements = pa.concat_tables([rows["observations"], stated(rows["quarantine"])])
        judged = judge(statements, views.retrieved(self.connection), self.contract)
        again = {"observations": judged.kept, "postings": rows["postings"], "quarantine": judged.refused}
        landings = self.judged(again)
        self.land(landings)
        return landings

    def withdraw(self, gone: pa.Table) -> None:
        """Commit that rows (`key`, `revision`) are no longer current.

        Raises:
            StoreError: the table cannot be written.
        """
        pairs = zip(gone["key"].to_pylist(), gone["revision"].to_pylist(), strict=True)
        number = self.number
        rows = [
            {"key": digest(key, str(revision)), "row": key, "revision": revision, "run": number}
            for key, revision in pairs
        ]
        self.land(self.judged({"withdrawn": pa.Table.from_pylist(rows, schema=schema(WITHDRAWN))}))

    @property
    def versions(self) -> dict[str, int]:
        """The Delta versions of the evidence's tables, as this run sees and leaves them."""
        return {name: self.tables[name].version for name in EVIDENCE}

    def end(self, command: str, counts: Mapping[str, object]) -> bool:
        """Commit the run itself, the last thing that it does; False where another run has ended since this one has
        stated again what others changed.

        Raises:
            StoreError: the table of runs cannot be written.
        """
        if self.tables["runs"].version != self._runs_seen:
            return False
        finished = datetime.now(UTC)
        row = {
            "key": digest(command, finished.isoformat()),
            "number": self.number,
            "versions": ".".join(f"{name}-{version}" for name, version in self.versions.items()),
            "command": command,
            "finished": finished,
            "code": VERSION,
            **{name: value for name, value in counts.items() if name in schema(RUNS).names},
        }
        try:
            self.tables["runs"].append(pa.Table.from_pylist([row], schema=schema(RUNS)))
        except delta.Moved:
            return False
        return True
