"""One Delta Lake table: make it, read a version of it, append to it, say clearly what is wrong.

A commit is atomic: a killed process leaves at most Parquet files that no version lists. It is also pinned: it lands
as the version that follows the one its writer has seen, or not at all (`CommitConflict`).
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, RemoveAction

from payguide.base.errors import PayguideError, StoreError
from payguide.evidence.store import log, s3
from payguide.evidence.store.location import S3, Location
from payguide.evidence.store.private import close, private

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
        f"the evidence cannot be {doing}: {reason}",
        where=str(location),
        remedy=_WRITE if writing else log.REMEDY,
    )


#: Every version stays: by default the log forgets what is older than a month.
_KEPT: Final[dict[str, str | None]] = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.enableExpiredLogCleanup": "false",
}


#: How rows are packed.
PARQUET: Final[Mapping[str, Any]] = {"compression": "zstd", "compression_level": 3}


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
    return any((location / log.FOLDER).glob("*.json")) or any((location / log.FOLDER).glob("*.parquet"))


def create(location: Location, schema: pa.Schema) -> None:
    """Make an empty table where there is none; in a folder it is for nobody but its owner to read.

    Raises:
        StoreError: the folder or the storage cannot be written.
    """
    if not exists(location):
        _make(location, schema)
    if isinstance(location, Path):
        close(location)


def _make(location: Location, schema: pa.Schema) -> None:
    with private(), guarded(location, writing=True):
        if isinstance(location, Path):
            location.mkdir(parents=True, exist_ok=True)
        empty = log.State({}, Schema.from_arrow(schema).to_json(), json.dumps(_KEPT, sort_keys=True))
        try:
            DeltaTable.create(
                str(location), schema, mode="ignore", name=location.name, configuration=_KEPT,
                storage_options=s3.options(location), commit_properties=_said({log.SEAL: empty.seal()}),
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
            if commit["operation"] not in _SAME_ROWS and log.SAME_ROWS not in commit:
                break
            version = int(commit["version"])
    return version


class Table:
    """A table as its reader has seen it: at one version, until it looks again.

    Raises:
        Damaged: the log is not what was written, or a file that it lists is missing.
        StoreError: the log cannot be read.
    """

    def __init__(self, location: Location, version: int | None = None, *, complete: bool = True) -> None:
        self.location = location
        #: Files whose bytes are those that were written.
        self._sound: set[str] = set()
        self.files: list[str] = []
        with guarded(location):
            self._table = DeltaTable(str(location), version=version, storage_options=s3.options(location))
            self._look(complete=complete)

    def refresh(self) -> None:
        """See the newest version.

        Raises:
            StoreError: as when the table is opened.
        """
        with guarded(self.location):
            self._table.update_incremental()
            self._look()

    def _look(self, *, complete: bool = True) -> None:
        self.version = int(self._table.version())
        self.state = log.state_of(self._table)
        #: The commands that must be repeated, as the commit of this version says, and the next one will.
        self.owed: list[str] = json.loads(
            log.check(self.location, self.version, self.state).get(log.OWED, "[]")
        )
        known, self.files = self.files, sorted(str(self.location / name) for name in self.state.files)
        #: The files as Arrow shows them, where DuckDB does not read them itself.
        self._shown: Any = None
        for file in set(self.files).difference(known) if complete and isinstance(self.location, Path) else ():
            if not Path(file).is_file():
                raise log.missing(file)

    def verify(self, files: Iterable[str]) -> None:
        """See that the bytes of files are those that were written, once for each.

        Raises:
            Damaged: they are others, or there is no such file.
            StoreError: a file cannot be read.
        """
        with guarded(self.location):
            for file in set(files).difference(self._sound):
                if log.sound(self.location / file.rpartition("/")[2]) is False:
                    raise log.not_written(file)
                self._sound.add(file)

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

    def sizes(self) -> dict[str, int]:
        """The bytes of each file of the version, by its name."""
        files = pa.table(self._table.get_add_actions(flatten=True))
        return dict(
            zip(map(log.name_of, files["path"].to_pylist()), files["size_bytes"].to_pylist(), strict=True)
        )

    def put(self, rows: pa.Table) -> AddAction:
        """Write rows into a Parquet file that no version lists yet.

        Raises:
            StoreError: it cannot be written.
        """
        encoded = pa.BufferOutputStream()
        pq.write_table(rows, encoded, **PARQUET)
        return put_bytes(self.location, encoded.getvalue())

    def commit(self, *parts: AddAction, without: Iterable[str] = (), same_rows: bool = False) -> None:
        """Let the version that follows the one seen list files that were put, and no longer those named `without`.

        Raises:
            CommitConflict: another process has committed that version; nothing has changed.
            StoreError: the log cannot be written.
        """
        without = tuple(without)
        with guarded(self.location, writing=True):
            if self._table.version() < self.version:
                self._table.update_incremental()
            if self._table.version() != self.version:
                raise CommitConflict
            gone = [RemoveAction(name, False, _now(), 0, {}) for name in without]
            after = self.state.after({part.path: log.revision_in(part.stats) for part in parts}, without)
            try:
                self._table.create_write_transaction(
                    [*parts, *gone],
                    "append",
                    self._schema,
                    commit_properties=self.saying(after, same_rows=same_rows),
                )
            except CommitFailedError:
                self._table.update_incremental()
                if self._table.version() == self.version:
                    raise
                raise CommitConflict from None
        self.version += 1
        self.state = after

    def saying(self, after: log.State, *, same_rows: bool = False) -> CommitProperties:
        """What a commit that makes a state says of itself."""
        owed = {log.OWED: json.dumps(self.owed)} if self.owed else {}
        return _said({log.SEAL: after.seal(), **owed, **({log.SAME_ROWS: "yes"} if same_rows else {})})

    def rows(self, columns: pa.Schema) -> list[dict[str, Any]]:
        """All rows of a small table, in no order.

        Raises:
            StoreError: a file cannot be read.
        """
        self.verify(self.files)
        with guarded(self.location):
            result: list[dict[str, Any]] = (
                _dataset(self.location, self.files, columns).to_table().to_pylist() if self.files else []
            )
            return result

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
        self.verify(shown)
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
                connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {rows.sql_query()}")


def _said(custom: Mapping[str, object]) -> CommitProperties:
    """A commit is never moved behind another's by the library, which does not know what its rows were judged by."""
    return CommitProperties(max_commit_retries=0, custom_metadata=dict(custom))


