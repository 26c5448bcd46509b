"""The command line's front door: commands are imported when they are called, so that help is quick.

Exit codes: 0 done, 1 failed, 2 usage, 3 bad input (what was rejected is written down), 4 source unavailable.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from payguide.base.errors import PayguideError
from payguide.base.version import VERSION

_COMMANDS = {
    "build": "payguide.serve.cli.build:build",
    "collect": "payguide.serve.cli.collect:collect",
    "decode": "payguide.serve.cli.decode:decode",
    "predict": "payguide.serve.cli.predict:predict",
    "estimate": "payguide.serve.cli.predict:estimate",
    "claims": "payguide.serve.cli.claims:claims",
    "evidence": "payguide.serve.cli.evidence:evidence",
    "verify": "payguide.serve.cli.build:verify",
    "pack": "payguide.serve.cli.build:pack",
    "doctor": "payguide.serve.cli.doctor:doctor",
}

_HELP = """Turn pay evidence into a salary guide in which every number can be checked.

Start with `payguide build`: it makes the ML Engineer Salary Guide 2026 from the packaged evidence.
`payguide COMMAND --help` explains each command with an example.

Exit codes: 0 done, 1 failed, 2 usage, 3 bad input (what was rejected is written down), 4 source unavailable.
"""

app = App(name="payguide", help=_HELP, version=VERSION, help_format="markdown")
for _name, _path in _COMMANDS.items():
    app.command(_path, name=_name)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return its exit code. Errors become one clear message, never a traceback."""
    from payguide.serve.cli.screen import complain, fail  # rich is only needed once something is printed

    try:
        result = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        complain("usage", str(error), "payguide COMMAND --help shows what it takes")
        return 2
    except PayguideError as error:
        return fail(error)
    except KeyboardInterrupt:
        complain("stopped", "stopped by you", "What was finished is kept; run the same command to go on")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the outermost line: a user never meets a traceback
        if os.environ.get("PAYGUIDE_TRACEBACK"):
            raise
        complain(
            "bug",
            f"payguide failed in a way it should not: {type(error).__name__}: {error}",
            "Please report it; PAYGUIDE_TRACEBACK=1 shows where",
        )
        return 1
    return result if isinstance(result, int) else 0


def main() -> None:
    """The `payguide` program."""
    sys.exit(run())
