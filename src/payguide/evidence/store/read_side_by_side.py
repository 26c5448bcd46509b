"""Reading many documents on this machine: the first of them here, the others by a process for each processor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import Final

from joblib import cpu_count

from payguide.base.errors import PayguideError
from payguide.base.inputs import Document, Reading, Rejection
from payguide.base.workers import begin_worker, begun_in_peace, drawn_ahead
from payguide.evidence.store.read_batches import Reader, local_reader
from payguide.evidence.store.writer import Item

#: Documents, and bytes of them, before which processes take longer to begin than they save.
FIRST: Final = 1_000
#: Documents that are read together, and bytes of them; a larger one is read here, in parts.
_BATCH: Final = 100
_BATCH_BYTES: Final = 1 << 20
#: Batches under way for each process.
_AHEAD: Final = 3

_ReadParts = Callable[[Document], Iterable[Reading]]
_Batch = list[Document | Rejection]


def side_by_side_reader(read: _ReadParts, *, first: int = FIRST) -> Reader:
    """A reader that yields what `local_reader` yields, and raises what that raises, after the same documents. `read` is
    a function that processes can import.
    """
    alone, jobs = local_reader(read), cpu_count()

    def reader(retrieved: Iterable[Document | Rejection]) -> Iterator[Item]:
        stream = iter(retrieved)
        yield from alone(islice(stream, first if jobs > 1 else None))
        for more in stream:
            yield from _side_by_side(chain((more,), stream), read, alone, jobs)

    return reader


def _side_by_side(
    retrieved: Iterable[Document | Rejection], read: _ReadParts, alone: Reader, jobs: int
) -> Iterator[Item]:
    # no forks: the threads of a store are at work
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), begin_worker, (os.getpid(),))
    failed: list[PayguideError] = []

    def begun(batch: _Batch) -> tuple[_Batch, Future[list[list[Reading]]] | None]:
        with begun_in_peace():
            return batch, None if _is_large(batch[0]) else pool.submit(_read, read, batch)

    try:
        for batch, found in drawn_ahead(map(begun, _batches(retrieved, failed)), _AHEAD * jobs):
            yield from _landed(batch, found, alone)
    finally:
        pool.shutdown(cancel_futures=True)
    for error in failed:
        raise error


def _is_large(item: Document | Rejection) -> bool:
    return isinstance(item, Document) and item.size > _BATCH_BYTES


def _batches(retrieved: Iterable[Document | Rejection], failed: list[PayguideError]) -> Iterator[_Batch]:
    """What is retrieved, in batches, a large document by itself; the error that ends it is kept for later."""
    batch: _Batch = []
    size = 0
    try:
        for item in retrieved:
            if batch and (_is_large(item) or size >= _BATCH_BYTES or len(batch) >= _BATCH):
                yield batch
                batch, size = [], 0
            batch.append(item)
            size += item.size if isinstance(item, Document) else 0
    except PayguideError as error:
        failed.append(error)
    if batch:
        yield batch


def _read(read: _ReadParts, batch: _Batch) -> list[list[Reading]]:
    """What is read of each document, in a process, up to one that cannot be read."""
    found: list[list[Reading]] = []
    for item in batch:
        try:
            found.append(list(read(item)) if isinstance(item, Document) else [])
        except PayguideError:
            break
    return found


def _landed(batch: _Batch, found: Future[list[list[Reading]]] | None, alone: Reader) -> Iterator[Item]:
    """What was read of a batch; from a document on that could not be read it is read here, for the error."""
    readings = found.result() if found else []
    for item, parts in zip(batch, readings, strict=False):
        if isinstance(item, Rejection):
            yield None, Reading(rejections=(item,))
        else:
            yield from ((item, part) for part in parts)
    yield from alone(batch[len(readings) :])