def _now() -> int:
    """Milliseconds, as a log counts them."""
    return int(time.time() * 1000)


def put_bytes(location: Location, content: pa.Buffer) -> AddAction:
    """Write a Parquet file of a table that no version lists yet; its name says what its bytes are.

    Raises:
        StoreError: it cannot be written.
    """
    name = f"part-{hashlib.sha256(content).hexdigest()}.parquet"
    with guarded(location, writing=True):
        s3.write(location / name, content)
    return AddAction(name, content.size, {}, _now(), True, json.dumps(_statistics(content)))


def _statistics(content: pa.Buffer) -> dict[str, object]:
    """What the log says of a file: how many rows it has, and the limits of the columns of whole numbers."""
    file = pq.ParquetFile(pa.BufferReader(content))
    whole = [field.name for field in file.schema_arrow if pa.types.is_integer(field.type)]
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    chunks = [group.column(number) for group in groups for number in range(group.num_columns)]
    # a group of no rows has none
    said = [
        (chunk.path_in_schema, chunk.statistics)
        for chunk in chunks
        if chunk.path_in_schema in whole and chunk.statistics
    ]
    limits = [(name, one.min, one.max) for name, one in said if one.has_min_max]
    return {
        "numRecords": file.metadata.num_rows,
        "minValues": {name: min(low for of, low, _ in limits if of == name) for name, *_ in limits},
        "maxValues": {name: max(high for of, _, high in limits if of == name) for name, *_ in limits},
        "nullCount": {name: sum(one.null_count for of, one in said if of == name) for name in whole},
    }


def _dataset(location: Location, files: Sequence[str], schema: pa.Schema) -> Any:
    import pyarrow.dataset as ds

    there, folder = s3.opened(location)
    paths = [f"{folder}/{file.rpartition('/')[2]}" for file in files]
    return ds.dataset(paths, schema=schema, filesystem=there, format="parquet")


def columns(location: Location) -> list[str]:
    """The names of the columns that a table was made with.

    Raises:
        StoreError: the log cannot be read.
    """
    return [
        column["name"] for column in json.loads(Table(location, 0, complete=False).state.columns)["fields"]
    ]
