"""Small XLSX files, written by hand: a zip of XML with one sheet or more."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

_BOOK = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006/relationships"
#: The format of the second style is that of a day.
_STYLES = (
    f'<styleSheet xmlns="{_BOOK}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)

Value = str | int | float | bool | date | None


def xlsx(*sheets: Sequence[Sequence[Value]], first_row: int = 1) -> bytes:
    """A workbook of sheets of rows of cells, the first row standing on line `first_row`."""
    numbers = range(1, len(sheets) + 1)
    named = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    linked = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINK}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    files = {
        "_rels/.rels": f'<Relationships xmlns="{_PACK}"><Relationship Id="rId1" Type="{_LINK}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_BOOK}" xmlns:r="{_LINK}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACK}">{linked}</Relationships>',
        "xl/styles.xml": _STYLES,
    }
    files |= {
        f"xl/worksheets/sheet{n}.xml": _sheet(rows, first_row)
        for n, rows in zip(numbers, sheets, strict=True)
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')
    return made.getvalue()


def _sheet(rows: Sequence[Sequence[Value]], first_row: int) -> str:
    lines = [
        f'<row r="{number}">{"".join(_cell(value, column, number) for column, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, first_row)
    ]
    return f'<worksheet xmlns="{_BOOK}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(value: Value, column: int, row: int) -> str:
    where = f'r="{chr(ord("A") + column)}{row}"'
    match value:
        case None:
            return ""
        case bool():
            return f'<c {where} t="b"><v>{int(value)}</v></c>'
        case str():
            return f'<c {where} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        case date():
            return f'<c {where} s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        case _:
            return f"<c {where}><v>{value!r}</v></c>"
