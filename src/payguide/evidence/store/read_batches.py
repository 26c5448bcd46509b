"""Reading documents locally or remotely: documents as rows, and what was read of them as rows.

Remotely the same pure function (Document -> Reading) is applied to rows that an engine carries there and back. They
go in batches of bounded size, several under way at a time, and what was read of them comes in the order in which they
were retrieved. A document is never divided: a large one goes by itself, one that is larger than an engine takes is read
here, and one that cannot be read there is read here again, for its error.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from payguide.base.errors import PayguideError
from payguide.base.inputs import Document, Reading, Rejection
from payguide.base.version import VERSION
from payguide.evidence.store.writer import Item, Rows
from payguide.evidence.tables import DOCUMENTS, TABLES, Column, Row, card_of, schema, table_of

#: The pure function that reads a document.
Read = Callable[[Document], Reading]

#: Takes what was retrieved and yields what was read of it, in the same order.
Reader = Callable[[Iterable[Document | Rejection]], Iterator[Item]]

#: Takes documents' rows (`sent`) to where they are read, and brings back what was read (`RESULT`), in their order.
BatchExecutor = Callable[[pa.Table], pa.Table]

#: Documents in a batch, and bytes of them; a larger document is a batch of its own.
BATCH: Final = 4096
BATCH_BYTES: Final = 16 << 20

#: Batches under way, and bytes of them: what a Spark driver with the 1 GiB of memory that it has by default can carry.
#: A larger document is read here.
AHEAD: Final = 3
AHEAD_BYTES: Final = 64 << 20

#: Rows in one piece of what was read.
PIECE: Final = 10_000

#: The tables of what was read.
_READ: Final = ("observations", "postings", "rejections")

#: What was read, one row each: in the column of its table, the others being null. `number` is its document's among
#: those that were sent; where `broken` is true the document cannot be read, and the rest of the row is null.
RESULT: Final = pa.schema([
    ("number", pa.int64()),
    ("broken", pa.bool_()),
    *((name, pa.struct(list(schema(TABLES[name])))) for name in _READ),
])  # fmt: skip

#: A document on its way: its bytes, its name as bytes (a file's need not be Unicode), and what the store keeps of it.
_SENT: Final = (
    Column("content", pa.binary(), lambda document: document.content),
    Column("name", pa.binary(), lambda document: document.name.encode("utf-8", "surrogatepass")),
    *(column for column in DOCUMENTS if column.name not in ("key", "name", "size")),
)


def local_reader(read: Callable[[Document], Iterable[Reading]]) -> Reader:
    """A reader that reads each document as it comes, a large one in parts."""

    def reader(retrieved: Iterable[Document | Rejection]) -> Iterator[Item]:
        for item in retrieved:
            if isinstance(item, Rejection):
                yield None, Reading(rejections=(item,))
            else:
                yield from ((item, part) for part in read(item))

    return reader


def remote_reader(read: Read, executor: BatchExecutor) -> Reader:
    """A reader that has documents read remotely, a batch at a time. It yields the rows of what `local_reader` yields,
    and raises what that raises, after the same documents.
    """

    def reader(retrieved: Iterable[Document | Rejection]) -> Iterator[Item]:
        waiting: deque[tuple[_Batch, Future[pa.Table]]] = deque()
        pool = ThreadPoolExecutor(AHEAD)
        try:
            for batch in _batches(retrieved):
                while waiting and not _room(waiting, batch):
                    yield from _landed(*waiting.popleft(), read)
                waiting.append((batch, pool.submit(_carried, batch, executor)))
            while waiting:
                yield from _landed(*waiting.popleft(), read)
        finally:
            pool.shutdown(cancel_futures=True)

    return reader


def read_rows(
    read: Read, batches: Iterable[pa.RecordBatch], version: str = VERSION
) -> Iterator[pa.RecordBatch]:
    """What is read (`RESULT`) of documents' rows (`sent`), where they are.

    Raises:
        PayguideError: this is not the `version` of payguide that sent them.
    """
    if version != VERSION:
        raise PayguideError(f"payguide {VERSION} is installed where {version} is wanted")
    for batch in batches:
        numbers: dict[str, list[int]] = {name: [] for name in ("broken", *_READ)}
        nouns: dict[str, list[Any]] = {name: [] for name in _READ}
        for row in batch.to_pylist():
            try:
                reading = read(_document(row))
            except PayguideError:
                numbers["broken"].append(row["number"])
                continue
            for name in _READ:
                found = getattr(reading, name)
                nouns[name] += found
                numbers[name] += [row["number"]] * len(found)
        for name in _READ:
            for at in range(0, len(nouns[name]), PIECE):
                rows = table_of(TABLES[name], nouns[name][at : at + PIECE])
                yield _result_rows(
                    numbers[name][at : at + PIECE], name, rows.to_struct_array().combine_chunks()
                )
        yield _result_rows(numbers["broken"])


def sent(documents: Sequence[Document]) -> pa.Table:
    """Documents as rows that can be read remotely, numbered in order."""
    return table_of(_SENT, documents).append_column("number", pa.array(range(len(documents)), pa.int64()))


def _document(row: Row) -> Document:
    name = row["name"].decode("utf-8", "surrogatepass")
    return Document(row["content"], row["media_type"], card_of(row), name, row["sha256"])


def _result_rows(numbers: Sequence[int], name: str = "", rows: pa.Array | None = None) -> pa.RecordBatch:
    """Rows of one table as rows of `RESULT`; without a table they are broken documents'."""
    given = {"number": pa.array(numbers, pa.int64()), "broken": pa.repeat(not name, len(numbers)), name: rows}
    columns = [given.get(field.name, pa.nulls(len(numbers), field.type)) for field in RESULT]
    return pa.RecordBatch.from_arrays(columns, schema=RESULT)


