"""The command line's front door: commands are imported when they are called, so that help is quick.

Exit codes: 0 done, 1 failed, 2 usage, 3 bad input (what was rejected is written down), 4 source unavailable.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import NoReturn

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
    "diff": ("diff:diff", "Say what changed between two editions."),
    "pdf": ("pdf:pdf", "Print a guide as a PDF."),
    "claims": ("claims:claims", "Judge the published guide's claims against the evidence."),
    "audit": ("audit:audit", "Read what published guides assert, and judge it."),
    "verify": ("build:verify", "Rebuild an edition and compare it byte for byte."),
    "pack": ("build:pack", "Rebuild the packaged evidence from an evidence library."),
    "doctor": ("doctor:doctor", "Check this installation."),
}

#: What is done with evidence: the commands below `payguide evidence`.
_EVIDENCE = {
    "show": ("evidence:show", "Show what a figure rests on, one observation, or what a folder holds."),
    "quarantine": ("quarantine:quarantine", "List the statements that break a rule of the contract."),
    "revalidate": ("quarantine:revalidate", "Judge the evidence again, by these rules or your own."),
    "outliers": ("quarantine:outliers", "List implausible pay, which no figure counts."),
    "erase": ("evidence:erase", "Erase confidential evidence, from every version."),
    "compact": ("evidence:compact", "Join the small files of an evidence folder."),
    "vacuum": ("evidence:vacuum", "Delete files that no version in use needs."),
}

#: What is done with job boards: the commands below `payguide boards`.
_BOARDS = {"find": ("boards:find", "Find an employer's job board by its name.")}

_HELP = """Turn pay evidence into a salary guide in which every number can be checked.

Start with `payguide build`: it makes the ML Engineer Salary Guide 2026 from the packaged evidence.
`payguide COMMAND --help` explains each command with an example.

Exit codes: 0 done, 1 failed, 2 usage, 3 bad input (what was rejected is written down), 4 source unavailable.
"""

_ABOUT_BOARDS = """Look for employers' job boards.

Example: payguide boards find "Scale AI"
"""

_ABOUT_EVIDENCE = """Look at evidence: what a figure comes from, what a rule refused; keep a folder small.

Example: payguide evidence show band.senior.base.p50
"""


def _listed(commands: Mapping[str, tuple[str, str]]) -> str:
    """The commands with what each does; not by the library, which would import them all for their first lines."""
    return "\n".join(f"- **{name}** {says}" for name, (_, says) in commands.items())


def _group(name: str, about: str, commands: Mapping[str, tuple[str, str]], more: str = "") -> App:
    """A program, or a command that has commands below it."""
    group = App(
        name=name,
        usage=f"Usage: {'payguide ' if name != 'payguide' else ''}{name} COMMAND [OPTIONS]\n",
        help=f"{about}\n{_listed(commands)}{more}",
        version=VERSION,
        help_format="markdown",
        show=name == "payguide",
        suppress_keyboard_interrupt=False,
    )
    for command, (path, _) in commands.items():
        # `evidence show --version N` is a version of the evidence
        flags = () if name == "evidence" else ("--version",)
        group.command(f"payguide.serve.cli.{path}", name=command, show=False, version_flags=flags)
    return group


app = _group(
    "payguide",
    _HELP,
    _COMMANDS,
    "\n- **evidence** Look at evidence, what a rule refused; keep it small."
    "\n- **boards** Look for employers' job boards.",
)
app.command(_group("evidence", _ABOUT_EVIDENCE, _EVIDENCE))
app.command(_group("boards", _ABOUT_BOARDS, _BOARDS))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return its exit code. Errors become one clear message, never a traceback.

    That nobody reads what is printed is no error.
    """
    # rich is only needed once something is printed
    from payguide.serve.cli.console import Terminal, complain, fail

    try:
        result = app(
            arguments,
            console=Terminal(),
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
        # what cannot be written is met here, and not when the interpreter ends
        sys.stdout.flush()
    except CycloptsError as error:
        complain("usage", str(error), "payguide COMMAND --help shows what it takes")
        return 2
    except PayguideError as error:
        return fail(error)
    except (KeyboardInterrupt, _Ended) as end:
        who, (number,) = (
            ("you", (signal.SIGINT,)) if isinstance(end, KeyboardInterrupt) else ("a signal", end.args)
        )
        complain("stopped", f"stopped by {who}", "What was finished is kept; run the same command to go on")
        # as shells say which signal ended a program
        return 128 + int(number)
    except BrokenPipeError:
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


class _Ended(BaseException):
    """A signal asked the program to end."""


def _end(number: int, _frame: object) -> NoReturn:
    # the next one is not waited for
    signal.signal(number, signal.SIG_DFL)
    raise _Ended(number)


def main() -> None:
    """The `payguide` program."""
    _have_streams()
    for number in (signal.SIGTERM, signal.SIGHUP):
        # who starts a program with `nohup` wants it to go on
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    # what a command makes lives until it ends, nearly all of it without cycles: looking for them often finds none
    gc.set_threshold(100_000)
    code = run()
    _write_no_more()
    sys.exit(code)


def _have_streams() -> None:
    """Have standard streams where some are closed: a file that is opened later would take a closed one's number, and be
    written into. Letters that a stream's encoding lacks are written as escapes.
    """
    for number in range(3):
        with suppress(OSError):
            os.fstat(number)
            continue
        os.open(os.devnull, os.O_RDWR)
    sys.stdout, sys.stderr = sys.stdout or os.fdopen(1, "w"), sys.stderr or os.fdopen(2, "w")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _write_no_more() -> None:
    """Write what waits to be written; what cannot be goes nowhere, and fails no more when the interpreter ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
