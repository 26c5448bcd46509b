"""The evidence store: append-only Delta Lake tables in a folder or in S3-compatible storage, read by DuckDB.

`observations`, `postings`, `rejections` and `documents` hold what was collected, `quarantine` the statements that
break the contract (`revalidate`), `contracts` what they were judged by, `runs` who added it when. A row's `key` is its
identity in its source; one that is read again and says something else is its next revision, and the current one
counts (`key_index`). DuckDB reads the Parquet files that a version lists, so half-written files of a killed run are
never seen. Every run is a version that can be read again. Several processes may write at once (`run`).
"""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from payguide.base.errors import InputError, StoreError
from payguide.evidence.contract import contract_config
from payguide.evidence.store import backtest_store, damage, delta, duckdb_views, log, upkeep
from payguide.evidence.store.erase import Erased, erase, planned, target_of
from payguide.evidence.store.location import S3, Location, location_of
from payguide.evidence.store.private import close, private
from payguide.evidence.store.queries import Queries
from payguide.evidence.store.revalidate import Revalidated, Revalidation
from payguide.evidence.store.revisions import number_of, versions_of
from payguide.evidence.store.run import REFRESH_ORDER, Run
from payguide.evidence.store.sources import confidential, not_public
from payguide.evidence.store.writer import Appended, Item, write
from payguide.evidence.tables import EDITIONS, EVIDENCE, LATER, TABLES, digest, schema

__all__ = ["Appended", "Item", "Revalidated", "Store"]

_LOCK: Final = ".lock"
#: The folder in which live collection keeps the answers of hosts.
ANSWERS: Final = ".answers"

#: What lies beside the tables in a folder that is evidence's alone.
_BESIDE: Final = (_LOCK, damage.LAST, backtest_store.FILE, log.ERASING, ANSWERS)

#: In which order the tables are opened: a row is in its new place before it leaves its old one, so who reads first what
#: has left misses none, while others write.
OPENED: Final = ("editions", *REFRESH_ORDER)


