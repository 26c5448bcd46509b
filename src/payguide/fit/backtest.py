"""The back-test: methods fitted on a part of the statements, judged on statements that they never saw.

Three protocols. `rows`: statements drawn at random are kept back, as if others of the same people had answered.
`employers`: employers are kept back whole, as if they were met for the first time. `dates`: the latest statements of
each source are kept back, as if the present were foretold from the past.

A method sees a statement as a profile that names its kind of evidence but not its source. A range counts as its five
points (fit/model_scale.py): it offers pay evenly between its ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from payguide.base.figures import PayRows
from payguide.base.money import BoolArray, FloatArray
from payguide.fit.backtest_references import Method, references
from payguide.fit.model import fit_model
from payguide.fit.model_design import NOT_KNOWN, settings
from payguide.fit.model_quantiles import pinball
from payguide.fit.model_scale import spread_points

#: Told of progress: the stage, how much is done, of how much.
Tick = Callable[[str, int, int | None], None]

#: The share of statements, of employers, and of each source's latest statements that is kept back.
ROWS, EMPLOYERS, DATES = 0.25, 0.20, 0.15
#: The fewest statements that a method is fitted or judged on, and the fewest of a slice that is shown.
LEAST, SLICE = 30, 200
#: Where employers are told apart by how many of their statements the methods were fitted on.
SIZES: Final = (1, 10, 100, 1000)
#: What slices are cut by, beside the employer's size.
SLICED: Final = ("role", "level", "tier", "metro", "kind", "source", "employer")

#: The estimator's own name among the methods.
ESTIMATOR: Final = "estimator"


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What one method got of each statement, (n,) each: pinball loss of ln pay averaged over the quantiles, the share
    of its points between P10 and P90, and ln(P90 / P10).
    """

    loss: FloatArray
    inside: FloatArray
    width: FloatArray

    def over(self, rows: BoolArray) -> dict[str, float]:
        """The means over some of the statements, rounded as they are published."""
        return {
            "pinball": round(float(self.loss[rows].mean()), 5),
            "coverage": round(float(self.inside[rows].mean()), 4),
            "width": round(float(self.width[rows].mean()), 4),
        }


def judge(test: PayRows, points: FloatArray) -> Judged:
    """Quantiles (n, q) of annual pay against the statements they were meant for."""
    levels: list[float] = settings()["quantiles"]
    truth = spread_points((np.log(test.low) + np.log(test.high)) / 2, np.log(test.high / test.low) / 2)
    foretold = np.log(points)
    loss = np.mean([pinball(one, foretold, levels) for one in truth.T], axis=0)
    inside = ((truth >= foretold[:, :1]) & (truth <= foretold[:, -1:])).mean(axis=1)
    return Judged(loss, inside, foretold[:, -1] - foretold[:, 0])


def kept_back(rows: PayRows, seed: int) -> dict[str, BoolArray]:
    """Which rows (n,) each protocol keeps back."""
    rng = np.random.default_rng(seed)
    alone = np.isin(rows.columns["employer"], NOT_KNOWN)
    names, employer = np.unique(rows.columns["employer"], return_inverse=True)
    chosen = rng.random(len(names)) < EMPLOYERS
    return {
        "rows": rng.random(len(rows)) < ROWS,
        # an employer that is not known is one of its own
        "employers": np.where(alone, rng.random(len(rows)) < EMPLOYERS, chosen[employer]),
        "dates": _latest(rows),
    }


def _latest(rows: PayRows) -> BoolArray:
    """The statements after the day up to which `1 - DATES` of their source's lie."""
    late = np.zeros(len(rows), dtype=bool)
    for source in np.unique(rows.columns["source"]):
        own = rows.columns["source"] == source
        late |= own & (rows.day > np.quantile(rows.day[own], 1 - DATES, method="lower"))
    return late


def backtest(
    rows: Mapping[str, PayRows],
    foretell: Callable[[Mapping[str, Any], PayRows], FloatArray],
    *,
    as_of: date,
    seed: int,
    tick: Tick,
) -> dict[str, Any]:
    """The estimator beside the references that are installed, as JSON-able data.

    `foretell` reads a fitted model as whoever uses it does: the quantiles (n, q) of annual pay for some rows.
    Raises what fitting raises.
    """

    def estimator(train: PayRows, test: PayRows) -> FloatArray:
        return foretell(fit_model({str(train.component): train}, as_of=as_of, seed=seed), test)

    others, missing = references()
    found = compare(rows, {ESTIMATOR: estimator, **others}, seed=seed, tick=tick)
    return {**found, "not_installed": missing}


def compare(
    rows: Mapping[str, PayRows], methods: Mapping[str, Method], *, seed: int, tick: Tick
) -> dict[str, Any]:
    """Every method under every protocol for every component, as JSON-able data.

    A component too small to fit or to judge is left out. Raises what a method raises.
    """
    held = {name: kept_back(part, seed) for name, part in sorted(rows.items())}
    tasks = [
        (protocol, name, back[protocol])
        for name, back in held.items()
        for protocol in back
        if min(back[protocol].sum(), (~back[protocol]).sum()) >= LEAST
    ]
    protocols: dict[str, dict[str, Any]] = {}
    done, steps = 0, len(tasks) * len(methods)
    for protocol, name, back in tasks:
        train, test = rows[name].take(~back), rows[name].take(back)
        judged = {}
        for method, fit in methods.items():
            tick(f"back-testing {method} on {name} pay, {protocol} kept back", done, steps)
            judged[method] = judge(test, fit(train, test))
            done += 1
        protocols.setdefault(protocol, {})[name] = _told(train, test, judged)
    return {
        "seed": seed, "coverage": settings()["coverage"], "quantiles": settings()["quantiles"],
        "methods": list(methods), "protocols": protocols,
    }  # fmt: skip


def _told(train: PayRows, test: PayRows, judged: Mapping[str, Judged]) -> dict[str, Any]:
    """One protocol's result for one component: over all statements kept back, and in slices."""

    def over(rows: BoolArray) -> dict[str, Any]:
        return {"n": int(rows.sum()), "methods": {name: one.over(rows) for name, one in judged.items()}}

    slices = {name: over(rows) for name, rows in sliced(train, test) if rows.sum() >= SLICE}
    return {"fitted_on": len(train), **over(np.ones(len(test), dtype=bool)), "slices": slices}


def sliced(train: PayRows, test: PayRows) -> Iterator[tuple[str, BoolArray]]:
    """The slices of the rows kept back: "role=ml_engineer", ..., "statements=10-99" of their employers."""
    for name in SLICED:
        values = test.columns[name]
        for value in np.unique(values[~np.isin(values, NOT_KNOWN)]):
            yield f"{name}={value}", values == value
    names, counts = np.unique(train.columns["employer"], return_counts=True)
    place = np.minimum(np.searchsorted(names, test.columns["employer"]), len(names) - 1)
    met = names[place] == test.columns["employer"]
    known = ~np.isin(test.columns["employer"], NOT_KNOWN)
    size = np.digitize(np.where(met, counts[place], 0), SIZES)
    for k, low in enumerate((0, *SIZES)):
        end = "" if k == len(SIZES) else f"-{SIZES[k] - 1}"
        yield f"statements={low}{end}" if k else "statements=0", known & (size == k)
