"""How the evidence scales: `python benchmarks/scale.py 1000000 10000000 100000000`, of synthetic rows.

For each number of observations (`synthetic.py`), each step in a process of its own: opening the store; all cells of a
guide, without and with their 80 replicates; one bare DuckDB query with `quantile_cont` over the same files; the peak
memory of each; the largest difference between the quantiles read from cells and the exact ones. Then appending. Ratios
hold on any machine, seconds do not.

The bare query has the cells' grouping sets: role x component, of each source and of all together, at each level and
at any, of everyone and narrowed by tier, top tier, metro, remote work and industry. What it cannot say simply it
leaves out, to its favour: specialisations, the other metros together, total pay over base pay, outliers, and that one
band in many adverts is one piece of evidence.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import synthetic

from payguide.base.aggregates import EVERYONE
from payguide.base.codes import TOP_TIERS
from payguide.base.inputs import Reading
from payguide.base.money import bin_value
from payguide.evidence.reduce.cells import cells
from payguide.evidence.store import Store
from payguide.evidence.tables import observation_of
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.prepare import prepare_duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from marked import rewrite  # noqa: E402 - a tool of this checkout, not of the package

DOCUMENT = ROOT / "docs" / "scale.md"
START, END = (
    "<!-- measured: written by `python benchmarks/scale.py 1000000 10000000 100000000` -->\n",
    "<!-- /measured -->\n",
)
PROBABILITIES = (0.1, 0.25, 0.5, 0.75, 0.9)
BY = ("employer_tier", "top", "place_metro", "remote", "employer_industry")
#: What the bare query may write to the disk beside the evidence.
SPILLED = "30 GB"
#: How many are appended as rows, and as nouns.
ROWS, NOUNS = 1_000_000, 300_000


def bare(store: Store) -> dict[str, float]:
    """The query that anybody would write: exact quantiles over the same groups, from the raw rows. No groups where the
    memory that DuckDB takes by itself and `SPILLED` on disk are not enough.
    """
    sets = [f"({','.join(('role', 'component', *source, *level, *by))})"
            for source in (("source",), ()) for level in (("level",), ())
            for by in ((), *((name,) for name in BY))]  # fmt: skip
    tiers = ", ".join(f"'{tier}'" for tier in TOP_TIERS)
    with closing(store.connect()) as connection:
        began = time.perf_counter()
        query = f"""
            SELECT source, role, component, level, {", ".join(BY)}, count(*), count(DISTINCT employer_id),
                   quantile_cont((low + high) / 2, {list(PROBABILITIES)})
            FROM (SELECT *, employer_tier IN ({tiers}) AS top FROM observations)
            GROUP BY GROUPING SETS ({", ".join(sets)})
            """
        connection.execute(f"SET max_temp_directory_size = '{SPILLED}'")
        try:
            found = connection.sql(query).fetchall()
        except duckdb.OutOfMemoryException:
            found = []
        return {"seconds": time.perf_counter() - began, "groups": len(found), "peak": peak()}


def counted(store: Store) -> dict[str, float]:
    """All cells without replicates: histograms, distinct employers, the largest one's share."""
    with closing(store.connect()) as connection:
        began = time.perf_counter()
        found = prepare_duckdb(connection, Population(), ())
        made = cells(found.engine, found.counting, replicates=0)
        return {"seconds": time.perf_counter() - began, "cells": len(made), "peak": peak()}


def reduced(store: Store) -> dict[str, float]:
    """All cells, and how far their quantiles are from the exact ones where amounts are single."""
    began = time.perf_counter()
    with closing(store.connect()) as connection:
        opened = time.perf_counter() - began
        began = time.perf_counter()
        found = prepare_duckdb(connection, Population(), ())
        made = cells(found.engine, found.counting)
        took, used = time.perf_counter() - began, peak()
        exact = {
            tuple(row[:4]): row[4]
            for row in connection.sql(
                f"""
                SELECT source, role, level, component, quantile_disc(low, {list(PROBABILITIES)}) FROM units
                WHERE outlier = '' GROUP BY ALL HAVING count(*) >= 100 AND bool_and(low = high)
                """
            ).fetchall()
        }
    worst = 0.0
    for cell in made:
        key = (cell.key.source, cell.key.role, cell.key.level, cell.key.component)
        if cell.key.population == EVERYONE and key in exact:
            at = np.searchsorted(np.cumsum(cell.mass), np.ceil(np.array(PROBABILITIES) * cell.mass.sum()))
            worst = max(worst, float(np.max(np.abs(bin_value(cell.bins[at]) / np.array(exact[key]) - 1))))
    return {"seconds": took, "opened": opened, "cells": len(made), "worst": worst, "peak": used}


