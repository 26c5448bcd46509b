"""Judge what is published on statements it never saw, by source and role; write docs/kept_back.md.

Run: `python tools/kept_back.py path/to/evidence` (some five minutes)

Estimator and market are fitted once without a part of the evidence: employers are kept back whole, and where none is
named single statements are. They then answer for what was kept back: a profile with the statement's date and
everything that it tells, once as its own source states pay (told its source and kind), once as a page would (told
neither: on the scale of people in post). Filings are never fitted on by the estimator, so that all of them are judged.

`bias` is the mean of ln(stated / answered median), as a per cent: positive where answers are too low. Its standard
error resamples employers (or statements that name none). A range counts by its middle on the log scale for bias, and by
its five points for coverage of P10 to P90.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import Component, EvidenceKind
from payguide.base.money import BoolArray, FloatArray
from payguide.base.reference.country import country
from payguide.estimator import predict_many
from payguide.estimator.statements import profiles_of
from payguide.evidence.snapshot import Snapshot
from payguide.evidence.store import Store
from payguide.fit.market.people import People
from payguide.fit.market.posterior import fit_market
from payguide.fit.model.backtest import judge
from payguide.fit.model.features import settings
from payguide.fit.model.fit import fit_model
from payguide.gate.model import pass_model, public_rows
from payguide.guide.role import load
from payguide.pipeline.models import MARKET, MOST_NUMEROUS, SEED, WHOSE, market_of, with_market

DOC: Final = Path(__file__).parents[1] / "docs/kept_back.md"
BOTH, FRESH = "both", date(2023, 1, 1)
Array = np.ndarray[Any, Any]
#: The share of employers, and of statements that name none, that is kept back; the fewest that are judged.
SHARE, LEAST = 0.30, 10
RESAMPLED: Final = 400


def split(rows: PayRows) -> BoolArray:
    """Which rows (n,) are kept back: the same employers of all components."""
    rng = np.random.default_rng(SEED)
    names, employer = np.unique(rows.columns["employer"], return_inverse=True)
    drawn = np.array([crc32(f"{SEED}{name}".encode()) % 100 < 100 * SHARE for name in names.tolist()])
    return np.asarray(
        np.where(rows.columns["employer"] == "", rng.random(len(rows)) < SHARE, drawn[employer.ravel()])
    )


def standard_error(errors: FloatArray, whose: FloatArray) -> float:
    """Of the mean of errors (n,), whose units are resampled."""
    rng = np.random.default_rng(0)
    _, unit = np.unique(whose, return_inverse=True)
    sums, sizes = np.bincount(unit, errors), np.bincount(unit)
    drawn = rng.integers(0, len(sizes), (RESAMPLED, len(sizes)))
    return float(np.std(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)))


class Judged:
    """Statements kept back, with what was answered for them: errors of medians (n,), and whether P10 to P90 held."""

    def __init__(self, model: Mapping[str, Any], rows: PayRows, told: Sequence[str]) -> None:
        hidden = {name: None for name in ("source", "kind") if name not in told}
        sources = rows.columns["source"].tolist()
        profiles = [
            {**profile, "source": source, **hidden}
            for profile, source in zip(profiles_of(rows), sources, strict=True)
        ]
        points = predict_many(model, profiles).points
        middle = (np.log(rows.low) + np.log(rows.high)) / 2
        self.errors = middle - np.log(points[:, settings()["quantiles"].index(0.5)])
        self.inside = judge(rows, points).inside

    def cells(self, held: BoolArray, unit: Array) -> tuple[str, str]:
        """Bias with its standard error, and coverage, of some of them."""
        bias, error = self.errors[held].mean(), standard_error(self.errors[held], unit[held])
        return f"{100 * bias:+.1f} ({100 * error:.1f})", f"{self.inside[held].mean():.2f}"


def lines(rows: PayRows, found: Sequence[Judged], by_source: bool) -> Iterator[tuple[str, ...]]:
    """A line of a table for each source and role, or role alone, with enough statements kept back."""
    columns = rows.columns
    unit = np.where(columns["employer"] == "", np.arange(len(rows)).astype(str), columns["employer"])
    for source in sorted(set(columns["source"])) if by_source else [""]:
        of_source = (columns["source"] == source) | (source == "")
        for role in ("", *sorted(set(columns["role"][of_source]))):
            held = of_source & ((columns["role"] == role) | (role == ""))
            n, units = int(held.sum()), len(set(unit[held]))
            if n < LEAST:
                continue
            named = "-" if (columns["employer"][held] == "").all() else f"{units:,}"
            days = date.fromordinal(int(rows.day[held].mean())).isoformat()[:7]
            who = (source, role or "all") if by_source else (role or "all",)
            yield *who, f"{n:,}", named, days, *(cell for one in found for cell in one.cells(held, unit))


HEAD: Final = """\
# Statements kept back

