"""A spreadsheet file (XLSX or ODS): its first sheet as text, the way a CSV of it would be written.

Such a file is a zip of XML, so a small one may unpack to much, and one cell at the end of a sheet makes a table of a
thousand million empty ones: both are refused before anything is unpacked whole.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import dropwhile, repeat
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from payguide.base.errors import UnreadableFile

#: A workbook that unpacks to more is none that holds pay.
_LARGEST_BYTES: Final = 1_000_000_000
#: A sheet with more cells, empty ones counted, is none that a person filled.
_LARGEST_CELLS: Final = 50_000_000
#: Where a cell stands in an XLSX sheet, and how much of the sheet is looked at in a piece.
_CELL: Final = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_PIECE: Final = 1 << 20
_OVERLAP: Final = 256
_REMEDY: Final = "save the sheet as CSV, or as a new XLSX"

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_sheet(content: bytes, where: str) -> tuple[list[str], Iterator[list[str]]]:
    """The header of the first sheet and the rows below it, each as long as the header. Rows that are empty throughout
    before the header and at the end are left out; numbers and days are written as CSV has them (120000, 2026-11-30).

    Raises:
        UnreadableFile: it is no whole spreadsheet, or too large a one.
    """
    _refuse_bombs(content, where)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not workbook.sheet_names:
            raise UnreadableFile("a spreadsheet without a sheet", where=where, remedy=_REMEDY)
        sheet = workbook.get_sheet_by_index(0)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableFile(f"no whole spreadsheet: {error}", where=where, remedy=_REMEDY) from error
    rows = _filled(sheet)
    header = next(rows, None)
    if header is None:
        raise UnreadableFile(
            "the first sheet is empty", where=where, remedy="put the table on the first sheet"
        )
    return [name.strip() for name in header], rows


def _filled(sheet: CalamineSheet) -> Iterator[list[str]]:
    """The rows of a sheet from the first to the last that is not empty, from the first column that is not."""
    left, empty = (sheet.start or (0, 0))[1], 0
    for cells in dropwhile(lambda cells: not any(map(cell_text, cells)), sheet.iter_rows()):
        row = [cell_text(cell) for cell in cells[left:]]
        if any(row):
            yield from repeat([""] * len(row), empty)
            yield row
            empty = 0
        else:
            empty += 1


def cell_text(cell: Cell) -> str:
    """A cell as CSV has it: whole numbers without a point, days and times by ISO 8601."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _refuse_bombs(content: bytes, where: str) -> None:
    """Refuse what would unpack to more than any table of pay is.

    Raises:
        UnreadableFile: it would, or it is no zip at all.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > _LARGEST_BYTES:
                raise _too_large(f"{size:,} bytes unpacked", where)
            for entry in archive.infolist():
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                    _refuse_wide(archive, entry, where)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise UnreadableFile(f"no whole spreadsheet: {error}", where=where, remedy=_REMEDY) from error


def _refuse_wide(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str) -> None:
    """Refuse a sheet whose cells span more than a table does."""
    rows = columns = 0
    tail = b""
    with archive.open(entry) as sheet:
        while piece := sheet.read(_PIECE):
            for letters, number in _CELL.findall(tail + piece):
                rows, columns = max(rows, int(number)), max(columns, _column(letters))
            if rows * columns > _LARGEST_CELLS:
                raise _too_large(f"{rows:,} rows by {columns:,} columns", where)
            tail = piece[-_OVERLAP:]


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _too_large(found: str, where: str) -> UnreadableFile:
    return UnreadableFile(
        f"a spreadsheet of {found}: no table of pay is so large", where=where, remedy=_REMEDY
    )
