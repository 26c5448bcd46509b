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

#: How a payroll of `id,title,pay,seen` is read.
PAYROLL_MAP = """
rows = "statements"
date_formats = ["%Y-%m-%d"]
[columns]
id = "id"
title = "title"
date = "seen"
[constants]
period = "year"
currency = "USD"
employer = "acme"
[amounts.base]
column = "pay"
"""
