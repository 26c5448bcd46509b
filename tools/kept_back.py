"""Judge the estimator on statements it never saw, by source and role; write docs/kept_back.md.

Run: `python tools/kept_back.py path/to/evidence` (some two minutes)

The estimator is fitted once without a part of the evidence: employers are kept back whole, and where none is named
single statements are. It then answers for what was kept back as a page would: a profile with the statement's date and
everything that it tells, but not its source or its kind of evidence. Filings are never fitted on, so that all of them
are judged.

`bias` is the mean of ln(stated / answered median), as a per cent: positive where answers are too low. Its standard
error resamples employers (or statements that name none). A range counts by its middle on the log scale for bias, and by
its five points for coverage of P10 to P90.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import EvidenceKind
from payguide.base.money import BoolArray, FloatArray
from payguide.estimator.statements import points_for
from payguide.evidence.snapshot import Snapshot
from payguide.evidence.store import Store
from payguide.fit.backtest import judge
from payguide.fit.model import fit_model
from payguide.fit.model_design import settings
from payguide.gate.model import public_rows

DOC: Final = Path(__file__).parents[1] / "docs/kept_back.md"
AS_OF, SEED = date(2026, 11, 1), 20261101
#: The share of employers, and of statements that name none, that is kept back; the fewest that are judged.
SHARE, LEAST = 0.30, 10
RESAMPLED: Final = 400


def split(rows: PayRows) -> BoolArray:
    """Which rows (n,) are kept back."""
    rng = np.random.default_rng(SEED)
    names, employer = np.unique(rows.columns["employer"], return_inverse=True)
    alone = rows.columns["employer"] == ""
    chosen: BoolArray = np.where(
        alone, rng.random(len(rows)) < SHARE, (rng.random(len(names)) < SHARE)[employer]
    )
    return chosen


def standard_error(errors: FloatArray, whose: FloatArray) -> float:
    """Of the mean of errors (n,), whose units are resampled."""
    rng = np.random.default_rng(0)
    _, unit = np.unique(whose, return_inverse=True)
    sums, sizes = np.bincount(unit, errors), np.bincount(unit)
    drawn = rng.integers(0, len(sizes), (RESAMPLED, len(sizes)))
    return float(np.std(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)))


def judged(model: dict[str, object], rows: PayRows) -> Iterator[tuple[str, ...]]:
    """A line of the table for each source and role with enough statements kept back."""
    points = points_for(model, rows)
    found = judge(rows, points)
    middle = (np.log(rows.low) + np.log(rows.high)) / 2
    errors = middle - np.log(points[:, settings()["quantiles"].index(0.5)])
    unit = np.where(
        rows.columns["employer"] == "", np.arange(len(rows)).astype(str), rows.columns["employer"]
    )
    for source in sorted(set(rows.columns["source"])):
        of_source = rows.columns["source"] == source
        for role in ("", *sorted(set(rows.columns["role"][of_source]))):
            held = of_source & ((rows.columns["role"] == role) | (role == ""))
            n, units = int(held.sum()), len(set(unit[held]))
            if n < LEAST:
                continue
            named = "-" if (rows.columns["employer"][held] == "").all() else f"{units:,}"
            bias, error = 100 * errors[held].mean(), 100 * standard_error(errors[held], unit[held])
            days = date.fromordinal(int(rows.day[held].mean())).isoformat()[:7]
            coverage = f"{found.inside[held].mean():.2f}"
            yield source, role or "all", f"{n:,}", named, days, f"{bias:+.1f} ({error:.1f})", coverage


HEAD: Final = """\
# Statements kept back

Written by `python tools/kept_back.py path/to/evidence`: do not edit.

The estimator was fitted without {share:.0%} of the employers, and of the statements that name none, and asked for the
statements that it did not see: with their date, their kind and all that they tell, but not their source. Filings are
not in the fit at all. Bias is the mean of ln(stated / answered median) in per cent, with its standard error over
employers in brackets: positive where answers are too low. Coverage is of P10 to P90, meant to be .80. Sources and roles
with fewer than {least} statements kept back are left out.
"""
COLUMNS: Final = """\
| source | role | kept back | employers | mean month | bias % (se) | coverage |
|---|---|--:|--:|---|--:|--:|
"""


def main(folder: str) -> None:
    """Fit, judge, write."""
    kinds = (EvidenceKind.POSTED_RANGE, EvidenceKind.SELF_REPORT, EvidenceKind.FILING)
    with Snapshot.of(Store.open(Path(folder))) as taken:
        every = public_rows(taken.training_rows(kinds))
    text = HEAD.format(share=SHARE, least=LEAST)
    for component, rows in every.items():
        filed = rows.columns["kind"] == str(EvidenceKind.FILING)
        back = split(rows) | filed
        model = fit_model({component: rows.take(~back)}, as_of=AS_OF, seed=SEED)
        text += f"\n## {component.capitalize()} pay\n\nFitted on {int((~back).sum()):,} statements.\n\n"
        text += COLUMNS + "".join(f"| {' | '.join(line)} |\n" for line in judged(model, rows.take(back)))
    DOC.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
