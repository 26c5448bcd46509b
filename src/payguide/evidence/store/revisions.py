"""Versions of a store: which rows are current, and which Delta versions belong to which run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Any

import narwhals as nw

from payguide.base.errors import InputError
from payguide.evidence.engine import Engine, Frame


def current(engine: Engine, name: str, *, revised: bool | None = None, gone: bool | None = None) -> Frame:
    """A table's current rows: of each key the last revision (of the table `NAME_ever`), unless it was withdrawn.

    Most stores have no history, and their rows are read as they lie. Who knows whether any row is `revised` or
    `gone` says so; else the engine is asked.
    """
    rows = engine.table(f"{name}_ever")
    last = rows.filter(nw.col("revision") > 1).group_by("key").agg(last=nw.col("revision").max())
    if _any(engine, last) if revised is None else revised:
        newest = nw.col("last").is_null() | (nw.col("revision") == nw.col("last"))
        rows = rows.join(last, on="key", how="left").filter(newest).drop("last")
    withdrawn = engine.table("withdrawn").select("revision", key=nw.col("row"))
    if _any(engine, withdrawn) if gone is None else gone:
        rows = rows.join(withdrawn, on=["key", "revision"], how="anti")
    return rows


def _any(engine: Engine, frame: Frame) -> bool:
    return bool(engine.collect(frame.head(1)).num_rows)


def versions_of(run: Mapping[str, Any]) -> dict[str, int]:
    """The Delta version of each table after a run."""
    pairs = (part.rpartition("-") for part in str(run["versions"]).split("."))
    return {name: int(version) for name, _, version in pairs}


def number_of(
    runs: Sequence[Mapping[str, Any]], where: str, *, number: int | None, as_of: date | None
) -> int:
    """The number of the run that is meant: that number, or of the runs in their order the last before the first that
    ended after a day. So where a clock was set back, what followed a later run is never earlier than it.

    Raises:
        InputError: there is no such run.
    """
    numbers = [int(run["number"]) for run in runs]
    if number is None:
        as_of = as_of or date.max
        until = list(takewhile(lambda run: run["finished"].date() <= as_of, runs))
        if not until:
            first = f"; its first version is of {runs[0]['finished'].date()}" if runs else ""
            raise InputError(f"the evidence has no version as of {as_of}{first}", where=where)
        return numbers[len(until) - 1]
    if number not in numbers:
        remedy = f"Versions {numbers[0]} to {numbers[-1]} are there" if runs else "Nothing was ever appended"
        raise InputError(f"the evidence has no version {number}", where=where, remedy=remedy)
    return number
