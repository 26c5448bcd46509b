"""JSONL at the command line's edge: lines from a file or standard input, and what is wrong with one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from payguide.base.errors import InputError
from payguide.serve.cli import screen


class ProfileIn(msgspec.Struct, omit_defaults=True):
    """A line of `payguide predict`'s input."""

    id: str | int
    role: str
    component: str = "base"
    years: float | None = None
    level: str | None = None
    grade: str | None = None
    employer: str | None = None
    place: str | None = None
    date: str | None = None
    specialisation: str | list[str] | None = None
    degree: str | None = None


_DECODER = msgspec.json.Decoder(ProfileIn)


def lines_of(source: str) -> Iterator[bytes]:
    """The lines of a file, or of standard input for "-".

    Raises:
        InputError: the file cannot be read.
    """
    if source == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(source).open("rb") as file:
            yield from file
    except OSError as error:
        found = f"cannot be read ({error.strerror})"
        raise InputError(found, where=source, remedy="Give a JSONL file, or - for standard input") from None


def complain_of(number: int, problem: str) -> None:
    """Report a malformed line; the others are read all the same."""
    screen.complain("wrong-shape", f"line {number}: {problem}", "The other lines are read")


def profile_of(line: bytes) -> tuple[Mapping[str, Any] | None, str]:
    """(profile, "") or (None, what is wrong with the line); (None, "") for a blank line."""
    if not line.strip():
        return None, ""
    try:
        given = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return None, str(error)
    if given.component not in {"base", "total"}:
        return None, f"component is base or total, not {given.component!r}"
    if given.years is not None and not 0 <= given.years <= 80:
        return None, f"years lie in 0-80, not {given.years:g}"
    return msgspec.to_builtins(given) | {"component": given.component}, ""