@dataclass(slots=True)
class _Batch:
    """Documents that go together, what could not be one, and the error that ended their source."""

    documents: list[Document] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    failed: PayguideError | None = None
    size: int = 0

    def has_room(self, document: Document) -> bool:
        small = len(self.documents) < BATCH and self.size + document.size <= BATCH_BYTES
        return small or not self.documents


def _batches(retrieved: Iterable[Document | Rejection]) -> Iterator[_Batch]:
    """What is retrieved, in batches. An error comes with the last one: what was retrieved before it counts."""
    batch = _Batch()
    try:
        for item in retrieved:
            if isinstance(item, Rejection):
                batch.rejections.append(item)
                continue
            if not batch.has_room(item):
                yield batch
                batch = _Batch()
            batch.documents.append(item)
            batch.size += item.size
    except PayguideError as error:
        batch.failed = error
    yield batch


def _room(waiting: Iterable[tuple[_Batch, Future[pa.Table]]], batch: _Batch) -> bool:
    sizes = [batch.size, *(other.size for other, _ in waiting)]
    return len(sizes) <= AHEAD and sum(sizes) <= AHEAD_BYTES


def _carried(batch: _Batch, executor: BatchExecutor) -> pa.Table:
    if batch.size > AHEAD_BYTES or not batch.documents:
        return pa.Table.from_batches([_result_rows(range(len(batch.documents)))])
    return executor(sent(batch.documents))


def _landed(batch: _Batch, found: Future[pa.Table], read: Read) -> Iterator[Item]:
    """What was read of a batch: the documents that could not be read are read here, in their place."""
    if batch.rejections:
        yield None, Reading(rejections=tuple(batch.rejections))
    rows = found.result()
    broken = rows["number"].filter(rows["broken"]).to_pylist()
    first = 0
    for number in (*broken, len(batch.documents)):
        yield None, _rows(rows, batch.documents, first, number)
        for document in batch.documents[number : number + 1]:
            yield document, read(document)
        first = number + 1
    if batch.failed is not None:
        raise batch.failed


def _rows(found: pa.Table, documents: Sequence[Document], first: int, end: int) -> Rows:
    """The rows of some of the documents, by table."""
    within = found.filter((pc.field("number") >= first) & (pc.field("number") < end))
    tables = {name: _rows_of(within, name) for name in _READ}
    return {**tables, "documents": table_of(DOCUMENTS, documents[first:end])}


def _rows_of(found: pa.Table, name: str) -> pa.Table:
    columns = schema(TABLES[name])
    rows = found.select([name]).filter(found[name].is_valid()).flatten()
    return rows.rename_columns(columns.names).cast(columns)
