"""One table in every form that people save tables in: it is read the same, or refused in words."""

from __future__ import annotations

import codecs
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from table_documents import document

from payguide.base.errors import InputError, MissingColumn, UnreadableFile
from payguide.base.inputs import Reading
from payguide.decode.reader import read
from spreadsheets import Value, xlsx

MAP = """
rows = "statements"
date_formats = ["%m/%d/%Y"]
[columns]
id = "id"
title = "title"
employer = "Employer, legal name"
date = "seen"
[constants]
period = "year"
currency = "USD"
[amounts.base]
column = "pay €"
"""

HEADER = ("id", "title", "Employer, legal name", "pay €", "seen")
ROWS = (
    ("1", "Engineer, Machine Learning; NLP", "Zürich & Söhne", "120000", "01/31/2026"),
    ("2", 'Data "Big" Scientist', "Acme, Inc.", "95500.5", "12/01/2025"),
)


@pytest.fixture
def own_map(tmp_path: Path) -> str:
    path = tmp_path / "own.toml"
    path.write_text(MAP, encoding="utf-8")
    return str(path)


def written(mark: str, *, always_quoted: bool = True, rows: tuple[tuple[str, ...], ...] = ROWS) -> str:
    """A text table; a name is quoted at least where it must be."""
    out = io.StringIO()
    for row in (HEADER, *rows):
        cells = [
            '"' + cell.replace('"', '""') + '"' if always_quoted or mark in cell or '"' in cell else cell
            for cell in row
        ]
        out.write(mark.join(cells) + "\r\n")
    return out.getvalue()


def facts(reading: Reading) -> list[tuple[object, ...]]:
    assert reading.rejections == ()
    return [(o.record, o.profile.title, o.profile.employer.name, o.low, o.date) for o in reading.observations]


EXPECTED = [
    ("1", "Engineer, Machine Learning; NLP", "Zürich & Söhne", 120000.0, date(2026, 1, 31)),
    ("2", 'Data "Big" Scientist', "Acme, Inc.", 95500.5, date(2025, 12, 1)),
]

CELLS: list[list[Value]] = [
    list(HEADER),
    [1, *ROWS[0][1:3], 120000, date(2026, 1, 31)],
    [2.0, *ROWS[1][1:3], 95500.5, date(2025, 12, 1)],
]

FORMS = {
    **{f"quoted, {mark!r}": ("csv", written(mark).encode()) for mark in ",;\t|"},
    **{f"bare, {mark!r}": ("csv", written(mark, always_quoted=False).encode()) for mark in ",;\t|"},
    "sep=; on a first line": ("csv", b"sep=;\r\n" + written(";").encode()),
    "UTF-8 with a mark": ("csv", codecs.BOM_UTF8 + written(",").encode()),
    "UTF-8 with a mark and sep=": ("csv", codecs.BOM_UTF8 + b"sep=\t\n" + written("\t").encode()),
    "UTF-16, little end first": ("csv", codecs.BOM_UTF16_LE + written("\t").encode("utf-16-le")),
    "UTF-16, big end first": ("csv", codecs.BOM_UTF16_BE + written(";").encode("utf-16-be")),
    "UTF-32": ("csv", written(",").encode("utf-32")),
    "the code page of Western Europe": ("csv", written(";").encode("cp1252")),
    "a workbook": ("xlsx", xlsx(CELLS)),
    "a workbook whose table starts lower": ("xlsx", xlsx(CELLS, first_row=4)),
    "a workbook of two sheets": ("xlsx", xlsx(CELLS, [["notes"]])),
    "a workbook of texts": ("xlsx", xlsx([list(HEADER), *(list(row) for row in ROWS)])),
    "a workbook with an empty line at its end": ("xlsx", xlsx([*CELLS, [None], ["", ""]])),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_the_same_in_every_form(form: str, own_map: str) -> None:
    kind, content = FORMS[form]

    assert facts(read(document(content, own_map, kind))) == EXPECTED


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text('rows = "postings"\n[columns]\ntitle = "job title"\n')

    reading = read(document(b"job title\nEngineer; Machine Learning\n", str(path)))

    assert [posting.profile.title for posting in reading.postings] == ["Engineer; Machine Learning"]


def test_lines_of_json_are_read_with_a_mark_too(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text('rows = "postings"\n[columns]\ntitle = "title"\n')
    line = '{"title": "ML Engineer"}\n'

    for content in (codecs.BOM_UTF8 + line.encode(), codecs.BOM_UTF16_LE + line.encode("utf-16-le")):
        reading = read(document(content, str(path), "jsonl"))
        assert [posting.profile.title for posting in reading.postings] == ["ML Engineer"]


def _repacked(content: bytes, name: str, text: bytes) -> bytes:
    """A workbook with one of its files replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry, text if entry.filename == name else old.read(entry))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
FAR = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'

BROKEN: dict[str, tuple[str, bytes, type[InputError], str]] = {
    "cut off": ("xlsx", xlsx(CELLS)[:900], UnreadableFile, "no whole spreadsheet"),
    "no zip": ("xlsx", b"PK\x03\x04 and nothing", UnreadableFile, "no whole spreadsheet"),
    "a zip of something else": ("xlsx", _repacked(xlsx(CELLS), "xl/workbook.xml", b"<x/>"), UnreadableFile, "sheet"),
    "broken XML": ("xlsx", _repacked(xlsx(CELLS), SHEET, b"<worksheet><sheetData><row"), UnreadableFile, "spreadsheet"),
    "a cell at the end of the world": ("xlsx", _repacked(xlsx(CELLS), SHEET, FAR), UnreadableFile, "1,048,576 rows"),
    "an empty sheet": ("xlsx", xlsx([]), UnreadableFile, "empty"),
    "another header": ("xlsx", xlsx([["a", "b"], [1, 2]]), MissingColumn, "the file has 'a', 'b'"),
    "bytes": ("csv", b"id,title\n\x00\x01\x02", UnreadableFile, "no text"),
    "UTF-16 without a mark": ("csv", written(",").encode("utf-16-le"), UnreadableFile, "no text"),
    "half a letter of UTF-16": ("csv", written(",").encode("utf-16")[:-1], UnreadableFile, "UTF-16"),
    "bytes as lines of JSON": ("jsonl", b'{"a": 1}\x00', UnreadableFile, "no text"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_table_is_refused_in_words(what: str, own_map: str) -> None:
    form, content, error, said = BROKEN[what]

    with pytest.raises(error, match=r"t\.csv") as caught:
        read(document(content, own_map, form))
    assert said in caught.value.found
    assert caught.value.remedy
