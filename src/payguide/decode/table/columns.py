"""A table's bytes into columns: text as written, numbers and days parsed a whole column at a time."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from payguide.base.errors import MissingColumn, UnreadableFile, WrongShape
from payguide.base.text import decode_text
from payguide.decode.table.sheets import read_sheet

#: 95000, 95000.5, 9.5e4, .5, 95,000 and 1,295,000.50; never 95,5 or 95.000,00 (no thousands mark). 95k is 95000.
_NUMBER: Final = r"^[+-]?(\d+\.?\d*|\.\d+|\d{1,3}(,\d{3})+(\.\d*)?)([eE][+-]?\d{1,3})?$"
#: A statement of pay from outside these years is a slip of the pen, or a two-digit year.
_YEARS: Final = (1970, 2100)
_CURRENCY_MARKS: Final = "$€£ \t"
#: What parts the columns of a text table, the likeliest first.
_DELIMITERS: Final = ",;\t|"
#: A spreadsheet in Excel may say on a first line what parts the columns of its CSV.
_SAID_DELIMITER: Final = re.compile(r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
#: Where no mark says an encoding and the bytes are not UTF-8: the code page of Windows in Western Europe.
_FALLBACK: Final = "cp1252"
#: The rule that a line breaks which is no row.
BROKEN: Final = "broken_row"
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
    broken: tuple[tuple[int, str, str], ...] = ()
    day_formats: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """The number of rows that are rows."""
        return len(self.numbering)

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


def read_columns(content: bytes, form: str, wanted: Wanted) -> Columns:
    """The wanted columns of a CSV, XLSX, Parquet, JSON-lines or nested JSON table; one that it may lack and does is
    empty. Nested JSON is a list of [head, rows]: the columns of each row are named by their number, "0" is the head.

    Raises:
        MissingColumn: a needed column is not there.
        UnreadableFile, WrongShape: the bytes are no such table.
    """
    if form == "parquet":
        return _parquet(content, wanted)
    if form == "jsonl":
        return _json_lines(content, wanted)
    if form == "csv":
        return _csv(content, wanted)
    if form == "xlsx":
        return _sheet(content, wanted)
    if form == "json":
        return _nested(content, wanted)
    remedy = "give CSV, XLSX, Parquet, JSON lines or nested JSON"
    raise WrongShape(f"{form!r} is no form of table", where=wanted.name, remedy=remedy)


def _csv(content: bytes, wanted: Wanted) -> Columns:
    text = decode_text(content, where=wanted.name, fallback=_FALLBACK)
    said = _SAID_DELIMITER.match(text)
    text = text[said.end() :] if said else text
    delimiter, header = _header(text, said[1] if said else _DELIMITERS, wanted)
    there = wanted.of(header)
    broken: list[tuple[int, str, str]] = []

    def refuse(row: pacsv.InvalidRow) -> str:
        found = f"{row.actual_columns} columns, not {row.expected_columns}"
        broken.append(((row.number or 1) - 1, BROKEN, found))
        return "skip"

    try:
        table = pacsv.read_csv(
            io.BytesIO(text.encode()),
            read_options=pacsv.ReadOptions(use_threads=False),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=refuse
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=there,
                column_types=dict.fromkeys(there, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableFile(f"no table: {error}", where=wanted.name, remedy="check the file") from error
    return _columns(table, broken, wanted)


def _header(text: str, delimiters: str, wanted: Wanted) -> tuple[str, list[str]]:
    """What parts the columns, and their names: the delimiter by which most of the wanted columns are there, of several
    the one that gives most columns. So a comma within a name or a title misleads nobody.
    """
    try:
        headers = {
            mark: next(csv.reader(io.StringIO(text[:1_000_000]), delimiter=mark), []) for mark in delimiters
        }
    except csv.Error as error:
        raise UnreadableFile(f"no table: {error}", where=wanted.name, remedy="check the file") from error
    known = frozenset(wanted.columns)
    return max(headers.items(), key=lambda item: (len(known.intersection(item[1])), len(item[1])))


def _sheet(content: bytes, wanted: Wanted) -> Columns:
    header, rows = read_sheet(content, wanted.name)
    there = wanted.of(header)
    places = {name: header.index(name) for name in there}
    texts = {name: pa.array([row[place] for row in rows], pa.string()) for name, place in places.items()}
    return replace(_columns(pa.table(texts), [], wanted), day_formats=_SHEET_DAYS)


def _parquet(content: bytes, wanted: Wanted) -> Columns:
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        table = file.read(columns=wanted.of(file.schema_arrow.names))
        texts = {column: pc.cast(table[column], pa.string()) for column in table.column_names}
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise UnreadableFile(
            f"no Parquet table: {error}", where=wanted.name, remedy="check the file"
        ) from error
    return _columns(pa.table(texts), [], wanted)


def _json_lines(content: bytes, wanted: Wanted) -> Columns:
    rows: list[dict[str, Any]] = []
    broken: list[tuple[int, str, str]] = []
    lines = filter(str.strip, decode_text(content, where=wanted.name, fallback=_FALLBACK).split("\n"))
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            row = error
        if isinstance(row, dict):
            rows.append(row)
        else:
            broken.append((number, BROKEN, "a line that is no JSON object"))
    if broken and not rows:
        raise WrongShape("no line is a JSON object", where=wanted.name, remedy="give one JSON object a line")
    if rows:
        wanted.of(list({key: None for row in rows for key in row}))
    texts = {c: pa.array([_text(row.get(c)) for row in rows], pa.string()) for c in wanted.columns}
    return _columns(pa.table(texts), broken, wanted)


def _nested(content: bytes, wanted: Wanted) -> Columns:
    try:
        groups = json.loads(decode_text(content, where=wanted.name, fallback=_FALLBACK))
        rows = [[head, *row] for head, rows in groups for row in rows]
    except (ValueError, TypeError, RecursionError) as error:
        remedy = "give a JSON list of [head, [row, ...]], each row a list"
        raise WrongShape(f"no nested table: {error}", where=wanted.name, remedy=remedy) from error
    width = max(map(len, rows), default=0)
    there = wanted.of([str(at) for at in range(width)])
    texts = {
        c: pa.array([_text(r[int(c)]) if int(c) < len(r) else None for r in rows], pa.string()) for c in there
    }
    return _columns(pa.table(texts), [], wanted)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _columns(table: pa.Table, broken: list[tuple[int, str, str]], wanted: Wanted) -> Columns:
    empty = pa.nulls(table.num_rows, pa.string())
    there = frozenset(table.column_names)
    text = {name: table[name].combine_chunks() if name in there else empty for name in wanted.columns}
    refused = {number for number, _, _ in broken}
    numbering = (number for number in range(1, table.num_rows + len(refused) + 1) if number not in refused)
    return Columns(text, tuple(numbering), tuple(broken))
