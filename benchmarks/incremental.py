"""What a build costs when little has come in: `python benchmarks/incremental.py 1000000 10000000`.

For each number of synthetic observations (`synthetic.py`), in one run and each step in a process of its own: all cells
with their replicates; all cells, which are kept; and, `TIMES` times, 0.1 % more observations and the cells again, made
of what is kept (the median counts). All of it is the reduction from observations to cells on a store that is open. The
seconds of processors are beside those of the clock: they hardly depend on what else a machine does, or on what it still
holds of files in memory.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import synthetic
from scale import DOCUMENT, peak, replaced

from payguide.evidence.cells import cells
from payguide.evidence.distinct import Population
from payguide.evidence.incremental import Kept
from payguide.evidence.prepared import prepare_here
from payguide.evidence.store import Store

START, END = (
    "<!-- incremental: written by `python benchmarks/incremental.py 1000000 10000000` -->\n",
    "<!-- /incremental -->\n",
)
#: How often 0.1 % more comes in.
TIMES, PART = 3, 1000


def whole(store: Store) -> None:
    """All cells, made of all the evidence."""
    with closing(store.connect()) as connection:
        began = now()
        found = prepare_here(connection, Population(), ())
        told(began, len(cells(found.engine, found.counting)))


def kept(store: Store) -> None:
    """The cells as a build makes them."""
    with closing(store.connect()):
        began = now()
        told(began, len(Kept()(store, Population(), ())))


def now() -> tuple[float, float]:
    """The seconds of the clock and of all processors together."""
    return time.perf_counter(), time.process_time()


def told(began: tuple[float, float], made: int) -> None:
    """Print what a step took."""
    seconds, worked = (end - start for start, end in zip(began, now(), strict=True))
    print(json.dumps({"seconds": seconds, "worked": worked, "cells": made, "peak": peak()}))


def alone(step: str, folder: Path) -> dict[str, float]:
    """Run a step in a process of its own; its figures."""
    done = subprocess.run([sys.executable, __file__, step, str(folder)], stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


class Measured(NamedTuple):
    """One number of observations: seconds of the clock, then those of processors, of all cells, of all that are kept,
    and of those that are added to; the bytes of the evidence and of what is kept; MiB at most while adding.
    """

    rows: int
    whole: float
    first: float
    added: float
    whole_worked: float
    first_worked: float
    added_worked: float
    evidence: int
    kept: int
    peak: float


def size(folder: Path, pattern: str) -> int:
    """The bytes of files."""
    return sum(path.stat().st_size for path in folder.rglob(pattern))


def measure(rows: int, folder: Path) -> Measured:
    """Write so many observations and measure every step."""
    synthetic.store(folder, rows)
    full, first = alone("whole", folder), alone("kept", folder)
    before, again = rows, []
    for _ in range(TIMES):
        synthetic.add(folder, rows // PART, before)
        before += rows // PART
        again.append(alone("kept", folder))
    return Measured(
        rows,
        full["seconds"],
        first["seconds"],
        statistics.median(one["seconds"] for one in again),
        full["worked"],
        first["worked"],
        statistics.median(one["worked"] for one in again),
        size(folder, "*.parquet"),
        size(folder, "*.arrow"),
        max(one["peak"] for one in again),
    )


HEAD = (
    "| observations | on disk | all cells | work | all cells, kept | work | kept on disk | 0.1 % more | of all cells "
    "| work | of all cells' | peak |\n"
    "| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n"
)


def line(m: Measured) -> str:
    """One number of observations as a line of the table."""
    return (
        f"| {m.rows:,} | {m.evidence / 1e6:,.0f} MB | {m.whole:.1f} s | {m.whole_worked:.1f} s | {m.first:.1f} s "
        f"| {m.first_worked:.1f} s | {m.kept / 1e6:,.0f} MB | {m.added:.2f} s | {m.added / m.whole:.1%} "
        f"| {m.added_worked:.2f} s | {m.added_worked / m.whole_worked:.1%} | {m.peak / 1024:.1f} GiB |\n"
    )


def main() -> None:
    """Measure every number of rows that is named, print, and write docs/scale.md."""
    steps = {"whole": whole, "kept": kept}
    if step := steps.get(sys.argv[1]):
        step(Store.open(Path(sys.argv[2])))
        return
    measured = []
    for rows in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            measured.append(measure(rows, Path(folder)))
            print(measured[-1], flush=True)
    written = HEAD + "".join(map(line, measured))
    print(written)
    document = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(replaced(document, START, END, written), encoding="utf-8")


if __name__ == "__main__":
    main()
