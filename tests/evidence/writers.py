"""Runs that write to one store at the same time: step by step, as a schedule draws them, or in real processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

import drawn_evidence as drawn
import pyarrow as pa
import pytest

from payguide.base.inputs import Document, Reading
from payguide.evidence.store import Store, delta, writer
from payguide.evidence.store.location import location_of
from payguide.evidence.store.run import Run
from payguide.evidence.tables import EVIDENCE, REVISED, TABLES

Item = tuple[Document, Reading]


def item(name: str, drawing: str) -> Item:
    """A document in which the statements of a drawing stand, each with its posting; without pay only the posting."""
    lines = drawn.lines(drawing)
    stated = tuple(drawn.observation(line) for line in lines if "pay" in line)
    return drawn.document(name.encode()), Reading(stated, tuple(map(drawn.posting, lines)))


def begin(
    place: Path | str, stack: ExitStack, *, overtaken: bool = False, chunk: int = writer.CHUNK
) -> writer.Writer:
    """One more run of a store, before whose end another may end, and which commits as often as it has so many rows;
    the stack ends it.
    """
    where = location_of(place)
    tables = {name: delta.Table(where / name) for name in TABLES}
    connection = stack.enter_context(closing(Store.open(place).connect()))
    run = Run(where, tables, connection)
    if overtaken:
        overtake(place, run)
    return stack.enter_context(closing(writer.Writer(run, chunk)))


def overtake(place: Path | str, run: Run) -> None:
    """Let another run end just before this one does, once."""
    withdraw, others = run.withdraw, ["another run"]

    def late(gone: pa.Table) -> None:
        withdraw(gone)
        if others:
            Store.open(place).append([], command=others.pop())

    run.withdraw = late  # type: ignore[method-assign]


def play(
    place: Path | str, runs: Mapping[str, Sequence[Item]], schedule: str, *, overtaken: bool = False
) -> None:
    """Let runs read and land their documents in turn: a letter of a schedule is a run's next document, a capital its
    end. A run begins with its first letter. Where they are `overtaken`, another run ends just before each.
    """
    waiting = {name: deque(items) for name, items in runs.items()}
    begun: dict[str, writer.Writer] = {}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        # every document is a chunk of its own
        patch.setattr(writer, "CHUNK_BYTES", 1)
        for letter in schedule:
            name = letter.lower()
            if name not in begun:
                begun[name] = begin(place, stack, overtaken=overtaken)
            if letter.isupper():
                begun[name].finish(f"run {name}")
            else:
                begun[name].add(*waiting[name].popleft())
                begun[name].settle()


class Left(NamedTuple):
    """What a store holds, however it came together."""

    fingerprint: str
    counts: dict[str, dict[str, int]]
    current: list[tuple[object, ...]]


def left(place: Path | str) -> Left:
    """What a store holds. Nothing is in it twice, and its runs are numbered one by one."""
    store = Store.open(place)
    with closing(store.connect()) as connection:
        for name in EVIDENCE:
            views = [(name, "key"), *([(f"{name}_ever", "(key, revision)")] if name in REVISED else [])]
            for view, told in views:
                found = connection.sql(f"SELECT count(*), count(DISTINCT {told}) FROM {view}").fetchall()
                assert found[0][0] == found[0][1], view
        current = connection.sql("SELECT record, level, low FROM observations ORDER BY ALL").fetchall()
    runs = store.runs()
    assert [run["number"] for run in runs] == list(range(1, len(runs) + 1))
    return Left(store.fingerprint, store.counts_by_source(), current)
