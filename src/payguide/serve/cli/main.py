"""The command line's front door: commands are imported when they are called, so that help is quick.

Exit codes: 0 done, 1 failed, 2 usage, 3 bad input (what was rejected is written down), 4 source unavailable.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from payguide.base.errors import PayguideError
from payguide.base.version import VERSION

#: Each command's module, which is imported when it is called, and what help says of it.
_COMMANDS = {
    "build": ("build:build", "Build an edition and its site; print the bands."),
    "collect": ("collect:collect", "Collect sources into an evidence folder."),
    "decode": ("decode:decode", "Read postings: JSONL in, JSONL out."),
    "predict": ("predict:predict", "Predict pay for profiles: JSONL in, JSONL out."),
    "estimate": ("predict:estimate", "Estimate the whole pay distribution of one profile."),
    "backtest": ("backtest:backtest", "Judge the estimator on statements kept back from it."),
    "changes": ("changes:changes", "Say what changed between two editions."),
    "pdf": ("pdf:pdf", "Print a guide as a PDF."),
    "claims": ("claims:claims", "Judge the published guide's claims against the evidence."),
    "evidence": (
        "evidence:evidence",
        "Show what a figure rests on, or what an evidence folder holds; keep it small.",
    ),
    "verify": ("build:verify", "Rebuild an edition and compare it byte for byte."),
    "pack": ("build:pack", "Rebuild the packaged evidence from an evidence library."),
    "doctor": ("doctor:doctor", "Check this installation."),
}

_HELP = """Turn pay evidence into a salary guide in which every number can be checked.

Start with `payguide build`: it makes the ML Engineer Salary Guide 2026 from the packaged evidence.
`payguide COMMAND --help` explains each command with an example.

Exit codes: 0 done, 1 failed, 2 usage, 3 bad input (what was rejected is written down), 4 source unavailable.
"""

# the commands are listed here and not by the library, which would import them all for their first lines
_LISTED = "\n".join(f"- **{name}** {says}" for name, (_, says) in _COMMANDS.items())

app = App(
    name="payguide",
    usage="Usage: payguide COMMAND [OPTIONS]\n",
    help=f"{_HELP}\n{_LISTED}",
    version=VERSION,
    help_format="markdown",
)
for _name, (_path, _) in _COMMANDS.items():
    # `evidence --version N` is a version of the evidence
    _flags = () if _name == "evidence" else ("--version",)
    app.command(f"payguide.serve.cli.{_path}", name=_name, show=False, version_flags=_flags)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return its exit code. Errors become one clear message, never a traceback."""
    from payguide.serve.cli.screen import complain, fail  # rich is only needed once something is printed

    try:
        result = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        # what cannot be written is met here, and not when the interpreter ends
        sys.stdout.flush()
    except CycloptsError as error:
        complain("usage", str(error), "payguide COMMAND --help shows what it takes")
        return 2
    except PayguideError as error:
        return fail(error)
    except KeyboardInterrupt:
        complain("stopped", "stopped by you", "What was finished is kept; run the same command to go on")
        return 130
    except BrokenPipeError:
        _write_no_more()
        return 0
    except OSError as error:
        # the operating system said no: a full disk, no access; nothing of ours is wrong
        if os.environ.get("PAYGUIDE_TRACEBACK"):
            raise
        where = f"{error.filename}: " if error.filename else ""
        complain(
            "failed",
            f"{where}{error.strerror or error}",
            "Give access or free space, then repeat the command",
        )
        _write_no_more()
        return 1
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


def _write_no_more() -> None:
    """Let what still waits to be written go nowhere, so that it does not fail again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """The `payguide` program."""
    # what a command makes lives until it ends, nearly all of it without cycles: looking for them often finds none
    gc.set_threshold(100_000)
    sys.exit(run())