Written by `python tools/kept_back.py path/to/evidence`: do not edit.

Estimator and market were fitted without {share:.0%} of the employers, and of the statements that name none, and asked
for the statements that they did not see, with their date and all that they tell: once as their own source states pay,
once without source and kind, as a page is asked (on the scale of people in post). The estimator is not fitted on
filings at all. Bias is the mean of ln(stated / answered median) in per cent, with its standard error over employers in
brackets: positive where answers are too low. Coverage is of P10 to P90, meant to be .80. Sources and roles with fewer
than {least} statements kept back are left out. Of who names no employer some are in the fit in other statements.
"""
ANSWERS: Final = "bias % (se) | coverage | no source named: bias % (se) | coverage |"
RULES: Final = "|--:|--:|---|--:|--:|--:|--:|\n"
SINCE: Final = f"| role | kept back | employers | mean month | {ANSWERS}\n|---{RULES}"
COLUMNS: Final = f"| source {SINCE.partition(chr(10))[0]}\n|---|---{RULES}"


def fitted(taken: Snapshot) -> tuple[Mapping[str, Any], Mapping[str, PayRows]]:
    """The model of all that is not kept back, on the market's scale, and the statements of each component."""
    role, found = (
        load("ml-engineer"),
        public_rows({**taken.training_rows(MARKET), BOTH: taken.base_and_total()}),
    )
    kept = {name: rows.take(~split(rows)) for name, rows in found.items()}
    people = {
        name: rows.take(rows.columns["kind"] != str(EvidenceKind.FILING))
        for name, rows in kept.items()
        if name != BOTH
    }
    posterior = fit_market(
        kept[Component.BASE], kept[BOTH], market=market_of(role, None, MOST_NUMEROUS), country=country(role.country),
        as_of=role.date, seed=SEED,
    )  # fmt: skip
    whose = {str(one): People(posterior, market_of(role, None, one), str(one)) for one in WHOSE}
    model = pass_model(fit_model(people, as_of=role.date, seed=SEED))
    return with_market(model, whose, role.country), {
        name: rows for name, rows in found.items() if name != BOTH
    }


def main(folder: str) -> None:
    """Fit, judge, write."""
    with Snapshot.of(Store.open(Path(folder))) as taken:
        model, every = fitted(taken)
    text = HEAD.format(share=SHARE, least=LEAST)
    for component, rows in every.items():
        filed = rows.columns["kind"] == str(EvidenceKind.FILING)
        back = rows.take(split(rows) | filed)
        answers = [Judged(model, back, told) for told in (("source", "kind"), ())]
        text += f"\n## {component.capitalize()} pay\n\nFitted on {int((~split(rows) & ~filed).sum()):,} statements.\n\n"
        text += COLUMNS + "".join(f"| {' | '.join(line)} |\n" for line in lines(back, answers, True))
        fresh = np.flatnonzero(
            (back.day >= FRESH.toordinal()) & (back.columns["kind"] != str(EvidenceKind.FILING))
        )
        if len(fresh):
            since = back.take(fresh)
            answers = [Judged(model, since, told) for told in (("source", "kind"), ())]
            text += f"\n### Since {FRESH.year}, all sources but filings together\n\n"
            text += SINCE + "".join(f"| {' | '.join(line)} |\n" for line in lines(since, answers, False))
    DOC.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
