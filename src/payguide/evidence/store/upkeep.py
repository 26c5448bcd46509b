"""Keeping a table small: its small files are joined, and what no version in use lists is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction

from payguide.evidence.store import delta, log, s3
from payguide.evidence.store.location import Location

#: Files of fewer bytes are joined, up to so many.
_LARGE: Final = 100 << 20

#: Rows that are held while files are joined.
_ROWS: Final = 50_000


def compact(location: Location) -> int:
    """Join a table's small files in one atomic commit; how many files fewer there are. A file whose name does not say
    what its bytes are gets one that does.

    Raises:
        StoreError: the table can be neither read nor written.
    """
    for _ in delta.retries(location):
        table = delta.Table(location)
        table.verify(table.files)
        small = [name for name, size in table.sizes().items() if size < _LARGE or not log.is_sealed(name)]
        if len(small) < 2 and all(map(log.is_sealed, small)):
            return 0
        with delta.guarded(location, writing=True), suppress(delta.CommitConflict):
            parts = list(_joined(table, small))
            table.commit(*parts, without=small, same_rows=True)
            return len(small) - len(parts)
    raise AssertionError("the last retry raises")


def _joined(table: delta.Table, names: Iterable[str]) -> Iterator[AddAction]:
    """The rows of some files, written into as few as it takes."""
    out: pa.BufferOutputStream | None = None
    for name in sorted(names):
        files, path = s3.opened(table.location / name)
        with files.open_input_file(path) as source:
            file = pq.ParquetFile(source)
            for batch in file.iter_batches(_ROWS):
                if out is None:
                    out = pa.BufferOutputStream()
                    writer = pq.ParquetWriter(out, file.schema_arrow, **delta.PARQUET)
                writer.write_batch(batch)
                if out.tell() >= _LARGE:
                    writer.close()
                    yield delta.put_bytes(table.location, out.getvalue())
                    out = None
    if out is not None:
        writer.close()
        yield delta.put_bytes(table.location, out.getvalue())


#: Hours after which a file that no version lists is no part of a commit that is under way.
_LEFT_BEHIND: Final = 24


def vacuum(location: Location, keep: Iterable[int]) -> list[str]:
    """Delete the files that neither the newest version nor one of `keep` lists; their names. In a folder nobody else
    may write meanwhile; in a storage what was never listed stays for a day, for it may yet be.

    Raises:
        StoreError: the table can be neither read nor written.
    """
    sweeps: tuple[tuple[int, bool], ...] = (
        ((0, True),) if isinstance(location, Path) else ((0, False), (_LEFT_BEHIND, True))
    )
    deleted: list[str] = []
    for _ in delta.retries(location):
        with delta.guarded(location, writing=True), suppress(CommitFailedError):
            while sweeps:
                [(hours, everything), *_] = sweeps
                seen = delta.Table(location)
                table = DeltaTable(str(location), version=seen.version, storage_options=s3.options(location))
                deleted += table.vacuum(
                    retention_hours=hours, enforce_retention_duration=False, dry_run=False, full=everything,
                    keep_versions=sorted({*keep, seen.version}), commit_properties=seen.saying(seen.state),
                )  # fmt: skip
                sweeps = sweeps[1:]
            return deleted
    raise AssertionError("the last retry raises")
