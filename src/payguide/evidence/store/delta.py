"""One Delta Lake table: make it, read a version of it, append to it, say clearly what is wrong.

A commit is atomic: a killed process leaves at most Parquet files that no version lists. It is also pinned: it lands
as the version that follows the one its writer has seen, or not at all (`CommitConflict`).
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction

from payguide.base.errors import PayguideError, StoreError
from payguide.evidence.store import s3
from payguide.evidence.store.location import S3, Location

_LOG: Final = "_delta_log"
_READ: Final = (
    "restore it from a copy, or collect into a new folder; an earlier version may still read: "
    "payguide evidence show --evidence DIR --version N"
)
_WRITE: Final = "free space or give write access, then repeat the command: nothing is stored twice"


@contextmanager
def guarded(location: Location, *, writing: bool = False) -> Iterator[None]:
    """Turn what the libraries raise into a `StoreError` that names the table or file, or a `SourceUnavailable` where
    a storage does not answer.
    """
    try:
        yield
    except (DeltaError, duckdb.Error, pa.ArrowException, OSError) as error:
        raise _clear(error, location, writing=writing) from error


def _clear(error: Exception, location: Location, *, writing: bool) -> PayguideError:
    if isinstance(location, S3) and (known := s3.meaning(error, location)):
        return known
    first = next(iter(str(error).splitlines()), type(error).__name__)
    reason = s3.last_line(str(error)) if isinstance(location, S3) else first
    doing = "written" if writing else "read"
    return StoreError(
        f"the evidence cannot be {doing}: {reason}", where=str(location), remedy=_WRITE if writing else _READ
    )


#: Every version stays: by default the log forgets what is older than a month.
_KEPT: Final[dict[str, str | None]] = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.enableExpiredLogCleanup": "false",
}


class CommitConflict(Exception):
    """Another process has committed to the table since this one looked."""


#: How often a commit is tried, and the seconds between two tries: they double up to the longest.
RETRIES, FIRST, LONGEST = 40, 0.01, 2.0


def retries(location: Location) -> Iterator[None]:
    """One pass for each try to commit, with a pause between them whose length is drawn, so that writers who met do
    not meet again.

    Raises:
        StoreError: after the last one.
    """
    for turn in range(RETRIES):
        yield
        time.sleep(random.uniform(0, min(LONGEST, FIRST * 2**turn)))  # noqa: S311
    raise StoreError(
        f"other processes have committed first {RETRIES} times in a row",
        where=str(location),
        remedy="repeat the command when fewer of them write: nothing is stored twice",
    )


def exists(location: Location) -> bool:
    """Whether there is a Delta table.

    Raises:
        StoreError: the storage refuses to say.
        SourceUnavailable: the storage does not answer.
    """
    if isinstance(location, S3):
        with guarded(location):
            return bool(DeltaTable.is_deltatable(str(location), storage_options=s3.options(location)))
    return any((location / _LOG).glob("*.json")) or any((location / _LOG).glob("*.parquet"))


def create(location: Location, schema: pa.Schema) -> None:
    """Make an empty table where there is none.

    Raises:
        StoreError: the folder or the storage cannot be written.
    """
    if exists(location):
        return
    with guarded(location, writing=True):
        if isinstance(location, Path):
            location.mkdir(parents=True, exist_ok=True)
        try:
            DeltaTable.create(
                str(location), schema, mode="ignore", name=location.name, configuration=_KEPT,
                storage_options=s3.options(location),
            )  # fmt: skip
        except DeltaError:
            # another process may have made it at the same moment
            if not exists(location):
                raise


#: What a commit does that leaves the rows as they are.
_SAME_ROWS: Final = frozenset(("OPTIMIZE", "VACUUM START", "VACUUM END"))


def settled(location: Location, version: int) -> int:
    """The newest version of a table that has the rows of one: since then files were merged at most. Where the log is
    damaged behind it, that version itself.

    Raises:
        SourceUnavailable: the storage does not answer.
    """
    with guarded(location), suppress(DeltaError):
        table = DeltaTable(str(location), storage_options=s3.options(location))
        for commit in reversed(table.history(table.version() - version) if table.version() > version else []):
            if commit["operation"] not in _SAME_ROWS:
                break
            version = int(commit["version"])
    return version


class Table:
    """A table as its reader has seen it: at one version, until it looks again.

    Raises:
        StoreError: the log cannot be read, or a file that it lists is missing.
    """

    def __init__(self, location: Location, version: int | None = None) -> None:
        self.location = location
        with guarded(location):
            self._table = DeltaTable(str(location), version=version, storage_options=s3.options(location))
            self.version = int(self._table.version())
            self.files = self._listed()
            #: The files as Arrow shows them, where DuckDB does not read them itself.
            self._shown: Any = None

    def refresh(self) -> None:
        """See the newest version.

        Raises:
            StoreError: the log cannot be read, or a file that it lists is missing.
        """
        with guarded(self.location):
            self._table.update_incremental()
            self.version = int(self._table.version())
            self.files = self._listed(known=self.files)
            self._shown = None

    def _listed(self, known: Sequence[str] = ()) -> list[str]:
        """The version's files, sorted: paths in a folder, where each must be there, or s3:// URLs."""
        names = (uri.rpartition("/")[2] for uri in self._table.file_uris())
        files = sorted(str(self.location / unquote(name)) for name in names)
        for file in set(files).difference(known):
            if isinstance(self.location, Path) and not Path(file).is_file():
                raise StoreError("a file that the evidence lists is missing", where=file, remedy=_READ)
        return files

    @cached_property
    def _schema(self) -> object:
        return self._table.schema()

    def most(self, column: str) -> int | None:
        """The largest of a column's whole numbers, as the log knows it; None where it does not, or there are no rows.

        Raises:
            StoreError: the log cannot be read.
        """
        with guarded(self.location):
            files = pa.table(self._table.get_add_actions(flatten=True))
            name = f"max.{column}"
            known = files[name] if name in files.column_names else pa.nulls(files.num_rows)
            return None if known.null_count or not len(known) else int(max(known.to_pylist()))

    def put(self, rows: pa.Table) -> AddAction:
        """Write rows into a Parquet file that no version lists yet.

        Raises:
            StoreError: it cannot be written.
        """
        encoded = pa.BufferOutputStream()
        pq.write_table(rows, encoded, compression="zstd", compression_level=3)
        content, name = encoded.getvalue(), f"part-{uuid4()}.parquet"
        with guarded(self.location, writing=True):
            if isinstance(self.location, S3):
                with s3.files().open_output_stream((self.location / name).key) as out:
                    out.write(content)
            else:
                (self.location / name).write_bytes(content)
        return AddAction(name, len(content), {}, int(time.time() * 1000), True, json.dumps(statistics(rows)))

    def commit(self, part: AddAction) -> None:
        """Let the version that follows the one seen list a file that was put.

        Raises:
            CommitConflict: another process has committed that version; nothing has changed.
            StoreError: the log cannot be written.
        """
        with guarded(self.location, writing=True):
            if self._table.version() < self.version:
                self._table.update_incremental()
            if self._table.version() != self.version:
                raise CommitConflict
            try:
                self._table.create_write_transaction(
                    [part], "append", self._schema, commit_properties=_PINNED
                )
            except CommitFailedError:
                self._table.update_incremental()
                if self._table.version() == self.version:
                    raise
                raise CommitConflict from None
        self.version += 1

    def append(self, rows: pa.Table) -> None:
        """Put and commit rows; no rows, no commit.

        Raises:
            CommitConflict: another process has committed since this one looked; nothing has changed.
            StoreError: the table cannot be written.
        """
        if rows.num_rows:
            self.commit(self.put(rows))

    def show(
        self,
        connection: duckdb.DuckDBPyConnection,
        view: str,
        schema: pa.Schema,
        files: Sequence[str] | None = None,
        hidden: Sequence[str] = (),
    ) -> None:
        """Make or replace a view of the table's rows, or of those of some of its files, without the rows of `hidden`
        sources.

        Raises:
            StoreError: a file cannot be read.
        """
        shown = self.files if files is None else files
        with guarded(self.location):
            # what is registered stands before a view of the same name
            connection.unregister(view)
            if not shown:
                connection.register(view, schema.empty_table())
            elif isinstance(self.location, S3):
                # what is known of the files of a version is kept for the next view of it
                if files is None and self._shown is None:
                    self._shown = _dataset(self.location, shown, schema)
                rows = self._shown if files is None else _dataset(self.location, shown, schema)
                connection.register(
                    view, rows.filter(~pc.field("source").isin(list(hidden))) if hidden else rows
                )
            else:
                rows = connection.read_parquet(list(shown))
                if hidden:
                    rows = rows.filter(
                        duckdb.ColumnExpression("source").isnotin(*map(duckdb.ConstantExpression, hidden))
                    )
                rows.create_view(view, replace=True)


