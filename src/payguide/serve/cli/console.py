"""What the command line shows a person: messages and progress on stderr, results on stdout.

All text for a terminal goes through here, and none that it would obey comes out: names and titles are somebody else's.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from payguide.base.errors import PayguideError
from payguide.base.text import CONTROLS, UNSEEN

if TYPE_CHECKING:
    from rich.progress import TaskID

#: Told of a stage's progress: what is being done, how much is done, and of how much (None: not known).
Tick = Callable[[str, int, int | None], None]

#: What a terminal obeys, hides or turns around.
_OBEYED: Final = re.compile(f"[{CONTROLS}{UNSEEN}]")
#: The same within JSON, whose lines end.
_OBEYED_IN_JSON: Final = re.compile(f"(?!\\n)[{CONTROLS}{UNSEEN}]")


class Terminal(Console):
    """A console that says so when nobody reads any more, where rich would end the program."""

    def on_broken_pipe(self) -> None:
        """Raise the BrokenPipeError, which is being handled."""
        raise  # noqa: PLE0704 - rich calls this while it handles the error


err = Terminal(stderr=True, highlight=False)
#: What is piped into a file or a program is not folded at a terminal's width.
out = Terminal(highlight=False, width=None if sys.stdout and sys.stdout.isatty() else 200)


def shown(text: str, style: str = "") -> Text:
    """Text as a terminal may have it: blanks for line feeds and tabs, and for what it would obey or hide its escape."""
    return Text(_OBEYED.sub(_visible, text), style)


def _visible(found: re.Match[str]) -> str:
    return " " if found[0] in "\n\t" else found[0].encode("unicode_escape").decode()


def complain(slug: str, what: str, remedy: str = "") -> None:
    """An error on stderr: what happened, what to do, and the slug that docs/errors.md explains it under."""
    _say(Text.assemble(("error", "red"), " ", shown(f"[{slug}]", "dim"), " ", shown(what)))
    if remedy:
        note(f"  {remedy}.")


def fail(error: PayguideError) -> int:
    """One of our errors on stderr; its exit code."""
    complain(error.slug, f"{error.where}: {error.found}" if error.where else error.found, error.remedy)
    return error.exit_code


def note(text: str) -> None:
    """A line on stderr that a person may want to know."""
    _say(shown(text))


def _say(text: Text) -> None:
    # where nobody can be told, the work still counts
    with suppress(OSError):
        err.print(text, soft_wrap=True)


def emit(value: object) -> None:
    """A JSON value on stdout, for programs: sorted keys, one line per call, days and times as text."""
    line = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    emit_lines([line.encode("utf-8", "surrogatepass")])


def emit_lines(lines: Iterable[bytes]) -> None:
    """JSON values on stdout, one a line, for programs: encoded already, because there are many. What a terminal would
    obey is written as JSON's escapes.
    """
    written = b"".join(line + b"\n" for line in lines)
    if not written.isascii():
        text = written.decode("utf-8", "surrogatepass")
        written = _OBEYED_IN_JSON.sub(lambda found: json.dumps(found[0])[1:-1], text).encode()
    sys.stdout.flush()
    sys.stdout.buffer.write(written.replace(b"\x7f", b"\\u007f"))


def table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], to: Console | None = None
) -> None:
    """A table on stdout, or elsewhere. Columns whose name starts with ">" are right-aligned."""
    drawn = Table(
        title=shown(title) if title else None,
        title_justify="left",
        header_style="bold",
        box=None,
        pad_edge=False,
    )
    for column in columns:
        drawn.add_column(shown(column.lstrip(">")), justify="right" if column.startswith(">") else "left")
    for row in rows:
        drawn.add_row(*map(shown, row))
    (to or out).print(drawn)


def counts(title: str, found: Mapping[str, int]) -> None:
    """Counts on stderr, largest first."""
    if found:
        note(title)
    for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        note(f"  {count:>8,}  {name}")


@contextmanager
def progress() -> Iterator[Tick]:
    """A progress display on stderr; quiet where stderr is not a terminal."""
    if not err.is_terminal:
        yield lambda stage, done, total: None
        return
    # only a person at a terminal waits for what draws it
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
    )
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as display:
        tasks: dict[str, TaskID] = {}

        def tick(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = display.add_task(shown(stage).plain, total=total)
            display.update(tasks[stage], completed=done, total=total)

        yield tick
