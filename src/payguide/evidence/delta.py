"""One Delta Lake table in a folder: make it, append to it, list a version's files, say clearly what is wrong.

A commit is atomic: a killed process leaves at most Parquet files that no version lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlparse

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError

from payguide.base.errors import StoreError

_LOG: Final = "_delta_log"
_READ: Final = (
    "restore it from a copy, or collect into a new folder; an earlier version may still read: "
    "payguide evidence --evidence DIR --version N"
)
_WRITE: Final = "free space or give write access, then repeat the command: nothing is stored twice"


@contextmanager
def guarded(path: Path, *, writing: bool = False) -> Iterator[None]:
    """Turn what the libraries raise into a `StoreError` that names the table or file."""
    try:
        yield
    except (DeltaError, duckdb.Error, pa.ArrowException, OSError) as error:
        first = next(iter(str(error).splitlines()), type(error).__name__)
        doing = "written" if writing else "read"
        raise StoreError(
            f"the evidence cannot be {doing}: {first}",
            where=str(path),
            remedy=_WRITE if writing else _READ,
        ) from error


#: Every version stays: by default the log forgets what is older than a month.
_KEPT: Final[dict[str, str | None]] = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.enableExpiredLogCleanup": "false",
}


def exists(path: Path) -> bool:
    """Whether there is a Delta table at the path."""
    return any((path / _LOG).glob("*.json")) or any((path / _LOG).glob("*.parquet"))


def create(path: Path, schema: pa.Schema) -> None:
    """Make an empty table where there is none.

    Raises:
        StoreError: the folder cannot be written.
    """
    if not exists(path):
        with guarded(path, writing=True):
            path.mkdir(parents=True, exist_ok=True)
            DeltaTable.create(str(path), schema, mode="ignore", name=path.name, configuration=_KEPT)


def append(path: Path, rows: pa.Table) -> None:
    """Append rows in one atomic commit; no rows, no commit.

    Raises:
        StoreError: the table cannot be written.
    """
    if rows.num_rows:
        with guarded(path, writing=True):
            properties = WriterProperties(compression="ZSTD", compression_level=3)
            write_deltalake(str(path), rows, mode="append", writer_properties=properties)


def files_of(path: Path, version: int | None = None) -> tuple[int, list[str]]:
    """A version's number and its Parquet files; by default the newest.

    Raises:
        StoreError: the log cannot be read, or a file that it lists is missing.
    """
    with guarded(path):
        table = DeltaTable(str(path), version=version)
        files = sorted(map(_local, table.file_uris()))
        for file in files:
            if not Path(file).is_file():
                raise StoreError("a file that the evidence lists is missing", where=file, remedy=_READ)
        return table.version(), files


def columns(path: Path) -> list[str]:
    """The names of the columns that a table was made with.

    Raises:
        StoreError: the log cannot be read.
    """
    with guarded(path):
        return [field.name for field in DeltaTable(str(path), version=0).schema().fields]


def version_of(path: Path) -> int:
    """The newest version's number.

    Raises:
        StoreError: the log cannot be read.
    """
    with guarded(path):
        return int(DeltaTable(str(path)).version())


def compact(path: Path) -> int:
    """Join a table's small files in one atomic commit; how many files fewer there are.

    Raises:
        StoreError: the table can be neither read nor written.
    """
    with guarded(path, writing=True):
        done = DeltaTable(str(path)).optimize.compact()
        return int(done["numFilesRemoved"]) - int(done["numFilesAdded"])


def vacuum(path: Path, keep: Sequence[int]) -> list[str]:
    """Delete the files that neither the newest version nor one of `keep` lists; their names.

    Raises:
        StoreError: the table can be neither read nor written.
    """
    with guarded(path, writing=True):
        table = DeltaTable(str(path))
        versions = sorted({*keep, table.version()})
        deleted: list[str] = table.vacuum(
            retention_hours=0,
            enforce_retention_duration=False,
            dry_run=False,
            full=True,
            keep_versions=versions,
        )
        return deleted


def _local(uri: str) -> str:
    return unquote(urlparse(uri).path) if uri.startswith("file:") else uri
