"""What belongs together in a table that is too large to be held: the rows of a record, and those that are one range,
whatever lies in between. It comes a few records at a time, by way of the disk.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Final
from zlib import crc32

import numpy as np
import pyarrow as pa

from payguide.base.errors import PayguideError, WrongShape
from payguide.base.inputs import Document
from payguide.decode.table import columns as table_columns
from payguide.decode.table.columns import Columns, whole
from payguide.decode.table.facts import records_of
from payguide.decode.table.mapping import TableMap
from payguide.decode.table.rows import prepared

#: A table of postings that may be another's is asked about as a whole: a larger one is refused. So are rows of one
#: record that are more bytes together.
LARGEST_HELD: Final = 256 << 20
#: About so many bytes of a document are read together, in at most so many parts.
_PART: Final = 8 << 20
_FEWEST: Final = 16
_MOST: Final = 1024
#: Where the number of each row stands.
_NUMBER: Final = "\x00number"


def together(document: Document, table: TableMap, slices: Iterator[Columns]) -> Iterator[Columns]:
    """The slices of a table as its map wants them read, the rows of each record in one. A table of one slice stays as
    it is, and so do rows that make sense by themselves; else records come in no order.

    Raises:
        WrongShape: too many rows belong together.
        PayguideError: the disk is full.
    """
    ready = (
        prepared(part, table)
        for part in (_by_run(slices, table) if table.paired and table.identity else slices)
    )
    named = bool(table.identity) or (table.rows == "postings" and bool(table.columns.id or table.reposted))
    first, second = next(ready), next(ready, None) if named else None
    rest = chain((first,), () if second is None else (second,), ready)
    if second is None:
        yield from rest
    elif table.reposted:
        yield whole(_bounded(rest, document))
    else:
        yield from _by_record(document, table, rest)


def _by_run(slices: Iterator[Columns], table: TableMap) -> Iterator[Columns]:
    """The slices, cut where no run of neighbouring rows that are alike but for pay is parted; a run that is longer than
    a slice is cut behind an even number of them.
    """
    shared = [name for name in table.identity if name != table.paired]
    held = next(slices)
    for part in slices:
        alike = list(zip(*(held.texts(name) for name in shared), strict=True))
        cut = held.rows
        while cut and alike[cut - 1] == alike[-1]:
            cut -= 1
        if held.rows - cut >= table_columns.SLICE:
            cut += (held.rows - cut) // 2 * 2
        if cut:
            yield held.between(0, cut)
        held = whole((held.between(cut, held.rows), part))
    yield held


def _bounded(slices: Iterable[Columns], document: Document) -> Iterator[Columns]:
    size = 0
    for part in slices:
        size += part.nbytes
        if size > LARGEST_HELD:
            raise _too_large(
                "postings that may be reposts are compared with each other, and these are", document
            )
        yield part


def _by_record(document: Document, table: TableMap, slices: Iterable[Columns]) -> Iterator[Columns]:
    """The rows of each record in one slice; what were no rows comes at once."""
    parts = min(_MOST, max(_FEWEST, document.size // _PART))
    try:
        # a file without a name: what is confidential in it ends with this process, however that ends
        with TemporaryFile() as file:
            disk = _Parts(file)
            for columns in slices:
                records = records_of(document, table, columns)
                disk.put(columns, [crc32(record.encode()) % parts for record in records])
                if columns.broken:
                    yield columns.between(0, 0)
            for part in sorted(disk.sizes):
                if disk.sizes[part] > LARGEST_HELD:
                    raise _too_large("rows of one record are read together, and these are", document)
                yield disk.get(part, columns)
    except OSError as error:
        found = f"rows could not be kept in the temporary folder ({error.strerror})"
        raise PayguideError(found, remedy="make room there, or name another folder in TMPDIR") from error


class _Parts:
    """Rows in a file, by the part of a table that each belongs to; `sizes` are the parts' bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self.sizes: Counter[int] = Counter()

    def put(self, columns: Columns, parts: Sequence[int]) -> None:
        """Keep rows, each in its part."""
        order = np.argsort(np.array(parts, np.int64), kind="stable")
        rows = pa.record_batch({**columns.text, _NUMBER: columns.numbering}).take(pa.array(order))
        end = 0
        for part, number in sorted(Counter(parts).items()):
            piece = _written(rows.slice(end, number))
            end += number
            self._places[part].append((self._file.tell(), len(piece)))
            self._file.write(piece)
            self.sizes[part] += len(piece)

    def get(self, part: int, like: Columns) -> Columns:
        """The rows of a part in their order, as columns like others."""
        pieces = []
        for start, length in self._places[part]:
            self._file.seek(start)
            pieces += pa.ipc.open_stream(self._file.read(length)).read_all().to_batches()
        rows = pa.Table.from_batches(pieces)
        text = {name: rows[name].combine_chunks() for name in like.text}
        return replace(like, text=text, numbering=tuple(rows[_NUMBER].to_pylist()), broken=())


def _written(rows: pa.RecordBatch) -> pa.Buffer:
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, rows.schema) as stream:
        stream.write_batch(rows)
    return out.getvalue()


def _too_large(found: str, document: Document) -> WrongShape:
    remedy = "check which column is named as the id, or divide the table"
    return WrongShape(f"{found} more than {LARGEST_HELD:,} bytes", where=document.name, remedy=remedy)