def peak() -> float:
    """The most memory that this process has held, in MiB."""
    said = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert said is not None
    return int(said[1]) / 1024


def alone(step: str, folder: Path) -> dict[str, float]:
    """Run a step in a process of its own; its figures."""
    done = subprocess.run([sys.executable, __file__, step, str(folder)], stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


class Measured(NamedTuple):
    """One number of observations: bytes on disk, seconds and MiB of the cells and of the bare query, seconds of the
    cells without replicates. Without groups the bare query ran out of memory after its seconds.
    """

    rows: int
    size: int
    opened: float
    cells: int
    counted: float
    seconds: float
    peak: float
    bare: float
    bare_groups: int
    bare_peak: float
    worst: float


def measure(rows: int, folder: Path) -> Measured:
    """Write so many observations and measure every step."""
    synthetic.store(folder, rows)
    size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    plain, counts, ours = (alone(step, folder) for step in ("bare", "counted", "reduced"))
    return Measured(
        rows, size, ours["opened"], int(ours["cells"]), counts["seconds"], ours["seconds"], ours["peak"],
        plain["seconds"], int(plain["groups"]), plain["peak"], ours["worst"],
    )  # fmt: skip


def appended_a_second(reading: Reading | Mapping[str, pa.Table]) -> float:
    """Append observations to an empty store: as nouns, or as rows."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder), create=True)
        began = time.perf_counter()
        added = store.append([(None, reading)], command="benchmark")
        return added.observations_new / (time.perf_counter() - began)


def appending() -> tuple[float, float]:
    """How many observations are appended a second as rows, and as nouns."""
    rows = next(synthetic.chunks(ROWS))
    nouns = Reading(observations=tuple(map(observation_of, rows.slice(0, NOUNS).to_pylist())))
    return appended_a_second({"observations": rows}), appended_a_second(nouns)


HEAD = (
    "| observations | on disk | opened | cells | bare query | peak | all cells | times | with 80 replicates | times "
    "| peak | quantiles within |\n"
    "| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n"
)


def line(m: Measured) -> str:
    """One number of observations as a line of the table."""
    done = m.bare_groups > 0
    bare, counted, seconds = (
        (f"{m.bare:.1f} s", f"{m.counted / m.bare:.1f}", f"{m.seconds / m.bare:.1f}")
        if done
        else (f"not in memory and {SPILLED}, after {m.bare:.0f} s", "", "")
    )
    return (
        f"| {m.rows:,} | {m.size / 1e6:,.0f} MB | {m.opened:.2f} s | {m.cells:,} | {bare} "
        f"| {m.bare_peak / 1024:.1f} GiB | {m.counted:.1f} s | {counted} | {m.seconds:,.1f} s "
        f"| {seconds} | {m.peak / 1024:.1f} GiB | {m.worst:.2%} |\n"
    )


def report(measured: list[Measured], appended: float, nouns: float) -> str:
    """The measurements as Markdown, with the slope between the ends and what a billion would take at it."""
    before, last = measured[0], measured[-1]
    slope = np.log(last.seconds / before.seconds) / np.log(last.rows / before.rows)
    size, hours = last.size / last.rows, last.seconds * (1e9 / last.rows) ** slope / 3600
    memory = last.peak / 1024 / last.rows * 1e9
    said = (
        f"Appending statements: {appended:,.0f} a second as rows, {nouns:,.0f} as the nouns that readers make.",
        (
            f"From {before.rows:,} to {last.rows:,} observations the time grows with the power {slope:.2f} of their "
            f"number. A synthetic row takes {size:.0f} bytes on disk. A billion would be {size:.0f} GB, "
            f"{1e9 / appended / 3600:.1f} hours of appending by one writer and, at that slope, {hours:,.1f} hours of "
            f"reducing on one machine of two cores with {memory:,.0f} GiB of memory; a cluster shares that out, for "
            "its groups do not wait for each other."
        ),
    )
    return HEAD + "".join(map(line, measured)) + "\n" + "\n\n".join(said) + "\n"


def main() -> None:
    """Measure every number of rows that is named, print, and write docs/scale.md."""
    steps = {"bare": bare, "counted": counted, "reduced": reduced}
    if step := steps.get(sys.argv[1]):
        print(json.dumps(step(Store.open(Path(sys.argv[2])))))
        return
    measured = []
    for rows in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            measured.append(measure(rows, Path(folder)))
            print(measured[-1], flush=True)
    written = report(measured, *appending())
    print(written)
    rewrite(DOCUMENT, START, END, written)


if __name__ == "__main__":
    main()
