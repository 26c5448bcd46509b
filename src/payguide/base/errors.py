"""The one tree of errors that payguide raises.

    PayguideError            exit 1   anything payguide could not do
    ├── UsageError           exit 2   the command line or the call is wrong
    ├── InputError           exit 3   a file, document or row is not what it should be
    │   ├── UnreadableFile            the bytes cannot be read (truncated, not gzip, not JSON)
    │   ├── WrongShape                readable, but not of the declared shape
    │   └── MissingColumn             a mapped column is not in the table
    ├── SourceUnavailable    exit 4   a source did not answer
    └── StoreError           exit 1   the evidence store cannot be read or written

Every error says what was found, where, and what to do. `slug` names its section in docs/errors.md.
"""

from __future__ import annotations

from typing import ClassVar


class PayguideError(Exception):
    """What was found, where it was found, and what to do about it.

    The three parts are kept apart so that the command line can lay them out and a program can read them.
    """

    slug: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1

    def __init__(self, found: str, *, where: str = "", remedy: str = "") -> None:
        self.found = found
        self.where = where
        self.remedy = remedy
        super().__init__(found)

    def __str__(self) -> str:
        """One line: `where: found. remedy`."""
        place = f"{self.where}: " if self.where else ""
        advice = f". {self.remedy}" if self.remedy else ""
        return f"{place}{self.found}{advice}"


class UsageError(PayguideError):
    """The command line or the call is wrong."""

    slug = "usage"
    exit_code = 2


class InputError(PayguideError):
    """A file, document or row is not what it should be."""

    slug = "input"
    exit_code = 3


class UnreadableFile(InputError):
    """The bytes cannot be read at all: truncated gzip, broken JSON, wrong encoding."""

    slug = "unreadable-file"


class WrongShape(InputError):
    """The file is readable but not of the declared shape, e.g. an HTML page where JSON was expected."""

    slug = "wrong-shape"


class MissingColumn(InputError):
    """A column that the map names is not in the table."""

    slug = "missing-column"


class SourceUnavailable(PayguideError):
    """A source did not answer, or refused."""

    slug = "source-unavailable"
    exit_code = 4


class StoreError(PayguideError):
    """The evidence store cannot be read or written."""

    slug = "store"
