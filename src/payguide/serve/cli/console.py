"""What the command line shows a person: messages and progress on stderr, results on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from payguide.base.errors import PayguideError

if TYPE_CHECKING:
    from rich.progress import TaskID

#: Told of a stage's progress: what is being done, how much is done, and of how much (None: not known).
Tick = Callable[[str, int, int | None], None]

err = Console(stderr=True, highlight=False)
#: What is piped into a file or a program is not folded at a terminal's width.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 200)


def complain(slug: str, what: str, remedy: str = "") -> None:
    """An error on stderr: what happened, what to do, and the slug that docs/errors.md explains it under."""
    err.print(f"[red]error[/red] [dim]\\[{escape(slug)}][/dim] {escape(what)}", soft_wrap=True)
    if remedy:
        err.print(f"  {escape(remedy)}.", soft_wrap=True)


def fail(error: PayguideError) -> int:
    """One of our errors on stderr; its exit code."""
    complain(error.slug, f"{error.where}: {error.found}" if error.where else error.found, error.remedy)
    return error.exit_code


def note(text: str) -> None:
    """A line on stderr that a person may want to know."""
    err.print(escape(text), soft_wrap=True)


def emit(value: object) -> None:
    """A JSON value on stdout, for programs: sorted keys, one line per call, days and times as text."""
    sys.stdout.write(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str) + "\n")


def emit_lines(lines: Iterable[bytes]) -> None:
    """JSON values on stdout, one a line, for programs: encoded already, because there are many."""
    sys.stdout.flush()
    sys.stdout.buffer.write(b"".join(line + b"\n" for line in lines))


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on stdout. Columns whose name starts with ">" are right-aligned."""
    drawn = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        drawn.add_column(column.lstrip(">"), justify="right" if column.startswith(">") else "left")
    for row in rows:
        drawn.add_row(*(escape(cell) for cell in row))
    out.print(drawn)


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

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as display:
        tasks: dict[str, TaskID] = {}

        def tick(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = display.add_task(stage, total=total)
            display.update(tasks[stage], completed=done, total=total)

        yield tick
