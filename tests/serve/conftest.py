"""The command line as a script meets it: arguments in, exit code and text out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from payguide.serve.cli.main import run


@dataclass(frozen=True)
class Ran:
    """A finished command: exit code, standard output and standard error."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run one command line in this process; what it printed comes back unfolded."""
    from payguide.serve.cli import screen

    monkeypatch.setenv("PAYGUIDE_TRACEBACK", "1")
    monkeypatch.setattr(screen.err, "soft_wrap", True)

    def call(*arguments: object) -> Ran:
        given: Sequence[str] = [str(argument) for argument in arguments]
        capsys.readouterr()
        code = run(given)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call
