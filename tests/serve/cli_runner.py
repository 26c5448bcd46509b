"""What a finished command line leaves behind."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from payguide.serve.cli.main import run


@dataclass(frozen=True)
class Ran:
    """A finished command: exit code, standard output and standard error."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


def ran(*arguments: object) -> Ran:
    """Run one command line in this process, whose work several tests share."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = run(list(map(str, arguments)))
    return Ran(code, out.getvalue(), err.getvalue())


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
