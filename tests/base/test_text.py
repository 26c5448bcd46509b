"""Text of a user's file, whatever its encoding; what is no text is refused."""

from __future__ import annotations

import codecs
import io

import pytest

from payguide.base.errors import UnreadableFile
from payguide.base.text import decode_text, opening, utf8_lines

#: The last line has no end, a line is empty, and letters of one to four bytes of UTF-8 stand beside "Ċ" and "਍", whose
#: UTF-16 holds the bytes of a line's end.
TEXT = "first Zürich\n\nzwei €, Ċ ਍ and 🦊\r\nlast"
LINES = ["first Zürich\n", "\n", "zwei €, Ċ ਍ and 🦊\r\n", "last"]

ENCODED = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "UTF-16, little end first": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "UTF-16, big end first": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "UTF-32, little end first": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    "UTF-32, big end first": codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_a_file_and_its_lines_are_read(encoding: str) -> None:
    content = ENCODED[encoding]

    assert decode_text(content) == TEXT
    assert opening(content).removeprefix("\ufeff") == TEXT
    assert [line.decode() for line in utf8_lines(io.BytesIO(content))] == LINES


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_an_empty_file_has_no_text_and_no_line(mark: bytes) -> None:
    assert decode_text(mark) == ""
    assert [line for line in utf8_lines(io.BytesIO(mark)) if line] == []


def test_the_code_page_is_tried_only_where_it_is_named() -> None:
    content = "95 000 €, Zürich".encode("cp1252")

    assert decode_text(content, fallback="cp1252") == "95 000 €, Zürich"
    with pytest.raises(UnreadableFile, match="UTF-8"):
        decode_text(content)


@pytest.mark.parametrize(
    "content",
    [
        b"a\x00b",
        "plain".encode("utf-16-le"),
        "plain".encode("utf-16-be"),
        b"\x89PNG\r\n\x1a\n\x00",
        b"PK\x03\x04\x14\x00",
    ],
)
def test_bytes_are_refused_with_their_file(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="no text") as caught:
        decode_text(content, where="my.csv", fallback="cp1252")
    assert caught.value.where == "my.csv"
    assert caught.value.remedy
    if not content.startswith(
        b"\x89PNG"
    ):  # its first line has no NUL: the reader of lines refuses it as no JSON
        with pytest.raises(UnreadableFile, match="no text"):
            list(utf8_lines(io.BytesIO(content)))


def test_a_line_that_is_no_utf_8_passes_for_its_reader_to_refuse() -> None:
    assert list(utf8_lines(io.BytesIO(b"one\n\xff\nthree"))) == [b"one\n", b"\xff\n", b"three"]
