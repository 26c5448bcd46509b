"""The command line as a script meets it: arguments in, exit code and text out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from cli_runner import Cli, Ran

from payguide.serve.cli.main import run


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run one command line in this process; what it printed comes back unfolded."""
    monkeypatch.setenv("PAYGUIDE_TRACEBACK", "1")

    def call(*arguments: object) -> Ran:
        given: Sequence[str] = [str(argument) for argument in arguments]
        capsys.readouterr()
        code = run(given)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call
