"""Bytes from disk: gzip undone within bounds, and what is wrong with a file said in one word and one sentence."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from payguide.base.errors import InputError, UnreadableFile, WrongShape
from payguide.base.inputs import Rejection
from payguide.base.text import decode_text, opening
from payguide.collect.long_json import AT_ONCE, Open, long_json

#: How a gzip stream begins.
GZIP: Final = b"\x1f\x8b"
_PIECE: Final = 1 << 20
_OPENING: Final = 4096
_GZIP_FAULTS: Final = (EOFError, gzip.BadGzipFile, zlib.error)
#: A board's answer of more bytes is refused; the largest seen has 14 MB. A table may be larger.
LARGEST_ANSWER: Final = 256 << 20
LARGEST_TABLE: Final = 512 << 20
#: A table that need not be held may unpack to so many bytes.
LARGEST_UNPACKED: Final = 64 << 30


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file: the rule it breaks, what was found, and what to do about it."""

    rule: str
    found: str
    remedy: str

    def rejection(self, where: str, source: str) -> Rejection:
        """The refusal of one file among many: the rest of the folder goes on."""
        return Rejection(self.rule, self.found, where, source)

    def error(self, where: str) -> InputError:
        """The error of a file that was asked for by name."""
        kind = WrongShape if self.rule in _SHAPES else UnreadableFile
        return kind(self.found, where=where, remedy=self.remedy)


_SHAPES: Final = frozenset(
    {
        "html_instead_of_json",
        "html_instead_of_table",
        "old_spreadsheet",
        "unknown_board_shape",
        "empty_file",
        "too_large",
    }
)


def read_bytes(path: Path, largest: int = LARGEST_ANSWER) -> bytes | Fault:
    """The file's content, decompressed where it is gzip (told by its first bytes, not by its name). It is read no
    further than `largest` bytes, packed or unpacked.

    Raises:
        InputError: there is no such file.
    """
    if not os.path.lexists(path):
        raise InputError("there is no such file", where=str(path), remedy="check the path")
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            found = (
                "a folder stands where a file was expected"
                if stat.S_ISDIR(kind)
                else "it is no file but a device"
            )
            return Fault("unreadable_file", found, "give a file")
        with path.open("rb") as file:
            packed = file.read(len(GZIP)) == GZIP
            file.seek(0)
            content = gunzip(file, largest) if packed else file.read(largest + 1)
    except OSError as error:
        return Fault(
            "unreadable_file", f"the file cannot be read ({error.strerror})", "check its permissions"
        )
    if isinstance(content, bytes) and len(content) > largest:
        return _too_large(largest)
    if isinstance(content, bytes) and (not content or content.isspace()):
        return Fault("empty_file", "the file is empty", "fetch it again")
    return content


def gunzip(packed: BinaryIO | io.RawIOBase, largest: int) -> bytes | Fault:
    """What a gzip stream holds, unpacked no further than `largest` bytes: a small one may unpack to a thousand times
    its size.
    """
    content = io.BytesIO()
    length = unpack(packed, largest, content.write)
    return length if isinstance(length, Fault) else content.getvalue()


def unpack(packed: BinaryIO | io.RawIOBase, largest: int, take: Callable[[bytes], object]) -> int | Fault:
    """Have what a gzip stream holds taken piece by piece, no further than `largest` bytes; the number of bytes."""
    length = 0
    try:
        with gzip.GzipFile(fileobj=packed) as unpacked:
            while piece := unpacked.read(_PIECE):
                length += len(piece)
                if length > largest:
                    return _too_large(largest)
                take(piece)
    except _GZIP_FAULTS as error:
        return _gzip_fault(error, f", after {length:,} bytes unpacked")
    return length


def _gzip_fault(error: Exception, after: str = "") -> Fault:
    if isinstance(error, EOFError):
        remedy = "fetch the file again: the download was cut off"
        return Fault("truncated_gzip", f"the gzip stream ends early{after}", remedy)
    return Fault("broken_gzip", f"the gzip stream is damaged ({error})", "fetch the file again")


def _too_large(largest: int) -> Fault:
    return Fault("too_large", f"more than {largest:,} bytes", "divide it, or check what it is")


def looks_like_html(content: bytes) -> bool:
    """Whether the first thing in the content is a tag: an error page where data was expected."""
    return opening(content).lstrip("\ufeff \t\r\n")[:1] == "<"


def parse_json(content: bytes) -> object | Fault:
    """The JSON value of the content."""
    return _parsed(lambda: io.BytesIO(content), len(content))


def parse_json_file(path: Path) -> object | Fault:
    """The JSON value of a file that is read from where it lies, as often as its items are asked for."""
    packed, _ = opening_of(path)
    try:
        return _parsed(lambda: unpacked(path, packed=packed), AT_ONCE + 1)
    except _GZIP_FAULTS as error:
        return _gzip_fault(error)


def _parsed(opened: Open, length: int) -> object | Fault:
    with opened() as stream:
        if looks_like_html(stream.read(_OPENING)):
            found = "an HTML page was found where JSON was expected"
            return Fault(
                "html_instead_of_json", found, "the board answered with an error page: fetch it again"
            )
    try:
        if length > AT_ONCE:
            return long_json(opened)
        with opened() as stream:
            value: object = json.loads(decode_text(stream.read()))
    except UnreadableFile as error:
        return Fault("not_json", error.found, "fetch the file again")
    except RecursionError:
        return Fault("not_json", "the JSON is nested too deeply to be a job board", "check the file")
    except json.JSONDecodeError as error:
        found = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        return Fault("not_json", found, "fetch the file again")
    except ValueError as error:
        return Fault("not_json", f"JSON that cannot be read ({error})", "check the file")
    return value


def opening_of(path: Path) -> tuple[bool, bytes]:
    """Whether a file is packed by gzip, and its first bytes, unpacked."""
    with path.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
    with unpacked(path, packed=packed) as stream:
        return packed, stream.read(_OPENING)


def unpacked(path: Path, *, packed: bool) -> BinaryIO:
    """A file's bytes as a stream."""
    return io.BufferedReader(gzip.GzipFile(path)) if packed else path.open("rb")


def canonical(value: object) -> bytes:
    """The one JSON spelling of a value, so that the same posting always has the same hash. Half a surrogate
    pair, which no file can hold as text, becomes a question mark.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
