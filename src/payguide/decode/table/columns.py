"""A table's bytes into columns: text as written, numbers and days parsed a whole column at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from payguide.base.errors import MissingColumn, UnreadableFile, WrongShape

#: 95000, 95000.5, 9.5e4, .5, 95,000 and 1,295,000.50; never 95,5 or 95.000,00 (no thousands mark).
_NUMBER: Final = r"^[+-]?(\d+\.?\d*|\.\d+|\d{1,3}(,\d{3})+(\.\d*)?)([eE][+-]?\d{1,3})?$"
#: A statement of pay from outside these years is a slip of the pen, or a two-digit year.
_YEARS: Final = (1970, 2100)
_CURRENCY_MARKS: Final = "$€£ \t"


@dataclass(frozen=True, slots=True)
class Columns:
    """The needed columns of a table as text (n,), each row's number in the file (n,), and the rows that were
    no rows: (row number, what).
    """

    text: dict[str, pa.Array]
    numbering: tuple[int, ...]
    broken: tuple[tuple[int, str], ...] = ()

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
        stated = pc.invert(_in(trimmed, missing))
        good = pc.and_(stated, pc.fill_null(pc.match_substring_regex(bare, _NUMBER), fill_value=False))
        plain = pc.replace_substring(bare, ",", "")
        values = pc.cast(pc.if_else(good, plain, None), pa.float64())
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
        for form in formats:
            written = trimmed if " " in form else heads
            found = pc.coalesce(found, pc.strptime(written, form, "s", error_is_null=True))
        sane = pc.and_(pc.greater(pc.year(found), _YEARS[0]), pc.less(pc.year(found), _YEARS[1]))
        days = pc.cast(pc.if_else(sane, found, None), pa.date32(), safe=False)
        bad = pc.and_(pc.is_null(days), pc.invert(_in(trimmed, missing)))
        return days.to_pylist(), bad.to_pylist()


def _in(column: pa.Array, values: Sequence[str]) -> pa.Array:
    return pc.or_(pc.is_null(column), pc.is_in(column, value_set=pa.array([*values, ""], pa.string())))


def read_columns(content: bytes, form: str, needed: Sequence[str], name: str) -> Columns:
    """The needed columns of a CSV, Parquet or JSON-lines table.

    Raises:
        MissingColumn: a needed column is not there.
        UnreadableFile, WrongShape: the bytes are no such table.
    """
    if form == "parquet":
        return _parquet(content, needed, name)
    if form == "jsonl":
        return _json_lines(content, needed, name)
    if form == "csv":
        return _csv(content, needed, name)
    raise WrongShape(f"{form!r} is no form of table", where=name, remedy="give CSV, Parquet or JSON lines")


def _check(needed: Sequence[str], there: Sequence[str], name: str) -> None:
    lacking = [column for column in needed if column not in there]
    if lacking:
        found = f"no column {', '.join(map(repr, lacking))}; the file has {', '.join(map(repr, there))}"
        raise MissingColumn(found, where=name, remedy="name the file's own columns in a map (--map my.toml)")


def _csv(content: bytes, needed: Sequence[str], name: str) -> Columns:
    encoding = _encoding(content)
    try:
        header = next(csv.reader(io.StringIO(content[:1_000_000].decode(encoding, "replace"))), [])
    except csv.Error as error:
        raise UnreadableFile(f"no table: {error}", where=name, remedy="check the file") from error
    _check(needed, header, name)
    broken: list[tuple[int, str]] = []

    def refuse(row: pacsv.InvalidRow) -> str:
        broken.append(((row.number or 1) - 1, f"{row.actual_columns} columns, not {row.expected_columns}"))
        return "skip"

    try:
        table = pacsv.read_csv(
            io.BytesIO(content),
            read_options=pacsv.ReadOptions(encoding=encoding, use_threads=False),
            parse_options=pacsv.ParseOptions(newlines_in_values=True, invalid_row_handler=refuse),
            convert_options=pacsv.ConvertOptions(
                include_columns=list(needed),
                column_types=dict.fromkeys(needed, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableFile(f"no table: {error}", where=name, remedy="check the file") from error
    return _columns(table, broken)


def _encoding(content: bytes) -> str:
    """UTF-8, else the Western European code page that spreadsheets write."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8"


def _parquet(content: bytes, needed: Sequence[str], name: str) -> Columns:
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        _check(needed, file.schema_arrow.names, name)
        table = file.read(columns=list(needed))
        texts = {column: pc.cast(table[column], pa.string()) for column in needed}
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise UnreadableFile(f"no Parquet table: {error}", where=name, remedy="check the file") from error
    return _columns(pa.table(texts), [])


def _json_lines(content: bytes, needed: Sequence[str], name: str) -> Columns:
    rows: list[dict[str, Any]] = []
    broken: list[tuple[int, str]] = []
    lines = filter(str.strip, content.decode("utf-8-sig", "replace").split("\n"))
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            row = error
        if isinstance(row, dict):
            rows.append(row)
        else:
            broken.append((number, "a line that is no JSON object"))
    if broken and not rows:
        raise WrongShape("no line is a JSON object", where=name, remedy="give one JSON object a line")
    there = {key: None for row in rows for key in row}
    if rows:
        _check(needed, list(there), name)
    texts = {column: pa.array([_text(row.get(column)) for row in rows], pa.string()) for column in needed}
    return _columns(pa.table(texts), broken)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _columns(table: pa.Table, broken: list[tuple[int, str]]) -> Columns:
    text = {name: table[name].combine_chunks() for name in table.column_names}
    refused = {number for number, _ in broken}
    numbering = (number for number in range(1, table.num_rows + len(refused) + 1) if number not in refused)
    return Columns(text, tuple(numbering), tuple(broken))
