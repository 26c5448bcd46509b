"""A text table, whatever its encoding and whatever parts its columns, some rows at a time: its size does not matter."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, MutableSequence, Sequence
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.csv as pacsv

from payguide.base.errors import UnreadableFile
from payguide.base.inputs import Document
from payguide.base.text import encoding_of, refuse_binary

#: What parts the columns of a text table, the likeliest first.
_DELIMITERS: Final = ",;\t|"
#: A spreadsheet in Excel may say on a first line what parts the columns of its CSV.
_SAID_DELIMITER: Final = re.compile(r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
#: Where no mark says an encoding and the bytes are not UTF-8: the code page of Windows in Western Europe.
FALLBACK: Final = "cp1252"
#: So much of a text is looked at for its header.
_OPENING: Final = 1_000_000
_PIECE: Final = 1 << 20

#: The rule that a line breaks which is no row.
BROKEN: Final = "broken_row"
#: A row that is none: its number, the rule that it breaks, and what it is.
Broken = tuple[int, str, str]


class CsvText:
    """The text of a CSV file, its encoding known and its header read.

    Raises:
        UnreadableFile: it is no text, or has no header.
    """

    def __init__(self, document: Document, known: Sequence[str]) -> None:
        self._document = document
        self._encoding = text_encoding(document)
        with document.open() as raw, self._text(raw) as text:
            opening = text.read(_OPENING)
        said = _SAID_DELIMITER.match(opening)
        self._begin = said[0] if said else ""
        self._delimiter, self.header = _header(
            opening.removeprefix(self._begin), said[1] if said else _DELIMITERS, known, document.name
        )

    def _text(self, raw: BinaryIO) -> io.TextIOWrapper:
        return io.TextIOWrapper(raw, self._encoding, "replace", newline="")

    def rows(self, columns: Sequence[str], broken: MutableSequence[Broken]) -> Iterator[pa.RecordBatch]:
        """Some columns as text, some rows at a time; what is no row is added to `broken` before the rows behind it.

        Raises:
            UnreadableFile: it is no table.
        """

        def refuse(row: pacsv.InvalidRow) -> str:
            found = f"{row.actual_columns} columns, not {row.expected_columns}"
            broken.append(((row.number or 1) - 1, BROKEN, found))
            return "skip"

        with self._document.open() as raw, self._text(raw) as text:
            text.read(len(self._begin))
            try:
                yield from pacsv.open_csv(
                    io.BufferedReader(_Utf8(text), _PIECE),
                    read_options=pacsv.ReadOptions(use_threads=False),
                    parse_options=pacsv.ParseOptions(
                        delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=refuse
                    ),
                    convert_options=pacsv.ConvertOptions(
                        include_columns=columns,
                        column_types=dict.fromkeys(columns, pa.string()),
                        strings_can_be_null=False,
                    ),
                )
            except pa.ArrowInvalid as error:
                raise _no_table(error, self._document.name) from error


class _Utf8(io.RawIOBase):
    """A text as bytes of UTF-8."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._left = b""

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as there are bytes at hand."""
        self._left = self._left or self._text.read(_PIECE).encode("utf-8", "replace")
        part = self._left[: len(buffer)]
        self._left = self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def text_encoding(document: Document) -> str:
    """The encoding of a text, whose every byte is looked at.

    Raises:
        UnreadableFile: it is no text.
    """
    with document.open() as raw:
        piece = raw.read(_PIECE)
        encoding, before = encoding_of(piece), 0
        refuse_binary(piece, document.name)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while piece:
                decoder.decode(piece)
                before += len(piece)
                piece = raw.read(_PIECE)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            if encoding == "utf-8":
                return FALLBACK
            found = f"not {encoding.upper().removesuffix('-SIG')} text: {error.reason} at byte {before + error.start:,}"
            raise UnreadableFile(found, where=document.name, remedy="Save it as UTF-8 text") from error
    return encoding


def _header(text: str, delimiters: str, known: Sequence[str], name: str) -> tuple[str, list[str]]:
    """What parts the columns, and their names: the delimiter by which most of the wanted columns are there, of several
    the one that gives most columns. So a comma within a name or a title misleads nobody.
    """
    try:
        headers = {mark: next(csv.reader(io.StringIO(text), delimiter=mark), []) for mark in delimiters}
    except csv.Error as error:
        raise _no_table(error, name) from error
    wanted = frozenset(known)
    return max(headers.items(), key=lambda item: (len(wanted.intersection(item[1])), len(item[1])))


def _no_table(error: Exception, name: str) -> UnreadableFile:
    return UnreadableFile(f"no table: {error}", where=name, remedy="check the file")