#: A commit is never moved behind another's by the library, which does not know what its rows were judged by.
_PINNED: Final = CommitProperties(max_commit_retries=0)


def statistics(rows: pa.Table) -> dict[str, object]:
    """What the log says of a file: how many rows it has, and the limits of the columns of whole numbers."""
    whole = [field.name for field in rows.schema if pa.types.is_integer(field.type)]
    limits = {name: pc.min_max(rows[name]).as_py() for name in whole}
    return {
        "numRecords": rows.num_rows,
        "minValues": {name: result["min"] for name, result in limits.items() if result["min"] is not None},
        "maxValues": {name: result["max"] for name, result in limits.items() if result["max"] is not None},
        "nullCount": {name: rows[name].null_count for name in whole},
    }


def _dataset(location: S3, files: Sequence[str], schema: pa.Schema) -> Any:
    import pyarrow.dataset as ds

    keys = [(location / file.rpartition("/")[2]).key for file in files]
    return ds.dataset(keys, schema=schema, filesystem=s3.files(), format="parquet")


def columns(location: Location) -> list[str]:
    """The names of the columns that a table was made with.

    Raises:
        StoreError: the log cannot be read.
    """
    with guarded(location):
        table = DeltaTable(str(location), version=0, storage_options=s3.options(location))
        return [field.name for field in table.schema().fields]


