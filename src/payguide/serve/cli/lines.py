"""JSONL at the command line's edge: lines from a file or standard input, and what is wrong with one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import msgspec

from payguide.base.errors import InputError
from payguide.serve.cli import screen


class ProfileIn(TypedDict):
    """A line of `payguide predict`'s input."""

    id: str | int
    role: str
    component: NotRequired[Literal["base", "total"]]
    years: NotRequired[Annotated[float, msgspec.Meta(ge=0, le=80)] | None]
    tenure: NotRequired[Annotated[float, msgspec.Meta(ge=0, le=80)] | None]
    level: NotRequired[str | None]
    grade: NotRequired[str | None]
    employer: NotRequired[str | None]
    place: NotRequired[str | None]
    date: NotRequired[str | None]
    focus: NotRequired[str | None]
    specialisation: NotRequired[str | list[str] | None]
    degree: NotRequired[str | None]


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
        profile = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return None, str(error)
    day = profile.get("date")
    return (None, f"{day!r} is no date such as 2026-11-01") if day and not _is_day(day) else (profile, "")


@lru_cache(maxsize=65_536)
def _is_day(text: str) -> bool:
    """Whether a text begins with an ISO date."""
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