class Store(Queries):
    """An evidence store. Reads see the versions of the moment of `open`, or of this store's last append; with a
    `run` those that it left.
    """

    def __init__(self, path: Location, run: Mapping[str, Any] | None = None) -> None:
        self.path = path
        self._run = run
        #: The sources that this store's reader is not shown.
        self.hidden: tuple[str, ...] = ()

    @classmethod
    def open(
        cls,
        evidence: Location | str,
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
        path = location_of(evidence)
        there = None
        if delta.exists(path / "observations"):
            # a log that cannot be read is met when the evidence is
            with suppress(StoreError):
                there = delta.columns(path / "observations")
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
        if (
            create
            and isinstance(path, Path)
            and {*path.iterdir()} <= {path / name for name in (*TABLES, *_BESIDE)}
        ):
            close(path)
        if number is None and as_of is None:
            return cls(path)
        runs = cls(path).runs()
        wanted = number_of(runs, str(path), number=number, as_of=as_of)
        return cls(path, next(run for run in runs if run["number"] == wanted))

    def append(
        self, readings: Iterable[Item], *, command: str, complete: Callable[[], bool] = lambda: True
    ) -> Appended:
        """Add what documents were read as; observations that break the contract in force go into quarantine.

        Chunks are committed as they fill, also while other processes write. Appending the same again, also
        after a run that was killed, adds only what is not there yet. What is damaged is set aside before. Once all has
        been read, `complete` says whether that was all that the command names: then it has brought back what was lost.

        Raises:
            StoreError: the store cannot be written, or others wrote first too often.
            Damaged: all was added, and rows of other commands' runs are lost.
        """
        with self._mended() as tables, closing(self._session(tables)) as connection:
            run = Run(self.path, tables, connection)
            added = write(run, readings, command=command, complete=complete)
        self._forget()
        if commands := delta.Table(self.path / "runs").owed:
            raise damage.still_owed(self.path, commands)
        return added

    def revalidate(self, contract: contract_config.Contract, *, rule: str = "", command: str) -> Revalidated:
        """Judge the evidence again by a contract, which is in force from then on: what lies in quarantine and
        keeps it becomes an observation, what is an observation and breaks it goes into quarantine. With
        `rule` only what was or is refused by that rule.

        Raises:
            StoreError: the store can be neither read nor written, or others wrote first too often.
        """
        counts: Counter[str] = Counter()
        done = None
        for _ in delta.retries(self.path):
            with (
                self._mended() as tables,
                closing(self._session(tables)) as reader,
                closing(self._session(tables)) as connection,
            ):
                run, runs = Run(self.path, tables, connection), self.runs()
                with suppress(delta.CommitConflict):
                    last = versions_of(runs[-1]) if runs else {}
                    done = Revalidation(run, reader, contract, rule, counts).run(last=last, command=command)
            self._forget()
            if done:
                break
        assert done, "the last retry raises"  # noqa: S101
        return replace(done, held=self.quarantined_by_rule())

    def contract(self) -> contract_config.Contract:
        """The contract in force: that of the last revalidation, the packaged one before the first."""
        with self.connected() as connection:
            return duckdb_views.contract(connection)

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
        with private(), delta.guarded(self.path, writing=True):
            # a link that somebody has put there is not followed, and what is there already is left as it is
            lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            with private():
                yield
        finally:
            os.close(lock)

    @contextmanager
    def _mended(self) -> Iterator[Mapping[str, delta.Table]]:
        """The tables at their newest versions, for writing, with what is damaged set aside."""
        with self._writing():
            if self._intact():
                yield self._tables
                return
        with self._writing(alone=True):
            for _ in delta.retries(self.path):
                with suppress(delta.CommitConflict):
                    damage.set_aside(self.path)
                    break
        with self._writing():
            yield self._tables

    def _intact(self) -> bool:
        """Whether all that a writer reads is what was written, and no commit is lost."""
        try:
            for table in self._tables.values():
                table.verify(table.files)
            runs = damage.rows_of(self._tables["runs"])
            damage.check_versions(self._tables, runs[-1] if runs else None)
        except StoreError:
            return False
        return True

    def _forget(self) -> None:
        self.__dict__.pop("_latest", None)
        self.__dict__.pop("_tables", None)
        self._close()

    def _close(self) -> None:
        """What is asked next is asked of a new connection."""
        if asked := self.__dict__.pop("_asked", None):
            asked.close()

    @cached_property
    def _latest(self) -> Mapping[str, delta.Table]:
        """The tables, of which nothing is lost that is known to have been there."""
        last = damage.last_number(self.path) if self._run is None else 0
        tables, run = self._tables, self._run
        if run is None:
            run = next(reversed(damage.ended(self.path, last, tables["runs"])), None)
        damage.check_versions(tables, run)
        return tables

    @cached_property
    def _tables(self) -> Mapping[str, delta.Table]:
        wanted: Mapping[str, int] = {}
        there = {name for name in TABLES if name not in LATER or delta.exists(self.path / name)}
        if self._run is not None:
            wanted = versions_of(self._run)
            there -= {name for name in LATER if name not in wanted}
        at = {
            name: delta.settled(self.path / name, version)
            for name, version in wanted.items()
            if name in there
        }
        result = {name: delta.Table(self.path / name, at.get(name)) for name in OPENED if name in there}
        return {name: result[name] for name in TABLES if name in result}

    def settled(self) -> Store:
        """The same version, or its last run's where it was opened to see what is newest: what others add from
        now on, or have added of a run that has not ended, is not seen. Before the first run it is what is there.
        """
        if self._run:
            return Store(self.path, self._run)
        last = damage.last_number(self.path)
        runs = damage.ended(self.path, last, delta.Table(self.path / "runs"))
        return Store(self.path, next(reversed(runs), None))

    @property
    def number(self) -> int:
        """The number of the last run that this version has; 0 before the first."""
        run = self._run or next(reversed(self.runs()), {"number": 0})
        return int(run["number"])

    @property
    def version(self) -> str:
        """The Delta versions of the tables: `observations-3.postings-3.rejections-2...`."""
        at = {name: table.version for name, table in self._latest.items()}
        return ".".join(f"{name}-{at.get(name, 0)}" for name in EVIDENCE)

    def files(self, name: str) -> list[str]:
        """The Parquet files of a table at this version: paths, or s3:// URLs."""
        return self._latest[name].files if name in self._latest else []

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB of its own with a view of each table, at one version, of its current rows; what may be
        revised has a view of all its revisions too (`observations_ever`). The caller closes it.

        Raises:
            StoreError: a table cannot be read.
        """
        return self._shown(duckdb_views.started(), self._latest)

    def _session(self, tables: Mapping[str, delta.Table]) -> duckdb.DuckDBPyConnection:
        return self._shown(duckdb_views.session(), tables)

    def _shown(
        self, connection: duckdb.DuckDBPyConnection, tables: Mapping[str, delta.Table]
    ) -> duckdb.DuckDBPyConnection:
        duckdb_views.show(connection, self.path, tables, self.hidden)
        return connection

    @cached_property
    def _asked(self) -> duckdb.DuckDBPyConnection:
        """The connection of all queries at the versions that this store sees."""
        return self._session(self._latest)

    def hide_confidential(self, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
        """Show a connection of this store, and whoever reads it from now on, what is public only; the confidential
        sources that are left out, with the number of their observations.

        Raises:
            StoreError: a table cannot be read.
        """
        with delta.guarded(self.path):
            left_out = confidential(connection)
            self.hidden = not_public(connection)
        if self.hidden:
            duckdb_views.show(connection, self.path, self._latest, self.hidden)
            self._close()
        return left_out

    @contextmanager
    def connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for a query."""
        yield self._asked

    def runs(self) -> list[dict[str, Any]]:
        """What was appended when, the first run first. It is read without the other tables: where one of them
        is broken, the last good version can still be named.

        Raises:
            StoreError: the table of runs cannot be read.
        """
        return damage.rows_of(delta.Table(self.path / "runs"))

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
        for _ in delta.retries(self.path):
            with self._writing(), suppress(delta.CommitConflict):
                table = delta.Table(self.path / "editions")
                if row["key"] not in {pinned["key"] for pinned in table.rows(schema(EDITIONS))}:
                    table.append(pa.Table.from_pylist([row], schema=schema(EDITIONS)))
                break

    def compact(self) -> dict[str, int]:
        """Join each table's small files; how many files fewer each has. Old versions still read.

        Raises:
            StoreError: a table can be neither read nor written.
        """
        with self._writing():
            fewer = {name: upkeep.compact(self.path / name) for name in TABLES}
        self._forget()
        return fewer

    def erase(self, identity: str, *, dry_run: bool = False) -> Erased:
        """Erase a confidential source, or the record of one of its observations, from every version; with `dry_run` say
        what would go.

        Raises:
            InputError: there is no such thing, or it is public.
            StoreError: a table can be neither read nor written.
        """
        target = target_of(self, identity)
        editions = tuple(
            row["edition"] for row in self.rows("SELECT edition FROM editions ORDER BY number, edition")
        )
        if dry_run:
            with delta.guarded(self.path):
                return Erased(planned(self.path, target), editions=editions)
        with self._writing(alone=True):
            done = erase(self.path, target, identity)
        self._forget()
        return replace(done, editions=editions)

    def vacuum(self) -> dict[str, int]:
        """Delete the files that neither the newest version, the last run nor an edition needs; how many of each table.
        In a storage what a killed run left behind goes after a day.

        Raises:
            StoreError: a table can be neither read nor written.
        """
        with self._writing(alone=True):
            pinned = {row["number"] for row in self.rows("SELECT DISTINCT number FROM editions")}
            runs = self.runs()
            # what a run that has not ended has added is newer than the last one, which a build reads
            needed = [versions_of(run) for run in runs if run["number"] in pinned or run is runs[-1]]
            deleted = {}
            for name in TABLES:
                keep = {delta.settled(self.path / name, run[name]) for run in needed if name in run}
                deleted[name] = len(upkeep.vacuum(self.path / name, keep))
        self._forget()
        return deleted
