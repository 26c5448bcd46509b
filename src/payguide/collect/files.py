"""Bytes from disk: gzip undone, and what is wrong with a file said in one word and one sentence."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from payguide.base.errors import InputError, UnreadableFile, WrongShape
from payguide.base.inputs import Rejection
from payguide.base.text import decode_text, opening

_GZIP: Final = b"\x1f\x8b"


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
    {"html_instead_of_json", "html_instead_of_table", "old_spreadsheet", "unknown_board_shape", "empty_file"}
)


def read_bytes(path: Path) -> bytes | Fault:
    """The file's content, decompressed where it is gzip (told by its first bytes, not by its name).

    Raises:
        InputError: there is no such file.
    """
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), remedy="check the path")
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Fault(
            "unreadable_file", f"the file cannot be read ({error.strerror})", "check its permissions"
        )
    if not raw.strip():
        return Fault("empty_file", "the file is empty", "fetch it again")
    if not raw.startswith(_GZIP):
        return raw
    try:
        return gzip.decompress(raw)
    except EOFError:
        found = f"the gzip stream ends early, after {len(raw):,} bytes"
        return Fault("truncated_gzip", found, "fetch the file again: the download was cut off")
    except (OSError, zlib.error) as error:
        return Fault("broken_gzip", f"the gzip stream is damaged ({error})", "fetch the file again")


def looks_like_html(content: bytes) -> bool:
    """Whether the first thing in the content is a tag: an error page where data was expected."""
    return opening(content).lstrip("\ufeff \t\r\n")[:1] == "<"


def parse_json(content: bytes) -> object | Fault:
    """The JSON value of the content."""
    if looks_like_html(content):
        found = "an HTML page was found where JSON was expected"
        return Fault("html_instead_of_json", found, "the board answered with an error page: fetch it again")
    try:
        value: object = json.loads(decode_text(content))
    except UnreadableFile as error:
        return Fault("not_json", error.found, "fetch the file again")
    except RecursionError:
        return Fault("not_json", "the JSON is nested too deeply to be a job board", "check the file")
    except json.JSONDecodeError as error:
        found = f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        return Fault("not_json", found, "fetch the file again")
    return value


def canonical(value: object) -> bytes:
    """The one JSON spelling of a value, so that the same posting always has the same hash. Half a surrogate
    pair, which no file can hold as text, becomes a question mark.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
