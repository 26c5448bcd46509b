"""Versions of a store: which rows are current, and which Delta versions belong to which run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from payguide.base.errors import InputError


def current(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make the view of a table's current rows: of each key the last revision, unless it was withdrawn.

    Most stores have no history, and their rows are read as they lie.
    """
    rows = connection.table(f"{name}_ever").set_alias("e")
    rows.filter("revision > 1").aggregate("key, max(revision) AS last").create(f"{name}_last")
    last, withdrawn = connection.table(f"{name}_last"), connection.table("withdrawn")
    if last.limit(1).fetchall():
        rows = rows.join(last.set_alias("l"), "l.key = e.key AND e.revision < l.last", how="anti")
    if withdrawn.limit(1).fetchall():
        gone = withdrawn.set_alias("w")
        rows = rows.set_alias("e").join(gone, "w.row = e.key AND w.revision = e.revision", how="anti")
    rows.create_view(name)


def versions_of(run: Mapping[str, Any]) -> dict[str, int]:
    """The Delta version of each table after a run."""
    pairs = (part.rpartition("-") for part in str(run["versions"]).split("."))
    return {name: int(version) for name, _, version in pairs}


def number_of(
    runs: Sequence[Mapping[str, Any]], path: Path, *, number: int | None, as_of: date | None
) -> int:
    """The number of the run that is meant: that number, or the last run of a day or before.

    Raises:
        InputError: there is no such run.
    """
    if number is None:
        as_of = as_of or date.max
        number = sum(run["finished"].date() <= as_of for run in runs)
        if not number:
            first = f"; its first version is of {runs[0]['finished'].date()}" if runs else ""
            raise InputError(f"the evidence has no version as of {as_of}{first}", where=str(path))
    if not 1 <= number <= len(runs):
        remedy = f"Versions 1 to {len(runs)} are there" if runs else "Nothing was ever appended"
        raise InputError(f"the evidence has no version {number}", where=str(path), remedy=remedy)
    return number
