"""JSON lines, whatever their encoding, some rows at a time: their number does not matter."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyarrow as pa

from payguide.base.errors import WrongShape
from payguide.base.inputs import Document
from payguide.decode.table.csv_rows import BROKEN, Broken, text_encoding

#: Rows that are parsed at a time.
_AT_ONCE: Final = 1_000
#: A longer line is no row, and is not held whole; the longest posting seen has 150,000 letters.
_LONGEST: Final = 4 << 20
#: What a line holds; None where it is no object.
_Object = dict[str, Any] | None
#: So many names of columns at least are remembered, to say what a file has.
_MOST_NAMES: Final = 200


class JsonLines:
    """The rows of a table in JSON lines, its encoding known and its columns looked for.

    Raises:
        UnreadableFile: it is no text.
        WrongShape: no line is a JSON object.
    """

    def __init__(self, document: Document, needed: Sequence[str]) -> None:
        self._document = document
        self._encoding = text_encoding(document)
        #: The columns: all that are needed, where they are there, and some of the others; None of a table without rows.
        self.header = self._header(frozenset(needed))

    def rows(self, columns: Sequence[str], broken: list[Broken]) -> Iterator[pa.RecordBatch]:
        """Some columns as text, some rows at a time; what is no row is added to `broken` before the rows behind it."""
        schema = pa.schema([(column, pa.string()) for column in columns])
        for some in self._together():
            broken += [(n, BROKEN, "a line that is no JSON object") for n, row in some if row is None]
            rows = [row for _, row in some if row is not None]
            texts = [
                pa.array([cell_text(row.get(column)) for row in rows], pa.string()) for column in columns
            ]
            yield pa.record_batch(texts, schema=schema)

    def _together(self) -> Iterator[list[tuple[int, _Object]]]:
        """What is parsed at a time: so many lines, or so many letters."""
        some: list[tuple[int, _Object]] = []
        letters = 0
        for number, row, length in self._parsed():
            some.append((number, row))
            letters += length
            if len(some) >= _AT_ONCE or letters >= _LONGEST:
                yield some
                some, letters = [], 0
        yield some

    def _header(self, needed: frozenset[str]) -> list[str] | None:
        names: dict[str, None] = {}
        lines, found = 0, False
        for number, row, _ in self._parsed():
            lines = number
            if row is not None:
                found = True
                names.update((name, None) for name in row if name in needed or len(names) < _MOST_NAMES)
                if needed <= names.keys():
                    break
        if lines and not found:
            remedy = "give one JSON object a line"
            raise WrongShape("no line is a JSON object", where=self._document.name, remedy=remedy)
        return list(names) if found else None

    def _parsed(self) -> Iterator[tuple[int, _Object, int]]:
        """The number of each line that is not blank, its object and its length."""
        with (
            self._document.open() as raw,
            io.TextIOWrapper(raw, self._encoding, "replace", newline="\n") as text,
        ):
            for number, line in enumerate(filter(str.strip, _lines(text)), 1):
                try:
                    row = json.loads(line) if len(line) <= _LONGEST else None
                except (ValueError, RecursionError):
                    row = None
                yield number, row if isinstance(row, dict) else None, len(line)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a text; of one that is too long to be a row no more than shows that it is."""
    while line := text.readline(_LONGEST + 1):
        rest = line
        while len(rest) > _LONGEST and not rest.endswith("\n"):
            rest = text.readline(_LONGEST + 1)
        yield line


def cell_text(value: object) -> str | None:
    """What a JSON value is as the cell of a table."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # half a surrogate pair, which no column can hold as text, becomes a question mark
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