def compact(location: Location) -> int:
    """Join a table's small files in one atomic commit; how many files fewer there are.

    Raises:
        StoreError: the table can be neither read nor written.
    """
    for _ in retries(location):
        with guarded(location, writing=True):
            try:
                done = DeltaTable(str(location), storage_options=s3.options(location)).optimize.compact()
            except CommitFailedError:
                # another process has merged the same files
                continue
            return int(done["numFilesRemoved"]) - int(done["numFilesAdded"])
    raise AssertionError("the last retry raises")


#: Hours after which a file that no version lists is no part of a commit that is under way.
_LEFT_BEHIND: Final = 24


def vacuum(location: Location, keep: Iterable[int]) -> list[str]:
    """Delete the files that neither the newest version nor one of `keep` lists; their names. In a folder nobody else
    may write meanwhile; in a storage what was never listed stays for a day, for it may yet be.

    Raises:
        StoreError: the table can be neither read nor written.
    """
    with guarded(location, writing=True):
        table = DeltaTable(str(location), storage_options=s3.options(location))
        versions = sorted({*keep, table.version()})
        sweeps = ((0, True),) if isinstance(location, Path) else ((0, False), (_LEFT_BEHIND, True))
        deleted: list[str] = []
        for hours, everything in sweeps:
            deleted += table.vacuum(
                retention_hours=hours, enforce_retention_duration=False, dry_run=False, full=everything,
                keep_versions=versions,
            )  # fmt: skip
        return deleted
