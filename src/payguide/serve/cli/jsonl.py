"""JSONL at the command line's edge: lines from a file or standard input, and what is wrong with one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NotRequired, TypedDict

import msgspec
from cyclopts import Parameter

from payguide.base.errors import InputError, UsageError
from payguide.base.reference.plausible import MAX_YEARS
from payguide.base.text import utf8_lines
from payguide.serve.cli import console

#: What stands for standard input where a file is asked for.
STDIN: Final = "-"


def _no_option(_type: object, source: str) -> None:
    """A file's name does not begin like an option, so that a mistyped option is not looked for as a file."""
    if source.startswith("-") and source != STDIN:
        raise ValueError(f"unknown option {source}")


#: A JSONL file, or - for standard input.
Source = Annotated[str, Parameter(allow_leading_hyphen=True, validator=_no_option)]


class ProfileIn(TypedDict):
    """A line of `payguide predict`'s input."""

    id: str | int
    role: str
    component: NotRequired[Literal["base", "total"]]
    years: NotRequired[Annotated[float, msgspec.Meta(ge=0, le=MAX_YEARS)] | None]
    tenure: NotRequired[Annotated[float, msgspec.Meta(ge=0, le=MAX_YEARS)] | None]
    level: NotRequired[str | None]
    grade: NotRequired[str | None]
    employer: NotRequired[str | None]
    place: NotRequired[str | None]
    date: NotRequired[str | None]
    focus: NotRequired[str | None]
    specialisation: NotRequired[str | list[str] | None]
    degree: NotRequired[str | None]
    kind: NotRequired[str | None]
    source: NotRequired[str | None]


_DECODER = msgspec.json.Decoder(ProfileIn)


def lines_of(source: str) -> Iterator[bytes]:
    """The lines of a file, or of standard input for "-", as UTF-8.

    Raises:
        UsageError: standard input is closed.
        InputError: the file cannot be read.
        UnreadableFile: it is no text.
    """
    remedy = "Give a JSONL file, or - for standard input"
    if source == STDIN:
        if sys.stdin is None or sys.stdin.closed:
            raise UsageError("standard input is closed", remedy=remedy)
        yield from utf8_lines(sys.stdin.buffer, where="standard input")
        return
    try:
        with Path(source).open("rb") as file:
            yield from utf8_lines(file, where=source)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=source, remedy=remedy) from None


def complain_of(number: int, problem: str) -> None:
    """Report a malformed line; the others are read all the same."""
    console.complain("wrong-shape", f"line {number}: {problem}", "The other lines are read")


def profile_of(line: bytes) -> tuple[Mapping[str, Any] | None, str]:
    """(profile, "") or what is wrong with the line, with its id alone where it has one; (None, "") for a blank line."""
    if not line.strip():
        return None, ""
    try:
        return _DECODER.decode(line), ""
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return _wrong(line, str(error))


def _wrong(line: bytes, problem: str) -> tuple[Mapping[str, Any] | None, str]:
    """A line's id and what is wrong with it. Python's own reader takes NaN and infinity, which JSON does not know."""
    try:
        given = json.loads(line)
        identity = given["id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None, problem
    try:
        msgspec.convert(given, ProfileIn)
    except msgspec.ValidationError as error:
        problem = str(error)
    return ({"id": identity} if isinstance(identity, str | int) else None), problem
