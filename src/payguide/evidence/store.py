"""The evidence store: append-only Delta Lake tables in a folder or in S3-compatible storage, read by DuckDB.

`observations`, `postings`, `rejections` and `documents` hold what was collected, `quarantine` the statements that
break the contract (`replay`), `contracts` what they were judged by, `runs` who added it when. A row's `key` is its
identity in its source; one that is read again and says something else is its next revision, and the current one
counts (`known`). DuckDB reads the Parquet files that a version lists, so half-written files of a killed run are never
seen. Every run is a version that can be read again. Several processes may write at once (`run`).
"""

from __future__ import annotations

import fcntl
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final

import duckdb
import pyarrow as pa

from payguide.base.errors import InputError
from payguide.base.records import Posting, SourceCard
from payguide.evidence import delta, terms, views
from payguide.evidence.replay import Replay, Replayed
from payguide.evidence.run import LOOK, Run
from payguide.evidence.tables import (
    EDITIONS,
    EVIDENCE,
    LATER,
    RUNS,
    TABLES,
    card_of,
    digest,
    posting_key,
    posting_of,
    schema,
)
from payguide.evidence.versions import number_of, versions_of
from payguide.evidence.where import S3, Where, where_of
from payguide.evidence.writer import Appended, Item, write

__all__ = ["Appended", "Item", "Replayed", "Store"]

_LOCK: Final = ".lock"

#: In which order the tables are opened: a row is in its new place before it leaves its old one, so who reads first what
#: has left misses none, while others write.
OPENED: Final = ("editions", *LOOK)


