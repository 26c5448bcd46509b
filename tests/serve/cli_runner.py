"""What a finished command line leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    """A finished command: exit code, standard output and standard error."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ran]
