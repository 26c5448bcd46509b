"""The back-test: methods fitted on a part of the statements, judged on statements that they never saw.

Three protocols. `rows`: statements drawn at random are kept back, as if others of the same people had answered, a part
at a time until every statement was kept back once (cross-validation: a slice is judged on all of its statements).
`employers`: employers are kept back whole, as if they were met for the first time. `dates`: the latest statements of
each source are kept back, as if the present were foretold from the past.

A method sees a statement as a profile that names its kind of evidence but not its source. A range counts as its five
points (fit/model/scale.py): it offers pay evenly between its ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from payguide.base.aggregates import PayRows
from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.estimator.features import NOT_KNOWN
from payguide.fit.model.backtest_references import Method, references
from payguide.fit.model.conformal import pinball
from payguide.fit.model.features import settings
from payguide.fit.model.fit import fit_model
from payguide.fit.model.scale import spread_points

#: Told of progress: the stage, how much is done, of how much.
Tick = Callable[[str, int, int | None], None]

#: In how many parts statements are kept back, one after another; the share of employers, and of each source's latest
#: statements, that is.
ROUNDS, EMPLOYERS, DATES = 4, 0.20, 0.15
#: The fewest statements that a method is fitted or judged on, and the fewest of a slice that is shown.
LEAST, SLICE = 30, 200
#: Where employers are told apart by how many of their statements the methods were fitted on.
SIZES: Final = (1, 10, 100, 1000)
#: What slices are cut by, beside the employer's size.
SLICED: Final = ("role", "level", "tier", "metro", "kind", "source", "employer")

#: The estimator's own name among the methods.
ESTIMATOR: Final = "estimator"


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
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


def judge(test: PayRows, points: FloatArray) -> Scores:
    """Quantiles (n, q) of annual pay against the statements they were meant for."""
    levels: list[float] = settings()["quantiles"]
    truth = spread_points((np.log(test.low) + np.log(test.high)) / 2, np.log(test.high / test.low) / 2)
    foretold = np.log(points)
    loss = np.mean([pinball(one, foretold, levels) for one in truth.T], axis=0)
    inside = ((truth >= foretold[:, :1]) & (truth <= foretold[:, -1:])).mean(axis=1)
    return Scores(loss, inside, foretold[:, -1] - foretold[:, 0])


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Methods fitted on `fitted_on` statements and judged on those kept back: their columns, (n,) each, how many
    statements of their employer were in the fit (n,), and what each method got.
    """

    fitted_on: int
    columns: Mapping[str, NDArray[np.str_]]
    met: IntArray
    judged: Mapping[str, Scores]


def kept_back(rows: PayRows, seed: int) -> dict[str, list[BoolArray]]:
    """Which rows (n,) each protocol keeps back, round by round."""
    rng = np.random.default_rng(seed)
    alone = np.isin(rows.columns["employer"], NOT_KNOWN)
    names, employer = np.unique(rows.columns["employer"], return_inverse=True)
    chosen = rng.random(len(names)) < EMPLOYERS
    part = rng.permutation(len(rows)) % ROUNDS
    return {
        "rows": [part == k for k in range(ROUNDS)],
        # an employer that is not known is one of its own
        "employers": [np.where(alone, rng.random(len(rows)) < EMPLOYERS, chosen[employer])],
        "dates": [_latest(rows)],
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
        (protocol, name, rounds)
        for name, back in held.items()
        for protocol, rounds in back.items()
        if all(min(one.sum(), (~one).sum()) >= LEAST for one in rounds)
    ]
    protocols: dict[str, dict[str, Any]] = {}
    done, steps = 0, sum(len(rounds) for *_, rounds in tasks) * len(methods)
    for protocol, name, rounds in tasks:
        made = []
        for back in rounds:
            train, test = rows[name].take(~back), rows[name].take(back)
            judged = {}
            for method, fit in methods.items():
                tick(f"back-testing {method} on {name} pay, {protocol} kept back", done, steps)
                judged[method] = judge(test, fit(train, test))
                done += 1
            made.append(Fold(len(train), test.columns, met(train, test), judged))
        protocols.setdefault(protocol, {})[name] = _told(_together(made))
    return {
        "seed": seed, "coverage": settings()["coverage"], "quantiles": settings()["quantiles"],
        "methods": list(methods), "protocols": protocols,
    }  # fmt: skip


def _together(rounds: Sequence[Fold]) -> Fold:
    """The rounds as one, fitted on so many statements on average."""
    first = rounds[0]
    judged = {
        name: Scores(*(
            np.concatenate([getattr(one.judged[name], what) for one in rounds]) for what in ("loss", "inside", "width")
        ))
        for name in first.judged
    }  # fmt: skip
    return Fold(
        round(sum(one.fitted_on for one in rounds) / len(rounds)),
        {name: np.concatenate([one.columns[name] for one in rounds]) for name in first.columns},
        np.concatenate([one.met for one in rounds]),
        judged,
    )


def _told(found: Fold) -> dict[str, Any]:
    """One protocol's result for one component: over all statements kept back, and in slices."""

    def over(rows: BoolArray) -> dict[str, Any]:
        return {"n": int(rows.sum()), "methods": {name: one.over(rows) for name, one in found.judged.items()}}

    slices = {name: over(rows) for name, rows in sliced(found.columns, found.met) if rows.sum() >= SLICE}
    return {"fitted_on": found.fitted_on, **over(np.ones(len(found.met), dtype=bool)), "slices": slices}


def met(train: PayRows, test: PayRows) -> IntArray:
    """How many statements of each row's employer (n,) were in the fit; -1 where the row names no employer."""
    names, counts = np.unique(train.columns["employer"], return_counts=True)
    asked = test.columns["employer"]
    place = np.minimum(np.searchsorted(names, asked), len(names) - 1)
    found = np.where(names[place] == asked, counts[place], 0)
    return np.where(np.isin(asked, NOT_KNOWN), -1, found).astype(np.int64)


def sliced(columns: Mapping[str, NDArray[np.str_]], met: IntArray) -> Iterator[tuple[str, BoolArray]]:
    """The slices of the rows kept back: "role=ml_engineer", ..., "statements=10-99" of their employers."""
    for name in SLICED:
        values = columns[name]
        for value in np.unique(values[~np.isin(values, NOT_KNOWN)]):
            yield f"{name}={value}", values == value
    size = np.digitize(met, SIZES)
    for k, low in enumerate((0, *SIZES)):
        end = "" if k == len(SIZES) else f"-{SIZES[k] - 1}"
        yield f"statements={low}{end}" if k else "statements=0", (met >= 0) & (size == k)
