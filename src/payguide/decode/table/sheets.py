"""A spreadsheet file (XLSX or ODS): its first sheet as text, the way a CSV of it would be written.

Such a file is a zip of XML, so a small one may unpack to much, and one cell at the end of a sheet makes a table of a
thousand million empty ones: both are refused before anything is unpacked whole. A large sheet is read some rows at a
time: as a row of workbooks, each with the next of its rows (`sheet_pieces`).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, repeat
from typing import BinaryIO, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from payguide.base.errors import UnreadableFile
from payguide.base.inputs import Document
from payguide.decode.table.sheet_pieces import pieces, too_large

#: A workbook that unpacks to more is none that holds pay.
_LARGEST_BYTES: Final = 1_000_000_000
#: A sheet that begins with more empty rows is the piece of one.
_FEW_ROWS: Final = 1_000
_REMEDY: Final = "save the sheet as CSV, or as a new XLSX"

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_sheet(document: Document, where: str) -> tuple[list[str], Iterator[list[str]]]:
    """The header of the first sheet and the rows below it, each as long as the header. Rows that are empty throughout
    before the header and at the end are left out; numbers and days are written as CSV has them (120000, 2026-11-30).

    Raises:
        UnreadableFile: it is no whole spreadsheet, or too large a one.
    """
    rows = _read(document, where)
    header = next(rows, None)
    if header is None:
        raise UnreadableFile(
            "the first sheet is empty", where=where, remedy="put the table on the first sheet"
        )
    return [name.strip() for name in header], rows


def _read(document: Document, where: str) -> Iterator[list[str]]:
    """The rows of the first sheet from the first to the last that is not empty, from the first column that is not.

    Raises:
        UnreadableFile: as `read_sheet`.
    """
    try:
        with document.open() as raw:
            _refuse_bombs(raw, where)
            yield from _filled(pieces(raw, where))
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise UnreadableFile(f"no whole spreadsheet: {error}", where=where, remedy=_REMEDY) from error


def _filled(workbooks: Iterator[BinaryIO]) -> Iterator[list[str]]:
    """As `_read`, of a sheet whose rows lie in several workbooks, by the numbers that they have in it."""
    left = width = -1
    end = 0
    for workbook in map(CalamineWorkbook.from_filelike, workbooks):
        if not workbook.sheet_names:
            raise ValueError("a spreadsheet without a sheet")
        sheet = workbook.get_sheet_by_index(0)
        first, column = sheet.start or (0, 0)
        for number, cells in enumerate(_cells(sheet, first, column), first):
            row = [cell_text(cell) for cell in cells]
            if not any(row):
                continue
            if width < 0:
                left, width, end = column, len(row) - column, number
            yield from repeat([""] * width, number - end)
            yield (row[left:] + [""] * width)[:width]
            end = number + 1


def _cells(sheet: CalamineSheet, first: int, column: int) -> Iterator[list[Cell]]:
    """The rows of a sheet from its first one on, from the column A."""
    if first < _FEW_ROWS:
        return islice(sheet.iter_rows(), first, None)
    # `iter_rows` goes through all the empty rows ahead
    return ([*([""] * column), *cells] for cells in sheet.to_python())


def cell_text(cell: Cell) -> str:
    """A cell as CSV has it: whole numbers without a point, days and times by ISO 8601."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _refuse_bombs(raw: BinaryIO, where: str) -> None:
    """Refuse what would unpack to more than any table of pay is.

    Raises:
        UnreadableFile: it would.
    """
    with zipfile.ZipFile(raw) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > _LARGEST_BYTES:
        raise too_large(f"{size:,} bytes unpacked", where)
