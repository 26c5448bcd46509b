"""A large XLSX sheet as a row of small workbooks, each with the next of its rows: whoever reads a sheet holds it, at
ten times what it takes in a file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import BinaryIO, Final
from xml.etree import ElementTree
from xml.parsers import expat

from payguide.base.errors import UnreadableFile

#: A sheet of more bytes, unpacked, is read in pieces of about so many.
PIECE: Final = 32 << 20
#: What all pieces share (the texts of cells are there once for all sheets) is held, and given to each.
_LARGEST_SHARED: Final = 256 << 20
#: What names the sheets has no more bytes, nor has what stands ahead of a sheet's rows.
_LARGEST_HEAD: Final = 4 << 20
#: Cells that a piece may span, empty ones counted.
_LARGEST_CELLS: Final = 8_000_000

_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
#: What is read of a workbook but its sheets.
_SHARED: Final = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/[^/.]++\.xml|xl/_rels/[^/]++")
_ROWS: Final = re.compile(rb"<(\w+:)?sheetData\s*(/?)>")
_CELL: Final = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')


def pieces(raw: BinaryIO, where: str) -> Iterator[BinaryIO]:
    """The workbook itself, or several with the rows of its first sheet, which have been looked at before.

    Raises:
        UnreadableFile: what it holds is too large.
        ValueError: the sheet is no XML.
        zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError: it is no whole zip.
    """
    with zipfile.ZipFile(raw) as archive:
        entry = _first_sheet(archive)
        if entry is None or entry.file_size <= PIECE:
            if entry is not None:
                _refuse_wide(archive.read(entry), where, first=1)
            raw.seek(0)
            yield raw
            return
        for rows in _cut(archive, entry):
            _refuse_wide(rows, where)
            try:
                expat.ParserCreate().Parse(rows, True)
            except expat.ExpatError as error:
                raise ValueError(str(error)) from error
        names = [one for one in archive.infolist() if _SHARED.fullmatch(one.filename)]
        if (size := sum(one.file_size for one in names)) > _LARGEST_SHARED:
            raise too_large(f"{size:,} bytes of texts", where)
        shared = {one.filename: archive.read(one) for one in names}
        for rows in _cut(archive, entry):
            yield _workbook({**shared, entry.filename: rows})


def _first_sheet(archive: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    """Where the first sheet lies; None where that is not said, as in ODS."""
    there = {one.filename: one for one in archive.infolist()}
    if _BOOK not in there or _LINKS not in there:
        return None
    if max(there[_BOOK].file_size, there[_LINKS].file_size) > _LARGEST_HEAD:
        raise ValueError("too many names of sheets")
    try:
        book, links = (ElementTree.fromstring(archive.read(name)) for name in (_BOOK, _LINKS))  # noqa: S314
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    sheet = book.find(".//{*}sheet")
    known = {} if sheet is None else sheet.attrib
    wanted = next((value for key, value in known.items() if key.endswith("}id")), None)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    name = str(PurePosixPath("/xl") / targets.get(wanted, ""))
    return there.get(name.removeprefix("/"))


def _cut(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The XML of a sheet as that of several, each with the next rows."""
    with archive.open(entry) as sheet:
        text = sheet.read(_LARGEST_HEAD)
        opened = _ROWS.search(text)
        if opened is None:
            raise ValueError("a sheet without rows near its beginning")
        name = opened[1] or b""
        head, waiting = text[: opened.end()], text[opened.end() :]
        close, end = b"</%brow>" % name, b"</%bsheetData></%bworksheet>" % (name, name)
        while more := b"" if opened[2] else sheet.read(PIECE):
            waiting += more
            cut = waiting.rfind(close) + len(close)
            if cut < len(close) and len(waiting) > 2 * PIECE:
                raise ValueError("a row without an end")
            if cut >= len(close):
                yield head + waiting[:cut] + end
                waiting = waiting[cut:]
        yield head + waiting


def _workbook(files: dict[str, bytes]) -> BinaryIO:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    made.seek(0)
    return made


def _refuse_wide(rows: bytes, where: str, *, first: int = 1 << 30) -> None:
    """Refuse rows whose cells span more than a table does, from a `first` row on where they are the whole sheet.

    Raises:
        UnreadableFile: they do.
    """
    last = width = 1
    for found in _CELL.finditer(rows):
        number = int(found[2])
        first, last, width = min(first, number), max(last, number), max(width, _column(found[1]))
    height = last - first + 1
    if height * width > _LARGEST_CELLS:
        raise too_large(f"{height:,} rows by {width:,} columns, most of them empty", where)


@lru_cache(maxsize=4096)
def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def too_large(found: str, where: str) -> UnreadableFile:
    """The refusal of a spreadsheet in which so much was found."""
    remedy = "save the sheet as CSV, or as a new XLSX"
    return UnreadableFile(
        f"a spreadsheet of {found}: no table of pay is so large", where=where, remedy=remedy
    )
