"""A table's bytes into columns: text as written, numbers and days parsed a whole column at a time."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from payguide.base.errors import MissingColumn, UnreadableFile, WrongShape
from payguide.base.inputs import Document
from payguide.base.text import decode_text
from payguide.decode.table.csv_rows import FALLBACK, Broken, CsvText
from payguide.decode.table.json_rows import JsonLines, cell_text
from payguide.decode.table.sheets import read_sheet

#: 95000, 95000.5, 9.5e4, .5, 95,000 and 1,295,000.50; never 95,5 or 95.000,00 (no thousands mark). 95k is 95000.
_NUMBER: Final = r"^[+-]?(\d+\.?\d*|\.\d+|\d{1,3}(,\d{3})+(\.\d*)?)([eE][+-]?\d{1,3})?$"
#: A statement of pay from outside these years is a slip of the pen, or a two-digit year.
_YEARS: Final = (1970, 2100)
_CURRENCY_MARKS: Final = "$€£ \t"
#: How days are spelled in the text of a spreadsheet's cells, whatever the map says of a CSV.
_SHEET_DAYS: Final = ("%Y-%m-%d",)


@dataclass(frozen=True, slots=True)
class Columns:
    """The needed columns of a table as text (n,), each row's number in the file (n,), the rows that were no rows:
    (row number, rule, what), the formats in which this kind of file spells days whoever wrote it, and what stands
    around its numbers.
    """

    text: dict[str, pa.Array]
    numbering: tuple[int, ...]
    broken: tuple[Broken, ...] = ()
    day_formats: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """The number of rows that are rows."""
        return len(self.numbering)

    @property
    def nbytes(self) -> int:
        """The bytes of its text."""
        return sum(column.nbytes for column in self.text.values())

    def between(self, start: int, end: int) -> Columns:
        """Some of the rows, and what were none; these with the first rows only."""
        text = {name: column.slice(start, end - start) for name, column in self.text.items()}
        return replace(
            self, text=text, numbering=self.numbering[start:end], broken=() if start else self.broken
        )

    def texts(self, name: str) -> list[str]:
        """A column as trimmed text; a column the map does not name is empty throughout."""
        if not name:
            return [""] * self.rows
        found: list[str] = pc.fill_null(pc.utf8_trim_whitespace(self.text[name]), "").to_pylist()
        return found

    def numbers(self, name: str, missing: Sequence[str]) -> tuple[list[float | None], list[bool]]:
        """A column as numbers, and whether each row holds something that is none."""
        if not name:
            return [None] * self.rows, [False] * self.rows
        trimmed = pc.utf8_trim_whitespace(self.text[name])
        bare = pc.utf8_trim(trimmed, _CURRENCY_MARKS)
        if self.units:
            around = "|".join(re.escape(unit) for unit in sorted(self.units, key=len, reverse=True))
            bare = pc.replace_substring_regex(bare, rf"^(?:{around})\s*|\s*(?:{around})$", "")
        stated = pc.invert(_in(trimmed, missing))
        thousands = pc.match_substring_regex(bare, r"\d[kK]$")
        bare = pc.if_else(thousands, pc.utf8_rtrim(bare, "kK"), bare)
        good = pc.and_(stated, pc.fill_null(pc.match_substring_regex(bare, _NUMBER), fill_value=False))
        plain = pc.replace_substring(bare, ",", "")
        values = pc.cast(pc.if_else(good, plain, None), pa.float64())
        values = pc.multiply(values, pc.if_else(thousands, 1000.0, 1.0))
        bad = pc.and_(stated, pc.invert(good))
        return values.to_pylist(), bad.to_pylist()

    def days(
        self, name: str, formats: Sequence[str], missing: Sequence[str]
    ) -> tuple[list[date | None], list[bool]]:
        """A column as days, each row by the first format that fits, and whether each row fits none.

        A format without a blank is tried on the text before the first blank or "T": the day of a time stamp.
        """
        if not name:
            return [None] * self.rows, [False] * self.rows
        trimmed = pc.utf8_trim_whitespace(self.text[name])
        heads = pc.list_element(pc.split_pattern_regex(pc.fill_null(trimmed, ""), r"[ T]", max_splits=1), 0)
        found = pa.nulls(self.rows, pa.timestamp("s"))
        for form in (*formats, *self.day_formats):
            written = trimmed if " " in form else heads
            found = pc.coalesce(found, pc.strptime(written, form, "s", error_is_null=True))
        sane = pc.and_(pc.greater(pc.year(found), _YEARS[0]), pc.less(pc.year(found), _YEARS[1]))
        days = pc.cast(pc.if_else(sane, found, None), pa.date32(), safe=False)
        bad = pc.and_(pc.is_null(days), pc.invert(_in(trimmed, missing)))
        return days.to_pylist(), bad.to_pylist()


def _in(column: pa.Array, values: Sequence[str]) -> pa.Array:
    return pc.or_(pc.is_null(column), pc.is_in(column, value_set=pa.array([*values, ""], pa.string())))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns that are read of a table, those that it must have, and the table's name in messages."""

    columns: Sequence[str]
    needed: Sequence[str]
    name: str

    def of(self, there: Sequence[str]) -> list[str]:
        """Which of the columns the table has.

        Raises:
            MissingColumn: a needed one is not there.
        """
        lacking = [column for column in self.needed if column not in there]
        if lacking:
            found = f"no column {', '.join(map(repr, lacking))}; the file has {', '.join(map(repr, there))}"
            remedy = "name the file's own columns in a map (--map my.toml)"
            raise MissingColumn(found, where=self.name, remedy=remedy)
        return [column for column in self.columns if column in there]


