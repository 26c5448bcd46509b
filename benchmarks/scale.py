"""How the evidence scales: `python benchmarks/scale.py 100000 1000000 10000000`, from synthetic rows (`synthetic.py`).

For each number of observations, each step in a process of its own: opening the store; all cells of a guide with their
80 replicates; one bare DuckDB query with `quantile_cont` over the same files, which groups by the same things and
keeps no histogram and no replicate; the peak memory of both; the largest difference between the medians and quartiles
read from cells and the exact ones. Then appending nouns. Ratios hold on any machine, seconds do not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import synthetic

from payguide.base.figures import EVERYONE
from payguide.base.money import bin_value
from payguide.base.records import Reading
from payguide.evidence.cells import cells
from payguide.evidence.distinct import Population, prepare
from payguide.evidence.store import Store
from payguide.evidence.tables import observation_of

PROBABILITIES = (0.1, 0.25, 0.5, 0.75, 0.9)
BY = ("employer_tier", "place_metro", "remote", "employer_industry")
#: Rows appended as nouns.
NOUNS = 100_000


def bare(store: Store) -> dict[str, float]:
    """The query that anybody would write: exact quantiles over the same groups, from the raw rows."""
    sets = [f"({','.join(('source', 'role', 'component', *level, *by))})"
            for level in ((), ("level",)) for by in ((), *((name,) for name in BY))]  # fmt: skip
    with closing(store.connect()) as connection:
        began = time.perf_counter()
        found = connection.sql(
            f"""
            SELECT source, role, component, level, {", ".join(BY)}, count(*), count(DISTINCT employer_id),
                   quantile_cont((low + high) / 2, {list(PROBABILITIES)})
            FROM observations GROUP BY GROUPING SETS ({", ".join(sets)})
            """
        ).fetchall()
        return {"seconds": time.perf_counter() - began, "groups": len(found)}


def reduced(store: Store) -> dict[str, float]:
    """All cells, and how far their quantiles are from the exact ones where amounts are single."""
    began = time.perf_counter()
    with closing(store.connect()) as connection:
        opened = time.perf_counter() - began
        began = time.perf_counter()
        prepare(connection, Population())
        made = cells(connection)
        took = time.perf_counter() - began
        exact = {
            tuple(row[:4]): row[4]
            for row in connection.sql(
                f"""
                SELECT source, role, level, component, quantile_disc(low, {list(PROBABILITIES)}) FROM evidence
                WHERE low = high GROUP BY ALL HAVING count(*) >= 100
                """
            ).fetchall()
        }
    worst = 0.0
    for cell in made:
        key = (cell.key.source, cell.key.role, cell.key.level, cell.key.component)
        if cell.key.population == EVERYONE and key in exact and cell.kind != "posted_range":
            at = np.searchsorted(np.cumsum(cell.mass), np.ceil(np.array(PROBABILITIES) * cell.mass.sum()))
            worst = max(worst, float(np.max(np.abs(bin_value(cell.bins[at]) / np.array(exact[key]) - 1))))
    return {"seconds": took, "opened": opened, "cells": len(made), "worst": worst}


def alone(step: str, folder: Path) -> dict[str, float]:
    """Run a step in a process of its own; its own figures and its peak memory in MiB."""
    command = [sys.executable, __file__, step, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{step} failed on {folder}")
    return {**json.loads(said), "peak": used.ru_maxrss / 1024}


def show(rows: int, folder: Path) -> None:
    """Measure one number of observations."""
    synthetic.store(folder, rows)
    plain, ours = alone("bare", folder), alone("reduced", folder)
    ratio = ours["seconds"] / plain["seconds"]
    print(f"{rows:,} rows: opened in {ours['opened']:.2f} s")
    print(
        f"  {ours['cells']:,.0f} cells with replicates in {ours['seconds']:.1f} s and {ours['peak']:,.0f} MiB"
    )
    print(f"  bare query in {plain['seconds']:.1f} s and {plain['peak']:,.0f} MiB: {ratio:.1f} times that")
    print(f"  quantiles within {ours['worst']:.2%} of the exact ones", flush=True)


def show_append(folder: Path) -> None:
    """Append nouns to an empty store."""
    rows = next(synthetic.chunks(NOUNS)).to_pylist()
    reading = Reading(observations=tuple(map(observation_of, rows)))
    store = Store.open(folder, create=True)
    began = time.perf_counter()
    added = store.append([(None, reading)], command="benchmark")
    print(f"{added.observations_new / (time.perf_counter() - began):,.0f} observations appended a second")


def main() -> None:
    """Measure every number of rows that is named."""
    if sys.argv[1] in ("bare", "reduced"):
        step = {"bare": bare, "reduced": reduced}[sys.argv[1]]
        print(json.dumps(step(Store.open(Path(sys.argv[2])))))
        return
    for rows in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            show(rows, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        show_append(Path(folder))


if __name__ == "__main__":
    main()
