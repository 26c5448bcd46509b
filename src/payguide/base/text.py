"""Text from a user's file, whatever its encoding: UTF-8 with or without a byte order mark, UTF-16 and UTF-32 with one.

Spreadsheets and editors on Windows put the mark before a file's first letter, where it would hide the first column or
line. Bytes that are no text are refused in words.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from payguide.base.errors import InputError, UnreadableFile

#: The byte order marks, the longer of two that begin alike first, and what each says of the bytes behind it.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: So much of a file tells whether it is text.
_OPENING: Final = 4096
_REMEDY: Final = "Save it as UTF-8 text"

#: What controls a terminal or parts lines: control characters (C0, DEL, C1), line and paragraph separators, and halves
#: of surrogate pairs, as the inside of a regular expression's brackets.
CONTROLS: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
#: What is not seen, and may turn what is: Unicode's format characters (Cf), such as directions and zero widths.
UNSEEN: Final = (
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f"
)


def encoding_of(content: bytes) -> str:
    """The encoding that the first bytes of a file state by their mark; UTF-8 where they state none."""
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")


def decode_text(content: bytes, *, where: str = "", fallback: str | None = None) -> str:
    """The text of a whole file. `fallback` is the encoding to try where no mark says one and the bytes are not UTF-8.

    Raises:
        UnreadableFile: the bytes are no text.
    """
    encoding = encoding_of(content)
    refuse_binary(content, where)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if fallback is not None and encoding == "utf-8":
            return content.decode(fallback, "replace")
        found = f"not {encoding.upper().removesuffix('-SIG')} text: {error.reason} at byte {error.start:,}"
        raise UnreadableFile(found, where=where, remedy=_REMEDY) from error


def text_file(path: Path, what: str, *, fallback: str | None = None) -> str:
    """The text of a file that somebody names; `what` it is, for the message.

    Raises:
        InputError: it cannot be opened.
        UnreadableFile: it is no text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{what} cannot be opened", where=str(path), remedy=str(error.strerror)) from error
    return decode_text(content, where=str(path), fallback=fallback)


def opening(content: bytes) -> str:
    """The first letters of a file, for whoever must tell what it is; a letter that cannot be read is U+FFFD."""
    return content[:_OPENING].decode(encoding_of(content), "replace")


def utf8_lines(stream: BinaryIO, *, where: str = "") -> Iterator[bytes]:
    """The lines of a stream as UTF-8 without a mark, one at a time: memory stays constant in the stream's length.

    A line whose bytes are no UTF-8 passes as it is, for its reader to refuse with its number.

    Raises:
        UnreadableFile: the first line is no text.
    """
    first = stream.readline()
    encoding = encoding_of(first)
    refuse_binary(first, where)
    if encoding in ("utf-16", "utf-32"):
        # a line of UTF-16 ends within the bytes that `readline` parts: the rest is read as one stream with it
        text = io.TextIOWrapper(io.BufferedReader(_Chained(first, stream)), encoding, "replace", newline="\n")
        yield from (line.encode("utf-8", "replace") for line in text)
        return
    yield from chain((first.removeprefix(codecs.BOM_UTF8),) if first else (), stream)


class _Chained(io.RawIOBase):
    """Bytes that were read already, then the stream that they came from."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as there are bytes at hand."""
        part = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def refuse_binary(content: bytes, where: str) -> None:
    """Refuse what begins like no text: NUL bytes where no mark of UTF-16 or UTF-32 explains them.

    Raises:
        UnreadableFile: it does.
    """
    if encoding_of(content) not in ("utf-16", "utf-32") and (at := content.find(b"\0", 0, _OPENING)) >= 0:
        raise UnreadableFile(f"no text: byte {at:,} is NUL", where=where, remedy=_REMEDY)