#: Rows of a sheet, or of Parquet, that are made text at a time.
_ROWS_AT_ONCE: Final = 1_000
#: Rows of a large table that are read at a time, and bytes of them.
SLICE: Final = 50_000
SLICE_BYTES: Final = 16 << 20
#: Nested JSON is held, many times as large.
_LARGEST_NESTED: Final = 16 << 20


def read_columns(document: Document, form: str, wanted: Wanted) -> Iterator[Columns]:
    """The wanted columns of a CSV, XLSX, Parquet, JSON-lines or nested JSON table, some rows at a time; one that it
    may lack and does is empty. Nested JSON is a list of [head, rows]: the columns of each row are named by their
    number, "0" is the head.

    Raises:
        MissingColumn: a needed column is not there.
        UnreadableFile, WrongShape: the bytes are no such table.
    """
    if form == "parquet":
        return _parquet(document, wanted)
    if form == "jsonl":
        return _json_lines(document, wanted)
    if form == "csv":
        return _csv(document, wanted)
    if form == "xlsx":
        return _sheet(document, wanted)
    if form == "json":
        if document.size > _LARGEST_NESTED:
            found = f"nested JSON of {document.size:,} bytes"
            raise WrongShape(found, where=wanted.name, remedy="divide it, or give CSV or JSON lines")
        return _nested(document.read(), wanted)
    remedy = "give CSV, XLSX, Parquet, JSON lines or nested JSON"
    raise WrongShape(f"{form!r} is no form of table", where=wanted.name, remedy=remedy)


def whole(slices: Iterable[Columns]) -> Columns:
    """All rows of a table together."""
    parts = list(slices)
    if len(parts) == 1:
        return parts[0]
    text = {name: pa.concat_arrays([part.text[name] for part in parts]) for name in parts[0].text}
    numbering, broken = (
        tuple(chain.from_iterable(getattr(part, name) for part in parts)) for name in ("numbering", "broken")
    )
    return replace(parts[0], text=text, numbering=numbering, broken=broken)


