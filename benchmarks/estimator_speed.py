"""How fast the estimator is fitted: `python benchmarks/estimator_speed.py EVIDENCE [ROWS ...]`.

Fits on ROWS rows (25,000 first, if none are named up to a million), drawn with replacement from the evidence's own
base pay and moved apart, so that employers and grades grow in number as evidence does; each fit in a process of its
own, with its calibration, its peak memory and, on the first number of rows, CatBoost beside it. Ratios hold on any
machine, seconds do not. What answers cost is measured by benchmarks/asking.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.evidence.snapshot import Snapshot
from payguide.evidence.store import Store
from payguide.fit.model.backtest_references import references
from payguide.fit.model.fit import fit_model

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from marked import rewrite  # noqa: E402 - a tool of this checkout, not of the package

DOCUMENT = ROOT / "docs" / "estimator.md"
START, END = (
    "<!-- speed: written by `python benchmarks/estimator_speed.py EVIDENCE` -->\n",
    "<!-- /speed -->\n",
)
ROWS = (25_000, 100_000, 1_000_000)
AS_OF, SEED = date(2026, 11, 1), 1
#: How often memory is looked at, in seconds.
LOOK = 0.25


def training_rows(evidence: Path) -> dict[str, PayRows]:
    """What an estimator is fitted on, of an evidence folder."""
    with Snapshot.of(Store.open(evidence)) as taken:
        return taken.training_rows()


def drawn(rows: PayRows, n: int) -> PayRows:
    """So many rows: each copy of the evidence has employers and metros of its own, and pay a little apart."""
    rng = np.random.default_rng(SEED)
    order = np.concatenate([rng.permutation(len(rows)) for _ in range(-(-n // len(rows)))])[:n]
    copy = np.arange(n) // len(rows)
    columns = {name: values[order] for name, values in rows.columns.items()}
    for name in ("employer", "metro"):
        mark = np.where((copy > 0) & (columns[name] != ""), np.char.add("~", copy.astype(str)), "")
        columns[name] = np.char.add(columns[name], mark)
    factor = np.exp(rng.normal(0, 0.03, n) * (copy > 0))
    return PayRows(
        rows.component, rows.currency, rows.low[order] * factor, rows.high[order] * factor, rows.years[order],
        rows.tenure[order], rows.day[order], columns,
    )  # fmt: skip


def fitting(evidence: Path, n: int) -> dict[str, float]:
    """Seconds of fitting base pay on so many rows, with its calibration."""
    rows = drawn(training_rows(evidence)["base"], n)
    began = time.perf_counter()
    fit_model({"base": rows}, as_of=AS_OF, seed=SEED)
    return {"seconds": time.perf_counter() - began}


def boosting(evidence: Path, n: int) -> dict[str, float]:
    """Seconds of CatBoost on the same rows, without any calibration."""
    rows = drawn(training_rows(evidence)["base"], n)
    few = rows.take(np.arange(len(rows)) < 100)
    began = time.perf_counter()
    references()[0]["catboost"](rows, few)
    return {"seconds": time.perf_counter() - began}


STEPS = {"fitting": fitting, "boosting": boosting}


def alone(step: str, evidence: Path, n: int) -> dict[str, float]:
    """Run a step in a process of its own; its figures, and the most memory that it and its helpers held, in GiB."""
    command = [sys.executable, __file__, str(evidence), "--step", step, str(n)]
    peak, said = 0.0, None
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        while said is None:
            try:
                said, _ = process.communicate(timeout=LOOK)
            except subprocess.TimeoutExpired:
                peak = max(peak, held(process.pid))
    if process.returncode:
        raise SystemExit(f"{step} failed on {n} rows")
    return {"peak": peak, **json.loads(said)}


def held(session: int) -> float:
    """What the processes of a session hold in memory, in GiB; what they share counts once."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        # a process may end while it is looked at
        with suppress(FileNotFoundError, ProcessLookupError):
            if os.getsid(int(process.name)) == session:
                told = (process / "smaps_rollup").read_text(encoding="ascii").split("Pss:", 1)[1]
                total += int(told.split(maxsplit=1)[0])
    return total / 1024**2


def report(fits: dict[int, dict[str, float]], boosted: float) -> str:
    """The measurements as Markdown."""
    head = "| rows | fitted and calibrated | a row | peak memory |\n| --: | --: | --: | --: |\n"
    lines = "".join(
        f"| {n:,} | {one['seconds']:.1f} s | {one['seconds'] / n * 1e6:.0f} µs | {one['peak']:.1f} GiB |\n"
        for n, one in fits.items()
    )
    (first, own), (last, longest) = (list(fits.items())[k] for k in (0, -1))
    slope = ""
    if last > first:
        power = np.log(longest["seconds"] / own["seconds"]) / np.log(last / first)
        slope = f" From {first:,} to {last:,} rows the time grows with the power {power:.2f} of their number."
    return (
        f"{head}{lines}\nCatBoost takes {boosted:.1f} s on the {first:,} rows, {boosted / own['seconds']:.1f} times as "
        f"long, and is not calibrated then.{slope}\n"
    )


def main() -> None:
    """Measure, print, and write docs/estimator.md."""
    evidence, rest = Path(sys.argv[1]), sys.argv[2:]
    if rest[:1] == ["--step"]:
        print(json.dumps(STEPS[rest[1]](evidence, int(rest[2]))))
        return
    sizes = [int(n) for n in rest] or list(ROWS)
    fits = {}
    for n in sizes:
        fits[n] = alone("fitting", evidence, n)
        print(n, fits[n], flush=True)
    boosted = alone("boosting", evidence, sizes[0])["seconds"]
    written = report(fits, boosted)
    print(written)
    rewrite(DOCUMENT, START, END, written)


if __name__ == "__main__":
    main()
