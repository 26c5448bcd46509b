"""`payguide diff`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from payguide.serve.cli import console


def diff(
    old: Path, new: Path, /, *, as_json: Annotated[bool, Parameter("--json", negative="")] = False
) -> int:
    """Say what changed between two editions of a role, and whether it is more than chance can make.

    Medians by level before and now, other figures that moved, came or went, verdicts, sources, versions and rules.
    The same is a page of the edition that `payguide build --previous OLD` makes.
    Example: `payguide diff out/ml-engineer-2025 out/ml-engineer-2026`

    Parameters
    ----------
    old
        The folder of the earlier edition, or the one over the earlier editions of several roles.
    new
        The folder of the later edition, or the one over those of several roles.
    as_json
        Print one JSON object per role for a program.
    """
    from payguide.guide import changes_table, earlier

    for edition in earlier.compared(old, new):
        if as_json:
            console.emit(changes_table.as_data(edition))
            continue
        for title, columns, rows in changes_table.tables(edition):
            console.table(title, columns, rows)
        for note in changes_table.notes(edition):
            console.note(note)
    return 0