def _csv(document: Document, wanted: Wanted) -> Iterator[Columns]:
    text = CsvText(document, wanted.columns)
    there = wanted.of(text.header)
    if document.path:
        # a table that breaks off further down is no table: it is known before any of its rows are
        for _ in text.rows(there, deque(maxlen=0)):
            pass
    broken: list[Broken] = []
    return _slices(text.rows(there, broken), broken, wanted)


def _slices(batches: Iterable[pa.RecordBatch], broken: list[Broken], wanted: Wanted) -> Iterator[Columns]:
    """Rows and what were none, numbered in order, at least so many at a time, or so many bytes."""
    number, refused, waiting = 1, set[int](), []
    for batch in chain(batches, (None,)):
        waiting += [] if batch is None else [batch]
        many = sum(one.num_rows for one in waiting) + len(broken) >= SLICE
        if batch is None or many or sum(one.nbytes for one in waiting) >= SLICE_BYTES:
            table = pa.Table.from_batches(waiting) if waiting else pa.table({})
            # what is read ahead is among them already
            known, waiting = tuple(broken), []
            del broken[: len(known)]
            refused.update(number for number, _, _ in known)
            numbering: list[int] = []
            while len(numbering) < table.num_rows or number in refused:
                if number in refused:
                    refused.remove(number)
                else:
                    numbering.append(number)
                number += 1
            yield _columns(table, tuple(numbering), known, wanted)


def _sheet(document: Document, wanted: Wanted) -> Iterator[Columns]:
    header, rows = read_sheet(document, wanted.name)
    places = {name: header.index(name) for name in wanted.of(header)}

    def batches() -> Iterator[pa.RecordBatch]:
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            texts = [pa.array([row[place] for row in some], pa.string()) for place in places.values()]
            yield pa.record_batch(texts, names=list(places))

    return (replace(part, day_formats=_SHEET_DAYS) for part in _slices(batches(), [], wanted))


def _parquet(document: Document, wanted: Wanted) -> Iterator[Columns]:
    try:
        with document.open() as raw:
            file = pq.ParquetFile(raw, buffer_size=SLICE_BYTES)
            there = wanted.of(file.schema_arrow.names)
            texts = pa.schema([(column, pa.string()) for column in there])
            batches = (batch.cast(texts) for batch in file.iter_batches(_ROWS_AT_ONCE, columns=there))
            yield from _slices(batches, [], wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise UnreadableFile(
            f"no Parquet table: {error}", where=wanted.name, remedy="check the file"
        ) from error


def _json_lines(document: Document, wanted: Wanted) -> Iterator[Columns]:
    lines = JsonLines(document, wanted.needed)
    if lines.header is not None:
        wanted.of(lines.header)
    broken: list[Broken] = []
    return _slices(lines.rows(wanted.columns, broken), broken, wanted)


def _nested(content: bytes, wanted: Wanted) -> Iterator[Columns]:
    try:
        groups = json.loads(decode_text(content, where=wanted.name, fallback=FALLBACK))
        rows = [[head, *row] for head, rows in groups for row in rows]
    except (ValueError, TypeError, RecursionError) as error:
        remedy = "give a JSON list of [head, [row, ...]], each row a list"
        raise WrongShape(f"no nested table: {error}", where=wanted.name, remedy=remedy) from error
    width = max(map(len, rows), default=0)
    there = wanted.of([str(at) for at in range(width)])
    texts = {
        c: pa.array([cell_text(r[int(c)]) if int(c) < len(r) else None for r in rows], pa.string())
        for c in there
    }
    return _slices(pa.table(texts).to_batches(), [], wanted)


def _columns(
    table: pa.Table, numbering: tuple[int, ...], broken: tuple[Broken, ...], wanted: Wanted
) -> Columns:
    empty = pa.nulls(table.num_rows, pa.string())
    there = frozenset(table.column_names)
    text = {name: table[name].combine_chunks() if name in there else empty for name in wanted.columns}
    return Columns(text, numbering, broken)