class Store:
    """An evidence store. Reads see the versions of the moment of `open`, or of this store's last append; with
    `number` those of that run.
    """

    def __init__(self, path: Where, number: int | None = None) -> None:
        self.path = path
        self._number = number

    @classmethod
    def open(
        cls,
        evidence: Where | str,
        *,
        create: bool = False,
        number: int | None = None,
        as_of: date | None = None,
    ) -> Store:
        """Open the store in a folder or at `s3://bucket/prefix`, with `create` making what is not there; `number`
        opens an old version, `as_of` the last one of a day or before.

        Raises:
            UsageError: it is a URL of another kind.
            InputError: there is no evidence there, or no such version of it.
            StoreError: the store can be neither read nor made.
            SourceUnavailable: the storage does not answer.
        """
        path = where_of(evidence)
        there = delta.columns(path / "observations") if delta.exists(path / "observations") else None
        missing = [
            name for name in schema(TABLES["observations"]).names if there is not None and name not in there
        ]
        if missing:
            raise InputError(
                f"the evidence was made by an older payguide, which did not keep {missing[0]!r}",
                where=str(path),
                remedy="collect the same sources into a new folder",
            )
        for name, columns in TABLES.items():
            if create:
                delta.create(path / name, schema(columns))
            elif name not in LATER and not delta.exists(path / name):
                raise InputError(
                    f"there is no evidence ({name} is missing)",
                    where=str(path),
                    remedy="collect into it first: payguide collect SOURCE --evidence DIR",
                )
        if number is None and as_of is None:
            return cls(path)
        return cls(path, number_of(cls(path).runs(), str(path), number=number, as_of=as_of))

    def append(self, readings: Iterable[Item], *, command: str) -> Appended:
        """Add what documents were read as; observations that break the contract in force go into quarantine.

        Chunks are committed as they fill, also while other processes write. Appending the same again, also
        after a run that was killed, adds only what is not there yet.

        Raises:
            StoreError: the store cannot be written, or others wrote first too often.
        """
        with self._writing(), closing(self.connect()) as connection:
            added = write(Run(self.path, self._latest, connection), readings, command=command)
        self._forget()
        return added

    def replay(self, contract: terms.Contract, *, rule: str = "", command: str) -> Replayed:
        """Judge the evidence again by a contract, which is in force from then on: what lies in quarantine and
        keeps it becomes an observation, what is an observation and breaks it goes into quarantine. With
        `rule` only what was or is refused by that rule.

        Raises:
            StoreError: the store can be neither read nor written, or others wrote first too often.
        """
        counts: Counter[str] = Counter()
        done = None
        for _ in delta.turns(self.path):
            with self._writing(), closing(self.connect()) as reader, closing(self.connect()) as connection:
                run, runs = Run(self.path, self._latest, connection), self.runs()
                with suppress(delta.Moved):
                    last = versions_of(runs[-1]) if runs else {}
                    done = Replay(run, reader, contract, rule, counts).run(last=last, command=command)
            self._forget()
            if done:
                break
        assert done, "the last turn raises"  # noqa: S101
        return replace(done, held=self.quarantined_by_rule())

    def contract(self) -> terms.Contract:
        """The contract in force: that of the last replay, the packaged one before the first."""
        with closing(self.connect()) as connection:
            return views.contract(connection)

    @contextmanager
    def _writing(self, *, alone: bool = False) -> Iterator[None]:
        """See the newest versions, with the tables that a store of before they were lacks. In a folder who must be
        `alone` waits until nobody else writes, and has others wait; the lock goes with its process, however that
        ends.
        """
        for name in LATER:
            delta.create(self.path / name, schema(TABLES[name]))
        self._forget()
        if isinstance(self.path, S3):
            yield
            return
        with delta.guarded(self.path, writing=True):
            lock = (self.path / _LOCK).open("w")
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield

    def _forget(self) -> None:
        self.__dict__.pop("_latest", None)

    @cached_property
    def _latest(self) -> Mapping[str, delta.Table]:
        wanted: Mapping[str, int] = {}
        there = {name for name in TABLES if name not in LATER or delta.exists(self.path / name)}
        if self._number is not None:
            wanted = versions_of(Store(self.path).runs()[self._number - 1])
            there -= {name for name in LATER if name not in wanted}
        found = {name: delta.Table(self.path / name, wanted.get(name)) for name in OPENED if name in there}
        return {name: found[name] for name in TABLES if name in found}

    @property
    def number(self) -> int:
        """The number of the last run that this version has; 0 before the first."""
        return self._number or len(self.runs())

    @property
    def version(self) -> str:
        """The Delta versions of the tables: `observations-3.postings-3.rejections-2...`."""
        at = {name: table.version for name, table in self._latest.items()}
        return ".".join(f"{name}-{at.get(name, 0)}" for name in EVIDENCE)

    @property
    def fingerprint(self) -> str:
        """16 hex digits that stand for the evidence itself: equal for equal rows, in whatever commits they
        came.

        It sums the leading 60 bits of the MD5 of every observation and posting with all that was read of it,
        which does not depend on order. A reader that reads the same documents differently changes it.
        """
        total = 0
        for row in self.rows(
            """
            SELECT sum(('0x' || md5(row)[1:15])::HUGEINT) AS total, count(*) AS n
            FROM (SELECT o::VARCHAR AS row FROM (SELECT * EXCLUDE (revision) FROM observations) o
                  UNION ALL SELECT p::VARCHAR FROM (SELECT * EXCLUDE (revision) FROM postings) p)
            """
        ):
            total = (int(row["total"] or 0) + (int(row["n"]) << 40)) % (1 << 64)
        return f"{total:016x}"

    def files(self, name: str) -> list[str]:
        """The Parquet files of a table at this version: paths, or s3:// URLs."""
        return self._latest[name].files if name in self._latest else []

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection with a view of each table, at one version, of its current rows; what may be
        revised has a view of all its revisions too (`observations_ever`). The caller closes it.

        Raises:
            StoreError: a table cannot be read.
        """
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        # what does not fit into memory goes to the system's temporary folder, not to where the user stands
        connection.execute("SET temp_directory = $folder", {"folder": tempfile.gettempdir()})
        views.show(connection, self.path, self._latest)
        return connection

    def rows(self, query: str, parameters: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """The rows of a query over the tables, as plain data.

        Raises:
            StoreError: a file of the store cannot be read.
        """
        with closing(self.connect()) as connection, delta.guarded(self.path):
            found: list[dict[str, Any]] = (
                connection.sql(query, params=parameters).to_arrow_table().to_pylist()
            )
            return found

    def observation(self, key: str) -> dict[str, Any] | None:
        """The observation of a key, or of the one key that begins so, as plain data; None if there is
        none.
        """
        found = self.rows(
            "SELECT * FROM observations WHERE starts_with(key, $key) ORDER BY key LIMIT 2", {"key": key}
        )
        return found[0] if key and len(found) == 1 else None

    def history(self, key: str) -> list[dict[str, Any]]:
        """Every revision of the observation of a key, the first one first."""
        return self.rows("SELECT * FROM observations_ever WHERE key = $key ORDER BY revision", {"key": key})

    def runs(self) -> list[dict[str, Any]]:
        """What was appended when, the first run first. It is read without the other tables: where one of them
        is broken, the last good version can still be named.

        Raises:
            StoreError: the table of runs cannot be read.
        """
        table = delta.Table(self.path / "runs")
        with closing(duckdb.connect()) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            table.show(connection, "runs", schema(RUNS))
            with delta.guarded(table.where):
                found: list[dict[str, Any]] = (
                    connection.table("runs").order("number").to_arrow_table().to_pylist()
                )
                return found

    def pin(self, edition: str) -> None:
        """Note that an edition was built from this version, so that `vacuum` keeps it.

        Raises:
            StoreError: the store cannot be written.
        """
        number = self.number
        row = {
            "key": digest(edition, str(number)), "edition": edition, "number": number,
            "built": datetime.now(UTC),
        }  # fmt: skip
        for _ in delta.turns(self.path):
            with self._writing(), suppress(delta.Moved):
                if not self.rows("SELECT key FROM editions WHERE key = $key", {"key": row["key"]}):
                    rows = pa.Table.from_pylist([row], schema=schema(EDITIONS))
                    self._latest["editions"].append(rows)
                break
        self._forget()

    def compact(self) -> dict[str, int]:
        """Join each table's small files; how many files fewer each has. Old versions still read.

        Raises:
            StoreError: a table can be neither read nor written.
        """
        with self._writing():
            fewer = {name: delta.compact(self.path / name) for name in TABLES}
        self._forget()
        return fewer

    def vacuum(self) -> dict[str, int]:
        """Delete the files that neither the newest version nor an edition needs; how many of each table. In a storage
        what a killed run left behind goes after a day.

        Raises:
            StoreError: a table can be neither read nor written.
        """
        with self._writing(alone=True):
            pinned = {row["number"] for row in self.rows("SELECT DISTINCT number FROM editions")}
            needed = [versions_of(run) for run in self.runs() if run["number"] in pinned]
            deleted = {
                name: len(delta.vacuum(self.path / name, [run[name] for run in needed if name in run]))
                for name in TABLES
            }
        self._forget()
        return deleted

    def quarantined(self, key: str) -> dict[str, Any] | None:
        """The statement in quarantine that has an observation's key; None if it is not there."""
        query = "SELECT * REPLACE (observation AS key) FROM quarantine WHERE observation = $key"
        found = self.rows(query, {"key": key})
        return found[0] if found else None

    def posting(self, source: str, record: str) -> Posting | None:
        """A source's posting by its id; None if there is none."""
        found = self.rows("SELECT * FROM postings WHERE key = $key", {"key": posting_key(source, record)})
        return posting_of(found[0]) if found else None

    def rejections_by_rule(self) -> dict[str, int]:
        """How many rows each rule refuses, the most first: rejections, and statements in quarantine."""
        query = "SELECT rule, count(*) AS n FROM refused GROUP BY rule ORDER BY n DESC, rule"
        return {row["rule"]: row["n"] for row in self.rows(query)}

    def rejections(self) -> list[dict[str, Any]]:
        """Every rejection and statement in quarantine: its rule, source, where it was, what was found there."""
        return self.rows('SELECT rule, source, "where", found FROM refused ORDER BY ALL')

    def quarantined_by_rule(self) -> dict[str, int]:
        """How many statements each rule holds in quarantine, the most first."""
        query = "SELECT rule, count(*) AS n FROM quarantine GROUP BY rule ORDER BY n DESC, rule"
        return {row["rule"]: row["n"] for row in self.rows(query)}

    def quarantine(self, rule: str = "") -> list[dict[str, Any]]:
        """The statements in quarantine, of one rule or of all, with the rule that each breaks and why it is."""
        query = "SELECT * FROM quarantine WHERE $rule IN ('', rule) ORDER BY rule, source, record, key"
        return self.rows(query, {"rule": rule})

    def counts_by_source(self) -> dict[str, dict[str, int]]:
        """Each source's documents, postings, observations, records behind these, one-ended bands among them
        ("up to X": they are kept, and enter no cell) and rows refused, by name.
        """
        query = """
            SELECT source, sum(documents)::BIGINT AS documents, sum(postings)::BIGINT AS postings,
                   sum(observations)::BIGINT AS observations, sum(records)::BIGINT AS records,
                   sum(one_ended)::BIGINT AS one_ended, sum(rejections)::BIGINT AS rejections
            FROM (
                SELECT source, count(*) AS documents, 0 AS postings, 0 AS observations, 0 AS records,
                       0 AS one_ended, 0 AS rejections FROM documents GROUP BY source
                UNION ALL SELECT source, 0, count(*), 0, 0, 0, 0 FROM postings GROUP BY source
                UNION ALL SELECT source, 0, 0, count(*), count(DISTINCT record),
                                 count(*) FILTER (low IS NULL OR (high IS NULL AND NOT top_coded)), 0
                          FROM observations GROUP BY source
                UNION ALL SELECT source, 0, 0, 0, 0, 0, count(*) FROM refused GROUP BY source
            ) GROUP BY source ORDER BY source
        """
        return {row.pop("source"): row for row in self.rows(query)}

    def card(self, source: str) -> SourceCard | None:
        """A source's card, as of its latest retrieval; None if no document of it is on record."""
        query = """
            SELECT * FROM documents WHERE source = $source
            ORDER BY retrieved_at DESC, key LIMIT 1
        """
        found = self.rows(query, {"source": source})
        return card_of(found[0]) if found else None

    def documents_sha256(self) -> dict[str, tuple[int, str]]:
        """Each source's number of documents, and the SHA-256 of their sorted hashes, one a line."""
        query = """
            SELECT source, count(DISTINCT sha256) AS n,
                   sha256(string_agg(sha256 || chr(10), '' ORDER BY sha256)) AS digest
            FROM (SELECT DISTINCT source, sha256 FROM documents) GROUP BY source ORDER BY source
        """
        return {row["source"]: (row["n"], row["digest"]) for row in self.rows(query)}
